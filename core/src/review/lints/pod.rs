//! What surrounds the containers: tolerations, privileges, shared memory.

use serde_json::{Map, Value};

use super::place::{at, list, part, text};
use crate::gpu::ProfileName;
use crate::kubernetes::{Asked, Container, PodSpec, launch};
use crate::review::finding::Finding;
use crate::review::lint::Lint;

/// The environment variable by which NVIDIA's container runtime is told which GPUs to show.
const VISIBLE: &str = "NVIDIA_VISIBLE_DEVICES";

pub(super) fn pod(object: &Map<String, Value>, pod: &PodSpec, placed: bool) -> Vec<Finding> {
    let spec = part(object, &pod.path);
    let mut found: Vec<Finding> = Vec::new();
    if placed {
        found.extend(toleration(spec, pod));
    }
    for container in &pod.containers {
        let own = unasked(object, spec, pod, container).into_iter().chain(shm(object, spec, container));
        found.extend(own.map(|finding| finding.in_container(&container.name)));
    }
    found
}

/// A toleration of a taint of GPU nodes where nothing leads the pod to them, or to the right ones.
fn toleration(spec: &Map<String, Value>, pod: &PodSpec) -> Option<Finding> {
    if !pod.node.labels.is_empty() || !list(spec, "resourceClaims").is_empty() {
        return None;
    }
    let mut claims = pod.containers.iter().flat_map(|container| &container.claims).peekable();
    let nothing_asked = claims.peek().is_none();
    if !claims.all(|claim| claim.asked == Asked::Gpu) {
        return None;
    }
    let of_gpus = |toleration: &Value| {
        let key = text(toleration, "key").unwrap_or_default();
        let value = text(toleration, "value").unwrap_or_default();
        if nothing_asked {
            names_gpus(key) || names_gpus(value)
        } else {
            names_slices(key) || names_slices(value)
        }
    };
    let (place, toleration) = list(spec, "tolerations").iter().enumerate().find(|(_, one)| of_gpus(one))?;
    let key = text(toleration, "key")?;
    let (what, fix) = if nothing_asked {
        (
            "asks for no device and no node: nothing leads it to a GPU",
            "ask for the device, as in nvidia.com/gpu: 1 under limits",
        )
    } else {
        (
            "asks for nvidia.com/gpu alone, which any node with GPUs has",
            "name the nodes too, by nodeSelector nvidia.com/gpu.product, or ask for the slice by its own resource",
        )
    };
    Some(
        Finding::new(Lint::TolerationAlone, format!("the pod tolerates {key} and {what}"))
            .at(format!("{}.tolerations[{place}]", pod.path))
            .why("a toleration lets a pod onto tainted nodes and does not draw it there")
            .fix(fix),
    )
}

fn names_gpus(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.starts_with("nvidia.com/")
        || word.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == "gpu" || part == "mig")
}

fn names_slices(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let profile =
        word.split(['/', '=']).any(|part| ProfileName::parse(part.trim_start_matches("mig-")).is_ok());
    profile || word.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == "mig")
}

/// GPUs that a container reaches without having asked for one.
fn unasked(
    object: &Map<String, Value>,
    spec: &Map<String, Value>,
    pod: &PodSpec,
    container: &Container,
) -> Option<Finding> {
    let claims = format!("{}.resources.claims", container.path);
    if !container.claims.is_empty() || !list(object, &claims).is_empty() {
        return None;
    }
    let why = "the scheduler does not know of it, so the GPU is given to somebody else as well";
    let visible = container.env.get(VISIBLE).flatten();
    if let Some(devices) = visible.filter(|devices| !matches!(*devices, "" | "void" | "none")) {
        let text = format!("{VISIBLE} is {devices} and no device is asked for");
        let finding =
            Finding::new(Lint::GpuWithoutRequest, text).at(format!("{}.env", container.path)).why(why);
        return Some(finding.fix(format!("remove {VISIBLE} and ask for nvidia.com/gpu or a slice")));
    }
    let privileged = format!("{}.securityContext.privileged", container.path);
    let others = pod.containers.iter().any(|other| !other.claims.is_empty());
    let runtime =
        spec.get("runtimeClassName").and_then(Value::as_str).is_some_and(|class| class.contains("nvidia"));
    let reaches = at(object, &privileged).and_then(Value::as_bool) == Some(true) && (others || runtime);
    reaches.then(|| {
        Finding::new(
            Lint::GpuWithoutRequest,
            "is privileged, so it reaches every GPU of the node, and asks for none",
        )
        .at(privileged)
        .why(why)
        .fix("drop privileged, or ask for the device")
    })
}

/// Ranks of one engine exchange data through shared memory.
fn shm(object: &Map<String, Value>, spec: &Map<String, Value>, container: &Container) -> Option<Finding> {
    let gpus = container.claims.iter().filter(|claim| claim.asked == Asked::Gpu);
    let gpus = gpus.map(|claim| claim.count).fold(0, u64::saturating_add);
    if gpus < 2 {
        return None;
    }
    let launch = launch(container).ok()?;
    let here = launch.serving.tensor_parallel.saturating_mul(launch.pipeline_parallel).min(gpus);
    if !launch.is_vllm() || here < 2 || spec.get("hostIPC").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let mounts = format!("{}.volumeMounts", container.path);
    let mounted =
        |mount: &Value| text(mount, "mountPath").map(|path| path.trim_end_matches('/')) == Some("/dev/shm");
    if list(object, &mounts).iter().any(mounted) {
        return None;
    }
    Some(
        Finding::new(
            Lint::SmallShm,
            format!("{here} ranks share the 64 MiB of /dev/shm that a container has"),
        )
        .at(mounts)
        .why("ranks on one node exchange data through shared memory, and NCCL fails where it is full")
        .fix("mount an emptyDir of medium Memory at /dev/shm"),
    )
}
