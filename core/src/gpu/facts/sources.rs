//! Where the figures of the tables were read.
#![cfg_attr(rustfmt, rustfmt_skip)]

use crate::source::Confidence::{Derived, Estimate, Measured, Published};
use crate::source::{Confidence, Source};

const fn source(title: &'static str, version: &'static str, confidence: Confidence) -> Source {
    Source { title, version, confidence }
}

pub(super) const GUIDE580: Source = source("NVIDIA Multi-Instance GPU User Guide", "R580", Measured);
pub(super) const GUIDE_NEW: Source = source("NVIDIA Multi-Instance GPU User Guide", "after R580, Supported MIG Profiles", Measured);
pub(super) const GUIDE620: Source = source("NVIDIA Multi-Instance GPU User Guide", "620, Supported GPUs", Measured);
pub(super) const MIG_PARTED: Source = source("NVIDIA/mig-parted", "bd7160f, deployments/systemd/config-default.yaml", Published);
pub(super) const MIG_PARTED_120: Source = source("NVIDIA/mig-parted", "#120, nvidia-smi mig -lgip on H200", Measured);
pub(super) const MIG_PARTED_227: Source = source("NVIDIA/mig-parted", "#227 and #228, GB200 and B200 names", Measured);
pub(super) const NVML_H: Source = source("NVIDIA/go-nvml", "2f9e261, gen/nvml/nvml.h", Published);
pub(super) const MOCK_A100: Source = source("NVIDIA/go-nvml", "2f9e261, pkg/nvml/mock/dgxa100", Published);
pub(super) const KERNEL: Source = source("NVIDIA/open-gpu-kernel-modules", "df1c9a3, src/nvidia/src/kernel/gpu/mig_mgr", Published);
pub(super) const KEP4815: Source = source("Kubernetes KEP-4815 partitionable devices", "A100 40GB placement table", Published);
pub(super) const DRA: Source = source("NVIDIA/k8s-dra-driver-gpu", "2240711", Published);
pub(super) const SCALEWAY: Source = source("Scaleway documentation", "use-nvidia-mig-technology, -lgip and -lgipp on H100 PCIe", Measured);
pub(super) const JBARROW: Source = source("jbarrow.ai field notes", "nvidia-mig, -lgip on H100 SXM5", Measured);
pub(super) const COLFAX: Source = source("Colfax Research", "-lgip on H100 NVL and A30", Measured);
pub(super) const GH200_LGIP: Source = source("kf-cuanschutz", "-lgip on GH200 96GB", Measured);
pub(super) const A30_LGIP: Source = source("Summer-Lo/Docker_configuration", "000-MIG/README.md, -lgip and -lgipp on A30", Measured);
pub(super) const RTX6000_BLOG: Source = source("RTX PRO 6000 hands-on report", "-lgip, -lgipp and -lgi; Max-Q -lgip", Measured);
pub(super) const VGPU: Source = source("NVIDIA Virtual GPU types reference", "Hopper", Published);
pub(super) const GB300_PLAYBOOK: Source = source("NVIDIA DGX Station GB300 playbook", "MIG", Published);
pub(super) const GKE_PARTITION: Source = source("GoogleCloudPlatform/container-engine-accelerators", "992db81, partition_gpu", Published);
pub(super) const GPU_OPERATOR_2155: Source = source("NVIDIA/gpu-operator", "#2155, B200 labels and -lgip", Measured);
pub(super) const HYPERPOD: Source = source("aws/sagemaker-hyperpod-cli", "011ca92, default-mig-config.yaml", Published);
pub(super) const UNVERIFIED: Source = source("general knowledge", "not verified", Estimate);
pub(super) const GPU_OPERATOR_351: Source = source("NVIDIA/gpu-operator", "#351, and NVIDIA/mig-parted #31, names under older drivers", Published);

