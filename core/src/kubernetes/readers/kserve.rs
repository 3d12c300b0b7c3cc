//! KServe's InferenceService, and what its kinds have in common.
//!
//! Source: kserve/kserve aaac4e2, `pkg/apis/serving/v1beta1/predictor.go`, `pkg/constants/constants.go`.

use serde_json::{Map, Value, json};

use super::super::claim::{Asked, Claim, settle};
use super::super::container::Container;
use super::super::dra;
use super::super::fields::{field, join, object, part, text};
use super::super::pod::{PodSpec, Source, number};
use super::super::server::Server;
use super::super::sharing::Sharing;
use super::super::spelling::Spelling;
use super::{Assembled, Pods, all, container_of, spec};
use crate::problem::Problem;

/// The container that serves.
const MAIN: &str = "kserve-container";
/// The container of further nodes.
const WORKER: &str = "worker-container";

/// Fields below `predictor` that once named the framework in place of `model.modelFormat`.
const FRAMEWORKS: [&str; 9] =
    ["huggingface", "triton", "pytorch", "tensorflow", "onnx", "sklearn", "xgboost", "lightgbm", "pmml"];

/// InferenceService: predictor, its workers on further nodes, transformer and explainer.
pub(crate) fn inference_service(source: &Source<'_>) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (spec, path) = spec(source)?;
    let (predictor, at) = source.walk(&["spec", "predictor"]).map_err(one)?;
    let mut pods = vec![self::predictor(source, predictor, &at)?];
    if let Some(worker) = part(predictor, &at, "workerSpec").map_err(one)? {
        pods.push(worker_pod(source, worker, &join(&at, "workerSpec"))?);
    }
    let served = pods.first().and_then(|pod| pod.containers.iter().find(|one| one.name == MAIN)).cloned();
    for pod in &mut pods {
        annotated(source, pod, MAIN)?;
        for worker in pod.containers.iter_mut().filter(|one| one.name == WORKER) {
            if let Some(served) = &served {
                worker.stated.clone_from(&served.stated);
            }
        }
    }
    let rest = ["transformer", "explainer"].into_iter().filter_map(|role| Some((role, spec.get(role)?)));
    pods.extend(all(rest.map(|(role, value)| {
        let at = join(&path, role);
        let mut pod = source.spec(object(value, &at).map_err(one)?, &at)?;
        role.clone_into(&mut pod.role);
        pod.replicas = None;
        Ok(pod)
    }))?);
    Ok(pods)
}

fn predictor(source: &Source<'_>, map: &Map<String, Value>, path: &str) -> Result<PodSpec, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let worker = part(map, path, "workerSpec").map_err(one)?;
    let sizes =
        worker.map(|worker| (number(worker, "tensorParallelSize"), number(worker, "pipelineParallelSize")));
    let framework = std::iter::once("model").chain(FRAMEWORKS).find(|name| field(map, name).is_some());
    let mut parts = Assembled::new(path);
    let fields: Vec<&str> = map.keys().map(String::as_str).filter(|name| *name != "workerSpec").collect();
    parts.take(map, &fields);
    let mut stated = None;
    if let Some(name) = framework
        && let Some(model) = part(map, path, name).map_err(one)?
    {
        let at = join(path, name);
        let runtime = Runtime::of(source, model, &at, name).map_err(one)?;
        parts.add("containers", &runtime.container(model), &at, MAIN);
        stated = Some(runtime);
    }
    let mut pod = parts.read(source)?;
    pod.replicas = if field(map, "maxReplicas").is_some() {
        None
    } else {
        Some(number(map, "minReplicas").unwrap_or(1))
    };
    if let Some((_, pipeline)) = sizes {
        "head".clone_into(&mut pod.role);
        pod.nodes = pipeline.unwrap_or(2);
    }
    for container in pod.containers.iter_mut().filter(|one| one.name == MAIN) {
        if let Some(runtime) = &stated {
            runtime.state(container);
        }
        for (flag, size) in sizes
            .into_iter()
            .flat_map(|(t, p)| [("--tensor-parallel-size", t), ("--pipeline-parallel-size", p)])
        {
            container
                .stated
                .words
                .extend(size.into_iter().flat_map(|size| [flag.to_owned(), size.to_string()]));
        }
    }
    Ok(pod)
}

fn worker_pod(source: &Source<'_>, map: &Map<String, Value>, path: &str) -> Result<PodSpec, Vec<Problem>> {
    let mut pod = source.spec(map, path)?;
    "worker".clone_into(&mut pod.role);
    let nodes = number(map, "pipelineParallelSize").unwrap_or(2);
    (pod.nodes, pod.of_copy) = (nodes, nodes.saturating_sub(1));
    pod.replicas = Some(pod.of_copy);
    Ok(pod)
}

/// What runs the model of a predictor.
struct Runtime {
    server: Option<Server>,
    model: Option<String>,
    open: Vec<String>,
    /// The container of the ServingRuntime, where it is given.
    base: Map<String, Value>,
}

