//! Reasons with their figures, and sentences made of them only where they are shown.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::memory::TermName;
use crate::ratio::Ratio;
use crate::units::{Bytes, grouped};

/// Why a device is not a plain yes. Prints, and is serialised, as a sentence for a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence(Said);

/// The reasons that there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The weights alone are too large.
    Weights { take: Bytes, usable: Bytes },
    /// What is fixed is too large.
    Fixed { take: Bytes, usable: Bytes },
    /// The cache is too large.
    Cache { sequences: u64, tokens: u64, need: Bytes, left: Bytes },
    /// What stands beside the engine's share is too large.
    Beside { what: Vec<TermName>, take: Bytes, left: Bytes, share: Ratio },
    /// It fits by less than the error.
    Tight { spare: Bytes, error: Bytes },
    /// The architecture is not known.
    Unknown { architecture: String },
}

impl From<Said> for Sentence {
    fn from(said: Said) -> Sentence {
        Sentence(said)
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Said::Weights { take, usable } => {
                write!(f, "the weights alone take {take}, {usable} are usable")
            }
            Said::Fixed { take, usable } => write!(
                f,
                "weights, activations and graphs take {take}, {usable} are usable: nothing is left for the cache"
            ),
            Said::Cache { sequences, tokens, need, left } => {
                let plural = if *sequences == 1 { "" } else { "s" };
                write!(
                    f,
                    "{} sequence{plural} of {} tokens need {need} of cache, {left} are left",
                    grouped(*sequences),
                    grouped(*tokens)
                )
            }
            Said::Beside { what, take, left, share } => {
                let labels: Vec<&str> = what.iter().map(|name| name.label()).collect();
                write!(
                    f,
                    "the {} {} about {take} outside the engine's share, {left} are left there at a utilization of {share}",
                    labels.join(" and "),
                    if what.len() == 1 { "takes" } else { "take" }
                )
            }
            Said::Tight { spare, error } => {
                write!(f, "only {spare} to spare, less than the error of the estimate ({error})")
            }
            Said::Unknown { architecture } => write!(
                f,
                "nothing is promised: {architecture} is not known, what was counted is a decoder of Llama's shape"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sequence_is_one() {
        let said = |sequences| {
            let (need, left) = (Bytes::from_gib(2), Bytes::from_mib(300));
            Sentence::from(Said::Cache { sequences, tokens: 4096, need, left }).to_string()
        };
        assert_eq!(said(1), "1 sequence of 4,096 tokens need 2.0 GiB of cache, 300.0 MiB are left");
        assert_eq!(said(1000), "1,000 sequences of 4,096 tokens need 2.0 GiB of cache, 300.0 MiB are left");
    }
}
