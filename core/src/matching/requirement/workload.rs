//! A workload as a person declares it: what is to be served and how, or what is required without saying of what.
//!
//! `docs/schema/workload.json` describes the form. Modelplane's `replicaTopology` (its issues 52 and 53) is read
//! wherever it stands in a `spec`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Floors, Requirement, Topology};
use crate::engine::Serving;
use crate::fleet::inventory::quantity;
use crate::fleet::pools::{Link, NumberFormat, bits_per_second};
use crate::memory::Plan;
use crate::model::Model;
use crate::problem::Problem;
use crate::units::Bytes;

/// The model of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelRef {
    /// By name; who has a catalog looks it up.
    Named(String),
    /// Its `config.json`, as text.
    Config(String),
}

/// A workload as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// As a reader calls it.
    pub name: String,
    /// Copies.
    pub replicas: u64,
    /// The model, absent where only floors are declared.
    pub model: Option<ModelRef>,
    /// How it is served.
    pub serving: Serving,
    /// The nodes of one replica and the units on each, where declared.
    pub topology: Option<(u64, u64)>,
    /// Declared floors.
    pub floors: Floors,
    /// Labels that nodes must have.
    pub labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Own {
    name: Option<String>,
    #[serde(rename = "about")]
    _about: Option<String>,
    #[serde(default = "one")]
    replicas: u64,
    model: Option<String>,
    config: Option<Value>,
    #[serde(default)]
    serving: Serving,
    replica_topology: Option<ReplicaTopology>,
    requires: Option<Requires>,
    #[serde(default)]
    node_selector: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReplicaTopology {
    #[serde(default = "one")]
    nodes: u64,
    #[serde(default = "one")]
    gpus_per_node: u64,
    requires: Option<Requires>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Requires {
    memory_per_gpu: Option<String>,
    precision_support: Vec<String>,
    interconnect: Option<String>,
    nvlink_domain_size: Option<u64>,
    inter_node_bandwidth: Option<String>,
    /// Follows from the number of nodes; read so that it may stand there.
    #[serde(rename = "multiNodeCapable")]
    _multi_node_capable: Option<bool>,
    multiprocessors: Option<u32>,
    memory_bandwidth: Option<String>,
}

const fn one() -> u64 {
    1
}

impl Default for Workload {
    fn default() -> Workload {
        Workload {
            name: String::new(),
            replicas: 1,
            model: None,
            serving: Serving::default(),
            topology: None,
            floors: Floors::default(),
            labels: BTreeMap::new(),
        }
    }
}

impl Workload {
    /// Reads one workload. `place` is what it is called where it has no name.
    ///
    /// # Errors
    /// Everything in it that cannot be used.
    pub fn read(value: &Value, place: &str) -> Result<Workload, Vec<Problem>> {
        let object = match value.get("kind") {
            Some(_) => flattened(value),
            None => value.clone(),
        };
        let own = Own::deserialize(&object).map_err(|error| {
            let expected = "a workload with `model` or `config` and `serving`, or with `replicaTopology`";
            vec![Problem::new("bad-workload", place, error.to_string(), expected)]
        })?;
        own.workload(place)
    }

    /// What it requires, served with `model` where one is given.
    ///
    /// # Errors
    /// Every setting of the serving that cannot be used, and a topology that is not that of the engine.
    pub fn requirement<'a>(&'a self, model: Option<&'a Model>) -> Result<Requirement<'a>, Vec<Problem>> {
        let base = match model {
            Some(model) => Requirement::estimated(&self.name, Plan::new(model, &self.serving)?),
            None => Requirement::declared(&self.name, Topology::ONE, Floors::default()),
        };
        let base = match self.topology {
            Some((nodes, units)) => base.on(nodes, units).map_err(|problem| vec![problem])?,
            None => base,
        };
        Ok(Requirement {
            replicas: self.replicas,
            floors: self.floors.clone(),
            labels: self.labels.clone(),
            ..base
        })
    }
}

/// An object of Kubernetes in the form of our own: its name, its replicas and what stands in its `spec`.
fn flattened(object: &Value) -> Value {
    let mut flat = Map::new();
    let spec = object.get("spec");
    let inner = object.pointer("/spec/template/spec");
    let mut take = |name: &str, found: Option<&Value>| {
        if let Some(found) = found {
            flat.insert(name.to_owned(), found.clone());
        }
    };
    take("name", object.pointer("/metadata/name"));
    for name in ["replicas", "model", "serving", "replicaTopology", "nodeSelector"] {
        take(name, spec.and_then(|spec| spec.get(name)).or_else(|| inner.and_then(|spec| spec.get(name))));
    }
    Value::Object(flat)
}

impl Own {
    fn workload(self, place: &str) -> Result<Workload, Vec<Problem>> {
        let mut problems = Vec::new();
        let name = self.name.unwrap_or_else(|| place.to_owned());
        let model = match (self.model, self.config) {
            (Some(model), None) => Some(ModelRef::Named(model)),
            (None, Some(config)) => Some(ModelRef::Config(config.to_string())),
            (None, None) => None,
            (Some(_), Some(_)) => {
                problems.push(Problem::new("bad-workload", &name, "`model` beside `config`", "one of them"));
                None
            }
        };
        let topology =
            self.replica_topology.as_ref().map(|topology| (topology.nodes, topology.gpus_per_node));
        let requires = match (self.requires, self.replica_topology.and_then(|topology| topology.requires)) {
            (Some(_), Some(_)) => {
                let expected = "one of them";
                let found = "`requires` beside `replicaTopology.requires`";
                problems.push(Problem::new("bad-workload", &name, found, expected));
                None
            }
            (one, other) => one.or(other),
        };
        let asks = model.is_some() || requires.is_some() || topology.is_some();
        if !asks && problems.is_empty() {
            let expected = "`model`, `config`, `replicaTopology` or `requires`";
            problems.push(Problem::new("bad-workload", &name, "nothing that it requires", expected));
        }
        for (field, number) in [
            ("replicas", self.replicas),
            ("replicaTopology.nodes", topology.map_or(1, |(nodes, _)| nodes)),
            ("replicaTopology.gpusPerNode", topology.map_or(1, |(_, units)| units)),
        ] {
            if !(1..=MOST).contains(&number) {
                let expected = format!("a whole number from 1 to {MOST}");
                problems.push(Problem::new(
                    "bad-field",
                    format!("{name}: {field}"),
                    number.to_string(),
                    expected,
                ));
            }
        }
        let floors = requires.map_or_else(Floors::default, |requires| requires.floors(&name, &mut problems));
        if !problems.is_empty() {
            return Err(problems);
        }
        let (replicas, serving, labels) = (self.replicas, self.serving, self.node_selector);
        Ok(Workload { name, replicas, model, serving, topology, floors, labels })
    }
}

/// More replicas, nodes or units than anything has; keeps sums of them exact.
const MOST: u64 = 10_000;

impl Requires {
    fn floors(self, name: &str, problems: &mut Vec<Problem>) -> Floors {
        let mut note = |field: &str, found: &str, expected: &str| {
            let subject = format!("{name}: requires.{field}");
            problems.push(Problem::new("bad-field", subject, format!("`{found}`"), expected));
        };
        let mut floors =
            Floors { sms: self.multiprocessors, nvlink_domain: self.nvlink_domain_size, ..Floors::default() };
        if let Some(text) = &self.memory_per_gpu {
            match quantity(text) {
                Ok(bytes) => floors.memory = Some(Bytes::new(bytes)),
                Err(_) => note("memoryPerGpu", text, "memory with a unit, such as `39Gi`"),
            }
        }
        for word in &self.precision_support {
            match NumberFormat::parse(word) {
                Some(format) => floors.formats.push(format),
                None => note("precisionSupport", word, "number formats such as `fp8`, `bf16`"),
            }
        }
        floors.formats.sort_unstable();
        floors.formats.dedup();
        if let Some(text) = &self.interconnect {
            match Link::parse(text) {
                Some(link) => floors.link = Some(link),
                None => note("interconnect", text, "nvlink, pcie or none"),
            }
        }
        for (field, text, floor, per) in [
            ("interNodeBandwidth", &self.inter_node_bandwidth, &mut floors.inter_node, 1),
            ("memoryBandwidth", &self.memory_bandwidth, &mut floors.bandwidth, 8),
        ] {
            let Some(text) = text else { continue };
            match bits_per_second(text) {
                Some(bits) => *floor = Some(bits / per),
                None => note(field, text, "a bandwidth with its unit, such as `400Gbps` or `1.6TB/s`"),
            }
        }
        floors
    }
}
