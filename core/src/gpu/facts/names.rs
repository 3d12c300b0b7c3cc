//! Names under which the same card turns up: node labels, PCI ids, clouds, older drivers.

use super::sources::*;
use crate::gpu::ProfileName;
use crate::source::Source;

/// Values of the node label `nvidia.com/gpu.product`. Columns: key, label.
#[rustfmt::skip]
pub(super) static PRODUCT_LABELS: &[(&str, &str)] = &[
    ("a100-40gb",         "NVIDIA-A100-SXM4-40GB"),
    ("a100-40gb",         "NVIDIA-A100-PCIE-40GB"),
    ("a100-40gb",         "NVIDIA-A800-40GB"),
    ("a100-80gb",         "NVIDIA-A100-SXM4-80GB"),
    ("a100-80gb",         "NVIDIA-A100-80GB-PCIe"),
    ("a100-80gb",         "NVIDIA-A800-80GB"),
    ("a100-80gb",         "NVIDIA-A800-SXM4-80GB"),
    ("pg506-96gb",        "PG506-232"),
    ("a30-24gb",          "NVIDIA-A30"),
    ("h100-80gb-sxm",     "NVIDIA-H100-80GB-HBM3"),
    ("h100-80gb-sxm",     "NVIDIA-H800"),
    ("h100-80gb-pcie",    "NVIDIA-H100-PCIe"),
    ("h100-80gb-pcie",    "NVIDIA-H800-PCIe"),
    ("h100-94gb-nvl",     "NVIDIA-H100-NVL"),
    ("h100-94gb-nvl",     "NVIDIA-H800-NVL"),
    ("h100-94gb-sxm",     "NVIDIA-H100"),
    ("gh200-96gb",        "NVIDIA-GH200-480GB"),
    ("gh200-96gb",        "NVIDIA-H100-96GB"),
    ("gh200-96gb",        "NVIDIA-GH200-120GB"),
    ("h100-64gb-sxm",     "NVIDIA-H100-64GB"),
    ("h100-64gb-sxm",     "NVIDIA-H100"),
    ("h20-96gb",          "NVIDIA-H20"),
    ("h20-141gb",         "NVIDIA-H20-3e"),
    ("h200-141gb",        "NVIDIA-H200"),
    ("h200-141gb",        "NVIDIA-H200-NVL"),
    ("gh200-144gb",       "NVIDIA-GH200-144G-HBM3e"),
    ("b200-180gb",        "NVIDIA-B200"),
    ("gb200-186gb",       "NVIDIA-GB200"),
    ("b300-269gb",        "NVIDIA-B300-SXM6-AC"),
    ("gb300-278gb",       "NVIDIA-GB300"),
    ("rtx-pro-6000-96gb", "NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition"),
    ("rtx-pro-6000-96gb", "NVIDIA-RTX-PRO-6000-Blackwell-Workstation-Edition"),
    ("rtx-pro-6000-96gb", "NVIDIA-RTX-PRO-6000-Blackwell-Max-Q-Workstation-Edition"),
    ("rtx-pro-5000-48gb", "NVIDIA-RTX-PRO-5000-Blackwell"),
    ("rtx-pro-4500-32gb", "NVIDIA-RTX-PRO-4500-Blackwell"),
    ("t4-16gb",           "Tesla-T4"),
    ("v100-16gb",         "Tesla-V100-SXM2-16GB"),
    ("v100-16gb",         "Tesla-V100-PCIE-16GB"),
    ("v100-32gb",         "Tesla-V100-SXM2-32GB"),
    ("v100-32gb",         "Tesla-V100-PCIE-32GB"),
    ("a10-24gb",          "NVIDIA-A10"),
    ("a10g-24gb",         "NVIDIA-A10G"),
    ("a40-48gb",          "NVIDIA-A40"),
    ("rtx-a6000-48gb",    "NVIDIA-RTX-A6000"),
    ("rtx-3090-24gb",     "NVIDIA-GeForce-RTX-3090"),
    ("l4-24gb",           "NVIDIA-L4"),
    ("l40-48gb",          "NVIDIA-L40"),
    ("l40s-48gb",         "NVIDIA-L40S"),
    ("rtx-6000-ada-48gb", "NVIDIA-RTX-6000-Ada-Generation"),
    ("rtx-4090-24gb",     "NVIDIA-GeForce-RTX-4090"),
    ("rtx-5090-32gb",     "NVIDIA-GeForce-RTX-5090"),
];

