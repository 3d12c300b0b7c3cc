//! Generations of GPUs: number formats, and how MIG mode is toggled.

use serde::{Deserialize, Serialize};

use crate::source::{Confidence, Source};

/// A generation of GPUs, which decides number formats and how MIG mode is toggled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    /// NVIDIA Volta.
    Volta,
    /// NVIDIA Turing.
    Turing,
    /// NVIDIA Ampere.
    Ampere,
    /// NVIDIA Ada Lovelace.
    Ada,
    /// NVIDIA Hopper.
    Hopper,
    /// NVIDIA Blackwell.
    Blackwell,
    /// AMD CDNA 2.
    Cdna2,
    /// AMD CDNA 3.
    Cdna3,
    /// AMD CDNA 4.
    Cdna4,
}

/// Which number formats the matrix units compute in natively. A format without native support may
/// still be stored and widened on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Formats {
    /// bfloat16.
    pub bf16: bool,
    /// 8-bit floating point (e4m3, e5m2).
    pub fp8: bool,
    /// 4-bit floating point in blocks of 16 with an fp8 scale.
    pub nvfp4: bool,
    /// 4-bit floating point in blocks of 32 with a power-of-two scale.
    pub mxfp4: bool,
    /// Where it was read.
    pub source: Source,
}

const NVIDIA_FORMATS: Source = Source {
    title: "NVIDIA CUTLASS",
    version: "changelog of 3.8 (NVFP4, MXFP4 from Blackwell on); fp8 from Ada on as in NVIDIA's datasheets",
    confidence: Confidence::Published,
};

const AMD_FORMATS: Source = Source {
    title: "AMD ROCm documentation",
    version: "CDNA to CDNA 4, data type support",
    confidence: Confidence::Published,
};

impl Architecture {
    /// Every value, oldest first, by maker.
    pub const ALL: [Architecture; 9] = [
        Architecture::Volta,
        Architecture::Turing,
        Architecture::Ampere,
        Architecture::Ada,
        Architecture::Hopper,
        Architecture::Blackwell,
        Architecture::Cdna2,
        Architecture::Cdna3,
        Architecture::Cdna4,
    ];

    /// The word that a reader sees: `Ada Lovelace`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Architecture::Volta => "Volta",
            Architecture::Turing => "Turing",
            Architecture::Ampere => "Ampere",
            Architecture::Ada => "Ada Lovelace",
            Architecture::Hopper => "Hopper",
            Architecture::Blackwell => "Blackwell",
            Architecture::Cdna2 => "CDNA 2",
            Architecture::Cdna3 => "CDNA 3",
            Architecture::Cdna4 => "CDNA 4",
        }
    }

    /// Whether AMD makes it.
    #[must_use]
    pub const fn is_amd(self) -> bool {
        matches!(self, Architecture::Cdna2 | Architecture::Cdna3 | Architecture::Cdna4)
    }

    /// Native number formats of the matrix units.
    #[must_use]
    pub const fn formats(self) -> Formats {
        let (bf16, fp8, nvfp4, mxfp4) = match self {
            Architecture::Volta | Architecture::Turing => (false, false, false, false),
            Architecture::Ampere | Architecture::Cdna2 => (true, false, false, false),
            Architecture::Ada | Architecture::Hopper | Architecture::Cdna3 => (true, true, false, false),
            Architecture::Blackwell => (true, true, true, true),
            Architecture::Cdna4 => (true, true, false, true),
        };
        Formats { bf16, fp8, nvfp4, mxfp4, source: self.formats_source() }
    }

    const fn formats_source(self) -> Source {
        if self.is_amd() { AMD_FORMATS } else { NVIDIA_FORMATS }
    }

    /// How MIG mode is toggled on cards of this generation that have it (NVIDIA MIG User Guide
    /// R580: since Hopper without a reset, and no longer kept over a reboot).
    #[must_use]
    pub const fn mig_mode(self) -> MigMode {
        let old = matches!(self, Architecture::Ampere);
        MigMode { reset_to_toggle: old, survives_reboot: old }
    }
}

/// What toggling MIG mode takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MigMode {
    /// Whether the GPU has to be reset to toggle MIG mode.
    pub reset_to_toggle: bool,
    /// Whether MIG mode is kept over a reboot.
    pub survives_reboot: bool,
}
