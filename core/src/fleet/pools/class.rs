//! `InferenceClass` and `InferenceCluster` of Modelplane today (`modelplane.ai/v1alpha1`, 90ba117): a class
//! describes the devices of a node as DRA does, a cluster has pools of nodes of a class.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::declared;
use super::pool::{Origin, Pool, Pools, Supply};
use super::unit::Unit;
use crate::fleet::inventory::quantity;
use crate::gpu::{Architecture, Device, Gpu, Memory, ProfileName, find_in, instance, meaning};
use crate::problem::Problem;
use crate::units::Bytes;

/// The driver of NVIDIA's devices; others (network cards, fabrics) give no allocation units.
const DRIVER: &str = "gpu.nvidia.com";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClassDevice {
    name: String,
    #[serde(default)]
    claim: Option<String>,
    driver: String,
    device_class_name: Option<String>,
    #[serde(default = "one")]
    count: u64,
    #[serde(default)]
    attributes: BTreeMap<String, Map<String, Value>>,
    #[serde(default)]
    capacity: BTreeMap<String, Capacity>,
}

#[derive(Deserialize)]
struct Capacity {
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClusterPool {
    name: String,
    class_name: String,
    #[serde(default = "one")]
    node_count: u64,
    max_node_count: Option<u64>,
    fabric: Option<Fabric>,
}

#[derive(Deserialize)]
struct Fabric {
    #[serde(rename = "type", default)]
    kind: Option<String>,
}

const fn one() -> u64 {
    1
}

/// Reads clusters with the classes that they name. A class that no cluster names is a pool of no nodes yet.
pub(super) fn read(cards: &[Gpu], classes: &[&Value], clusters: &[&Value]) -> Pools {
    let mut pools = Pools::default();
    let mut used: Vec<&str> = Vec::new();
    for cluster in clusters {
        let name = name_of(cluster);
        let list = cluster.pointer("/spec/nodePools").and_then(Value::as_array);
        for (place, value) in list.into_iter().flatten().enumerate() {
            let pool = match ClusterPool::deserialize(value) {
                Ok(pool) => pool,
                Err(error) => {
                    let subject = format!("InferenceCluster `{name}`: nodePools[{place}]");
                    pools.problems.push(Problem::new("bad-pool", subject, error.to_string(), "a node pool"));
                    continue;
                }
            };
            let class = classes.iter().find(|class| name_of(class) == pool.class_name);
            used.extend(class.map(|class| name_of(class)));
            pools.pools.push(pool.read(cards, name, class.copied()));
        }
    }
    for class in classes.iter().filter(|class| !used.contains(&name_of(class))) {
        let mut pool = Pool::empty(name_of(class), Origin::InferenceCluster);
        describe(cards, class, &mut pool);
        pool.report(Problem::new(
            "no-nodes",
            "InferenceClass",
            "no InferenceCluster that uses it",
            "one, for nodes",
        ));
        pools.pools.push(pool.finish());
    }
    pools
}

fn name_of(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or("without a name")
}

impl ClusterPool {
    fn read(self, cards: &[Gpu], cluster: &str, class: Option<&Value>) -> Pool {
        let fabric = self.fabric.as_ref().and_then(|fabric| fabric.kind.as_deref());
        let mut pool = Pool {
            cluster: Some(cluster.to_owned()),
            nodes: self.node_count,
            max_nodes: self.max_node_count.unwrap_or(self.node_count),
            // Without a fabric nodes still talk over TCP.
            multi_node: Some(true),
            ..Pool::empty(&self.name, Origin::InferenceCluster)
        };
        pool.labels.insert("modelplane.ai/pool".to_owned(), self.name.clone());
        if let Some(fabric) = fabric {
            pool.labels.insert("fabric".to_owned(), fabric.to_owned());
        }
        match class {
            Some(class) => describe(cards, class, &mut pool),
            None => {
                let found = format!("`{}`, which is not among the files", self.class_name);
                pool.report(Problem::new(
                    "unknown-class",
                    "className",
                    found,
                    "an InferenceClass that is given too",
                ));
            }
        }
        pool.finish()
    }
}

/// Adds the devices of `class` to `pool`.
fn describe(cards: &[Gpu], class: &Value, pool: &mut Pool) {
    let provisioned = Provisioned::of(cards, class);
    let list = class.pointer("/spec/devices").and_then(Value::as_array);
    for (place, value) in list.into_iter().flatten().enumerate() {
        match ClassDevice::deserialize(value) {
            Ok(device) if device.driver == DRIVER && device.claim.as_deref() != Some("Synthetic") => {
                let (supply, problems) = device.supply(cards, &provisioned);
                problems.into_iter().for_each(|problem| pool.report(problem));
                pool.supplies.extend(supply);
            }
            Ok(_) => {}
            Err(error) => {
                let subject = format!("devices[{place}]");
                pool.report(Problem::new("bad-device", subject, error.to_string(), "a device of a class"));
            }
        }
    }
}

/// Whether a driver was seen to report `memory`.
fn reports(known: &Memory, memory: Bytes) -> bool {
    let seen = known.seen_mib.iter().any(|mib| Bytes::from_mib((*mib).into()) == memory);
    seen || known.shown == Some(memory) || known.floor == memory
}

/// What the way in which nodes are made says of their GPUs.
struct Provisioned<'a> {
    gpu: Option<&'a Gpu>,
    gpus: Option<u64>,
}

