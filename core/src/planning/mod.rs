//! How to cut a fleet: many models on many GPUs, on as few as possible, with what is left of them.
//!
//! [`plan`] is exact for one GPU (every legal layout is known), exact for small fleets, and strong for large ones;
//! its answer carries a proved lower bound. See `docs/planning.md`.

mod assignment;
mod change;
mod cuts;
mod document;
mod exact;
mod filling;
mod fleet;
mod greedy;
mod matching_today;
pub mod online;
mod options;
mod outcome;
mod patterns;
mod picture;
mod plan;
mod prices;
mod reasons;
mod seating;
mod simplex;
pub mod simulation;
mod solve;
mod staying;
mod steps;
mod task;
#[cfg(test)]
mod tests;
mod watch;

pub use change::{Change, Step, Switch, change};
pub use document::{Document, WhatIf};
pub use fleet::{
    Amount, Fleet, FleetGpu, Floors, Held, Need, Node, Only, Spread, Standing, Today, Use, Workload,
};
pub use options::acceptable;
pub use outcome::{Bound, DeviceOf, Holder, Mode, Plan, PlannedGpu, Score, Seat, Served, Unplaced};
pub use picture::{Cell, Content};
pub use plan::plan;
pub use watch::{Progress, Stage, Watch, unwatched};
