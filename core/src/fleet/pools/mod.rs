//! Pools: nodes that are alike, and what one of them can give to containers, read from the forms in
//! which people declare them and from what a cluster reports.
//!
//! A pool counts *allocation units*: what one container is given, a whole GPU or one slice of it. A declared
//! figure that the hardware contradicts does not fail the pool: the hardware's figure is counted on, and
//! the contradiction stands beside it.

mod class;
mod cut;
mod declared;
mod environment;
mod format;
mod live;
mod own;
mod pool;
mod price;
mod read;
mod unit;

#[cfg(test)]
mod tests;

pub use cut::Cut;
pub use declared::bits_per_second;
pub use format::{NumberFormat, Support};
pub use live::from_inventory;
pub use pool::{Origin, Placed, Pool, Pools, Supply};
pub use price::Price;
pub use read::{Source, read};
pub use unit::{Link, Portion, Sharing, Unit};
