//! The devices that there are, and how pods get to them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fleet::pools::{self, Origin, Supply, Unit};
use crate::gpu::Device;

/// How the nodes of a pool announce their devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `nvidia.com/mig-3g.40gb`: the strategy `mixed` of NVIDIA's device plugin.
    Mixed,
    /// `nvidia.com/gpu` and a product label that ends in `-MIG-3g.40gb`: the strategy `single`.
    Single,
    /// `nvidia.com/gpu` and `cloud.google.com/gke-gpu-partition-size`.
    Gke,
}

impl Spelling {
    /// Every spelling, with its word in settings.
    pub const ALL: [(&'static str, Spelling); 3] =
        [("mixed", Spelling::Mixed), ("single", Spelling::Single), ("gke", Spelling::Gke)];
}

/// Nodes that offer the same devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool<'a> {
    /// Its name.
    pub name: String,
    /// What a container can be given on its nodes.
    pub devices: Vec<Device<'a>>,
    /// How its nodes announce them.
    pub spelling: Spelling,
    /// Labels of its nodes.
    pub selector: BTreeMap<String, String>,
    /// What a pod must tolerate there, as in a pod spec.
    pub tolerations: Vec<Value>,
}

/// The label of Google Kubernetes Engine that says how a GPU is cut.
pub(super) const GKE_PARTITION: &str = "cloud.google.com/gke-gpu-partition-size";
/// The label of GPU feature discovery.
pub(super) const PRODUCT: &str = "nvidia.com/gpu.product";

impl Pool<'_> {
    /// The same, as a review knows pools.
    #[must_use]
    pub fn offered(&self) -> pools::Pool {
        let supply = |device: &Device| {
            let unit = Unit { resource: self.resource(device), ..Unit::of(device) };
            Supply::plain(unit, 1)
        };
        pools::Pool {
            nodes: 1,
            max_nodes: 1,
            labels: self.selector.clone(),
            supplies: self.devices.iter().map(supply).collect(),
            ..pools::Pool::empty(&self.name, Origin::Own)
        }
    }

    /// What a container asks for to be given `device`.
    pub(super) fn resource(&self, device: &Device) -> String {
        match self.spelling {
            Spelling::Mixed => device.resource_name(),
            Spelling::Single | Spelling::Gke => Device::whole(device.gpu).resource_name(),
        }
    }

    /// The labels that a node with `device` has: those of the pool, and the one that spells the profile.
    pub(super) fn labels(&self, device: &Device) -> BTreeMap<String, String> {
        let mut labels = self.selector.clone();
        let (Some(profile), Spelling::Single | Spelling::Gke) = (device.profile, self.spelling) else {
            return labels;
        };
        let spelled = match (self.spelling, device.gpu.product_labels.first()) {
            (Spelling::Gke, _) => Some((GKE_PARTITION, profile.name.to_string())),
            (_, Some(product)) => {
                Some((PRODUCT, format!("{product}-MIG-{}", profile.name.to_string().replace('+', "."))))
            }
            (_, None) => None,
        };
        if let Some((label, value)) = spelled {
            labels.entry(label.to_owned()).or_insert(value);
        }
        labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::device;

    #[test]
    fn a_review_is_offered_one_node_with_what_containers_ask_for() {
        let selector = BTreeMap::from([("zone".to_owned(), "x".to_owned())]);
        let offered = |spelling| {
            let devices = vec![device("H100-80GB 3g.40gb").unwrap(), device("H100-80GB").unwrap()];
            let pool = Pool {
                name: "a".to_owned(),
                devices,
                spelling,
                selector: selector.clone(),
                tolerations: vec![],
            };
            let offered = pool.offered();
            assert_eq!((offered.nodes, offered.max_nodes, &offered.labels), (1, 1, &selector));
            let unit =
                |supply: &Supply| (supply.unit.device.clone(), supply.unit.resource.clone(), supply.per_node);
            offered.supplies.iter().map(unit).collect::<Vec<_>>()
        };
        let unit = |device: &str, resource: &str| (device.to_owned(), resource.to_owned(), 1);
        let whole = unit("H100-80GB", "nvidia.com/gpu");
        let slice = |resource| unit("H100-80GB 3g.40gb", resource);
        assert_eq!(offered(Spelling::Mixed), [slice("nvidia.com/mig-3g.40gb"), whole.clone()]);
        assert_eq!(offered(Spelling::Gke), [slice("nvidia.com/gpu"), whole]);
    }
}
