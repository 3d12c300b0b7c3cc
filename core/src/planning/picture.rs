//! A GPU as a row of cells, for whoever draws it.

use serde::Serialize;

use super::outcome::{Mode, PlannedGpu};

/// Memory slices that belong together, and what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// First memory slice.
    pub start: u8,
    /// Memory slices.
    pub size: u8,
    /// What is there.
    pub content: Content,
}

/// What is in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// The seat of this number.
    Seat(usize),
    /// Nothing yet: an instance can still be created there.
    Free,
    /// Nothing, and no instance that can still be created reaches it.
    Stranded,
}

impl PlannedGpu<'_> {
    /// The GPU from its first memory slice to its last; one cell for a card that cannot be cut.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let slices = self.gpu.memory_slices.max(1);
        if self.mode != Mode::Sliced {
            let content = if self.seats.is_empty() { Content::Free } else { Content::Seat(0) };
            return vec![Cell { start: 0, size: slices, content }];
        }
        let reach: Vec<(u8, u8)> =
            self.layout.creatable().iter().map(|i| (i.start, i.profile.placements.size)).collect();
        let mut cells = Vec::new();
        let mut slice = 0;
        while slice < slices {
            let seat = self.seats.iter().position(|seat| seat.start == Some(slice));
            let size =
                seat.and_then(|at| self.seats.get(at)?.device.profile).map(|p| p.placements.size.max(1));
            let reached =
                reach.iter().any(|(start, size)| (*start..start.saturating_add(*size)).contains(&slice));
            let content = match (seat, reached) {
                (Some(seat), _) => Content::Seat(seat),
                (None, true) => Content::Free,
                (None, false) => Content::Stranded,
            };
            let size = size.unwrap_or(1);
            cells.push(Cell { start: slice, size, content });
            slice = slice.saturating_add(size);
        }
        cells
    }
}
