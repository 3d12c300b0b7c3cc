//! Devices that several containers use at the same time, without a wall between them.

use super::node::NodeWish;
use crate::units::Bytes;

/// Who else uses the devices of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Nobody, as far as is said.
    Alone,
    /// Others in turn (time-slicing). Memory is not kept apart: each may fill it, and then all fail.
    TimeSliced {
        /// How many containers a device is promised to, where that is said.
        replicas: Option<u64>,
    },
    /// Others at the same time (MPS). Each has an even share of the memory, or what is stated.
    Mps {
        /// How many containers a device is promised to, where that is said.
        replicas: Option<u64>,
        /// Memory that each may use, where that is said.
        memory: Option<Bytes>,
    },
    /// Others, and it is not said how (`nvidia.com/gpu.shared`).
    Unsaid,
}

/// Labels of GPU feature discovery (NVIDIA/k8s-device-plugin 1b826ac, `docs/gpu-feature-discovery/README.md`).
const STRATEGY: &str = "nvidia.com/gpu.sharing-strategy";
const REPLICAS: &str = "nvidia.com/gpu.replicas";
/// Labels of Google Kubernetes Engine (its documentation of GPU time-sharing and of NVIDIA MPS).
const GKE_STRATEGY: &str = "cloud.google.com/gke-gpu-sharing-strategy";
const GKE_CLIENTS: &str = "cloud.google.com/gke-max-shared-clients-per-gpu";
/// What the product label of a shared GPU ends in where the resource keeps its name.
const SHARED: &str = "-SHARED";

impl Sharing {
    /// Whether nothing keeps others from the memory.
    #[must_use]
    pub const fn is_in_turn(self) -> bool {
        match self {
            Sharing::TimeSliced { .. } | Sharing::Unsaid => true,
            Sharing::Alone | Sharing::Mps { .. } => false,
        }
    }

    /// What a container can count on of a device with `memory`: its share under MPS; `None` where the others
    /// may take everything, or where the share is not known.
    #[must_use]
    pub fn memory(&self, memory: Bytes) -> Option<Bytes> {
        match self {
            Sharing::Alone => Some(memory),
            Sharing::Mps { memory: Some(stated), .. } => Some(memory.min(*stated)),
            Sharing::Mps { replicas: Some(replicas), memory: None } => Some(memory.share(1, *replicas)),
            Sharing::Mps { replicas: None, memory: None } | Sharing::TimeSliced { .. } | Sharing::Unsaid => {
                None
            }
        }
    }

    /// What the labels that a pod requires of its node say of claims that are otherwise shared as `said`.
    pub(super) fn on(node: &NodeWish, said: Sharing) -> Sharing {
        let one = |label: &str| {
            let mut values = node.values(label);
            values.next().filter(|_| values.next().is_none())
        };
        let replicas = one(REPLICAS).or_else(|| one(GKE_CLIENTS)).and_then(|text| text.parse().ok());
        let replicas = replicas.filter(|count| *count > 0);
        match one(STRATEGY).or_else(|| one(GKE_STRATEGY)) {
            Some("time-slicing" | "time-sharing") => Sharing::TimeSliced { replicas },
            Some("mps") => Sharing::Mps { replicas, memory: None },
            Some("none") if said == Sharing::Alone => Sharing::Alone,
            Some(_) | None => {
                let suffixed =
                    node.values(super::candidates::PRODUCT).any(|product| product.ends_with(SHARED));
                if suffixed || replicas.is_some_and(|count| count > 1) { Sharing::Unsaid } else { said }
            }
        }
    }
}
