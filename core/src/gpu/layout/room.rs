//! What is taken on a GPU and what still goes in: the one rule of legality.

use crate::gpu::{Engines, Gpu, Profile};
use crate::order;

/// Memory slices as bits, lowest slice in the lowest bit. Cards of up to 32 slices.
pub(super) type Slices = u32;

/// The `size` slices from `start` on.
pub(super) const fn span(start: u8, size: u8) -> Slices {
    let ones = match 1_u32.checked_shl(size as u32) {
        Some(bit) => bit - 1,
        None => u32::MAX,
    };
    match ones.checked_shl(start as u32) {
        Some(slices) => slices,
        None => 0,
    }
}

/// One profile at one of its starts.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) profile: &'a Profile,
    pub(super) start: u8,
    pub(super) slices: Slices,
    /// Position of the profile in the GPU's list.
    pub(super) row: usize,
}

/// Every placement of the profiles that `wanted` picks, by start, then by row.
pub(super) fn places<'a>(gpu: &'a Gpu, wanted: impl Fn(&Profile) -> bool) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    for (row, profile) in gpu.profiles.iter().enumerate().filter(|(_, p)| wanted(p)) {
        for start in profile.placements.starts.iter().copied() {
            let slices = span(start, profile.placements.size);
            places.push(Place { profile, start, slices, row });
        }
    }
    order::sort_by_key(&mut places, |place| (place.start, place.row));
    places
}

/// Most rows that a GPU's table may have.
const ROWS: usize = 32;

/// What is taken on a GPU.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub(super) taken: Slices,
    pub(super) compute: u8,
    engines: Engines,
    counts: [u8; ROWS],
}

impl Room {
    pub(super) const EMPTY: Room = Room {
        taken: 0,
        compute: 0,
        engines: Engines { copy: Some(0), decoders: 0, encoders: 0, jpeg: 0, ofa: 0 },
        counts: [0; ROWS],
    };

    /// The room after `place` is taken too, or `None` where that is not legal: slices overlap, the
    /// profile has its most instances already, or compute slices or engines run out.
    pub(super) fn with(mut self, gpu: &Gpu, place: Place<'_>) -> Option<Room> {
        if self.taken & place.slices != 0 {
            return None;
        }
        let count = self.counts.get_mut(place.row)?;
        *count = count.saturating_add(1);
        if *count > place.profile.max_instances {
            return None;
        }
        self.taken |= place.slices;
        self.compute = self.compute.saturating_add(place.profile.compute_slices);
        self.engines = sum(self.engines, place.profile.engines);
        let fits = self.compute <= gpu.compute_slices && within(self.engines, gpu.engines);
        fits.then_some(self)
    }
}

const fn sum(a: Engines, b: Engines) -> Engines {
    Engines {
        copy: match (a.copy, b.copy) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (known, None) | (None, known) => known,
        },
        decoders: a.decoders.saturating_add(b.decoders),
        encoders: a.encoders.saturating_add(b.encoders),
        jpeg: a.jpeg.saturating_add(b.jpeg),
        ofa: a.ofa.saturating_add(b.ofa),
    }
}

const fn within(used: Engines, total: Engines) -> bool {
    let copy = match (used.copy, total.copy) {
        (Some(used), Some(total)) => used <= total,
        (_, None) | (None, _) => true,
    };
    copy && used.decoders <= total.decoders
        && used.encoders <= total.encoders
        && used.jpeg <= total.jpeg
        && used.ofa <= total.ofa
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_bits_from_the_start_on() {
        assert_eq!(span(0, 8), 0b1111_1111);
        assert_eq!(span(4, 4), 0b1111_0000);
        assert_eq!(span(0, 32), u32::MAX);
        assert_eq!(span(40, 1), 0);
    }
}
