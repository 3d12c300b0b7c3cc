//! Memory of a device: what was read, and what can be promised.

use core::fmt;
use std::borrow::Cow;

use serde::Serialize;

use crate::source::Confidence;
use crate::units::Bytes;

/// Memory of a GPU or of one instance of a profile.
///
/// Prints what a reader may take it for: `39.5 GiB` where it was measured, `at least 88.5 GiB` for
/// a bound, `about 10.8 GiB (estimate)` where nothing was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Memory {
    /// As read on this very device or in the maker's documents; `None` where nobody did.
    pub shown: Option<Bytes>,
    /// The smallest amount that any source gives, or a bound, or an estimate: see `confidence`.
    /// This is the one to promise by.
    pub floor: Bytes,
    /// How `floor` was obtained.
    pub confidence: Confidence,
    /// How `floor` was obtained, in words.
    pub basis: Cow<'static, str>,
    /// Other values seen, in MiB (older drivers, host and guest, other placements).
    pub seen_mib: Cow<'static, [u32]>,
}

impl Memory {
    /// Memory that a user states, or a live device reports.
    #[must_use]
    pub const fn stated(memory: Bytes) -> Memory {
        Memory {
            shown: Some(memory),
            floor: memory,
            confidence: Confidence::Measured,
            basis: Cow::Borrowed("stated"),
            seen_mib: Cow::Borrowed(&[]),
        }
    }

    /// What to show: the measured amount, else the floor.
    #[must_use]
    pub fn best(&self) -> Bytes {
        self.shown.unwrap_or(self.floor)
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match (self.shown, self.confidence) {
            (Some(shown), _) => shown.to_string(),
            (None, Confidence::Measured | Confidence::Published | Confidence::Derived) => {
                self.floor.to_string()
            }
            (None, Confidence::Floor) => format!("at least {}", self.floor),
            (None, Confidence::Estimate) => format!("about {} (estimate)", self.floor),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_and_a_bound_do_not_look_like_a_measurement() {
        let measured = Memory::stated(Bytes::from_mib(40_448));
        let bound = Memory { shown: None, confidence: Confidence::Floor, ..measured.clone() };
        let estimate = Memory { shown: None, confidence: Confidence::Estimate, ..measured.clone() };
        assert_eq!(measured.to_string(), "39.5 GiB");
        assert_eq!(bound.to_string(), "at least 39.5 GiB");
        assert_eq!(estimate.to_string(), "about 39.5 GiB (estimate)");
    }
}
