//! What was looked up in the cluster for one object. Nothing that is missing stops a judgment: the settings and
//! the catalog answer then, and the audit log says what could not be had.

use std::collections::BTreeSet;

use serde_json::Value;

use super::lookup::{Ask, Which, ask};
use super::request::Object;
use super::settings::{Lookups, Settings};
use crate::fleet::inventory::{Inventory, from_nodes, from_resource_slices};
use crate::fleet::pools::{Pool, from_inventory};
use crate::gpu::{Gpu, catalog};
use crate::kubernetes::{Beside, PodSpec, Reference, launch};
use crate::review::model_name;

/// What was looked up.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    /// Texts of configs with their sources, by the id of the model.
    pub(super) models: Vec<(String, Found)>,
    /// The GPUs of the cluster.
    pub(super) gpus: Vec<&'static Gpu>,
    /// What its nodes offer; empty where nodes were not read.
    pub(super) pools: Vec<Pool>,
    /// What the object refers to: claims, device classes, runtimes.
    pub(super) objects: Vec<Value>,
    /// What it refers to and could not be had, with the reason.
    pub(super) refused: Vec<(Reference, String)>,
    /// Names of what was found.
    pub(super) sources: Vec<String>,
    /// What could not be had, in words.
    pub(super) missing: Vec<String>,
}

/// The config of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// `ConfigMap models/migfit-models`.
    pub(super) source: String,
    /// The text of its `config.json`.
    pub(super) text: String,
}

/// The most models that are looked up for one object.
const MOST_MODELS: usize = 16;
/// The most objects that one object refers to and that are looked up.
const MOST_REFERENCES: usize = 32;
/// How far references are followed: a pod, its claim template, the device class of that.
const MOST_STEPS: usize = 3;

const NODE_FIELDS: [&str; 3] = ["metadata.name", "metadata.labels", "status.allocatable"];
const SLICE_FIELDS: [&str; 3] = ["spec.driver", "spec.nodeName", "spec.devices"];
const OBJECT_FIELDS: [&str; 2] = ["metadata.name", "spec"];

/// Looks up what `object` refers to, as far as the settings allow it.
pub(super) fn around(object: &Object, lookups: &Lookups, ask: Ask) -> Gathered {
    let mut gathered = Gathered::default();
    let mut asked: BTreeSet<Reference> = BTreeSet::new();
    for _ in 0..MOST_STEPS {
        let beside = gathered.beside();
        object.subject.look_around(object.object, &beside);
        let missed = beside.missed().into_iter();
        let wanted: Vec<Reference> =
            missed.filter(|one| allowed(one, lookups) && !asked.contains(one)).collect();
        if wanted.is_empty() {
            break;
        }
        for reference in wanted {
            if asked.len() < MOST_REFERENCES {
                gathered.refer(&reference, object.namespace, ask);
                asked.insert(reference);
            }
        }
    }
    gathered
}

