//! One workload more: where it goes so that as much as possible still goes in after it.

mod advise;
mod measure;
mod states;

pub use advise::{Site, Spot, Stranded, spots, stranded};
pub(super) use measure::{Blocked, Measure};
pub(super) use states::States;
