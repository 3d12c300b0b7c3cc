//! How a row of a profile table is written: what the family fixes once, and what differs by GPU.

use std::borrow::Cow;

use crate::gpu::{Engines, Memory, Placements, Profile, ProfileName};
use crate::source::Confidence::{self, Derived, Estimate, Floor, Measured};
use crate::source::Source;
use crate::units::Bytes;

/// What all GPUs of a family have in common for one profile.
pub(super) struct Shape {
    nvml_id: u8,
    compute_slices: u8,
    memory_slices: u8,
    starts: &'static [u8],
}

const fn shape(nvml_id: u8, compute_slices: u8, memory_slices: u8, starts: &'static [u8]) -> Shape {
    Shape { nvml_id, compute_slices, memory_slices, starts }
}

// Eight memory slices (E), four (Q, A30), twelve (T, RTX PRO 6000), two (H, RTX PRO 5000 and 4500).
// Columns: NVML id, compute slices, memory slices, starts. Placements: `nvidia-smi mig -lgipp` on
// A100 40GB, H100 PCIe, H100 NVL, A30, RTX PRO 6000; the kernel driver has one table for all GPUs of
// eight memory slices (NVIDIA/open-gpu-kernel-modules df1c9a3, kmigmgrGetInvalidSwizzIdMask).
#[rustfmt::skip]
pub(super) const E_1G: Shape = shape(0, 1, 1, &[0, 1, 2, 3, 4, 5, 6]);
#[rustfmt::skip]
pub(super) const E_1G_ME: Shape = shape(7, 1, 1, &[0, 1, 2, 3, 4, 5, 6]);
#[rustfmt::skip]
pub(super) const E_1G_DOUBLE: Shape = shape(9, 1, 2, &[0, 2, 4, 6]);
#[rustfmt::skip]
pub(super) const E_2G: Shape = shape(1, 2, 2, &[0, 2, 4]);
#[rustfmt::skip]
pub(super) const E_3G: Shape = shape(2, 3, 4, &[0, 4]);
#[rustfmt::skip]
pub(super) const E_4G: Shape = shape(3, 4, 4, &[0]);
#[rustfmt::skip]
pub(super) const E_7G: Shape = shape(4, 7, 8, &[0]);
#[rustfmt::skip]
pub(super) const Q_1G: Shape = shape(0, 1, 1, &[0, 1, 2, 3]);
#[rustfmt::skip]
pub(super) const Q_1G_ME: Shape = shape(7, 1, 1, &[0, 1, 2, 3]);
#[rustfmt::skip]
pub(super) const Q_2G: Shape = shape(1, 2, 2, &[0, 2]);
#[rustfmt::skip]
pub(super) const Q_2G_ME: Shape = shape(8, 2, 2, &[0, 2]);
#[rustfmt::skip]
pub(super) const Q_4G: Shape = shape(3, 4, 4, &[0]);
#[rustfmt::skip]
pub(super) const T_1G: Shape = shape(0, 1, 3, &[0, 3, 6, 9]);
#[rustfmt::skip]
pub(super) const T_1G_ME: Shape = shape(7, 1, 3, &[0, 3, 6, 9]);
#[rustfmt::skip]
pub(super) const T_1G_GFX: Shape = shape(10, 1, 3, &[0, 3, 6, 9]);
#[rustfmt::skip]
pub(super) const T_1G_ME_ALL: Shape = shape(15, 1, 3, &[0, 3, 6, 9]);
#[rustfmt::skip]
pub(super) const T_1G_NO_ME: Shape = shape(13, 1, 3, &[0, 3, 6, 9]);
#[rustfmt::skip]
pub(super) const T_2G: Shape = shape(1, 2, 6, &[0, 6]);
#[rustfmt::skip]
pub(super) const T_2G_GFX: Shape = shape(11, 2, 6, &[0, 6]);
#[rustfmt::skip]
pub(super) const T_2G_ME_ALL: Shape = shape(16, 2, 6, &[0, 6]);
#[rustfmt::skip]
pub(super) const T_2G_NO_ME: Shape = shape(14, 2, 6, &[0, 6]);
#[rustfmt::skip]
pub(super) const T_4G: Shape = shape(3, 4, 12, &[0]);
#[rustfmt::skip]
pub(super) const T_4G_GFX: Shape = shape(12, 4, 12, &[0]);
#[rustfmt::skip]
pub(super) const H_1G: Shape = shape(0, 1, 1, &[0, 1]);
#[rustfmt::skip]
pub(super) const H_1G_ME: Shape = shape(7, 1, 1, &[0, 1]);
#[rustfmt::skip]
pub(super) const H_1G_GFX: Shape = shape(10, 1, 1, &[0, 1]);
#[rustfmt::skip]
pub(super) const H_1G_ME_ALL: Shape = shape(15, 1, 1, &[0, 1]);
#[rustfmt::skip]
pub(super) const H_1G_NO_ME: Shape = shape(13, 1, 1, &[0, 1]);
#[rustfmt::skip]
pub(super) const H_2G: Shape = shape(1, 2, 2, &[0]);
#[rustfmt::skip]
pub(super) const H_2G_GFX: Shape = shape(11, 2, 2, &[0]);

