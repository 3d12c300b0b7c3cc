//! A number for a reader: short, exact, and with a mark where it is not certain.

use migfit::source::Confidence;
use migfit::units::{Bytes, grouped};

/// How certain a figure is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// About this much.
    Estimate,
    /// At least this much.
    Floor,
}

impl Mark {
    /// The mark of a confidence; what was measured, published or derived has none.
    #[must_use]
    pub const fn of(confidence: Confidence) -> Option<Mark> {
        match confidence {
            Confidence::Measured | Confidence::Published | Confidence::Derived => None,
            Confidence::Floor => Some(Mark::Floor),
            Confidence::Estimate => Some(Mark::Estimate),
        }
    }

    /// The sign before the figure.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Mark::Estimate => "\u{2248}",
            Mark::Floor => "\u{2265}",
        }
    }

    /// The same for a reader who listens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Mark::Estimate => "about",
            Mark::Floor => "at least",
        }
    }
}

/// An amount of memory for a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// `12.6 GiB`.
    pub short: String,
    /// `13,476,831,232 B`.
    pub exact: String,
    /// How certain it is not.
    pub mark: Option<Mark>,
}

impl Figure {
    /// `bytes`, with the mark of `confidence`.
    #[must_use]
    pub fn new(bytes: Bytes, confidence: Confidence) -> Figure {
        Figure {
            short: bytes.to_string(),
            exact: format!("{} B", grouped(bytes.get())),
            mark: Mark::of(confidence),
        }
    }

    /// The short or the exact form.
    #[must_use]
    pub fn text(&self, exact: bool) -> &str {
        if exact { &self.exact } else { &self.short }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_certain_wears_a_mark() {
        let figure = Figure::new(Bytes::new(13_476_831_232), Confidence::Derived);
        assert_eq!(
            (figure.text(false), figure.text(true), figure.mark),
            ("12.6 GiB", "13,476,831,232 B", None)
        );
        assert_eq!(Figure::new(Bytes::ZERO, Confidence::Floor).mark, Some(Mark::Floor));
        assert_eq!(Mark::of(Confidence::Estimate).map(Mark::sign), Some("≈"));
    }
}