pub(super) const SMI_OUTPUT: Source = source("nvidia-smi, output in public repositories", "memory column, read in 2026", Measured);
pub(super) const MODAL_2797: Source = source("modal-labs/modal-client", "#2797, nvidia-smi totals of each GPU type", Measured);
pub(super) const AMD_SMI: Source = source("amd-smi, output in public repositories", "memory column and static, read in 2026", Measured);
pub(super) const LLMFIT_DRA: Source = source("sympozium-ai/llmfit-dra", "e86cb03, internal/index/nvidia_boards.json", Published);
pub(super) const LLM_PROF: Source = source("citsjtu2020/LLM-Prof", "hardware_spec.md", Published);
pub(super) const TWO_BOARDS: Source = source("sympozium-ai/llmfit-dra", "e86cb03, the PCIe board; SXM4 has 2039 GB/s", Published);
pub(super) const ACECLOUD: Source = source("AceCloud", "B200, H200, H100 and A100 compared, DGX B200 divided by eight", Published);
pub(super) const KLOCKWOOD: Source = source("Glenn Lockwood, processors", "B300; GB300 NVL72 as 576 TB/s over 72 GPUs", Published);
pub(super) const BLACKWELL_PLATFORM: Source = source("ai-infrastructure.net", "NVIDIA Blackwell datacenter platform, June 2026", Published);
pub(super) const H20_SPECS: Source = source("willitrunai.com", "H20 96GB", Published);
pub(super) const GH200_VARIANTS: Source = source("nishikiout.net", "2023-08-09, GH200 with HBM3", Published);
pub(super) const PUREPC: Source = source("PurePC", "2025-03, RTX PRO Blackwell desktop cards", Published);
pub(super) const TECHNICAL_CITY: Source = source("technical.city", "RTX PRO 4500 Blackwell, 82 ray tracing cores and 10496 shaders", Published);
pub(super) const BANDWIDTH_MAP: Source = source("public bandwidth map of GPUs", "bandwidth_map and cuda_cores_map, read in 2026", Published);
pub(super) const TILE_AI: Source = source("Tile-AI architecture table", "RTX4090, sm_count 128", Published);
pub(super) const GPU_CATALOG: Source = source("RajBhope/gpu-runtime-predictor", "gpu_catalog.json", Published);
pub(super) const GCP_GPUS: Source = source("Google Cloud GPU table", "as copied in Elfsong/gcp_allocator", Published);
pub(super) const HMC_TECH: Source = source("hmc-tech.com", "B200 against L40", Published);
pub(super) const ROCM_SPECS: Source = source("AMD ROCm documentation", "GPU hardware specifications", Measured);
pub(super) const MI_SERIES: Source = source("public table of Instinct accelerators", "MI325X 6.0 TB/s, MI355X 8 TB/s, read in 2026", Published);
pub(super) const LLMBOOK: Source = source("llmbook.apartsin.com", "appendix G.1, GPU comparison", Published);
pub(super) const KARPENTER: Source = source("aws/karpenter-provider-aws", "1d92708, reference/instance-types.md", Published);
pub(super) const XPK: Source = source("AI-Hypercomputer/xpk", "367c838, system_characteristics.py", Published);
pub(super) const SKYPILOT: Source = source("skypilot-org/skypilot", "GCP catalogue tests, G4", Published);
pub(super) const HF_AZURE: Source = source("Hugging Face documentation, Microsoft Azure", "Supported Hardware", Published);
pub(super) const ASPIRE: Source = source("Microsoft Aspire", "AksNodeVmSizes.cs, 13.3.0-preview.1", Published);
pub(super) const GCP_MACHINES: Source = source("Google Cloud documentation", "accelerator-optimized machine family, A2 Ultra", Published);
pub(super) const SM_COUNTS: Source = source("device properties, output in public repositories", "SM counts of B300 SXM6 AC, GB300, RTX 5090, read in 2026", Measured);
pub(super) const CORES: Source = source("public GPU tables (Lambda, ohdoking/gpu_spec)", "CUDA cores over 128 for each SM", Derived);
pub(super) const GB200_NVL72: Source = source("NVIDIA GB200 NVL72 page, as quoted", "576 TB/s over 72 GPUs", Published);
