//! An answer in words, as every door reports it. The JSON form is described by `docs/schema/match.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::judge::Judgement;
use super::matcher::{Answer, Choice, Placement, Room};
use super::why::{Severity, Why};
use crate::fleet::pools::{Origin, Pool, Price, Unit};
use crate::matching::fit::Verdict;
use crate::matching::requirement::{Requirement, Shape, Topology};
use crate::problem::Problem;
use crate::units::Bytes;

/// One workload against every pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "MatchReport"))]
pub struct Report {
    /// The workload.
    pub workload: String,
    /// Copies that are asked for.
    pub replicas: u64,
    /// The units of one.
    pub topology: Topology,
    /// The pools, best first.
    pub pools: Vec<PoolReport>,
}

/// One pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PoolReport {
    /// Its name.
    pub pool: String,
    /// Its cluster.
    pub cluster: Option<String>,
    /// The form in which it was declared.
    pub origin: Origin,
    /// Whether it holds the workload.
    pub verdict: Verdict,
    /// Whether there is room.
    pub room: Room,
    /// Nodes that there are.
    pub nodes: u64,
    /// Nodes that there can be.
    pub max_nodes: u64,
    /// Its kinds of unit, best first.
    pub units: Vec<ChoiceReport>,
    /// Reasons whatever the unit.
    pub reasons: Vec<Told>,
    /// Declared figures that the hardware contradicts.
    pub contradictions: Vec<Problem>,
}

/// One kind of unit of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ChoiceReport {
    /// As a reader calls it: `H100-80GB 3g.40gb`.
    pub device: String,
    /// What a container asks Kubernetes for.
    pub resource: String,
    /// Labels that a pod must select beside it: nodes that announce slices as `nvidia.com/gpu` are told apart by them.
    pub node_selector: BTreeMap<String, String>,
    /// Whether it holds the workload.
    pub verdict: Verdict,
    /// Whether there is room.
    pub room: Room,
    /// Streaming multiprocessors.
    pub sms: Option<u32>,
    /// Memory bandwidth in bytes per second.
    pub bandwidth: Option<u64>,
    /// Memory that a container can count on.
    pub memory: Bytes,
    /// What it needs of it, where anything is said of memory.
    pub need: Option<Bytes>,
    /// Memory of one replica's units that it does not need.
    pub stranded: Bytes,
    /// Memory that is missing.
    pub shortfall: Bytes,
    /// Compute slices that no instance has, in ten-thousandths of those of the GPUs that carry the unit.
    pub idle_compute_ten_thousandths: Option<u64>,
    /// The price of an hour of one replica.
    pub price_per_hour: Option<Price>,
    /// Units of one node.
    pub units_per_node: u64,
    /// Units on the nodes that there are.
    pub units_now: u64,
    /// Units with every node.
    pub units_most: u64,
    /// The pods of one replica.
    pub shape: Shape,
    /// Replicas that there is room for now.
    pub replicas_now: u64,
    /// Replicas that there is room for with every node.
    pub replicas_most: u64,
    /// Every reason.
    pub reasons: Vec<Told>,
}

/// Replicas that go to one kind of unit of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The pool.
    pub pool: String,
    /// Its cluster.
    pub cluster: Option<String>,
    /// The unit.
    pub device: String,
    /// How many replicas.
    pub replicas: u64,
}

/// A reason in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Told {
    /// A stable word for programs.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The sentence for a reader.
    pub text: String,
}

impl Report {
    /// `answer` to `requirement` in words.
    #[must_use]
    pub fn of(requirement: &Requirement<'_>, pools: &[Pool], answer: &Answer) -> Report {
        let told = |placement: &Placement| {
            Some(PoolReport::of(pools.get(placement.pool)?, placement, &answer.kinds))
        };
        Report {
            workload: requirement.name.clone(),
            replicas: requirement.replicas,
            topology: requirement.topology,
            pools: answer.ranked.iter().filter_map(told).collect(),
        }
    }
}

impl PoolReport {
    fn of(pool: &Pool, placement: &Placement, kinds: &[Judgement]) -> PoolReport {
        PoolReport {
            pool: pool.name.clone(),
            cluster: pool.cluster.clone(),
            origin: pool.origin,
            verdict: placement.verdict,
            room: placement.room,
            nodes: pool.nodes,
            max_nodes: pool.max_nodes,
            units: placement
                .choices
                .iter()
                .filter_map(|choice| ChoiceReport::of(pool, choice, kinds))
                .collect(),
            reasons: told(placement.whys.iter()),
            contradictions: pool.contradictions.clone(),
        }
    }
}

impl ChoiceReport {
    fn of(pool: &Pool, choice: &Choice, kinds: &[Judgement]) -> Option<ChoiceReport> {
        let supply = pool.supplies.get(choice.supply)?;
        let judged = kinds.get(choice.kind)?;
        let unit = &supply.unit;
        Some(ChoiceReport {
            device: unit.device.clone(),
            resource: unit.resource.clone(),
            node_selector: selector(pool, unit),
            sms: unit.sms,
            bandwidth: unit.bandwidth,
            verdict: choice.verdict,
            room: choice.room,
            memory: unit.promised(),
            need: judged.need,
            stranded: choice.stranded,
            shortfall: judged.shortfall,
            idle_compute_ten_thousandths: choice.idle,
            price_per_hour: choice.price,
            units_per_node: supply.per_node,
            units_now: supply.per_node.saturating_mul(pool.nodes),
            units_most: supply.per_node.saturating_mul(pool.max_nodes),
            shape: choice.shape,
            replicas_now: choice.now,
            replicas_most: choice.most,
            reasons: told(judged.whys.iter().chain(&choice.whys)),
        })
    }
}

/// The labels of `pool` that tell its slices from other devices of the same resource name.
fn selector(pool: &Pool, unit: &Unit) -> BTreeMap<String, String> {
    const TELLING: [&str; 2] = ["cloud.google.com/gke-gpu-partition-size", "nvidia.com/gpu.product"];
    if !unit.is_slice() || unit.resource != "nvidia.com/gpu" {
        return BTreeMap::new();
    }
    let told = TELLING.iter().filter_map(|key| pool.labels.get_key_value(*key));
    told.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Heaviest first.
fn told<'a>(whys: impl Iterator<Item = &'a Why>) -> Vec<Told> {
    let mut told: Vec<Told> =
        whys.map(|why| Told { code: why.code(), severity: why.severity(), text: why.to_string() }).collect();
    told.sort_by_key(|told| core::cmp::Reverse(told.severity));
    told
}