fn allowed(reference: &Reference, lookups: &Lookups) -> bool {
    match reference.kind {
        "DeviceClass" | "ResourceClaim" | "ResourceClaimTemplate" => lookups.claims,
        _ => lookups.runtimes,
    }
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
    /// What a workload is read with.
    pub(super) fn beside(&self) -> Beside<'_> {
        Beside::of(&self.objects).refused(self.refused.clone())
    }

    /// Looks up the models and the devices that the pods of `namespace` call for.
    pub(super) fn facts(&mut self, pods: &[PodSpec], namespace: &str, settings: &Settings, ask: Ask) {
        let asks = pods.iter().flat_map(|pod| &pod.containers).any(|container| !container.claims.is_empty());
        if !asks || !settings.lookups.any() {
            return;
        }
        for id in names(pods, settings) {
            self.model(&id, namespace, &settings.lookups, ask);
        }
        self.devices(&settings.lookups, ask);
    }

    /// Fetches what `reference` of an object in `namespace` means.
    fn refer(&mut self, reference: &Reference, namespace: &str, by: Ask) {
        let Reference { kind, name, .. } = reference;
        let everywhere = matches!(*kind, "DeviceClass" | "ClusterServingRuntime");
        let own = [reference.namespace.as_str(), namespace].into_iter().find(|space| !space.is_empty());
        let space = own.filter(|_| !everywhere).unwrap_or_default();
        let which = if name.is_empty() { Which::All } else { Which::One(space, name) };
        let fields: &[&str] = if *kind == "ConfigMap" { &["data"] } else { &OBJECT_FIELDS };
        match ask(by, kind, which, fields) {
            Ok(list) if name.is_empty() => {
                for item in list.get("items").and_then(Value::as_array).into_iter().flatten() {
                    let name = item.get("metadata").and_then(|metadata| metadata.get("name")?.as_str());
                    self.keep(reference, name.unwrap_or_default(), item);
                }
            }
            Ok(found) => {
                let place = if space.is_empty() { name.clone() } else { format!("{space}/{name}") };
                self.sources.push(format!("{kind} {place}"));
                self.keep(reference, name, &found);
            }
            Err(why) => {
                self.note(named(kind, which, &why));
                self.refused.push((reference.clone(), why));
            }
        }
    }

    fn keep(&mut self, reference: &Reference, name: &str, found: &Value) {
        let part = |name: &str| found.get(name).cloned().unwrap_or_default();
        self.objects.push(serde_json::json!({
            "kind": reference.kind,
            "metadata": {"name": name, "namespace": reference.namespace},
            "spec": part("spec"),
            "data": part("data"),
        }));
    }

    fn model(&mut self, id: &str, namespace: &str, lookups: &Lookups, by: Ask) {
        let Some(name) = lookups.models else { return };
        let own = Some(namespace).filter(|namespace| !namespace.is_empty());
        let shared = lookups.shared.filter(|shared| own != Some(shared));
        for namespace in own.into_iter().chain(shared) {
            let which = Which::One(namespace, name);
            let map = match ask(by, "ConfigMap", which, &["data"]) {
                Ok(map) => map,
                Err(why) => {
                    self.note(format!("{namespace}: {}", named("ConfigMap", which, &why)));
                    continue;
                }
            };
            let key = key(id);
            let data = map.get("data");
            let entry = data.and_then(|data| data.get(&key).or_else(|| data.get(format!("{key}.json"))));
            if let Some(text) = entry.and_then(Value::as_str) {
                let source = format!("ConfigMap {namespace}/{name}");
                self.models.push((id.to_owned(), Found { source, text: text.to_owned() }));
                return;
            }
        }
    }

    fn devices(&mut self, lookups: &Lookups, by: Ask) {
        if lookups.nodes {
            match ask(by, "Node", Which::All, &NODE_FIELDS) {
                Ok(nodes) => self.take(&from_nodes(catalog(), &nodes), lookups),
                Err(why) => self.note(named("Node", Which::All, &why)),
            }
        }
        if lookups.slices {
            match ask(by, "ResourceSlice", Which::All, &SLICE_FIELDS) {
                Ok(slices) => self.take(&from_resource_slices(catalog(), &slices), lookups),
                Err(why) => self.note(named("ResourceSlice", Which::All, &why)),
            }
        }
    }

    fn take(&mut self, inventory: &Inventory, lookups: &Lookups) {
        for offer in inventory.nodes.iter().flat_map(|node| &node.offers) {
            let card = offer.card.as_deref();
            let gpu = card.and_then(|key| catalog().iter().find(|gpu| gpu.key == key));
            self.gpus.extend(gpu.filter(|gpu| !self.gpus.contains(gpu)));
        }
        // Slices alone do not tell what nodes offer through a device plugin.
        if lookups.nodes {
            self.pools.extend(from_inventory(catalog(), inventory).pools);
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

fn named(kind: &str, which: Which, why: &str) -> String {
    match which {
        Which::One(_, name) => format!("{kind} {name}: {why}"),
        Which::All => format!("all of kind {kind}: {why}"),
    }
}
