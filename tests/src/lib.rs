//! What the tests of the whole workspace share: scenarios told once, and the doors they go through.

pub mod admission;
pub mod browser;
pub mod cluster;
pub mod doors;
pub mod package;
pub mod page;
pub mod reference;
pub mod scenario;
pub mod wapc;
pub mod wasi;
