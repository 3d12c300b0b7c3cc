//! What a workload requires of the units that serve it: from an estimate, declared, or as conditions on devices.

mod condition;
#[cfg(test)]
mod tests;
mod workload;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::fleet::pools::{Link, NumberFormat};
use crate::memory::Plan;
use crate::problem::Problem;
use crate::units::Bytes;

pub use condition::Condition;
pub use workload::{ModelRef, Workload};

/// What a workload requires. Every part that is there must hold.
#[derive(Clone, Debug)]
pub struct Requirement<'a> {
    /// As a reader calls it.
    pub name: String,
    /// Copies that run at the same time, each with units of its own; 0 takes nothing.
    pub replicas: u64,
    /// Whether something else decides how many copies there are, as an autoscaler does; `replicas` is how many are
    /// counted.
    pub elsewhere: bool,
    /// The model and how it is served: what a unit needs is estimated.
    pub plan: Option<Plan<'a>>,
    /// The units of one replica.
    pub topology: Topology,
    /// Floors that are declared.
    pub floors: Floors,
    /// Conditions on the device, as a DRA claim states them.
    pub conditions: Vec<Condition>,
    /// Labels that nodes must have.
    pub labels: BTreeMap<String, String>,
    /// The resource that its containers ask for, where they are written already.
    pub resource: Option<String>,
    /// What could not be worked out, each a sentence: whatever else holds, nothing is promised.
    pub open: Vec<String>,
}

/// The units of one replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Topology {
    /// Ranks of an engine: groups of `tensor`, each group on one node, on one node all together where they fit.
    Ranks {
        /// Ranks that share every layer.
        tensor: u64,
        /// Groups of such ranks: pipeline stages times copies of the attention layers.
        groups: u64,
    },
    /// So many nodes, each with so many units.
    Stated {
        /// Nodes of one replica.
        nodes: u64,
        /// Units on each.
        units_per_node: u64,
    },
}

impl Topology {
    /// One unit.
    pub const ONE: Topology = Topology::Ranks { tensor: 1, groups: 1 };

    /// Units of one replica.
    #[must_use]
    pub const fn units(self) -> u64 {
        match self {
            Topology::Ranks { tensor, groups } => tensor.saturating_mul(groups),
            Topology::Stated { nodes, units_per_node } => nodes.saturating_mul(units_per_node),
        }
    }

    /// The pods of one replica on nodes that have `per_node` units each.
    #[must_use]
    pub const fn shape(self, per_node: u64) -> Shape {
        match self {
            Topology::Stated { nodes, units_per_node } => {
                Shape { pods: nodes, units_per_pod: units_per_node, apart: true }
            }
            Topology::Ranks { tensor, groups } => {
                let all = tensor.saturating_mul(groups);
                if groups == 1 || all <= per_node {
                    Shape { pods: 1, units_per_pod: all, apart: false }
                } else {
                    Shape { pods: groups, units_per_pod: tensor, apart: false }
                }
            }
        }
    }
}

/// The pods of one replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Shape {
    /// How many, at least 1.
    pub pods: u64,
    /// Units of each, on one node.
    pub units_per_pod: u64,
    /// Whether no two of them may stand on one node.
    pub apart: bool,
}

impl Shape {
    /// Units of one replica.
    #[must_use]
    pub const fn units(self) -> u64 {
        self.pods.saturating_mul(self.units_per_pod)
    }
}

/// Floors that are declared; what is absent is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Floors {
    /// Memory of one unit.
    pub memory: Option<Bytes>,
    /// Number formats that it must compute in.
    pub formats: Vec<NumberFormat>,
    /// Streaming multiprocessors of one unit.
    pub sms: Option<u32>,
    /// Memory bandwidth of one unit in bytes per second.
    pub bandwidth: Option<u64>,
    /// The slowest path that is good enough between the units of a node.
    pub link: Option<Link>,
    /// GPUs that one NVLink domain must connect.
    pub nvlink_domain: Option<u64>,
    /// Bandwidth between nodes in bits per second.
    pub inter_node: Option<u64>,
}

impl<'a> Requirement<'a> {
    /// What serving `plan` takes.
    #[must_use]
    pub fn estimated(name: &str, plan: Plan<'a>) -> Requirement<'a> {
        let serving = plan.serving;
        let groups = serving.pipeline_parallel.saturating_mul(serving.data_parallel);
        Requirement {
            topology: Topology::Ranks { tensor: serving.tensor_parallel, groups },
            plan: Some(plan),
            ..Requirement::declared(name, Topology::ONE, Floors::default())
        }
    }

    /// What is declared, whatever is served.
    #[must_use]
    pub fn declared(name: &str, topology: Topology, floors: Floors) -> Requirement<'a> {
        Requirement {
            name: name.to_owned(),
            replicas: 1,
            elsewhere: false,
            plan: None,
            topology,
            floors,
            conditions: Vec::new(),
            labels: BTreeMap::new(),
            resource: None,
            open: Vec::new(),
        }
    }

    /// The same, on `nodes` of `units_per_node` units each.
    ///
    /// # Errors
    /// `bad-topology` where an engine is to run and its ranks are not as many as these units.
    pub fn on(mut self, nodes: u64, units_per_node: u64) -> Result<Requirement<'a>, Problem> {
        let stated = Topology::Stated { nodes, units_per_node };
        if self.plan.is_some() && stated.units() != self.topology.units() {
            return Err(Problem::new(
                "bad-topology",
                "replicaTopology",
                format!("{nodes} x {units_per_node} units"),
                format!("{}, one for each rank of the engine", self.topology.units()),
            )
            .hint("set tensor_parallel and pipeline_parallel of the serving as the topology has it"));
        }
        self.topology = stated;
        Ok(self)
    }
}
