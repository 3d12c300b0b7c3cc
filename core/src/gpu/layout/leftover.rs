//! What a layout leaves unused.

use serde::Serialize;

use super::Layout;
use super::room::{Slices, places, span};
use crate::units::Bytes;

/// What a layout leaves unused, and how much of that nothing can use any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Leftover {
    /// Compute slices in no instance.
    pub idle_compute: u8,
    /// Memory slices in no instance.
    pub free_memory: u8,
    /// Memory slices in no instance and within reach of none that can still be created.
    pub stranded_memory: u8,
    /// The share of the whole GPU's memory that the stranded slices are, rounded down.
    pub stranded: Bytes,
    /// What the instances promise together.
    pub promised: Bytes,
}

impl Layout<'_> {
    /// Slices in no instance and within reach of none that can still be created.
    pub(super) fn stranded_slices(&self) -> Slices {
        let (gpu, room) = (self.gpu, self.room());
        let reach = places(gpu, |_| true)
            .into_iter()
            .filter(|place| room.with(gpu, *place).is_some())
            .fold(room.taken, |reach, place| reach | place.slices);
        span(0, gpu.memory_slices) & !reach
    }

    /// What the layout leaves unused.
    #[must_use]
    pub fn leftover(&self) -> Leftover {
        let (gpu, room) = (self.gpu, self.room());
        let free = span(0, gpu.memory_slices) & !room.taken;
        let stranded = self.stranded_slices().count_ones();
        let floors = self.instances.iter().map(|instance| instance.profile.memory.floor);
        Leftover {
            idle_compute: gpu.compute_slices.saturating_sub(room.compute),
            free_memory: free.count_ones() as u8,
            stranded_memory: stranded as u8,
            stranded: match gpu.memory_slices {
                0 => Bytes::ZERO,
                slices => gpu.memory.floor.share(stranded.into(), slices.into()),
            },
            promised: floors.sum(),
        }
    }
}
