//! Rows as they are written.

use serde::Deserialize;
use serde_json::Value;

use crate::engine::Serving;
use crate::fleet::pools::Price;
use crate::gpu::ProfileName;
use crate::planning::fleet::Use;

pub(super) const NODE: &str = "a node with `name`, and `instanceType` or `gpu` with `gpus`";
pub(super) const WORKLOAD: &str =
    "a workload with `name`, `model` or `memory`, and `replicas` or `sequences`";

/// The fields of a file.
pub(super) const FIELDS: [&str; 4] = ["nodes", "workloads", "alone", "keep"];

#[derive(Deserialize)]
pub(super) struct File {
    #[serde(default)]
    pub(super) nodes: Vec<Value>,
    #[serde(default)]
    pub(super) workloads: Vec<Value>,
    #[serde(default)]
    pub(super) alone: Vec<String>,
    #[serde(default)]
    pub(super) keep: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NodeRow {
    pub(super) name: String,
    #[serde(default = "one")]
    pub(super) count: u64,
    pub(super) instance_type: Option<String>,
    pub(super) gpu: Option<String>,
    pub(super) gpus: Option<u64>,
    #[serde(rename = "use", default)]
    pub(super) usage: Use,
    pub(super) price_per_hour: Option<Price>,
    #[serde(default)]
    pub(super) today: Vec<TodayRow>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TodayRow {
    pub(super) gpu: u64,
    pub(super) holder: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) instances: Option<Vec<InstanceRow>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstanceRow {
    pub(super) profile: ProfileName,
    pub(super) start: u8,
    pub(super) holder: Option<String>,
    pub(super) tenant: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WorkloadRow {
    pub(super) name: String,
    pub(super) tenant: Option<String>,
    pub(super) model: Option<String>,
    #[serde(default)]
    pub(super) serving: Serving,
    pub(super) memory: Option<String>,
    pub(super) devices_each: Option<u64>,
    pub(super) replicas: Option<u64>,
    pub(super) sequences: Option<u64>,
    #[serde(default)]
    pub(super) floors: FloorsRow,
    #[serde(default)]
    pub(super) devices: Vec<String>,
    #[serde(default)]
    pub(super) spread: SpreadRow,
    #[serde(default)]
    pub(super) apart_from: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FloorsRow {
    pub(super) sms: Option<u32>,
    pub(super) compute_slices: Option<u8>,
    #[serde(rename = "bandwidthGBs")]
    pub(super) bandwidth: Option<u64>,
    pub(super) tokens_per_second: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SpreadRow {
    pub(super) per_gpu: Option<u64>,
    pub(super) per_node: Option<u64>,
}

const fn one() -> u64 {
    1
}

impl NodeRow {
    /// The same machine with another card, unused. What it costs then is not known.
    pub(super) fn replace(&mut self, gpu: &str) {
        if let Some(instance) = self.instance_type.take().and_then(|name| crate::gpu::instance(&name)) {
            self.gpus = Some(instance.count.into());
        }
        self.gpu = Some(gpu.to_owned());
        self.price_per_hour = None;
        self.today.clear();
    }
}
