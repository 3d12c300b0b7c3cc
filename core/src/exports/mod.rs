//! Writing down what was worked out, in the words of those who run it: objects, values of charts, commands.
//!
//! An export says what was judged and nothing else: the device in the cluster's own dialect, and every limit of the
//! engine, so that what runs is what was reckoned. It never holds a quota key that is not enforced, a second slice for
//! one container, or the name of a slice in a cloud that does not use it.

mod ask;
mod cel;
mod clouds;
mod cuts;
mod dialect;
mod export;
mod fleet;
mod kinds;
mod kserve;
mod kueue;
mod launch;
mod modelplane;
mod names;
mod nodes;
mod pods;
mod policy;
mod pools;
mod quotas;
mod services;
#[cfg(test)]
mod tests;
mod tree;
mod workload;

pub use clouds::GKE_SIZES_SOURCE;
pub use dialect::Dialect;
pub use export::{Command, Export};
pub use fleet::{Fleet, Machines, Team, read_layout};
pub use kinds::{From, KINDS, Kind, Needs, find, write};
pub use launch::{Flag, Launch};
pub use names::name_of;
pub use tree::{Map, Tree};
pub use workload::{Wish, Workload};
