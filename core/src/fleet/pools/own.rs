//! The short form of our own, strict: `docs/schema/pools.json` describes it.
//!
//! ```yaml
//! pools:
//! - name: small
//!   gpu: H100-80GB
//!   gpusPerNode: 8
//!   nodes: 2
//!   maxNodes: 4
//!   layouts:
//!   - {gpus: 6, layout: "4g.40gb, 3g.40gb"}
//!   - {gpus: 2}
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::cut::{self, Cut};
use super::declared;
use super::pool::{Origin, Placed, Pool, Pools, Supply};
use super::price::Price;
use super::unit::{Link, Sharing};
use crate::gpu::{Gpu, find_in};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pools: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Row {
    name: String,
    cluster: Option<String>,
    gpu: String,
    #[serde(default = "one")]
    gpus_per_node: u64,
    #[serde(default = "one")]
    nodes: u64,
    max_nodes: Option<u64>,
    layout: Option<String>,
    layouts: Option<Vec<Group>>,
    sharing: Option<Shared>,
    resource: Option<String>,
    memory: Option<String>,
    interconnect: Option<String>,
    precision: Option<Vec<String>>,
    units_per_node: Option<u64>,
    multi_node: Option<bool>,
    inter_node_bandwidth: Option<String>,
    nvlink_domain: Option<u64>,
    price_per_gpu_hour: Option<Price>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    placed: Vec<Running>,
}

