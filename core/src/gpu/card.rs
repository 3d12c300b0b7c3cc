//! What a GPU is.

use core::fmt;
use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::memory::Memory;
use super::profile::{Engines, Profile};
use super::profile_name::ProfileName;
use crate::problem::Problem;
use crate::source::{Confidence, Source};
use crate::units::Bytes;

/// Text of a fact: borrowed from the tables, or owned where a user wrote the card.
pub type Text = Cow<'static, str>;

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

/// CUDA compute capability, `9.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub struct ComputeCapability {
    /// 9 in `9.0`.
    pub major: u8,
    /// 0 in `9.0`.
    pub minor: u8,
}

impl fmt::Display for ComputeCapability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl Serialize for ComputeCapability {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A figure with the place where it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Figure {
    /// The figure, in the unit of the field that holds it.
    pub value: u64,
    /// Where it was read.
    pub source: Source,
}

/// A PCI device id and the board it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PciBoard {
    /// Device id, `0x2330`.
    pub id: u16,
    /// Board name.
    pub board: Text,
}

/// A profile name that older drivers print for a profile of today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OldName {
    /// As older drivers print it: `7g.79gb`.
    pub old: ProfileName,
    /// As drivers print it today: `7g.80gb`.
    pub new: ProfileName,
    /// Where both were read.
    pub source: Source,
}

/// One GPU model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Gpu {
    /// Stable word for programs: `h100-80gb-sxm`.
    pub key: Text,
    /// Full name: `NVIDIA H100 80GB SXM5`.
    pub name: Text,
    /// The label that a person reads, unique in the catalog: `H100-80GB`.
    pub short_name: Text,
    /// Generation.
    pub architecture: Architecture,
    /// CUDA compute capability, for NVIDIA GPUs.
    pub compute_capability: Option<ComputeCapability>,
    /// Values of the node label `nvidia.com/gpu.product`.
    pub product_labels: Cow<'static, [Text]>,
    /// Names that clouds give to the accelerator: `nvidia-h100-80gb`.
    pub cloud_names: Cow<'static, [Text]>,
    /// PCI device ids.
    pub pci: Cow<'static, [PciBoard]>,
    /// Memory of the whole GPU as its driver reports it.
    pub memory: Memory,
    /// Streaming multiprocessors (compute units on AMD).
    pub sms: Option<u32>,
    /// Memory bandwidth in bytes per second.
    pub bandwidth: Option<Figure>,
    /// NVLink (Infinity Fabric on AMD) bandwidth of one GPU, both directions together, in bytes per
    /// second; 0 where the card has none. MIG instances cannot use it.
    pub nvlink: Option<Figure>,
    /// Compute slices in MIG mode, 0 for a GPU without MIG.
    pub compute_slices: u8,
    /// Memory slices in MIG mode, 0 for a GPU without MIG.
    pub memory_slices: u8,
    /// Engines of the whole GPU.
    pub engines: Engines,
    /// MIG profiles, none for a GPU without MIG.
    pub profiles: Cow<'static, [Profile]>,
    /// Names of profiles that older drivers print.
    pub old_names: Cow<'static, [OldName]>,
    /// What toggling MIG mode takes, for a GPU with MIG.
    pub mig_mode: Option<MigMode>,
    /// Where the row was read.
    pub sources: Cow<'static, [Source]>,
}

impl Gpu {
    /// A GPU of which only architecture and memory are known; fill in the rest with struct update.
    #[must_use]
    pub fn plain(key: impl Into<Text>, architecture: Architecture, memory: Bytes) -> Gpu {
        let key = key.into();
        Gpu {
            name: key.clone(),
            short_name: key.clone(),
            key,
            architecture,
            compute_capability: None,
            product_labels: Cow::Borrowed(&[]),
            cloud_names: Cow::Borrowed(&[]),
            pci: Cow::Borrowed(&[]),
            memory: Memory::stated(memory),
            sms: None,
            bandwidth: None,
            nvlink: None,
            compute_slices: 0,
            memory_slices: 0,
            engines: Engines::default(),
            profiles: Cow::Borrowed(&[]),
            old_names: Cow::Borrowed(&[]),
            mig_mode: None,
            sources: Cow::Borrowed(&[]),
        }
    }

    /// Whether the GPU can be cut into MIG instances.
    #[must_use]
    pub fn has_mig(&self) -> bool {
        !self.profiles.is_empty()
    }

    /// Native number formats.
    #[must_use]
    pub const fn formats(&self) -> Formats {
        self.architecture.formats()
    }

    /// The profile of this name, or the one that older drivers called so. A compute instance
    /// (`1c.3g.20gb`) answers with its GPU instance.
    ///
    /// # Errors
    /// A [`Problem`] that lists the GPU's profiles.
    pub fn profile(&self, name: ProfileName) -> Result<&Profile, Problem> {
        let wanted = name.gpu_instance();
        let current = self.old_names.iter().find(|o| o.old == wanted);
        let current = current.map_or(wanted, |old| old.new);
        let found = self.profiles.iter().find(|p| p.name == current);
        found.ok_or_else(|| self.no_such_profile(name))
    }

    fn no_such_profile(&self, name: ProfileName) -> Problem {
        let names: Vec<String> = self.profiles.iter().map(|p| p.name.to_string()).collect();
        let expected = if names.is_empty() {
            "no profile: this GPU has no MIG".to_owned()
        } else {
            format!("one of {}", names.join(", "))
        };
        Problem::new(
            "unknown-profile",
            format!("MIG profile of {}", self.short_name),
            format!("`{name}`"),
            expected,
        )
    }
}
