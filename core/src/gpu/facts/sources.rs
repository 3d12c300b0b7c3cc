//! Where the figures of the tables were read.

use crate::source::Confidence::{Estimate, Measured, Published};
use crate::source::{Confidence, Source};

const fn source(title: &'static str, version: &'static str, confidence: Confidence) -> Source {
    Source { title, version, confidence }
}

#[rustfmt::skip]
pub(super) const GUIDE580: Source = source("NVIDIA Multi-Instance GPU User Guide", "R580", Measured);
#[rustfmt::skip]
pub(super) const GUIDE_NEW: Source = source("NVIDIA Multi-Instance GPU User Guide", "after R580, Supported MIG Profiles", Measured);
#[rustfmt::skip]
pub(super) const GUIDE620: Source = source("NVIDIA Multi-Instance GPU User Guide", "620, Supported GPUs", Measured);
#[rustfmt::skip]
pub(super) const MIG_PARTED: Source = source("NVIDIA/mig-parted", "bd7160f, deployments/systemd/config-default.yaml", Published);
#[rustfmt::skip]
pub(super) const MIG_PARTED_120: Source = source("NVIDIA/mig-parted", "#120, nvidia-smi mig -lgip on H200", Measured);
#[rustfmt::skip]
pub(super) const MIG_PARTED_227: Source = source("NVIDIA/mig-parted", "#227 and #228, GB200 and B200 names", Measured);
#[rustfmt::skip]
pub(super) const NVML_H: Source = source("NVIDIA/go-nvml", "2f9e261, gen/nvml/nvml.h", Published);
#[rustfmt::skip]
pub(super) const MOCK_A100: Source = source("NVIDIA/go-nvml", "2f9e261, pkg/nvml/mock/dgxa100", Published);
#[rustfmt::skip]
pub(super) const KERNEL: Source = source("NVIDIA/open-gpu-kernel-modules", "df1c9a3, src/nvidia/src/kernel/gpu/mig_mgr", Published);
#[rustfmt::skip]
pub(super) const KEP4815: Source = source("Kubernetes KEP-4815 partitionable devices", "A100 40GB placement table", Published);
#[rustfmt::skip]
pub(super) const DRA: Source = source("NVIDIA/k8s-dra-driver-gpu", "2240711", Published);
#[rustfmt::skip]
pub(super) const SCALEWAY: Source = source("Scaleway documentation", "use-nvidia-mig-technology, -lgip and -lgipp on H100 PCIe", Measured);
#[rustfmt::skip]
pub(super) const JBARROW: Source = source("jbarrow.ai field notes", "nvidia-mig, -lgip on H100 SXM5", Measured);
#[rustfmt::skip]
pub(super) const COLFAX: Source = source("Colfax Research", "-lgip on H100 NVL and A30", Measured);
#[rustfmt::skip]
pub(super) const GH200_LGIP: Source = source("kf-cuanschutz", "-lgip on GH200 96GB", Measured);
#[rustfmt::skip]
pub(super) const A30_LGIP: Source = source("Summer-Lo/Docker_configuration", "000-MIG/README.md, -lgip and -lgipp on A30", Measured);
#[rustfmt::skip]
pub(super) const RTX6000_BLOG: Source = source("RTX PRO 6000 hands-on report", "-lgip, -lgipp and -lgi; Max-Q -lgip", Measured);
#[rustfmt::skip]
pub(super) const VGPU: Source = source("NVIDIA Virtual GPU types reference", "Hopper", Published);
#[rustfmt::skip]
pub(super) const GB300_PLAYBOOK: Source = source("NVIDIA DGX Station GB300 playbook", "MIG", Published);
#[rustfmt::skip]
pub(super) const GKE_PARTITION: Source = source("GoogleCloudPlatform/container-engine-accelerators", "992db81, partition_gpu", Published);
#[rustfmt::skip]
pub(super) const GPU_OPERATOR_2155: Source = source("NVIDIA/gpu-operator", "#2155, B200 labels and -lgip", Measured);
#[rustfmt::skip]
pub(super) const HYPERPOD: Source = source("aws/sagemaker-hyperpod-cli", "011ca92, default-mig-config.yaml", Published);
#[rustfmt::skip]
pub(super) const UNVERIFIED: Source = source("general knowledge", "not verified", Estimate);
#[rustfmt::skip]
pub(super) const GPU_OPERATOR_351: Source = source("NVIDIA/gpu-operator", "#351, and NVIDIA/mig-parted #31, names under older drivers", Published);