/// The number that `-cgi` takes, and how it is known.
pub(super) type SmiId = Option<(u8, Confidence)>;

/// No source gives the number.
pub(super) const NO_ID: SmiId = None;

/// Documented or printed by the tool.
pub(super) const fn said(id: u8) -> SmiId {
    Some((id, Measured))
}

/// By analogy with a sister card.
pub(super) const fn like(id: u8) -> SmiId {
    Some((id, Derived))
}

/// Never seen in a dump.
pub(super) const fn maybe(id: u8) -> SmiId {
    Some((id, Estimate))
}

/// Printed by `nvidia-smi mig -lgipp`.
pub(super) const PRINTED: Confidence = Measured;
/// From the family's common table.
pub(super) const TREE: Confidence = Derived;
/// No dump found: slices counted as if equal.
pub(super) const ASSUMED: Confidence = Estimate;

/// How a floor was obtained.
pub(super) type Basis = (Confidence, &'static str);
pub(super) const MEASURED: Basis = (Measured, "measured");
pub(super) const H100_PCIE: Basis = (Floor, "measured on H100 PCIe, driver R525");
pub(super) const VGPU_HOST: Basis = (Floor, "measured under the vGPU host driver");
pub(super) const SERVER_BOARD: Basis = (Floor, "measured on the Server Edition, probably with ECC on");
/// On every GPU measured, 3g and 4g hold at least twice a 2g, and 7g at least twice a 3g.
pub(super) const ADDITIVE: Basis = (Floor, "at least twice the next smaller profile");
/// The worst production ratios measured are 0.9117 and 0.973.
pub(super) const RATIO: Basis = (Estimate, "0.90 of the nominal share up to a quarter, 0.965 from a half on");

/// One row: see the head of each table.
#[allow(clippy::too_many_arguments, reason = "a row has as many columns as it has facts")]
pub(super) const fn row(
    name: &str,
    shape: &'static Shape,
    smi_id: SmiId,
    max_instances: u8,
    placed: Confidence,
    shown_mib: Option<u32>,
    floor_mib: u32,
    basis: Basis,
    seen_mib: &'static [u32],
    sms: Option<u32>,
    copy: Option<u8>,
    [decoders, encoders, jpeg, ofa]: [u8; 4],
    sources: &'static [Source],
) -> Profile {
    let (smi_id, smi_id_confidence) = match smi_id {
        Some((id, confidence)) => (Some(id), confidence),
        None => (None, Estimate),
    };
    Profile {
        name: ProfileName::literal(name),
        nvml_id: shape.nvml_id,
        smi_id,
        smi_id_confidence,
        memory: Memory {
            shown: match shown_mib {
                Some(mib) => Some(Bytes::from_mib(mib as u64)),
                None => None,
            },
            floor: Bytes::from_mib(floor_mib as u64),
            confidence: basis.0,
            basis: Cow::Borrowed(basis.1),
            seen_mib: Cow::Borrowed(seen_mib),
        },
        compute_slices: shape.compute_slices,
        memory_slices: shape.memory_slices,
        sms,
        max_instances,
        placements: Placements {
            starts: Cow::Borrowed(shape.starts),
            size: shape.memory_slices,
            confidence: placed,
        },
        engines: Engines { copy, decoders, encoders, jpeg, ofa },
        sources: Cow::Borrowed(sources),
    }
}
