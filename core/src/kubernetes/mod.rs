//! What a Kubernetes object asks for: containers, their devices, and how their engine is started.
//!
//! Reads JSON values narrowly and leaves whatever it does not need alone. A part that it does need and
//! cannot read is a [`Problem`](crate::problem::Problem) with the path in the object, never a guess.

mod candidates;
mod claim;
mod container;
mod fields;
mod flags;
mod kind;
mod launch;
mod node;
mod pod;
mod spelling;
#[cfg(test)]
mod tests;
mod words;

pub use candidates::{Basis, Candidates, candidates};
pub use claim::{Asked, Claim};
pub use container::{Container, Role};
pub use kind::Kind;
pub use launch::{Launch, launch};
pub use node::NodeWish;
pub use pod::{PodSpec, pods};
pub use spelling::Spelling;
