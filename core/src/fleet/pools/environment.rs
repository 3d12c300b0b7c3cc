//! `InferenceEnvironment` of Modelplane's issue 53 (with the capabilities of its issue 52).
//!
//! Beyond what the issue lists, `migConfiguration` takes `layouts` for GPUs of one node that are cut
//! differently, and `unitsPerNode`, which is checked against the hardware.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::cut::{self, Cut};
use super::declared;
use super::own::Group;
use super::pool::{Origin, Pool, Pools, Supply};
use super::unit::{Sharing, Unit};
use crate::fleet::inventory::quantity;
use crate::gpu::{Gpu, Memory, ProfileName, find_in};
use crate::problem::Problem;
use crate::units::Bytes;

/// How nodes of Google Kubernetes Engine say that they are cut.
const GKE_PARTITION: &str = "cloud.google.com/gke-gpu-partition-size";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NodePool {
    name: String,
    accelerator_type: Option<String>,
    accelerator_count: Option<u64>,
    #[serde(default)]
    node_count: u64,
    max_node_count: Option<u64>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    node_selector: BTreeMap<String, String>,
    #[serde(default)]
    capabilities: Capabilities,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Capabilities {
    memory_per_gpu: Option<String>,
    interconnect: Option<String>,
    precision_support: Option<Vec<String>>,
    multi_node_capable: Option<bool>,
    nvlink_domain_size: Option<u64>,
    inter_node_bandwidth: Option<String>,
    mig_configuration: Option<MigConfiguration>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct MigConfiguration {
    enabled: Option<bool>,
    profile: Option<String>,
    layouts: Option<Vec<Group>>,
    units_per_node: Option<u64>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Reads the pools of one `InferenceEnvironment`.
pub(super) fn read(cards: &[Gpu], object: &Value) -> Pools {
    let cluster = object.pointer("/metadata/name").and_then(Value::as_str).map(str::to_owned);
    let list = object.pointer("/spec/nodePools").or_else(|| object.get("nodePools"));
    let mut pools = Pools::default();
    let Some(list) = list.and_then(Value::as_array) else {
        let expected = "a list of pools at `spec.nodePools`";
        pools.problems.push(Problem::new("missing-field", "InferenceEnvironment", "nothing", expected));
        return pools;
    };
    for (place, value) in list.iter().enumerate() {
        match NodePool::deserialize(value) {
            Ok(pool) => pools.pools.push(Pool { cluster: cluster.clone(), ..pool.read(cards) }),
            Err(error) => {
                let subject = format!("nodePools[{place}]");
                pools.problems.push(Problem::new("bad-pool", subject, error.to_string(), "a node pool"));
            }
        }
    }
    pools
}

impl NodePool {
    fn read(self, cards: &[Gpu]) -> Pool {
        let mut pool = Pool {
            nodes: self.node_count,
            max_nodes: self.max_node_count.unwrap_or(self.node_count),
            ..Pool::empty(&self.name, Origin::InferenceEnvironment)
        };
        self.unknown_fields(&mut pool);
        if let Some(most) = self.max_node_count.filter(|most| *most < self.node_count) {
            let (found, expected) = (most.to_string(), format!("at least nodeCount, {}", self.node_count));
            pool.report(Problem::new("declared-nodes", "maxNodeCount", found, expected));
        }
        self.hardware(cards, &mut pool);
        self.capabilities.declare(cards, &mut pool);
        pool.labels = self.labels;
        pool.labels.extend(self.node_selector);
        spell_as_gke(&mut pool);
        pool.finish()
    }

    fn unknown_fields(&self, pool: &mut Pool) {
        let mig = self.capabilities.mig_configuration.as_ref();
        let lists = [
            ("", Some(&self.others)),
            ("capabilities.", Some(&self.capabilities.others)),
            ("capabilities.migConfiguration.", mig.map(|mig| &mig.others)),
        ];
        for (path, others) in lists {
            for name in others.into_iter().flat_map(Map::keys) {
                let expected = "a field of a node pool: it is left aside";
                pool.report(Problem::new("unknown-field", format!("{path}{name}"), "a field", expected));
            }
        }
    }

    /// The cuts and the units that the hardware makes of them.
    fn hardware(&self, cards: &[Gpu], pool: &mut Pool) {
        let gpus = self.accelerator_count.unwrap_or_else(|| {
            pool.report(Problem::new(
                "missing-field",
                "acceleratorCount",
                "nothing",
                "the GPUs of one node; 1 is taken",
            ));
            1
        });
        let named = match &self.accelerator_type {
            Some(text) => find_in(cards, text),
            None => Err(Problem::new("missing-field", "acceleratorType", "nothing", "the GPU of the pool")),
        };
        let gpu = match named {
            Ok(gpu) => gpu,
            Err(problem) => {
                let subject = format!("acceleratorType: {}", problem.subject);
                pool.report(problem.about(subject));
                return self.unnamed(gpus, pool);
            }
        };
        match self.cuts(gpu, gpus) {
            Ok(cuts) => {
                pool.supplies = cut::supplies(gpu, &cuts, Sharing::Exclusive);
                pool.cuts = cuts;
            }
            Err(problem) => pool.report(problem),
        }
    }

    fn cuts(&self, gpu: &Gpu, gpus: u64) -> Result<Vec<Cut>, Problem> {
        const FIELD: &str = "capabilities.migConfiguration";
        let at = |part: &str, problem: Problem| {
            let subject = format!("{FIELD}.{part}: {}", problem.subject);
            problem.about(subject)
        };
        let Some(mig) = self.capabilities.mig_configuration.as_ref().filter(|mig| mig.enabled != Some(false))
        else {
            return Ok(vec![cut::whole(gpu, gpus)]);
        };
        if let Some(groups) = &mig.layouts {
            return super::own::groups(gpu, gpus, groups).map_err(|problem| at("layouts", problem));
        }
        let Some(name) = &mig.profile else {
            return Err(Problem::new(
                "missing-field",
                format!("{FIELD}.profile"),
                "nothing",
                "a MIG profile",
            ));
        };
        let profile = ProfileName::parse(name).and_then(|name| gpu.profile(name));
        profile
            .map(|profile| vec![cut::uniform(gpu, gpus, profile)])
            .map_err(|problem| at("profile", problem))
    }

    /// Where the card is not known, whole GPUs are what is declared of them; how many slices one takes nobody can say.
    fn unnamed(&self, gpus: u64, pool: &mut Pool) {
        let cut = self.capabilities.mig_configuration.as_ref().is_some_and(|mig| mig.enabled != Some(false));
        let declared = self.capabilities.memory_per_gpu.as_deref();
        let Some(Ok(bytes)) = declared.filter(|_| !cut).map(quantity) else { return };
        let memory = Memory { basis: "declared by the pool".into(), ..Memory::stated(Bytes::new(bytes)) };
        let name = self.accelerator_type.as_deref().unwrap_or("GPU of an unknown kind");
        pool.supplies = vec![Supply::plain(Unit::plain(name, "nvidia.com/gpu", memory, None), gpus)];
    }
}

impl Capabilities {
    /// Holds what is declared against the hardware.
    fn declare(&self, cards: &[Gpu], pool: &mut Pool) {
        let sliced = pool.supplies.iter().any(|supply| supply.unit.is_slice());
        let mixed = pool.supplies.len() > 1;
        let mut found = Vec::new();
        for supply in &mut pool.supplies {
            let unit = &mut supply.unit;
            let gpu = cards.iter().find(|gpu| unit.card.as_deref() == Some(&gpu.key));
            // One figure cannot hold for units of several sizes.
            if let Some(text) = self.memory_per_gpu.as_deref().filter(|_| !mixed) {
                let (memory, problem) = declared::memory(unit, gpu, text, "capabilities.memoryPerGpu");
                unit.set_memory(memory);
                found.extend(problem);
            }
            if let Some(text) = &self.interconnect {
                let (link, problem) = declared::link(unit, text, "capabilities.interconnect");
                unit.link = link;
                found.extend(problem);
            }
            if let Some(words) = &self.precision_support {
                let (formats, problems) = declared::formats(unit, words, "capabilities.precisionSupport");
                unit.formats = Some(formats);
                found.extend(problems);
            }
        }
        if self.memory_per_gpu.is_some() && mixed {
            let expected = "no single figure: units of several sizes have the memory of their profiles";
            found.push(Problem::new("declared-memory", "capabilities.memoryPerGpu", "one figure", expected));
        }
        if sliced && self.multi_node_capable == Some(true) {
            let expected = "`false`: a replica cannot span MIG instances, on one node or on several";
            found.push(Problem::new(
                "declared-multi-node",
                "capabilities.multiNodeCapable",
                "`true`",
                expected,
            ));
        }
        pool.multi_node = self.multi_node_capable;
        pool.nvlink_domain = self.nvlink_domain_size;
        if let Some(text) = &self.inter_node_bandwidth {
            match declared::bandwidth(text, "capabilities.interNodeBandwidth") {
                Ok(bits) => pool.inter_node = Some(bits),
                Err(problem) => found.push(problem),
            }
        }
        found.dedup();
        found.into_iter().for_each(|problem| pool.report(problem));
        if let Some(mig) = &self.mig_configuration {
            mig.check(pool);
        }
    }
}

impl MigConfiguration {
    fn check(&self, pool: &mut Pool) {
        if self.enabled == Some(false) && (self.profile.is_some() || self.layouts.is_some()) {
            let subject = "capabilities.migConfiguration.enabled";
            let expected = "`true` beside a profile; whole GPUs are counted on";
            pool.report(Problem::new("declared-profile", subject, "`false`", expected));
        }
        let (Some(declared), [supply], Some(gpus)) =
            (self.units_per_node, pool.supplies.as_slice(), pool.gpus_per_node())
        else {
            return;
        };
        let each = supply.per_node.checked_div(gpus).unwrap_or(0);
        let name = supply.unit.short_name();
        let field = "capabilities.migConfiguration.unitsPerNode";
        if let Some(problem) = declared::units(declared, gpus, each, &name, field) {
            pool.report(problem);
        }
    }
}

/// Nodes of Google Kubernetes Engine announce their slices as `nvidia.com/gpu`, told apart by a label.
fn spell_as_gke(pool: &mut Pool) {
    let Some(size) = pool.labels.get(GKE_PARTITION).cloned() else { return };
    let names: Vec<String> = pool.supplies.iter().map(|supply| supply.unit.short_name()).collect();
    if !names.is_empty() && names.iter().any(|name| *name != size) {
        let expected = format!("`{}`, as the pool is cut", names.join("`, `"));
        pool.report(Problem::new(
            "declared-profile",
            format!("label {GKE_PARTITION}"),
            format!("`{size}`"),
            expected,
        ));
    }
    for supply in &mut pool.supplies {
        "nvidia.com/gpu".clone_into(&mut supply.unit.resource);
    }
}