impl<'a> Provisioned<'a> {
    fn of(cards: &'a [Gpu], class: &Value) -> Provisioned<'a> {
        let blocks = class.pointer("/spec/provisioning").and_then(Value::as_object);
        let block = blocks.and_then(|blocks| blocks.values().find(|block| block.is_object()));
        let word = |name: &str| block.and_then(|block| block.get(name)).and_then(Value::as_str);
        let machine = word("machineType").or_else(|| word("instanceType")).or_else(|| word("vmSize"));
        let known = machine.and_then(instance);
        let by_machine = known.and_then(|known| cards.iter().find(|gpu| gpu.key == known.key));
        let named = block.and_then(|block| block.pointer("/accelerator/type")).and_then(Value::as_str);
        Provisioned {
            gpu: by_machine.or_else(|| find_in(cards, named?).ok()),
            gpus: block.and_then(|block| block.pointer("/accelerator/count")).and_then(Value::as_u64),
        }
    }
}

impl ClassDevice {
    fn attribute(&self, name: &str) -> Option<&str> {
        let value = self.attributes.get(name)?;
        value.get("string").or_else(|| value.get("version")).and_then(Value::as_str)
    }

    fn supply(&self, cards: &[Gpu], provisioned: &Provisioned<'_>) -> (Option<Supply>, Vec<Problem>) {
        let mut problems = Vec::new();
        let field = |part: &str| format!("device `{}`: {part}", self.name);
        let profile = match self.attribute("profile").map(ProfileName::parse).transpose() {
            Ok(profile) => profile,
            Err(problem) => return (None, vec![problem.about(field("profile"))]),
        };
        let text = self.capacity.get("memory").map(|capacity| capacity.value.as_str());
        let memory = text.and_then(|text| quantity(text).ok()).map(Bytes::new);
        let gpu = self.card(cards, provisioned, profile, memory);
        let Some(mut unit) = self.unit(gpu, profile, memory) else {
            let problem = match (gpu, profile) {
                (Some(gpu), Some(profile)) => gpu.profile(profile).err(),
                (None, _) | (_, None) => None,
            };
            let unknown = || Problem::new("unknown-device", "", "neither a card nor memory", "one of them");
            let problem = problem.unwrap_or_else(unknown);
            return (None, vec![problem.about(field("capacity.memory"))]);
        };
        if let (Some(text), true) = (text, gpu.is_some()) {
            let (memory, problem) = declared::memory(&unit, gpu, text, &field("capacity.memory"));
            unit.set_memory(memory);
            problems.extend(problem);
        }
        let class = self.device_class_name.clone();
        unit.resource =
            class.unwrap_or_else(|| if profile.is_some() { "mig" } else { "gpu" }.to_owned() + ".nvidia.com");
        problems.extend(self.count_problem(gpu, profile, provisioned, &field("count")));
        (Some(Supply::plain(unit, self.count)), problems)
    }

