//! What serving a model takes: weights, cache, activations, graphs, and what stays outside the budget.

mod activations;
mod capacity;
mod estimate;
pub mod kv_cache;
pub mod log;
mod paging;
mod plan;
pub mod rotary;
mod startup;
mod terms;
pub mod weights;

pub use capacity::Capacity;
pub use estimate::{MemoryEstimate, Term, TermName};
pub use kv_cache::{CacheKind, KvCache, LayerCache};
pub use log::Log;
pub use paging::{InFlight, PageGroup, Paging};
pub use plan::{Plan, Target};
pub use startup::Startup;
pub use weights::{Sharing, Weights};