/// PCI device ids of the maker 10DE. Columns: key, device id, board.
#[rustfmt::skip]
pub(super) static PCI: &[(&str, u16, &str)] = &[
    ("a100-40gb",         0x20B0, "A100 SXM4 40GB"),
    ("a100-40gb",         0x20B1, "A100 PCIe 40GB"),
    ("a100-40gb",         0x20F1, "A100 PCIe 40GB"),
    ("a100-40gb",         0x20F6, "A800 PCIe 40GB"),
    ("a100-40gb",         0x20BD, "A800 SXM4 40GB"),
    ("a100-80gb",         0x20B2, "A100 SXM4 80GB"),
    ("a100-80gb",         0x20B5, "A100 PCIe 80GB"),
    ("a100-80gb",         0x20F3, "A800 SXM4 80GB"),
    ("a100-80gb",         0x20F5, "A800 PCIe 80GB"),
    ("pg506-96gb",        0x20B6, "PG506-232"),
    ("a30-24gb",          0x20B7, "A30 PCIe 24GB"),
    ("h100-80gb-sxm",     0x2330, "H100 SXM5 80GB"),
    ("h100-80gb-sxm",     0x2324, "H800 SXM5 80GB"),
    ("h100-80gb-pcie",    0x2331, "H100 PCIe 80GB"),
    ("h100-80gb-pcie",    0x2322, "H800 PCIe 80GB"),
    ("h100-94gb-nvl",     0x2321, "H100 NVL 94GB"),
    ("h100-94gb-nvl",     0x233A, "H800 NVL / H800L 94GB"),
    ("h100-94gb-sxm",     0x2339, "H100 SXM5 94GB"),
    ("gh200-96gb",        0x2342, "GH200 480GB (96GB HBM3)"),
    ("gh200-96gb",        0x233D, "H100 96GB"),
    ("gh200-96gb",        0x2338, "H100 SXM5 96GB"),
    ("h100-64gb-sxm",     0x2337, "H100 SXM5 64GB"),
    ("h20-96gb",          0x2329, "H20 96GB"),
    ("h20-141gb",         0x232C, "H20-3e 141GB"),
    ("h200-141gb",        0x2335, "H200 SXM 141GB"),
    ("h200-141gb",        0x233B, "H200 NVL 141GB"),
    ("gh200-144gb",       0x2348, "GH200 144G HBM3e"),
    ("b200-180gb",        0x2901, "B200 SXM6"),
    ("gb200-186gb",       0x2941, "GB200"),
    ("b300-269gb",        0x3182, "B300 SXM6 AC"),
    ("gb300-278gb",       0x31C2, "GB300"),
    ("rtx-pro-6000-96gb", 0x2BB5, "Server Edition"),
    ("rtx-pro-6000-96gb", 0x2BB1, "Workstation Edition"),
    ("rtx-pro-6000-96gb", 0x2BB4, "Max-Q Workstation Edition"),
    ("rtx-pro-5000-48gb", 0x2BB3, "RTX PRO 5000 Blackwell"),
    ("rtx-pro-4500-32gb", 0x2C31, "RTX PRO 4500 Blackwell"),
];

/// Accelerator names of Google Kubernetes Engine (`cloud.google.com/gke-accelerator`).
/// Columns: key, name. Source: AI-Hypercomputer/xpk 367c838, SkyPilot's catalogue.
#[rustfmt::skip]
pub(super) static CLOUD_NAMES: &[(&str, &str)] = &[
    ("a100-40gb",         "nvidia-tesla-a100"),
    ("a100-80gb",         "nvidia-a100-80gb"),
    ("h100-80gb-sxm",     "nvidia-h100-80gb"),
    ("h100-80gb-sxm",     "nvidia-h100-mega-80gb"),
    ("h200-141gb",        "nvidia-h200-141gb"),
    ("b200-180gb",        "nvidia-b200"),
    ("gb200-186gb",       "nvidia-gb200"),
    ("l4-24gb",           "nvidia-l4"),
    ("t4-16gb",           "nvidia-tesla-t4"),
];

/// A profile name that older drivers print: key, old name, name of today, source. The names of
/// pre-production GB200 boards (1g.24gb of 20 GiB, mig-parted #227) are not among them: these were
/// other memory, not other names.
pub(super) type Renamed = (&'static str, ProfileName, ProfileName, Source);

const fn n(name: &str) -> ProfileName {
    ProfileName::literal(name)
}

#[rustfmt::skip]
pub(super) static OLD_NAMES: &[Renamed] = &[
    ("a100-80gb",  n("7g.79gb"),  n("7g.80gb"),  GPU_OPERATOR_351),
    ("a100-80gb",  n("3g.39gb"),  n("3g.40gb"),  GPU_OPERATOR_351),
];