    /// The count against the GPUs that a node is made with.
    fn count_problem(
        &self,
        gpu: Option<&Gpu>,
        profile: Option<ProfileName>,
        provisioned: &Provisioned<'_>,
        field: &str,
    ) -> Option<Problem> {
        let gpus = provisioned.gpus?;
        match profile {
            None => (self.count > gpus).then(|| declared::units(self.count, gpus, 1, "GPU", field))?,
            Some(name) => {
                let each = u64::from(gpu?.profile(name).ok()?.max_instances);
                let most = gpus.saturating_mul(each);
                (self.count > most)
                    .then(|| declared::units(self.count, gpus, each, &name.to_string(), field))?
            }
        }
    }

    fn unit(&self, gpu: Option<&Gpu>, profile: Option<ProfileName>, memory: Option<Bytes>) -> Option<Unit> {
        match (gpu, profile) {
            (Some(gpu), Some(name)) => {
                Some(Unit::of(&Device { gpu, profile: Some(gpu.profile(name).ok()?) }))
            }
            (Some(gpu), None) => Some(Unit::of(&Device::whole(gpu))),
            (None, _) => {
                let basis = "capacity of the class".into();
                let memory = Memory { basis, ..Memory::stated(memory?) };
                let name = self.attribute("productName").or_else(|| self.attribute("architecture"));
                let name = name.unwrap_or(&self.name);
                let shown = profile.map_or_else(|| name.to_owned(), |profile| format!("{name} {profile}"));
                let architecture = self.architecture();
                let mut unit = Unit { architecture, ..Unit::plain(&shown, "", memory, profile) };
                for name in ["architecture", "productName", "profile", "type"] {
                    if let Some(text) = self.attribute(name) {
                        unit.set_attribute(name, text);
                    }
                }
                Some(unit)
            }
        }
    }

    fn architecture(&self) -> Option<Architecture> {
        let word = self.attribute("architecture")?;
        Architecture::ALL.into_iter().find(|known| known.word().eq_ignore_ascii_case(word))
    }

    /// The card: by name, by how nodes are made, else the only one of this generation that has the profile or the memory.
    fn card<'a>(
        &self,
        cards: &'a [Gpu],
        provisioned: &Provisioned<'a>,
        profile: Option<ProfileName>,
        memory: Option<Bytes>,
    ) -> Option<&'a Gpu> {
        let named = self.attribute("productName").and_then(|name| find_in(cards, name).ok());
        if let Some(gpu) = named.or(provisioned.gpu) {
            return Some(gpu);
        }
        let architecture = self.architecture();
        let alike = |gpu: &&Gpu| architecture.is_none_or(|known| gpu.architecture == known);
        match profile {
            Some(name) => {
                let found = meaning(cards, name, None).ok()?.candidates.into_iter();
                let same: Vec<Device<'a>> = found.filter(|device| alike(&device.gpu)).collect();
                let seen =
                    |device: &&Device<'a>| memory.is_some_and(|memory| reports(device.memory(), memory));
                match same.as_slice() {
                    [only] => Some(only.gpu),
                    several => several.iter().find(seen).map(|device| device.gpu),
                }
            }
            None => {
                let memory = memory?;
                let mut same = cards.iter().filter(alike).filter(|gpu| gpu.memory.shown == Some(memory));
                same.next().filter(|_| same.next().is_none())
            }
        }
    }
}
