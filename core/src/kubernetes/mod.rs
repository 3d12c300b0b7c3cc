//! What a Kubernetes object asks for: containers, their devices, and how their engine is started.
//!
//! Reads JSON values narrowly and leaves whatever it does not need alone. A part that it does need and
//! cannot read is a [`Problem`](crate::problem::Problem) with the path in the object, never a guess.

mod beside;
mod candidates;
mod claim;
mod container;
mod documents;
mod dra;
mod fields;
mod flag_tables;
mod flags;
mod kind;
mod launch;
mod model_name;
mod node;
mod objects;
mod parts;
mod pod;
mod pod_claims;
mod readers;
mod server;
mod settings;
mod sharing;
mod shell;
mod spelling;
mod template;
#[cfg(test)]
mod tests;
mod variables;
mod words;

pub use beside::{Beside, Reference};
pub use candidates::{Basis, Candidates, candidates};
pub use claim::{Asked, Claim};
pub use container::{Container, Role, Stated};
pub use documents::{Reading, Workload, read};
pub use dra::{Alternative, requested};
pub use flags::whole_number;
pub use kind::Kind;
pub use launch::{Launch, launch};
pub use node::NodeWish;
pub use parts::Part;
pub use pod::{PodSpec, pods, pods_beside};
pub use server::Server;
pub use sharing::Sharing;
pub use spelling::Spelling;
pub use variables::Variables;
