//! What there is: the devices of a cluster, a node or a machine.

pub mod inventory;
pub mod pools;
pub mod selector;
