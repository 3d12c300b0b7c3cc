//! What serving a model takes: weights, cache, activations, graphs, and what stays outside the budget.

mod activations;
mod adapters;
mod allocator;
mod batch;
mod capacity;
mod draft;
mod estimate;
mod format;
mod formula;
pub mod kv_cache;
mod loaded;
pub mod log;
mod paging;
mod plan;
mod startup;
mod terms;
#[cfg(test)]
mod tests;
pub mod weights;

pub use capacity::Capacity;
pub use draft::Draft;
pub use estimate::{MemoryEstimate, Term, TermName};
pub use format::Format;
pub use formula::Formula;
pub use kv_cache::{CacheKind, KvCache, LayerCache};
pub use loaded::Loaded;
pub use log::Log;
pub use paging::{InFlight, PageGroup, Paging};
pub use plan::{Plan, Target};
pub use startup::{Lines, Startup};
pub use weights::{Sharing, Weights};
