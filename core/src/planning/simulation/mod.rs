//! Arrivals and departures by a seed, and placement rules held against each other on them.

mod dice;
mod interval;
mod mix;
mod rule;
mod run;
#[cfg(test)]
mod tests;

pub use interval::Interval;
pub use mix::Mix;
pub use rule::Rule;
pub use run::{Comparison, Outcome, Simulation, compare};
