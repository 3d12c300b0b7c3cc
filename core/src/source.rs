//! Where a fact comes from, and how far it can be trusted.

use serde::Serialize;

/// How a figure was obtained. Doors must show an estimate or a floor differently from a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Read on hardware, or stated by the maker's own documents or code.
    Measured,
    /// Published by a third party and not measured again.
    Published,
    /// Follows by arithmetic from measured or published figures.
    Derived,
    /// The smallest value that any source gives, or a proven lower bound.
    Floor,
    /// Nothing was found: an assumption, chosen to be on the safe side.
    Estimate,
}

impl Confidence {
    /// The word that a reader sees.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Confidence::Measured => "measured",
            Confidence::Published => "published",
            Confidence::Derived => "derived",
            Confidence::Floor => "floor",
            Confidence::Estimate => "estimate",
        }
    }
}

/// Where a figure was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Source {
    /// The document or code: `NVIDIA MIG User Guide`.
    pub title: &'static str,
    /// The edition, commit, section or date read: `R580`, `vllm/v1/worker/gpu_worker.py, 0.33.0`.
    pub version: &'static str,
    /// How the figure was obtained.
    pub confidence: Confidence,
}
