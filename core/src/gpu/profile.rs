//! One way to cut a GPU: a MIG profile of one GPU.

use std::borrow::Cow;

use serde::Serialize;

use super::memory::Memory;
use super::profile_name::ProfileName;
use crate::source::{Confidence, Source};
use crate::units::Bytes;

/// Where instances of a profile may start, in memory slices of the GPU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Placements {
    /// First memory slices, ascending.
    pub starts: Cow<'static, [u8]>,
    /// Memory slices occupied from the start on.
    pub size: u8,
    /// Whether a GPU printed these placements or they follow from the family's common table.
    pub confidence: Confidence,
}

/// Engines of an instance or of a GPU. `None` where no source says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Engines {
    /// Copy engines.
    pub copy: Option<u8>,
    /// Video decoders (NVDEC).
    pub decoders: u8,
    /// Video encoders (NVENC).
    pub encoders: u8,
    /// JPEG engines.
    pub jpeg: u8,
    /// Optical flow accelerators.
    pub ofa: u8,
}

impl Engines {
    /// None of any kind.
    pub const NONE: Engines = Engines { copy: None, decoders: 0, encoders: 0, jpeg: 0, ofa: 0 };
}

/// A MIG profile of one GPU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Profile {
    /// `3g.40gb`.
    pub name: ProfileName,
    /// Value of `NVML_GPU_INSTANCE_PROFILE_*`.
    pub nvml_id: u8,
    /// The number that `nvidia-smi mig -lgip` prints and `-cgi` takes **on this GPU**. It means
    /// another profile on another GPU.
    pub smi_id: Option<u8>,
    /// How `smi_id` is known.
    pub smi_id_confidence: Confidence,
    /// Usable memory of one instance.
    pub memory: Memory,
    /// Compute slices of one instance.
    pub compute_slices: u8,
    /// Memory slices of one instance, out of the GPU's.
    pub memory_slices: u8,
    /// Streaming multiprocessors of one instance.
    pub sms: Option<u32>,
    /// How many instances of this profile one GPU holds at most.
    pub max_instances: u8,
    /// Where instances may start.
    pub placements: Placements,
    /// Engines of one instance.
    pub engines: Engines,
    /// Where the row was read.
    pub sources: Cow<'static, [Source]>,
}

impl Profile {
    /// A profile with nothing but its place and memory, for a card of one's own.
    /// As many instances as there are starts; no engines.
    #[must_use]
    pub fn plain(
        name: ProfileName,
        memory: Bytes,
        memory_slices: u8,
        starts: impl Into<Cow<'static, [u8]>>,
    ) -> Profile {
        let starts = starts.into();
        Profile {
            name,
            nvml_id: 0,
            smi_id: None,
            smi_id_confidence: Confidence::Estimate,
            memory: Memory::stated(memory),
            compute_slices: name.slices,
            memory_slices,
            sms: None,
            max_instances: u8::try_from(starts.len()).unwrap_or(u8::MAX),
            placements: Placements { starts, size: memory_slices, confidence: Confidence::Measured },
            engines: Engines::default(),
            sources: Cow::Borrowed(&[]),
        }
    }

    /// Whether an instance has media extensions (`+me`, `+me.all`).
    #[must_use]
    pub const fn media_extensions(&self) -> bool {
        self.name.media_extensions()
    }

    /// Whether an instance can draw (`+gfx`).
    #[must_use]
    pub const fn graphics(&self) -> bool {
        self.name.graphics()
    }
}
