//! What must be served, and how much must be left over.

use crate::ratio::Ratio;
use crate::units::Bytes;

use super::read::{Part, Problems, bad};

/// What must be served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Minimum {
    /// Tokens of the longest sequence.
    pub context: Option<u64>,
    /// Sequences of that length at the same time.
    pub sequences: Option<u64>,
}

/// Memory that must be left over inside the engine's share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headroom {
    /// So many bytes.
    Bytes(Bytes),
    /// A share of what may be used.
    Share(Ratio),
}

impl Headroom {
    /// In bytes, where `usable` may be used.
    #[must_use]
    pub const fn of(self, usable: Bytes) -> Bytes {
        match self {
            Headroom::Bytes(bytes) => bytes,
            Headroom::Share(share) => share.of_up(usable),
        }
    }
}

/// Reads `minimum`.
pub(super) fn minimum(settings: &Part, problems: &mut Problems) -> Minimum {
    let Some(part) = settings.part("minimum", &["context", "sequences"], problems) else {
        return Minimum::default();
    };
    Minimum { context: part.number("context", problems), sequences: part.number("sequences", problems) }
}

/// Reads `headroom`: `5%`, or an amount as Kubernetes writes it, `2Gi`.
pub(super) fn headroom(settings: &Part, problems: &mut Problems) -> Option<Headroom> {
    let text = settings.text("headroom", problems)?;
    let read = match text.strip_suffix('%') {
        Some(percent) => percent
            .parse::<u32>()
            .ok()
            .filter(|percent| (1..100).contains(percent))
            .map(|percent| Headroom::Share(Ratio::percent(percent))),
        None => crate::fleet::inventory::quantity(text).ok().map(|bytes| Headroom::Bytes(Bytes::new(bytes))),
    };
    if read.is_none() {
        let expected = "a share such as 5%, or an amount such as 2Gi";
        problems.push(bad(&settings.at("headroom"), format!("{text:?}"), expected));
    }
    read
}
