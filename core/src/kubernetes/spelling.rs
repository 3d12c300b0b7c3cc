//! The ways in which a manifest asks for the same device.

/// How a device is asked for. AKS spells as [`Spelling::Mixed`] or [`Spelling::Single`]: there the node pool
/// says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spelling {
    /// `nvidia.com/gpu` (or `amd.com/gpu`), and nothing says that nodes announce slices under that name.
    Gpu,
    /// `nvidia.com/mig-3g.40gb`: the strategy `mixed` of NVIDIA's device plugin.
    Mixed,
    /// `nvidia.com/gpu` and a product label that ends in `-MIG-3g.40gb`: the strategy `single`.
    Single,
    /// `nvidia.com/gpu` and `cloud.google.com/gke-gpu-partition-size`.
    Gke,
    /// A resource claim whose selectors name a profile.
    DraProfile,
    /// A resource claim that says what the device must have: memory, multiprocessors, architecture.
    DraCapacity,
    /// An extended resource that stands for a device class: `deviceclass.resource.kubernetes.io/mig-3g-40gb`, or
    /// the `extendedResourceName` of a class that is given beside the workload.
    DraExtended,
    /// `resource.partition` of a KAITO Workspace or InferenceSet.
    Kaito,
    /// Annotations `serving.kserve.io/exp-dra-*`.
    Kserve,
    /// `spec.draResources` of a NIMService.
    Nim,
    /// Annotations of Run:ai: a fraction of a GPU, or an amount of its memory.
    RunAi,
    /// `nvidia.com/gpu` with `nvidia.com/gpumem` or `nvidia.com/gpucores`: HAMi.
    Hami,
}

impl Spelling {
    /// Every spelling.
    pub const ALL: [Spelling; 12] = [
        Spelling::Gpu,
        Spelling::Mixed,
        Spelling::Single,
        Spelling::Gke,
        Spelling::DraProfile,
        Spelling::DraCapacity,
        Spelling::DraExtended,
        Spelling::Kaito,
        Spelling::Kserve,
        Spelling::Nim,
        Spelling::RunAi,
        Spelling::Hami,
    ];

    /// A stable word for programs: `dra-profile`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Spelling::Gpu => "gpu",
            Spelling::Mixed => "mixed",
            Spelling::Single => "single",
            Spelling::Gke => "gke",
            Spelling::DraProfile => "dra-profile",
            Spelling::DraCapacity => "dra-capacity",
            Spelling::DraExtended => "dra-extended",
            Spelling::Kaito => "kaito",
            Spelling::Kserve => "kserve",
            Spelling::Nim => "nim",
            Spelling::RunAi => "run-ai",
            Spelling::Hami => "hami",
        }
    }
}