impl Runtime {
    fn of(
        source: &Source<'_>,
        model: &Map<String, Value>,
        path: &str,
        framework: &str,
    ) -> Result<Runtime, Problem> {
        let format = part(model, path, "modelFormat")?;
        let format =
            format.map(|format| text(format, &join(path, "modelFormat"), "name")).transpose()?.flatten();
        let named = text(model, path, "runtime")?;
        let uri = text(model, path, "storageUri")?;
        let format = format.unwrap_or(framework);
        let given = named.and_then(|name| {
            let own = source.beside.find("ServingRuntime", source.namespace, name);
            own.or_else(|| source.beside.find("ClusterServingRuntime", "", name))
        });
        let base = given.and_then(|runtime| {
            let containers = runtime.get("spec")?.get("containers")?.as_array()?;
            let main = |one: &&Value| one.get("name").and_then(Value::as_str) == Some(MAIN);
            containers.iter().find(main).or_else(|| containers.first())?.as_object().cloned()
        });
        let open = match (named, &base) {
            (Some(name), None) => vec![format!("runtime {name} (not given)")],
            _ => Vec::new(),
        };
        let server = server_of(format).or_else(|| named.and_then(server_of));
        Ok(Runtime { server, model: model_uri(uri), open, base: base.unwrap_or_default() })
    }

    /// The container that comes out of the runtime's and the model's own fields: arguments follow one another,
    /// everything else replaces.
    fn container(&self, model: &Map<String, Value>) -> Value {
        let own = container_of(model, &["image", "command", "env", "resources", "lifecycle"]);
        let mut container = self.base.clone();
        container.insert("name".to_owned(), json!(MAIN));
        if let Value::Object(own) = own {
            container.extend(own);
        }
        let args =
            |map: &Map<String, Value>| map.get("args").and_then(Value::as_array).cloned().unwrap_or_default();
        container.insert("args".to_owned(), Value::Array([args(&self.base), args(model)].concat()));
        Value::Object(container)
    }

    fn state(&self, container: &mut Container) {
        container.stated.server = self.server;
        container.stated.model.clone_from(&self.model);
        container.stated.open.clone_from(&self.open);
    }
}

/// The server that a model format or the name of a runtime stands for. KServe's runtime for Hugging Face serves
/// through vLLM.
fn server_of(name: &str) -> Option<Server> {
    let name = name.to_ascii_lowercase();
    let has = |part: &str| name.contains(part);
    match () {
        () if has("triton") => Some(Server::Triton),
        () if has("sglang") => Some(Server::Sglang),
        () if has("tgi") => Some(Server::Tgi),
        () if has("vllm") || has("huggingface") => Some(Server::Vllm),
        () if has("nim") => Some(Server::Nim),
        () => None,
    }
}

/// What a storage address says of the model: an id behind `hf://`, else the address itself, which hides it.
pub(super) fn model_uri(uri: Option<&str>) -> Option<String> {
    uri.filter(|uri| !uri.is_empty()).map(str::to_owned)
}

/// Annotations of KServe's managed resource claims (`pkg/constants/constants.go`).
const CLASS: &str = "serving.kserve.io/exp-dra-device-class";
const COUNT: &str = "serving.kserve.io/exp-dra-device-count";
const SELECTOR: &str = "serving.kserve.io/exp-dra-cel-selector";
const CONTAINER: &str = "serving.kserve.io/exp-dra-container-name";

/// Adds the claim that annotations make to the container that they name, else to `main`.
pub(super) fn annotated(source: &Source<'_>, pod: &mut PodSpec, main: &str) -> Result<(), Vec<Problem>> {
    let Some(class) = pod.annotations.get(CLASS) else { return Ok(()) };
    let at = |name: &str| format!("metadata.annotations[{name:?}]");
    let count =
        pod.annotations.get(COUNT).map_or(Ok(1), |text| super::super::claim::count(&json!(text), &at(COUNT)));
    let count = count.map_err(|problem| vec![problem])?;
    let mut asked = dra::by_class(class, &at(CLASS), source.beside);
    if let (Some(text), Asked::Selected(alternatives)) = (pod.annotations.get(SELECTOR), &mut asked) {
        match dra::selector(text, &at(SELECTOR)) {
            Ok(selector) => alternatives.iter_mut().for_each(|one| one.selectors.push(selector.clone())),
            Err(problem) => asked = Asked::Open(problem),
        }
    }
    let name = pod.annotations.get(CONTAINER).map_or(main, String::as_str);
    let claim = Claim {
        resource: class.clone(),
        path: at(CLASS),
        asked,
        count,
        spelling: Spelling::Kserve,
        sharing: Sharing::Alone,
    };
    for container in pod.containers.iter_mut().filter(|container| container.name == name && count > 0) {
        container.claims.push(claim.clone());
        settle(&mut container.claims, &pod.node);
    }
    Ok(())
}
