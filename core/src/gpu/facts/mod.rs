//! The fact tables, and the catalog put together from them.
#![allow(clippy::indexing_slicing, reason = "evaluated by the compiler, never at run time")]

mod ampere;
mod blackwell;
mod cards;
mod hopper;
mod instances;
mod names;
mod rates;
mod row;
mod sources;

#[cfg(test)]
mod tests;

use core::mem::ManuallyDrop;
use std::borrow::Cow;

use cards::{CARDS, Card, MIG, Mig, Total};
use names::{CLOUD_NAMES, OLD_NAMES, PCI, PRODUCT_LABELS, Renamed};
use rates::{BANDWIDTH, LINKS, Rate};

use super::{CloudInstance, Engines, Figure, Gpu, Memory, OldName, PciBoard, Profile, Text};
use crate::source::Confidence;
use crate::units::Bytes;

/// Every GPU that is known, those with MIG first.
#[must_use]
pub const fn catalog() -> &'static [Gpu] {
    &ALL
}

/// Every instance type that is known.
pub(super) const fn instances() -> &'static [CloudInstance] {
    instances::INSTANCES
}

/// What `$make` makes of each row.
macro_rules! each {
    ($rows:ident, $make:ident) => {{
        let mut all = [const { $make(&$rows[0]) }; $rows.len()];
        let mut at = 1;
        while at < $rows.len() {
            // The compiler drops nothing.
            _ = ManuallyDrop::new(core::mem::replace(&mut all[at], $make(&$rows[at])));
            at += 1;
        }
        all
    }};
}

/// What was made of the rows of `$card`, which stand together.
macro_rules! own {
    ($card:ident, $rows:ident, $made:ident) => {{
        let (mut first, mut count, mut at) = (0, 0, 0);
        while at < $rows.len() {
            if same($rows[at].0, $card.key) {
                first = if count == 0 { at } else { first };
                assert!(at == first + count, "the rows of a card stand together");
                count += 1;
            }
            at += 1;
        }
        Cow::Borrowed($made.split_at(first).1.split_at(count).0)
    }};
}

// Put together by the compiler: an admission policy is asked about one card, and would make all of them for it.
static ALL: [Gpu; CARDS.len()] = each!(CARDS, gpu);
static LABELS: [Text; PRODUCT_LABELS.len()] = each!(PRODUCT_LABELS, text);
static CLOUDS: [Text; CLOUD_NAMES.len()] = each!(CLOUD_NAMES, text);
static BOARDS: [PciBoard; PCI.len()] = each!(PCI, board);
static RENAMED: [OldName; OLD_NAMES.len()] = each!(OLD_NAMES, old_name);

const fn gpu(card: &'static Card) -> Gpu {
    let mig = mig(card.key);
    let (compute_slices, memory_slices, engines, profiles) = match mig {
        Some((_, compute, memory, engines, profiles)) => (*compute, *memory, *engines, *profiles),
        None => (0, 0, Engines::NONE, [].as_slice()),
    };
    Gpu {
        key: Text::Borrowed(card.key),
        name: Text::Borrowed(card.name),
        short_name: Text::Borrowed(card.short_name),
        architecture: card.architecture,
        compute_capability: card.compute_capability,
        product_labels: own!(card, PRODUCT_LABELS, LABELS),
        cloud_names: own!(card, CLOUD_NAMES, CLOUDS),
        pci: own!(card, PCI, BOARDS),
        memory: total(card.memory, profiles),
        sms: card.sms,
        bandwidth: rate(card, BANDWIDTH),
        nvlink: rate(card, LINKS),
        compute_slices,
        memory_slices,
        engines,
        profiles: Cow::Borrowed(profiles),
        old_names: own!(card, OLD_NAMES, RENAMED),
        mig_mode: if mig.is_some() { Some(card.architecture.mig_mode()) } else { None },
        sources: Cow::Borrowed(card.sources),
    }
}

const fn mig(key: &str) -> Option<&'static Mig> {
    let mut at = 0;
    while at < MIG.len() {
        if same(MIG[at].0, key) {
            return Some(&MIG[at]);
        }
        at += 1;
    }
    None
}

const fn text((_, name): &(&str, &'static str)) -> Text {
    Text::Borrowed(name)
}

const fn board((_, id, board): &(&str, u16, &'static str)) -> PciBoard {
    PciBoard { id: *id, board: Text::Borrowed(board) }
}

const fn old_name((_, old, new, source): &Renamed) -> OldName {
    OldName { old: *old, new: *new, source: *source }
}

const fn rate(card: &Card, rates: &[Rate]) -> Option<Figure> {
    let mut at = 0;
    while at < rates.len() {
        let (key, gigabytes, source) = rates[at];
        if same(key, card.key) {
            return Some(Figure { value: gigabytes.saturating_mul(1_000_000_000), source });
        }
        at += 1;
    }
    None
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// What can be promised of a whole GPU: the smallest figure read; where nobody read one, no more
/// than its largest profile.
const fn total(total: Total, profiles: &[Profile]) -> Memory {
    match total {
        Total::Read(mib, seen) => {
            let (mut floor, mut at) = (mib, 0);
            while at < seen.len() {
                floor = if seen[at] < floor { seen[at] } else { floor };
                at += 1;
            }
            Memory {
                shown: Some(Bytes::from_mib(mib as u64)),
                floor: Bytes::from_mib(floor as u64),
                confidence: Confidence::Measured,
                basis: Text::Borrowed("measured"),
                seen_mib: Cow::Borrowed(seen),
            }
        }
        Total::Unverified(mib) => {
            let (mut largest, mut at) = (Bytes::ZERO, 0);
            while at < profiles.len() {
                let floor = profiles[at].memory.floor;
                largest = if floor.get() > largest.get() { floor } else { largest };
                at += 1;
            }
            Memory {
                shown: None,
                floor: if profiles.is_empty() { Bytes::from_mib(mib as u64) } else { largest },
                confidence: Confidence::Estimate,
                basis: Text::Borrowed("no more than its largest profile"),
                seen_mib: Cow::Borrowed(&[]),
            }
        }
    }
}
