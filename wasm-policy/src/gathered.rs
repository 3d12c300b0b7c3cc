//! What was looked up in the cluster for one object. Nothing that is missing stops a judgment: the settings and
//! the catalog answer then, and the audit log says what could not be had.

use std::collections::{BTreeMap, BTreeSet};

use migfit::fleet::inventory::{Inventory, from_nodes, from_resource_slices};
use migfit::gpu::{Gpu, catalog};
use migfit::kubernetes::{PodSpec, launch};
use migfit::review::model_name;
use serde_json::Value;

use crate::host::Host;
use crate::settings::{Lookups, Settings};

/// What was looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gathered {
    /// Texts of configs with their sources, by the id of the model.
    pub(crate) models: BTreeMap<String, Found>,
    /// The GPUs of the cluster.
    pub(crate) gpus: Vec<&'static Gpu>,
    /// The resources that some node offers; empty where nodes were not read.
    pub(crate) offered: BTreeSet<String>,
    /// What could not be had.
    pub(crate) missing: Vec<String>,
}

/// The config of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// `ConfigMap models/migfit-models`.
    pub(crate) source: String,
    /// The text of its `config.json`.
    pub(crate) text: String,
}

/// The most models that are looked up for one object.
const MOST_MODELS: usize = 16;

const NODE_FIELDS: [&str; 3] = ["metadata.name", "metadata.labels", "status.allocatable"];
const SLICE_FIELDS: [&str; 3] = ["spec.driver", "spec.nodeName", "spec.devices"];

/// Looks up what the settings allow and the pods of `namespace` call for.
pub(crate) fn gather(pods: &[PodSpec], namespace: &str, settings: &Settings, host: Host) -> Gathered {
    let mut gathered = Gathered::default();
    let asks = pods.iter().flat_map(|pod| &pod.containers).any(|container| !container.claims.is_empty());
    if !asks || !settings.lookups.any() {
        return gathered;
    }
    for id in names(pods, settings) {
        gathered.model(&id, namespace, &settings.lookups, host);
    }
    gathered.devices(&settings.lookups, host);
    gathered
}

/// The models that the settings do not know.
fn names(pods: &[PodSpec], settings: &Settings) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for pod in pods {
        for container in pod.containers.iter().filter(|container| !container.claims.is_empty()) {
            let name = launch(container).ok().and_then(|launch| model_name(pod, container, &launch));
            names
                .extend(name.filter(|name| settings.models.get(name).is_none() && names.len() < MOST_MODELS));
        }
    }
    names
}

/// The key of a model in a ConfigMap, which takes no slash: `meta-llama__Llama-3.1-8B-Instruct`.
fn key(id: &str) -> String {
    id.replace('/', "__")
}

impl Gathered {
    fn model(&mut self, id: &str, namespace: &str, lookups: &Lookups, host: Host) {
        let Some(name) = lookups.models else { return };
        let own = Some(namespace).filter(|namespace| !namespace.is_empty());
        let shared = lookups.shared.filter(|shared| own != Some(shared));
        for namespace in own.into_iter().chain(shared) {
            let map = match host.get(("v1", "ConfigMap"), (namespace, name), &["data"]) {
                Ok(map) => map,
                Err(why) => {
                    self.note(format!("{namespace}: {why}"));
                    continue;
                }
            };
            let key = key(id);
            let data = map.get("data");
            let entry = data.and_then(|data| data.get(&key).or_else(|| data.get(format!("{key}.json"))));
            if let Some(text) = entry.and_then(Value::as_str) {
                let source = format!("ConfigMap {namespace}/{name}");
                self.models.insert(id.to_owned(), Found { source, text: text.to_owned() });
                return;
            }
        }
    }

    fn devices(&mut self, lookups: &Lookups, host: Host) {
        if lookups.nodes {
            match host.list(("v1", "Node"), &NODE_FIELDS) {
                Ok(nodes) => self.take(&from_nodes(catalog(), &nodes), true),
                Err(why) => self.note(why),
            }
        }
        if lookups.slices {
            match host.list(("resource.k8s.io/v1", "ResourceSlice"), &SLICE_FIELDS) {
                Ok(slices) => self.take(&from_resource_slices(catalog(), &slices), false),
                Err(why) => self.note(why),
            }
        }
    }

    fn take(&mut self, inventory: &Inventory, resources: bool) {
        for offer in inventory.nodes.iter().flat_map(|node| &node.offers) {
            let card = offer.card.as_deref();
            let gpu = card.and_then(|key| catalog().iter().find(|gpu| gpu.key == key));
            self.gpus.extend(gpu.filter(|gpu| !self.gpus.contains(gpu)));
            if resources {
                self.offered.insert(offer.resource.clone());
            }
        }
        for problem in &inventory.problems {
            self.note(problem.to_string());
        }
    }

    fn note(&mut self, missing: String) {
        if !self.missing.contains(&missing) && self.missing.len() < 16 {
            self.missing.push(missing);
        }
    }
}
