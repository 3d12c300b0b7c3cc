//! Dialects: the ways in which a cluster can be asked for the same device.

use serde::Serialize;

use super::tree::Tree;

/// How a cluster wants a device asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// Device plugin, strategy `mixed`: one resource for each profile.
    Mixed,
    /// Device plugin, strategy `single`: slices under `nvidia.com/gpu`, told apart by the product label.
    Single,
    /// Google Kubernetes Engine: slices under `nvidia.com/gpu`, told apart by the pool's labels.
    Gke,
    /// Azure Kubernetes Service with the strategy `mixed`: one resource for each profile, on the machine types that
    /// have the card.
    Aks,
    /// Dynamic resource allocation: a claim for the profile by its name.
    DraProfile,
    /// Dynamic resource allocation: a claim for enough memory and processors, whatever the profile.
    DraCapacity,
    /// Dynamic resource allocation: the profile, and where none is free anything that is enough.
    DraFirstAvailable,
    /// Dynamic resource allocation behind a resource that reads as under `mixed`.
    DraExtended,
    /// HAMi: a GPU and an amount of its memory, in MIG mode.
    Hami,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Dialect; 9] = [
        Dialect::Mixed,
        Dialect::Single,
        Dialect::Gke,
        Dialect::Aks,
        Dialect::DraProfile,
        Dialect::DraCapacity,
        Dialect::DraFirstAvailable,
        Dialect::DraExtended,
        Dialect::Hami,
    ];

    /// What flags call it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Dialect::Mixed => "mixed",
            Dialect::Single => "single",
            Dialect::Gke => "gke",
            Dialect::Aks => "aks",
            Dialect::DraProfile => "dra-profile",
            Dialect::DraCapacity => "dra-capacity",
            Dialect::DraFirstAvailable => "dra-first-available",
            Dialect::DraExtended => "dra-extended",
            Dialect::Hami => "hami",
        }
    }

    /// What a reader should know of it, in one line.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Dialect::Mixed => "device plugin, strategy mixed: nvidia.com/mig-<profile>",
            Dialect::Single => {
                "device plugin, strategy single: nvidia.com/gpu and the product label of the slice"
            }
            Dialect::Gke => "Google Kubernetes Engine: nvidia.com/gpu and the labels of the pool",
            Dialect::Aks => {
                "Azure Kubernetes Service, strategy mixed: nvidia.com/mig-<profile> on a machine type"
            }
            Dialect::DraProfile => "dynamic resource allocation, a claim for the profile",
            Dialect::DraCapacity => "dynamic resource allocation, a claim for memory and multiprocessors",
            Dialect::DraFirstAvailable => {
                "dynamic resource allocation, the profile or else anything that is enough"
            }
            Dialect::DraExtended => {
                "dynamic resource allocation behind nvidia.com/mig-<profile>, with its device class"
            }
            Dialect::Hami => "HAMi: nvidia.com/gpu and nvidia.com/gpumem in MIG mode",
        }
    }

    /// Whether the device is claimed from a driver for dynamic resource allocation by a claim of the pod.
    #[must_use]
    pub const fn claims(self) -> bool {
        matches!(self, Dialect::DraProfile | Dialect::DraCapacity | Dialect::DraFirstAvailable)
    }
}

/// What a pod says to be given a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ask {
    /// Resources of the container, limits and requests alike: name, amount, why.
    pub(super) resources: Vec<(String, String, &'static str)>,
    /// Labels that its node must have, with the values that will do.
    pub(super) labels: Vec<(&'static str, Vec<String>)>,
    /// Annotations of the pod.
    pub(super) annotations: Vec<(&'static str, &'static str)>,
    /// The template of the claim that the pod makes.
    pub(super) template: Option<String>,
    /// Objects that must stand beside the workload.
    pub(super) beside: Vec<Tree>,
    /// What a reader should know.
    pub(super) notes: Vec<String>,
}
