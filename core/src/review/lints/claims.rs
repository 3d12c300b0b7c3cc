//! How devices are asked for.

use serde_json::{Map, Value};

use super::place::part;
use crate::fleet::inventory::quantity;
use crate::kubernetes::{Asked, Container, PodSpec, Sharing};
use crate::review::finding::{Finding, Severity};
use crate::review::lint::Lint;

/// Labels that only nodes of Google Kubernetes Engine have.
const GKE: &str = "cloud.google.com/";
/// The label of its nodes with GPUs that it cuts itself.
const GKE_PARTITION: &str = "cloud.google.com/gke-gpu-partition-size";
/// Makers whose devices are extended resources.
const MAKERS: [&str; 2] = ["nvidia.com/", "amd.com/"];

pub(super) fn claims(object: &Map<String, Value>, pod: &PodSpec) -> Vec<Finding> {
    let mut found = Vec::new();
    for container in &pod.containers {
        let mut own = differ(object, container);
        own.extend(beside(container));
        own.extend(on_gke(pod, container));
        own.extend(shared(container));
        found.extend(own.into_iter().map(|finding| finding.in_container(&container.name)));
    }
    found
}

/// Requests against limits. Kubernetes refuses the pod, and a controller that makes pods stalls.
fn differ(object: &Map<String, Value>, container: &Container) -> Vec<Finding> {
    let side = |name: &str| part(object, &format!("{}.resources.{name}", container.path));
    let (limits, requests) = (side("limits"), side("requests"));
    let mut found = Vec::new();
    for (key, request) in requests {
        if !MAKERS.iter().any(|maker| key.starts_with(maker)) || amount(request) == Some(0) {
            continue;
        }
        let text = match limits.get(key) {
            None => format!("{key} is requested without a limit"),
            Some(limit) if amount(limit) != amount(request) => {
                format!("{key} is requested {} times and limited to {}", shown(request), shown(limit))
            }
            Some(_) => continue,
        };
        found.push(
            Finding::new(Lint::RequestsDifferFromLimits, text)
                .at(format!("{}.resources.requests[{key:?}]", container.path))
                .why("devices cannot be overcommitted: the API server refuses the pod")
                .fix(format!("set {key} under limits alone; requests follow it")),
        );
    }
    found
}

fn amount(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| quantity(value.as_str()?).ok())
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whole GPUs and slices in one container need a node that has both free.
fn beside(container: &Container) -> Option<Finding> {
    let gpu = container.claims.iter().find(|claim| claim.asked == Asked::Gpu)?;
    let slice = container.claims.iter().find(|claim| matches!(claim.asked, Asked::Slice(_)))?;
    let text = format!(
        "asks for {} and for {}: only a node that has both free can run it",
        gpu.resource, slice.resource
    );
    Some(
        Finding::new(Lint::GpuBesideMig, text)
            .at(&gpu.path)
            .at(&slice.path)
            .why("a GPU that is cut does not count as nvidia.com/gpu")
            .fix(format!("keep one of them; an explicit 0 of {} is harmless", gpu.resource)),
    )
}

/// There slices are announced as `nvidia.com/gpu`.
fn on_gke(pod: &PodSpec, container: &Container) -> Option<Finding> {
    let slice = container.claims.iter().find_map(|claim| match claim.asked {
        Asked::Slice(profile) => Some((claim, profile)),
        Asked::Gpu | Asked::Selected(_) | Asked::Part(_) | Asked::Open(_) => None,
    });
    let (claim, profile) = slice?;
    let label = pod.node.labels.keys().find(|label| label.starts_with(GKE))?;
    let finding = Finding::new(
        Lint::MigKeyOnGke,
        format!("{} is not announced by nodes of Google Kubernetes Engine", claim.resource),
    );
    // Who installs NVIDIA's own device plugin there gets these names; beside the label of GKE's own, nobody does.
    let severity = if label == GKE_PARTITION || pod.node.labels.contains_key(GKE_PARTITION) {
        Severity::Error
    } else {
        finding.severity
    };
    Some(
        Finding { severity, ..finding }
            .at(&claim.path)
            .why(format!(
                "the pod asks for nodes with the label {label}; their slices are named nvidia.com/gpu"
            ))
            .fix(format!("ask for nvidia.com/gpu and the node label {GKE_PARTITION}: {profile}")),
    )
}

fn shared(container: &Container) -> Option<Finding> {
    // Under MPS the share is known, and the model is held against it.
    let claim = container.claims.iter().find(|claim| claim.sharing.is_in_turn())?;
    let share = match claim.sharing {
        Sharing::TimeSliced { replicas: Some(replicas) } => {
            format!(
                "give each of the {replicas} neighbours a --gpu-memory-utilization of 1/{replicas} or less"
            )
        }
        Sharing::TimeSliced { replicas: None } | Sharing::Unsaid | Sharing::Alone | Sharing::Mps { .. } => {
            "give each neighbour a --gpu-memory-utilization so that they add up to less than 1".to_owned()
        }
    };
    let text = format!(
        "{} is a turn on a GPU, not a GPU: others hold memory on it at the same time",
        claim.resource
    );
    Some(
        Finding::new(Lint::SharedDevice, text)
            .at(&claim.path)
            .why("time slicing keeps nobody from the memory of the others; an engine that takes its usual share of the whole finds it taken")
            .fix(format!("ask for a MIG slice, whose memory is its own, or {share}")),
    )
}
