//! Pods and what makes them: Pod, Deployment, LeaderWorkerSet.

use super::ask::{CLAIM, metadata};
use super::dialect::Ask;
use super::export::{Export, object};
use super::launch::PORT;
use super::tree::{Map, Tree};
use super::workload::Workload;
use crate::engine::Maker;
use crate::problem::Problem;

/// A pod.
pub(super) fn pod(work: &Workload<'_>) -> Result<Export, Problem> {
    let ask = Ask::of(work, work.devices())?;
    let spec = spec(work, &ask, engine(work, &ask));
    let pod = object("v1", "Pod", labelled(work, &ask)).with("spec", spec);
    let mut notes = work.notes();
    if work.wish.replicas > 1 {
        notes.push(format!(
            "one pod of the {} copies asked for: a Deployment makes them all",
            work.wish.replicas
        ));
    }
    Ok(finished("pod", pod.into(), ask, notes))
}

/// A Deployment and its Service.
pub(super) fn deployment(work: &Workload<'_>) -> Result<Export, Problem> {
    let ask = Ask::of(work, work.devices())?;
    let deployment = object("apps/v1", "Deployment", queued(metadata(&work.name, work), work)).with(
        "spec",
        Map::new()
            .with("replicas", work.wish.replicas)
            .with("selector", Map::new().with("matchLabels", app(work)))
            .with("template", pod_template(work, &ask, engine(work, &ask))),
    );
    let mut export = finished("deployment", deployment.into(), ask, work.notes());
    export.documents.push(service(work));
    Ok(export)
}

/// A group of pods on several nodes for one copy of a model: one for each pipeline stage.
pub(super) fn leader_worker_set(work: &Workload<'_>) -> Result<Export, Problem> {
    if work.engine.maker != Maker::Vllm {
        let expected = "vLLM: how others are spread over nodes is not written";
        return Err(Problem::new("bad-setting", "engine", work.engine.id, expected));
    }
    let nodes = work.serving.pipeline_parallel;
    let ask = Ask::of(work, work.devices().checked_div(nodes).unwrap_or(1))?;
    let mut leader = engine(work, &ask);
    let mut template = Map::new().with("size", nodes);
    if nodes > 1 {
        leader = spread(work, &ask, "leader");
        template = template.with("restartPolicy", "RecreateGroupOnPodRestart");
        template = template.with("leaderTemplate", pod_template(work, &ask, leader));
        leader = spread(work, &ask, "worker");
    }
    let template = template.with("workerTemplate", pod_template(work, &ask, leader));
    let set =
        object("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", queued(metadata(&work.name, work), work))
            .with(
                "spec",
                Map::new().with("replicas", work.wish.replicas).with("leaderWorkerTemplate", template),
            );
    let mut notes = work.notes();
    if nodes == 1 {
        notes.push("one pod for each copy; several come with --pipeline-parallel over whole GPUs".to_owned());
    }
    Ok(finished("leaderworkerset", set.into(), ask, notes))
}

fn finished(kind: &'static str, main: Tree, ask: Ask, mut notes: Vec<String>) -> Export {
    notes.extend(ask.notes);
    let documents = ask.beside.into_iter().chain([main]).collect();
    Export::documents(kind, documents, notes)
}

/// The label by which a workload's pods are found.
pub(super) fn app(work: &Workload<'_>) -> Map {
    Map::new().with("app", work.name.as_str())
}

/// `metadata` with the labels that Kueue reads.
pub(super) fn queued(metadata: Map, work: &Workload<'_>) -> Map {
    metadata.with_any("labels", queue(Map::new(), work))
}

fn queue(labels: Map, work: &Workload<'_>) -> Map {
    labels
        .with_some("kueue.x-k8s.io/queue-name", work.wish.queue.as_deref())
        .with_some("kueue.x-k8s.io/priority-class", work.wish.priority.as_deref())
}

fn labelled(work: &Workload<'_>, ask: &Ask) -> Map {
    metadata(&work.name, work)
        .with("labels", queue(app(work), work))
        .with_any("annotations", annotations(ask))
}

pub(super) fn annotations(ask: &Ask) -> Map {
    ask.annotations.iter().fold(Map::new(), |map, (name, value)| map.with(*name, *value))
}

fn pod_template(work: &Workload<'_>, ask: &Ask, container: Map) -> Map {
    let metadata = Map::new().with("labels", app(work)).with_any("annotations", annotations(ask));
    Map::new().with("metadata", metadata).with("spec", spec(work, ask, container))
}

/// A pod's spec around one container.
pub(super) fn spec(work: &Workload<'_>, ask: &Ask, container: Map) -> Map {
    let mut spec = placing(Map::new().with_some("schedulerName", work.wish.scheduler.as_deref()), work, ask);
    if let Some(template) = &ask.template {
        let claim = Map::new().with("name", CLAIM).with("resourceClaimTemplateName", template.as_str());
        spec = spec.with("resourceClaims", vec![claim]);
    }
    spec = spec.with("containers", vec![container]);
    if work.devices() > 1 {
        let memory = Map::new().with("name", "shm").with("emptyDir", Map::new().with("medium", "Memory"));
        spec = spec.with("volumes", vec![memory]);
    }
    spec
}

