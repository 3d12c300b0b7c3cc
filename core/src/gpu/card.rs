//! What a GPU is.

use core::fmt;
use std::borrow::Cow;

use serde::Serialize;

use super::architecture::{Architecture, Formats, MigMode};
use super::memory::Memory;
use super::profile::{Engines, Profile};
use super::profile_name::ProfileName;
use crate::problem::Problem;
use crate::source::Source;
use crate::units::Bytes;

/// Text of a fact: borrowed from the tables, or owned where a user wrote the card.
pub type Text = Cow<'static, str>;

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
