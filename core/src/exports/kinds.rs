//! Every kind of export, so that each door lists the same.

use serde::Serialize;

use super::export::Export;
use super::fleet::Fleet;
use super::workload::Workload;
use super::{kserve, kueue, modelplane, nodes, pods, policy, pools, quotas, services};
use crate::problem::Problem;

/// A kind of export.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "ExportKind"))]
pub struct Kind {
    /// What flags and links call it: `deployment`.
    pub id: &'static str,
    /// What a reader calls it: `Deployment and Service`.
    pub title: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// What it is made from.
    pub needs: Needs,
    #[serde(skip)]
    writer: Writer,
}

/// What an export is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "ExportNeeds"))]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// A model, how it is served, and the device.
    Workload,
    /// Nodes and how their GPUs are cut.
    Nodes,
    /// Nodes, and teams with what each may use.
    Teams,
}

#[derive(Clone, Copy, Debug)]
enum Writer {
    Workload(fn(&Workload<'_>) -> Result<Export, Problem>),
    Fleet(fn(&Fleet<'_>) -> Result<Export, Problem>),
}

const fn workload(
    id: &'static str,
    title: &'static str,
    about: &'static str,
    write: fn(&Workload<'_>) -> Result<Export, Problem>,
) -> Kind {
    Kind { id, title, about, needs: Needs::Workload, writer: Writer::Workload(write) }
}

const fn nodes(
    id: &'static str,
    title: &'static str,
    about: &'static str,
    write: fn(&Fleet<'_>) -> Result<Export, Problem>,
) -> Kind {
    Kind { id, title, about, needs: Needs::Nodes, writer: Writer::Fleet(write) }
}

const fn teams(
    id: &'static str,
    title: &'static str,
    about: &'static str,
    write: fn(&Fleet<'_>) -> Result<Export, Problem>,
) -> Kind {
    Kind { needs: Needs::Teams, ..nodes(id, title, about, write) }
}

/// Every kind, in the order in which a list shows them.
#[rustfmt::skip]
pub const KINDS: &[Kind] = &[
    workload("deployment",                  "Deployment and Service",        "copies of the engine on plain Kubernetes", pods::deployment),
    workload("pod",                         "Pod",                           "one copy, to try it", pods::pod),
    workload("leaderworkerset",             "LeaderWorkerSet",               "one copy over several nodes of whole GPUs", pods::leader_worker_set),
    workload("kserve-inferenceservice",     "KServe InferenceService",       "KServe's runtime for Hugging Face models", kserve::inference_service),
    workload("kserve-llminferenceservice",  "KServe LLMInferenceService",    "KServe with router and scheduler", kserve::llm_inference_service),
    workload("nimservice",                  "NVIDIA NIMService",             "the NIM operator", services::nim_service),
    workload("kaito-workspace",             "KAITO Workspace",               "KAITO on nodes that stand already", services::kaito_workspace),
    workload("modelplane-modeldeployment",  "Modelplane ModelDeployment",    "a model with its condition on devices", services::model_deployment),
    workload("production-stack-values",     "values of vLLM's production stack", "for its Helm chart", services::production_stack),
    workload("ollama-values",               "values of Ollama's chart",      "for its Helm chart", services::ollama),
    workload("resourceclaimtemplate",       "ResourceClaimTemplate",         "a claim by profile, by capacity, or the one and else the other", services::claim_template),
    nodes("nvidia-smi",                       "nvidia-smi commands",           "cut the GPUs of one machine by hand", nodes::smi),
    nodes("mig-parted",                       "mig-parted ConfigMap",          "layouts for NVIDIA's MIG manager", nodes::mig_parted),
    nodes("gpu-operator-values",              "values of NVIDIA's GPU operator", "the same layouts, for its Helm chart", nodes::gpu_operator),
    nodes("node-labels",                      "labels of nodes",               "tell the MIG manager which node is cut how", nodes::labels),
    nodes("taints",                           "taints of nodes",               "keep other pods off the GPUs", nodes::taints),
    nodes("gke-pool",                         "GKE node pools",                "gcloud commands", pools::gke),
    nodes("aks-pool",                         "AKS node pools",                "az commands", pools::aks),
    nodes("eks-nodegroup",                    "EKS node groups",               "eksctl commands", pools::eks),
    nodes("modelplane-inferenceclass",        "Modelplane InferenceClass",     "what nodes offer, with the memory they have", modelplane::classes),
    nodes("modelplane-inferenceenvironment",  "Modelplane InferenceEnvironment", "the same in the form of its issue 53", modelplane::environment),
    nodes("deviceclass",                      "DeviceClass",                   "a resource name for each profile, for dynamic resource allocation", nodes::device_classes),
    nodes("kueue-transformations",            "Kueue transformations",         "one quota of memory and compute over all profiles", kueue::transformations),
    nodes("policy",                           "Kubewarden policy",             "our own admission policy with the cluster's cards", policy::policy),
    teams("resourcequota",                    "ResourceQuota",                 "what each team may use, every other profile at zero", quotas::resource_quotas),
    teams("kueue",                            "Kueue queues",                  "flavors, queues with borrowing, priorities and preemption", kueue::kueue),
];

/// The kind of this id.
///
/// # Errors
/// `unknown-export`, with the nearest ids as a hint.
pub fn find(id: &str) -> Result<&'static Kind, Problem> {
    KINDS.iter().find(|kind| kind.id == id).ok_or_else(|| {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.id).collect();
        let expected = format!("one of {}", known.join(", "));
        Problem::new("unknown-export", "kind of export", format!("{id:?}"), expected).nearest(id, known)
    })
}

/// What a kind is written from.
#[derive(Clone, Copy, Debug)]
pub enum From<'a> {
    /// For kinds that need a workload.
    Workload(&'a Workload<'a>),
    /// For kinds that need nodes or teams.
    Fleet(&'a Fleet<'a>),
}

/// Writes `kind`.
///
/// # Errors
/// Every reason at once: those of [`Fleet::check`], `no-model` or `no-nodes` where the kind needs the other, and
/// `bad-setting`, `not-in-cloud`, `no-such-partition`, `not-uniform`, `no-label`, `no-team` where the kind cannot say it.
pub fn write(kind: &Kind, from: From<'_>) -> Result<Export, Vec<Problem>> {
    let other = |code, expected| vec![Problem::new(code, kind.id, "nothing", expected)];
    match (kind.writer, from) {
        (Writer::Workload(write), From::Workload(work)) => write(work).map_err(|problem| vec![problem]),
        (Writer::Workload(_), From::Fleet(_)) => Err(other("no-model", "a model and a device")),
        (Writer::Fleet(_), From::Workload(_)) => Err(other("no-nodes", "nodes and how their GPUs are cut")),
        (Writer::Fleet(write), From::Fleet(fleet)) => {
            fleet.check()?;
            if fleet.machines.is_empty() {
                return Err(other("no-nodes", "nodes and how their GPUs are cut"));
            }
            write(fleet).map_err(|problem| vec![problem])
        }
    }
}
