//! The fact tables, and the catalog put together from them.

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

use std::borrow::Cow;
use std::sync::LazyLock;

use cards::{CARDS, Card, MIG, Total};
use names::{CLOUD_NAMES, OLD_NAMES, PCI, PRODUCT_LABELS};
use rates::{BANDWIDTH, LINKS, Rate};

use super::{CloudInstance, Engines, Figure, Gpu, Memory, OldName, PciBoard, Profile, Text};
use crate::source::Confidence;
use crate::units::Bytes;

/// Every GPU that is known, those with MIG first.
#[must_use]
pub fn catalog() -> &'static [Gpu] {
    static ALL: LazyLock<Vec<Gpu>> = LazyLock::new(|| CARDS.iter().map(gpu).collect());
    &ALL
}

/// Every instance type that is known.
pub(super) const fn instances() -> &'static [CloudInstance] {
    instances::INSTANCES
}

fn gpu(card: &'static Card) -> Gpu {
    let mig = MIG.iter().find(|mig| mig.0 == card.key);
    let (compute_slices, memory_slices, engines, profiles) = match mig {
        Some((_, compute, memory, engines, profiles)) => (*compute, *memory, *engines, *profiles),
        None => (0, 0, Engines::default(), [].as_slice()),
    };
    Gpu {
        key: card.key.into(),
        name: card.name.into(),
        short_name: card.short_name.into(),
        architecture: card.architecture,
        compute_capability: card.compute_capability,
        product_labels: of(card, PRODUCT_LABELS),
        cloud_names: of(card, CLOUD_NAMES),
        pci: pci(card),
        memory: total(card.memory, profiles),
        sms: card.sms,
        bandwidth: rate(card, BANDWIDTH),
        nvlink: rate(card, LINKS),
        compute_slices,
        memory_slices,
        engines,
        profiles: Cow::Borrowed(profiles),
        old_names: old_names(card),
        mig_mode: mig.map(|_| card.architecture.mig_mode()),
        sources: Cow::Borrowed(card.sources),
    }
}

fn of(card: &Card, names: &'static [(&str, &str)]) -> Vec<Text> {
    let own = names.iter().filter(|(key, _)| *key == card.key);
    own.map(|(_, name)| Text::Borrowed(name)).collect()
}

fn rate(card: &Card, rates: &[Rate]) -> Option<Figure> {
    let (_, gigabytes, source) = rates.iter().find(|(key, ..)| *key == card.key)?;
    Some(Figure { value: gigabytes.saturating_mul(1_000_000_000), source: *source })
}

fn pci(card: &Card) -> Vec<PciBoard> {
    let own = PCI.iter().filter(|(key, _, _)| *key == card.key);
    own.map(|(_, id, board)| PciBoard { id: *id, board: Text::Borrowed(board) }).collect()
}

fn old_names(card: &Card) -> Vec<OldName> {
    let own = OLD_NAMES.iter().filter(|(key, ..)| *key == card.key);
    own.map(|(_, old, new, source)| OldName { old: *old, new: *new, source: *source }).collect()
}

/// What can be promised of a whole GPU: the smallest figure read; where nobody read one, no more
/// than its largest profile.
fn total(total: Total, profiles: &[Profile]) -> Memory {
    let largest = profiles.iter().map(|profile| profile.memory.floor).max();
    match total {
        Total::Read(mib, seen) => {
            let floor = seen.iter().copied().fold(mib, u32::min);
            Memory {
                shown: Some(Bytes::from_mib(mib.into())),
                floor: Bytes::from_mib(floor.into()),
                confidence: Confidence::Measured,
                basis: Text::Borrowed("measured"),
                seen_mib: Cow::Borrowed(seen),
            }
        }
        Total::Unverified(mib) => Memory {
            shown: None,
            floor: largest.unwrap_or(Bytes::from_mib(mib.into())),
            confidence: Confidence::Estimate,
            basis: Text::Borrowed("no more than its largest profile"),
            seen_mib: Cow::Borrowed(&[]),
        },
    }
}
