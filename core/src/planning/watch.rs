//! Work that can be watched and stopped. The library has no clock: whoever watches counts the time.

use core::ops::ControlFlow;

use serde::Serialize;

use super::outcome::Score;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Parts of a plan are planned anew.
    Improving,
    /// Everything is tried that could be better.
    Proving,
    /// Arrivals are simulated.
    Simulating,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps done.
    pub done: u64,
    /// Steps after which it ends at the latest.
    pub of: u64,
    /// The best so far.
    pub best: Score,
}

/// Called now and then; on `Break` the work ends with the best so far.
pub type Watch<'w> = dyn FnMut(&Progress) -> ControlFlow<()> + 'w;

/// Watches nothing and stops nothing.
pub fn unwatched(_: &Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
