//! GPUs, one row a line: memory as the driver reports it, SMs, slices and engines in MIG mode.

use super::ampere::*;
use super::blackwell::*;
use super::hopper::*;
use super::sources::*;
use crate::gpu::Architecture::{self, Ada, Ampere, Blackwell, Cdna3, Cdna4, Hopper, Turing, Volta};
use crate::gpu::{ComputeCapability, Engines, Profile};
use crate::source::Source;

/// A row of [`CARDS`].
pub(super) struct Card {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) short_name: &'static str,
    pub(super) architecture: Architecture,
    pub(super) compute_capability: Option<ComputeCapability>,
    pub(super) memory: Total,
    pub(super) sms: Option<u32>,
    pub(super) sources: &'static [Source],
}

/// Memory of a whole GPU in MiB.
#[derive(Clone, Copy)]
pub(super) enum Total {
    /// As a driver reported it, with other values seen (other drivers, ECC).
    Read(u32, &'static [u32]),
    /// Nobody reports it in a source at hand; the figure is what the sister card has.
    Unverified(u32),
}

const fn read(mib: u32, seen: &'static [u32]) -> Total {
    Total::Read(mib, seen)
}

const fn guess(mib: u32) -> Total {
    Total::Unverified(mib)
}

const fn cc(major: u8, minor: u8) -> Option<ComputeCapability> {
    Some(ComputeCapability { major, minor })
}

#[allow(clippy::too_many_arguments, reason = "a row has as many columns as it has facts")]
const fn card(
    key: &'static str,
    name: &'static str,
    short_name: &'static str,
    architecture: Architecture,
    compute_capability: Option<ComputeCapability>,
    memory: Total,
    sms: Option<u32>,
    sources: &'static [Source],
) -> Card {
    Card { key, name, short_name, architecture, compute_capability, memory, sms, sources }
}

/// Columns: key, name, short name, generation, compute capability, MiB, SMs, sources.
#[rustfmt::skip]
pub(super) static CARDS: &[Card] = &[
    card("a100-40gb",         "NVIDIA A100 40GB",                   "A100-40GB",         Ampere,    cc(8, 0),  read(40960, &[40537]), Some(108), &[GUIDE580, NVML_H, KERNEL, KEP4815]),
    card("a100-80gb",         "NVIDIA A100 80GB",                   "A100-80GB",         Ampere,    cc(8, 0),  read(81920, &[81251]), Some(108), &[GUIDE580, MIG_PARTED, KERNEL]),
    card("pg506-96gb",        "NVIDIA PG506-232 96GB",              "PG506-96GB",        Ampere,    cc(8, 0),  guess(97871),          None,      &[MIG_PARTED, UNVERIFIED]),
    card("a30-24gb",          "NVIDIA A30 24GB",                    "A30-24GB",          Ampere,    cc(8, 0),  read(24576, &[]),      Some(56),  &[GUIDE580, A30_LGIP, KERNEL]),
    card("h100-80gb-sxm",     "NVIDIA H100 80GB SXM5",              "H100-80GB",         Hopper,    cc(9, 0),  read(81559, &[]),      Some(132), &[GUIDE580, JBARROW, MIG_PARTED]),
    card("h100-80gb-pcie",    "NVIDIA H100 80GB PCIe",              "H100-80GB-PCIe",    Hopper,    cc(9, 0),  read(81559, &[]),      Some(114), &[SCALEWAY, MIG_PARTED]),
    card("h100-94gb-nvl",     "NVIDIA H100 NVL 94GB",               "H100-94GB-NVL",     Hopper,    cc(9, 0),  read(95830, &[]),      Some(132), &[COLFAX, GUIDE580, VGPU, MIG_PARTED]),
    card("h100-94gb-sxm",     "NVIDIA H100 SXM5 94GB",              "H100-94GB",         Hopper,    cc(9, 0),  guess(95830),          Some(132), &[VGPU, GUIDE580]),
    card("gh200-96gb",        "NVIDIA GH200 96GB / H100 96GB",      "GH200-96GB",        Hopper,    cc(9, 0),  read(97871, &[]),          Some(132), &[GH200_LGIP, GUIDE580, MIG_PARTED, SMI_OUTPUT]),
    card("h100-64gb-sxm",     "NVIDIA H100 SXM5 64GB",              "H100-64GB",         Hopper,    cc(9, 0),  read(65247, &[]),          None,      &[VGPU, SMI_OUTPUT]),
    card("h20-96gb",          "NVIDIA H20 96GB",                    "H20-96GB",          Hopper,    cc(9, 0),  read(97871, &[]),          Some(78),  &[VGPU, MIG_PARTED, SMI_OUTPUT]),
    card("h20-141gb",         "NVIDIA H20-3e 141GB",                "H20-141GB",         Hopper,    cc(9, 0),  guess(143771),         Some(78),  &[VGPU, UNVERIFIED]),
    card("h200-141gb",        "NVIDIA H200 141GB (SXM / NVL)",      "H200-141GB",        Hopper,    cc(9, 0),  read(143771, &[]),     Some(132), &[MIG_PARTED_120, GUIDE580, MIG_PARTED, GKE_PARTITION]),
    card("gh200-144gb",       "NVIDIA GH200 144GB HBM3e",           "GH200-144GB",       Hopper,    cc(9, 0),  read(146831, &[]),     Some(132), &[MIG_PARTED, GUIDE580]),
    card("b200-180gb",        "NVIDIA B200 (180GB class)",          "B200-180GB",        Blackwell, cc(10, 0), read(183359, &[]),     Some(148), &[MIG_PARTED, MIG_PARTED_227, GPU_OPERATOR_2155, GKE_PARTITION, DRA, KERNEL]),
    card("gb200-186gb",       "NVIDIA GB200 (186GB class)",         "GB200-186GB",       Blackwell, cc(10, 0), read(189471, &[]),     Some(152), &[MIG_PARTED_227, MIG_PARTED, GKE_PARTITION, DRA]),
    card("b300-269gb",        "NVIDIA B300 (269GB class)",          "B300-269GB",        Blackwell, cc(10, 3), read(275040, &[]),     Some(148), &[MIG_PARTED, HYPERPOD, GUIDE620, SM_COUNTS]),
    card("gb300-278gb",       "NVIDIA GB300 (278GB class)",         "GB300-278GB",       Blackwell, cc(10, 3), read(284208, &[]),     Some(152), &[GB300_PLAYBOOK, MIG_PARTED, SM_COUNTS]),
    card("rtx-pro-6000-96gb", "NVIDIA RTX PRO 6000 Blackwell 96GB", "RTX-PRO-6000-96GB", Blackwell, cc(12, 0), read(97887, &[]),      Some(188), &[RTX6000_BLOG, GUIDE580, MIG_PARTED, KERNEL]),
    card("rtx-pro-5000-48gb", "NVIDIA RTX PRO 5000 Blackwell 48GB", "RTX-PRO-5000-48GB", Blackwell, cc(12, 0), read(48935, &[]),          Some(110),      &[GUIDE_NEW, GUIDE580, KERNEL, SMI_OUTPUT, PUREPC]),
    card("rtx-pro-4500-32gb", "NVIDIA RTX PRO 4500 Blackwell 32GB", "RTX-PRO-4500-32GB", Blackwell, cc(12, 0), read(32623, &[]),      Some(82),      &[GUIDE_NEW, TECHNICAL_CITY]),
    card("t4-16gb",           "NVIDIA T4 16GB",                     "T4-16GB",           Turing,    cc(7, 5),  read(15360, &[]),      Some(40),  &[MODAL_2797, GPU_CATALOG]),
    card("v100-16gb",         "NVIDIA V100 16GB",                   "V100-16GB",         Volta,     cc(7, 0),  read(16160, &[]),      Some(80),  &[SMI_OUTPUT, GPU_CATALOG]),
    card("v100-32gb",         "NVIDIA V100 32GB",                   "V100-32GB",         Volta,     cc(7, 0),  read(32510, &[]),      Some(80),  &[SMI_OUTPUT, GPU_CATALOG]),
    card("a10-24gb",          "NVIDIA A10 24GB",                    "A10-24GB",          Ampere,    cc(8, 6),  read(23028, &[22731]), Some(72),  &[MODAL_2797, SMI_OUTPUT, LLMFIT_DRA]),
    card("a10g-24gb",         "NVIDIA A10G 24GB",                   "A10G-24GB",         Ampere,    cc(8, 6),  read(23028, &[22731]), Some(80),  &[SMI_OUTPUT, GPU_CATALOG]),
    card("a40-48gb",          "NVIDIA A40 48GB",                    "A40-48GB",          Ampere,    cc(8, 6),  read(46068, &[48685, 49140]), Some(84),  &[SMI_OUTPUT, CORES]),
    card("rtx-a6000-48gb",    "NVIDIA RTX A6000 48GB",              "RTX-A6000-48GB",    Ampere,    cc(8, 6),  read(49140, &[48685]), Some(84),  &[SMI_OUTPUT, CORES]),
    card("rtx-3090-24gb",     "NVIDIA GeForce RTX 3090 24GB",       "RTX-3090-24GB",     Ampere,    cc(8, 6),  read(24576, &[]),      Some(82),  &[SMI_OUTPUT, CORES]),
    card("l4-24gb",           "NVIDIA L4 24GB",                     "L4-24GB",           Ada,       cc(8, 9),  read(23034, &[]),      Some(58),  &[MODAL_2797, LLMFIT_DRA]),
    card("l40-48gb",          "NVIDIA L40 48GB",                    "L40-48GB",          Ada,       cc(8, 9),  read(46068, &[49140]), Some(142), &[SMI_OUTPUT, HMC_TECH]),
    card("l40s-48gb",         "NVIDIA L40S 48GB",                   "L40S-48GB",         Ada,       cc(8, 9),  read(46068, &[]),      Some(142), &[MODAL_2797, LLMFIT_DRA]),
    card("rtx-6000-ada-48gb", "NVIDIA RTX 6000 Ada 48GB",           "RTX-6000-Ada-48GB", Ada,       cc(8, 9),  read(49140, &[]),      Some(142), &[SMI_OUTPUT, CORES]),
    card("rtx-4090-24gb",     "NVIDIA GeForce RTX 4090 24GB",       "RTX-4090-24GB",     Ada,       cc(8, 9),  read(24564, &[]),      Some(128), &[SMI_OUTPUT, TILE_AI]),
    card("rtx-5090-32gb",     "NVIDIA GeForce RTX 5090 32GB",       "RTX-5090-32GB",     Blackwell, cc(12, 0), read(32607, &[]),      Some(170), &[SMI_OUTPUT, SM_COUNTS]),
    card("mi300x-192gb",      "AMD Instinct MI300X 192GB",          "MI300X-192GB",      Cdna3,     None,      read(196592, &[]),     Some(304), &[AMD_SMI]),
    card("mi325x-256gb",      "AMD Instinct MI325X 256GB",          "MI325X-256GB",      Cdna3,     None,      read(262128, &[]),     Some(304), &[AMD_SMI, ROCM_SPECS]),
    card("mi355x-288gb",      "AMD Instinct MI355X 288GB",          "MI355X-288GB",      Cdna4,     None,      read(294896, &[]),     Some(256), &[AMD_SMI, ROCM_SPECS]),
];

/// A GPU in MIG mode: key, compute slices, memory slices, engines, profiles.
pub(super) type Mig = (&'static str, u8, u8, Engines, &'static [Profile]);

const fn engines(copy: Option<u8>, [decoders, encoders, jpeg, ofa]: [u8; 4]) -> Engines {
    Engines { copy, decoders, encoders, jpeg, ofa }
}

/// Columns: key, compute slices, memory slices, copy engines and [decoders, encoders, JPEG, OFA],
/// profiles. Sources as in [`CARDS`].
#[rustfmt::skip]
pub(super) static MIG: &[Mig] = &[
    ("a100-40gb",         7, 8,  engines(Some(7), [5, 0, 1, 1]),  &A100_40GB),
    ("a100-80gb",         7, 8,  engines(Some(7), [5, 0, 1, 1]),  &A100_80GB),
    ("pg506-96gb",        7, 8,  engines(Some(7), [5, 0, 1, 1]),  &PG506_96GB),
    ("a30-24gb",          4, 4,  engines(Some(4), [4, 0, 1, 1]),  &A30_24GB),
    ("h100-80gb-sxm",     7, 8,  engines(Some(8), [7, 0, 7, 1]),  &H100_80GB_SXM),
    ("h100-80gb-pcie",    7, 8,  engines(Some(8), [7, 0, 7, 1]),  &H100_80GB_PCIE),
    ("h100-94gb-nvl",     7, 8,  engines(Some(8), [7, 0, 7, 1]),  &H100_94GB_NVL),
    ("h100-94gb-sxm",     7, 8,  engines(Some(8), [7, 0, 7, 1]),  &H100_94GB_SXM),
    ("gh200-96gb",        7, 8,  engines(Some(8), [7, 0, 7, 1]),  &GH200_96GB),
    ("h100-64gb-sxm",     7, 8,  engines(Some(8), [7, 0, 7, 1]),  &H100_64GB_SXM),
    ("h20-96gb",          7, 8,  engines(Some(8), [7, 0, 7, 1]),  &H20_96GB),
    ("h20-141gb",         7, 8,  engines(Some(8), [7, 0, 7, 1]),  &H20_141GB),
    ("h200-141gb",        7, 8,  engines(Some(8), [7, 0, 7, 1]),  &H200_141GB),
    ("gh200-144gb",       7, 8,  engines(Some(8), [7, 0, 7, 1]),  &GH200_144GB),
    ("b200-180gb",        7, 8,  engines(Some(16), [7, 0, 7, 1]), &B200_180GB),
    ("gb200-186gb",       7, 8,  engines(Some(16), [7, 0, 7, 1]), &GB200_186GB),
    ("b300-269gb",        7, 8,  engines(Some(16), [7, 0, 7, 1]), &B300_269GB),
    ("gb300-278gb",       7, 8,  engines(Some(16), [7, 0, 7, 1]), &GB300_278GB),
    ("rtx-pro-6000-96gb", 4, 12, engines(Some(4), [4, 4, 4, 1]),  &RTX_PRO_6000_96GB),
    ("rtx-pro-5000-48gb", 2, 2,  engines(Some(4), [3, 3, 1, 1]),  &RTX_PRO_5000_48GB),
    ("rtx-pro-4500-32gb", 2, 2,  engines(Some(2), [3, 3, 2, 1]),  &RTX_PRO_4500_32GB),
];
