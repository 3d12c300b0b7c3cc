//! How a model is served: what an engine does with the memory of a device, by version.
//!
//! Facts stand in [`Engine`] rows; formulas in `memory` are handed one.

mod facts;
mod serving;

pub use facts::{Constant, ENGINES, Engine, Tier, find};
pub use serving::Serving;