/// Node selector, affinity and toleration.
pub(super) fn placing(spec: Map, work: &Workload<'_>, ask: &Ask) -> Map {
    let alone = ask.labels.iter().filter_map(|(label, values)| match values.as_slice() {
        [value] => Some((*label, value.as_str())),
        _ => None,
    });
    let selector = alone.fold(Map::new(), |map, (label, value)| map.with(label, value));
    let several: Vec<Map> = ask
        .labels
        .iter()
        .filter(|(_, values)| values.len() > 1)
        .map(|(label, values)| {
            Map::new().with("key", *label).with("operator", "In").with("values", values.clone())
        })
        .collect();
    let spec = spec.with_any("nodeSelector", selector);
    let spec = if several.is_empty() { spec } else { spec.with("affinity", affinity(several)) };
    spec.with("tolerations", vec![toleration(work)])
}

fn affinity(expressions: Vec<Map>) -> Map {
    let terms = vec![Map::new().with("matchExpressions", expressions)];
    let required = Map::new().with("nodeSelectorTerms", terms);
    Map::new()
        .with("nodeAffinity", Map::new().with("requiredDuringSchedulingIgnoredDuringExecution", required))
}

pub(super) fn toleration(work: &Workload<'_>) -> Map {
    let key = if work.device.gpu.architecture.is_amd() { "amd.com/gpu" } else { "nvidia.com/gpu" };
    Map::new()
        .with("key", Tree::from(key).why("lets the pod onto tainted nodes; it does not draw it there"))
        .with("operator", "Exists")
        .with("effect", "NoSchedule")
}

/// Limits and requests alike, or the claim of the pod.
pub(super) fn resources(ask: &Ask) -> Map {
    if ask.template.is_some() {
        return Map::new().with("claims", vec![Map::new().with("name", CLAIM)]);
    }
    let amounts = |words: bool| {
        ask.resources.iter().fold(Map::new(), |map, (name, amount, why)| {
            let amount = Tree::from(amount.as_str());
            map.with(name.as_str(), if words && !why.is_empty() { amount.why(*why) } else { amount })
        })
    };
    Map::new().with("limits", amounts(true)).with("requests", amounts(false))
}

/// The container of the engine.
pub(super) fn engine(work: &Workload<'_>, ask: &Ask) -> Map {
    let launch = work.launch();
    let args: Vec<Tree> = launch.flags.iter().map(Tree::from).collect();
    let container = base(work, &launch.image).with_any("command", launch.command).with("args", args);
    served(mounted(container.with("resources", resources(ask)), work))
}

fn base(work: &Workload<'_>, image: &str) -> Map {
    let name = match work.engine.maker {
        Maker::Vllm => "vllm",
        Maker::Sglang => "sglang",
        Maker::TensorRtLlm => "tensorrt-llm",
        Maker::Tgi => "tgi",
    };
    Map::new().with("name", name).with("image", image)
}

/// The ranks of an engine exchange what they cannot over NVLink in shared memory.
fn mounted(container: Map, work: &Workload<'_>) -> Map {
    if work.devices() == 1 {
        return container;
    }
    container.with("volumeMounts", vec![Map::new().with("name", "shm").with("mountPath", "/dev/shm")])
}

/// Port and probes: an engine answers `/health` once its weights are read.
fn served(container: Map) -> Map {
    let port = Map::new().with("name", "http").with("containerPort", PORT);
    let get = || Map::new().with("path", "/health").with("port", "http");
    container
        .with("ports", vec![port])
        .with(
            "startupProbe",
            Map::new().with("httpGet", get()).with("periodSeconds", 10).with(
                "failureThreshold",
                Tree::from(180).why("half an hour for fetching and reading the weights"),
            ),
        )
        .with("readinessProbe", Map::new().with("httpGet", get()).with("periodSeconds", 10))
}

/// One of several pods of a copy: vLLM over Ray, started by the script of its image.
fn spread(work: &Workload<'_>, ask: &Ask, role: &str) -> Map {
    let launch = work.launch();
    let nodes = work.serving.pipeline_parallel;
    let flags: Vec<String> = launch.settings().map(super::launch::Flag::text).collect();
    let script = "/vllm-workspace/examples/online_serving/multi-node-serving.sh";
    let line = match role {
        "leader" => format!(
            "bash {script} leader --ray_cluster_size={nodes}; vllm serve {} {} --distributed-executor-backend=ray",
            work.id,
            flags.join(" ")
        ),
        _ => format!("bash {script} worker --ray_address=$(LWS_LEADER_ADDRESS)"),
    };
    let container = base(work, &launch.image).with("command", vec!["sh", "-c", line.as_str()]);
    let container = mounted(container.with("resources", resources(ask)), work);
    if role == "leader" { served(container) } else { container }
}

/// A Service in front of the pods.
fn service(work: &Workload<'_>) -> Tree {
    let port = Map::new().with("name", "http").with("port", PORT).with("targetPort", "http");
    object("v1", "Service", metadata(&work.name, work))
        .with("spec", Map::new().with("selector", app(work)).with("ports", vec![port]))
        .into()
}
