//! Bandwidth to memory and between GPUs, in GB/s (10^9 bytes per second). A card without a row has
//! no source at hand.

use super::sources::*;
use crate::source::Source;

/// Key, GB/s, source.
pub(super) type Rate = (&'static str, u64, Source);

/// Bandwidth to the GPU's own memory. Of two boards under one key, the slower.
#[rustfmt::skip]
pub(super) static BANDWIDTH: &[Rate] = &[
    ("a100-40gb",         1555, LLMFIT_DRA),
    ("a100-80gb",         1935, TWO_BOARDS),
    ("a30-24gb",          933,  LLMFIT_DRA),
    ("h100-80gb-sxm",     3350, LLMFIT_DRA),
    ("h100-80gb-pcie",    2000, LLMFIT_DRA),
    ("h100-94gb-nvl",     3900, LLMFIT_DRA),
    ("gh200-96gb",        4000, GH200_VARIANTS),
    ("h20-96gb",          4000, H20_SPECS),
    ("h20-141gb",         4800, LLM_PROF),
    ("h200-141gb",        4800, LLMFIT_DRA),
    ("b200-180gb",        8000, ACECLOUD),
    ("gb200-186gb",       8000, GB200_NVL72),
    ("b300-269gb",        8000, KLOCKWOOD),
    ("gb300-278gb",       8000, KLOCKWOOD),
    ("rtx-pro-6000-96gb", 1792, PUREPC),
    ("rtx-pro-5000-48gb", 1344, PUREPC),
    ("t4-16gb",           320,  LLMFIT_DRA),
    ("v100-16gb",         900,  GPU_CATALOG),
    ("v100-32gb",         900,  GPU_CATALOG),
    ("a10-24gb",          600,  LLMFIT_DRA),
    ("a10g-24gb",         600,  GPU_CATALOG),
    ("a40-48gb",          696,  BANDWIDTH_MAP),
    ("rtx-a6000-48gb",    768,  BANDWIDTH_MAP),
    ("rtx-3090-24gb",     936,  BANDWIDTH_MAP),
    ("l4-24gb",           300,  LLMFIT_DRA),
    ("l40-48gb",          864,  HMC_TECH),
    ("l40s-48gb",         864,  LLMFIT_DRA),
    ("rtx-6000-ada-48gb", 960,  BANDWIDTH_MAP),
    ("rtx-4090-24gb",     1008, BANDWIDTH_MAP),
    ("mi300x-192gb",      5300, AMD_SMI),
    ("mi325x-256gb",      6000, MI_SERIES),
    ("mi355x-288gb",      8000, MI_SERIES),
];

/// NVLink or Infinity Fabric of one GPU, both directions together; 0 where the card has none.
#[rustfmt::skip]
pub(super) static LINKS: &[Rate] = &[
    ("a100-40gb",         600,  GCP_GPUS),
    ("a100-80gb",         600,  ACECLOUD),
    ("h100-80gb-sxm",     900,  ACECLOUD),
    ("h20-96gb",          900,  LLM_PROF),
    ("h20-141gb",         900,  LLM_PROF),
    ("h200-141gb",        900,  ACECLOUD),
    ("b200-180gb",        1800, ACECLOUD),
    ("gb200-186gb",       1800, BLACKWELL_PLATFORM),
    ("b300-269gb",        1800, BLACKWELL_PLATFORM),
    ("gb300-278gb",       1800, BLACKWELL_PLATFORM),
    ("t4-16gb",           0,    GCP_GPUS),
    ("v100-16gb",         300,  GCP_GPUS),
    ("l4-24gb",           0,    GCP_GPUS),
    ("l40s-48gb",         0,    LLMBOOK),
    ("mi300x-192gb",      896,  LLMBOOK),
];