/// GPUs of a node that are cut alike.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    gpus: u64,
    layout: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Shared {
    kind: How,
    replicas: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    TimeSlicing,
    Mps,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Running {
    unit: String,
    count: Option<u64>,
    on_nodes: Option<Vec<u64>>,
}

const fn one() -> u64 {
    1
}

/// Reads `{"pools": [...]}`.
pub(super) fn read(cards: &[Gpu], value: &Value) -> Pools {
    let mut pools = Pools::default();
    let file = match File::deserialize(value) {
        Ok(file) => file,
        Err(error) => {
            pools.problems.push(Problem::new("bad-pools", "pools", error.to_string(), "a list `pools`"));
            return pools;
        }
    };
    for (place, value) in file.pools.iter().enumerate() {
        match Row::deserialize(value).map_err(|error| error.to_string()) {
            Ok(row) => pools.pools.push(row.pool(cards)),
            Err(found) => {
                let name = value.get("name").and_then(Value::as_str).unwrap_or("no name");
                let subject = format!("pools[{place}] (`{name}`)");
                let expected = "a pool with `name`, `gpu` and what is known of it";
                pools.problems.push(Problem::new("bad-pool", subject, found, expected));
            }
        }
    }
    pools
}

/// The cuts of `groups`, which must be all GPUs of a node.
pub(super) fn groups(gpu: &Gpu, gpus: u64, groups: &[Group]) -> Result<Vec<Cut>, Problem> {
    let cuts: Result<Vec<Cut>, Problem> = groups
        .iter()
        .map(|group| cut::described(gpu, group.gpus, group.layout.as_deref().unwrap_or_default()))
        .collect();
    let cuts = cuts?;
    let sum: u64 = cuts.iter().map(|cut| cut.gpus).fold(0, u64::saturating_add);
    if sum == gpus {
        return Ok(cuts);
    }
    Err(Problem::new("declared-units", "GPUs", sum.to_string(), format!("{gpus}, as a node has")))
}

impl Row {
    fn pool(self, cards: &[Gpu]) -> Pool {
        let mut pool = Pool {
            cluster: self.cluster.clone(),
            nodes: self.nodes,
            max_nodes: self.max_nodes.unwrap_or(self.nodes),
            multi_node: self.multi_node,
            nvlink_domain: self.nvlink_domain,
            price: self.price_per_gpu_hour,
            ..Pool::empty(&self.name, Origin::Own)
        };
        match find_in(cards, &self.gpu) {
            Ok(gpu) => self.cut(gpu, &mut pool),
            Err(problem) => pool.report(problem.about("gpu".to_owned())),
        }
        if let Some(text) = &self.inter_node_bandwidth {
            match declared::bandwidth(text, "interNodeBandwidth") {
                Ok(bits) => pool.inter_node = Some(bits),
                Err(problem) => pool.report(problem),
            }
        }
        if let Some(most) = self.max_nodes.filter(|most| *most < self.nodes) {
            let expected = format!("at least nodes, {}", self.nodes);
            pool.report(Problem::new("declared-nodes", "maxNodes", most.to_string(), expected));
        }
        self.placed(&mut pool);
        pool.labels = self.labels;
        pool.finish()
    }

    fn sharing(&self) -> Sharing {
        match &self.sharing {
            None => Sharing::Exclusive,
            Some(Shared { replicas: 0 | 1, .. }) => Sharing::Exclusive,
            Some(Shared { kind: How::TimeSlicing, replicas }) => Sharing::TimeSliced(*replicas),
            Some(Shared { kind: How::Mps, replicas }) => Sharing::Mps(*replicas),
        }
    }

    fn cut(&self, gpu: &Gpu, pool: &mut Pool) {
        let cuts = match (&self.layout, &self.layouts) {
            (Some(_), Some(_)) => {
                Err(Problem::new("bad-field", "layout", "`layout` beside `layouts`", "one of them"))
            }
            (Some(text), None) => cut::described(gpu, self.gpus_per_node, text).map(|cut| vec![cut]),
            (None, Some(list)) => groups(gpu, self.gpus_per_node, list),
            (None, None) => Ok(vec![cut::whole(gpu, self.gpus_per_node)]),
        };
        match cuts {
            Ok(cuts) => {
                pool.supplies = cut::supplies(gpu, &cuts, self.sharing());
                pool.cuts = cuts;
            }
            Err(problem) => return pool.report(problem),
        }
        let mut found = Vec::new();
        for supply in &mut pool.supplies {
            found.extend(self.declare(gpu, supply));
        }
        found.dedup();
        found.into_iter().for_each(|problem| pool.report(problem));
        if let (Some(declared), [supply]) = (self.units_per_node, pool.supplies.as_slice()) {
            let each = supply.per_node.checked_div(self.gpus_per_node).unwrap_or(0);
            let name = supply.unit.short_name();
            if let Some(problem) = declared::units(declared, self.gpus_per_node, each, &name, "unitsPerNode")
            {
                pool.report(problem);
            }
        }
    }

    fn declare(&self, gpu: &Gpu, supply: &mut Supply) -> Vec<Problem> {
        let unit = &mut supply.unit;
        let mut found = Vec::new();
        if let Some(resource) = &self.resource {
            resource.clone_into(&mut unit.resource);
        }
        if let Some(text) = &self.memory {
            let (memory, problem) = declared::memory(unit, Some(gpu), text, "memory");
            unit.set_memory(memory);
            found.extend(problem);
        }
        if let Some(text) = &self.interconnect {
            let (link, problem) = declared::link(unit, text, "interconnect");
            unit.link = link;
            found.extend(problem);
        }
        if let Some(words) = &self.precision {
            let (formats, problems) = declared::formats(unit, words, "precision");
            unit.formats = Some(formats);
            found.extend(problems);
        }
        if self.multi_node == Some(true) && unit.link == Some(Link::None) && unit.is_slice() {
            let expected = "`false`: a replica cannot span MIG instances, on one node or on several";
            found.push(Problem::new("declared-multi-node", "multiNode", "`true`", expected));
        }
        found
    }

    fn placed(&self, pool: &mut Pool) {
        for (place, running) in self.placed.iter().enumerate() {
            let subject = format!("placed[{place}]");
            let known = pool.supplies.iter().any(|supply| supply.unit.short_name() == running.unit);
            let on_nodes = match (&running.count, &running.on_nodes) {
                (Some(count), None) => vec![*count],
                (None, Some(nodes)) => nodes.clone(),
                (Some(_), Some(_)) | (None, None) => {
                    pool.report(Problem::new(
                        "bad-field",
                        subject,
                        "not one of them",
                        "`count` or `onNodes`",
                    ));
                    continue;
                }
            };
            if !known {
                let units: Vec<String> =
                    pool.supplies.iter().map(|supply| supply.unit.short_name()).collect();
                let expected = format!("one of {}", units.join(", "));
                pool.report(Problem::new("unknown-unit", subject, format!("`{}`", running.unit), expected));
                continue;
            }
            pool.placed.push(Placed { unit: running.unit.clone(), on_nodes });
        }
    }
}
