//! Nodes that are alike.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cut::Cut;
use super::price::Price;
use super::unit::Unit;
use crate::order;
use crate::problem::Problem;
use crate::units::Bytes;

/// Every pool that was read, by cluster and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pools {
    /// The pools.
    pub pools: Vec<Pool>,
    /// What could not be used and belongs to no pool.
    pub problems: Vec<Problem>,
}

/// The form in which a pool was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// `InferenceEnvironment` of Modelplane's issue 53.
    InferenceEnvironment,
    /// `InferenceCluster` and `InferenceClass` of Modelplane.
    InferenceCluster,
    /// What a cluster or a machine reports.
    Inventory,
    /// The short form of our own.
    Own,
}

/// Nodes that are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// The cluster or environment that it is part of, where one is named.
    pub cluster: Option<String>,
    /// The form in which it was written.
    pub origin: Origin,
    /// Nodes that there are.
    pub nodes: u64,
    /// Nodes that there can be, at least those that there are.
    pub max_nodes: u64,
    /// Labels of its nodes.
    pub labels: BTreeMap<String, String>,
    /// How each GPU of a node is cut; empty where the source counts units only.
    pub cuts: Vec<Cut>,
    /// What a node gives to containers: largest memory first.
    pub supplies: Vec<Supply>,
    /// Whether one replica may span nodes, absent where the source does not say.
    pub multi_node: Option<bool>,
    /// Bandwidth between nodes in bits per second.
    pub inter_node: Option<u64>,
    /// GPUs that one NVLink domain connects, absent where the source does not say.
    pub nvlink_domain: Option<u64>,
    /// What an hour of one GPU costs.
    pub price: Option<Price>,
    /// What runs already.
    pub placed: Vec<Placed>,
    /// Declared figures that the hardware contradicts, and what could not be read: the real figure is the one
    /// expected.
    pub contradictions: Vec<Problem>,
}

/// Units of one kind on every node of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Supply {
    /// The unit.
    pub unit: Unit,
    /// How many a node has, each container's share counted where they are shared.
    pub per_node: u64,
    /// Compute slices that no instance has, on the GPUs of one node that carry the unit.
    pub idle_compute: u64,
    /// All compute slices of these GPUs; 0 where how they are cut is not known.
    pub all_compute: u64,
    /// Whether they do not exist yet and creating one takes the place of others (dynamic MIG).
    pub potential: bool,
}

/// Replicas that run in a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Placed {
    /// The profile, or `gpu`.
    pub unit: String,
    /// Units taken on each node, as far as they are told apart; a single number is packed on as few nodes as it
    /// goes.
    pub on_nodes: Vec<u64>,
}

/// Far more than Kubernetes allows in a cluster (5,000; its documentation of large clusters).
const MOST_NODES: u64 = 50_000;

impl Pool {
    /// A pool without nodes and units.
    #[must_use]
    pub fn empty(name: &str, origin: Origin) -> Pool {
        Pool {
            name: name.to_owned(),
            cluster: None,
            origin,
            nodes: 0,
            max_nodes: 0,
            labels: BTreeMap::new(),
            cuts: Vec::new(),
            supplies: Vec::new(),
            multi_node: None,
            inter_node: None,
            nvlink_domain: None,
            price: None,
            placed: Vec::new(),
            contradictions: Vec::new(),
        }
    }

    /// GPUs of one node, `None` where the source counts units only.
    #[must_use]
    pub fn gpus_per_node(&self) -> Option<u64> {
        if self.cuts.is_empty() { None } else { Some(self.cuts.iter().map(|cut| cut.gpus).sum()) }
    }

    /// The price of an hour of one `unit`: the share of its memory slices in that of the GPU, divided by those who
    /// share it.
    #[must_use]
    pub fn price_of(&self, unit: &Unit) -> Option<Price> {
        let price = self.price?;
        let shares = u64::from(unit.portion.of_memory).saturating_mul(unit.sharing.by());
        Some(price.share(unit.portion.memory.into(), shares))
    }

    /// The pool with everything in its order, and what does not hold together reported.
    pub(super) fn finish(mut self) -> Pool {
        let declared = self.nodes.max(self.max_nodes);
        if declared > MOST_NODES {
            let expected = format!("at most {MOST_NODES}, which are counted on");
            self.report(Problem::new("declared-nodes", "nodes", declared.to_string(), expected));
        }
        self.nodes = self.nodes.min(MOST_NODES);
        self.max_nodes = declared.min(MOST_NODES);
        self.supplies.retain(|supply| supply.per_node > 0);
        order::sort_by(&mut self.supplies, |a, b| b.order().cmp(&a.order()));
        self
    }

    /// Reports something about a part of the pool.
    pub(super) fn report(&mut self, problem: Problem) {
        let subject = format!("pool `{}`: {}", self.name, problem.subject);
        self.contradictions.push(problem.about(subject));
    }
}

impl Supply {
    /// Units of a node, with nothing known of the cut.
    #[must_use]
    pub const fn plain(unit: Unit, per_node: u64) -> Supply {
        Supply { unit, per_node, idle_compute: 0, all_compute: 0, potential: false }
    }

    /// Least first.
    fn order(&self) -> (Bytes, Option<u32>, &str) {
        (self.unit.memory.floor, self.unit.sms, &self.unit.device)
    }
}
