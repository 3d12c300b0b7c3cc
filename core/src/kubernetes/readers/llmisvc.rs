//! KServe's LLMInferenceService, v1alpha1 and v1alpha2.
//!
//! Source: kserve/kserve aaac4e2, `pkg/apis/serving/v1alpha2/llm_inference_service_types.go` and
//! `config/llmisvcconfig`, whose configs start vLLM in the container `main`.

use serde_json::{Map, Value, json};

use super::super::container::{Container, Role};
use super::super::fields::{field, join, part, text};
use super::super::pod::{PodSpec, Source, number};
use super::super::server::Server;
use super::kserve::{annotated, model_uri};
use super::{Assembled, Pods, all, spec};
use crate::problem::Problem;

/// The container that serves.
const MAIN: &str = "main";

/// LLMInferenceService.
pub(crate) fn llm_inference_service(source: &Source<'_>) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (own, path) = spec(source)?;
    let (merged, open) = merged(source, own);
    let model = part(&merged, &path, "model").map_err(one)?;
    let uri =
        model.map(|model| text(model, &join(&path, "model"), "uri")).transpose().map_err(one)?.flatten();
    let read = Read { source, model: model_uri(uri), open };
    let mut pods = read.workload(&merged, &path, "")?;
    if let Some(prefill) = part(&merged, &path, "prefill").map_err(one)? {
        pods.extend(read.workload(prefill, &join(&path, "prefill"), "prefill")?);
    }
    for pod in &mut pods {
        annotated(source, pod, MAIN)?;
    }
    Ok(pods)
}

struct Read<'a> {
    source: &'a Source<'a>,
    model: Option<String>,
    open: Vec<String>,
}

impl Read<'_> {
    /// The pods of a workload: those of `template`, and those of `worker` where several nodes serve together.
    fn workload(&self, map: &Map<String, Value>, path: &str, role: &str) -> Pods {
        let one = |problem: Problem| vec![problem];
        let at = join(path, "parallelism");
        let parallelism = part(map, path, "parallelism").map_err(one)?;
        let size = |name: &str| parallelism.and_then(|sizes| number(sizes, name));
        let copies = match field(map, "scaling") {
            Some(_) => None,
            None => Some(number(map, "replicas").unwrap_or(1)),
        };
        let nodes = match (size("data"), size("dataLocal"), size("pipeline")) {
            (Some(data), Some(local), _) => data.div_ceil(local.max(1)),
            (_, _, Some(pipeline)) => pipeline,
            _ => 1,
        };
        let mut words = Vec::new();
        let flags = [
            ("tensor", "--tensor-parallel-size"),
            ("pipeline", "--pipeline-parallel-size"),
            ("data", "--data-parallel-size"),
        ];
        for (name, flag) in flags {
            if let Some(value) = parallelism.and_then(|sizes| field(sizes, name)) {
                let value = value.as_u64().ok_or_else(|| {
                    let found = crate::model::json::kind(value);
                    one(super::super::fields::bad(&join(&at, name), found, "a whole number"))
                })?;
                words.extend([flag.to_owned(), value.to_string()]);
            }
        }
        if parallelism.and_then(|sizes| field(sizes, "expert")).and_then(Value::as_bool) == Some(true) {
            words.push("--enable-expert-parallel".to_owned());
        }
        let parts =
            [("template", role.to_owned(), 1), ("worker", worker_role(role), nodes.saturating_sub(1))];
        all(parts.into_iter().filter(|(name, ..)| *name == "template" || field(map, name).is_some()).map(
            |(name, role, each)| {
                let mut pod = self.pod(map, path, name)?;
                pod.role = role;
                pod.replicas = copies.map(|copies| copies.saturating_mul(each));
                (pod.nodes, pod.of_copy) = (nodes.max(1), each);
                for container in pod.containers.iter_mut().filter(|container| container.name == MAIN) {
                    self.state(container, &words);
                }
                Ok(pod)
            },
        ))
    }

    fn pod(&self, map: &Map<String, Value>, path: &str, name: &str) -> Result<PodSpec, Vec<Problem>> {
        let at = join(path, name);
        let template = part(map, path, name).map_err(|problem| vec![problem])?;
        let mut parts = Assembled::new(&at);
        let fields: Vec<&str> = template.into_iter().flat_map(Map::keys).map(String::as_str).collect();
        if let Some(template) = template {
            parts.take(template, &fields);
        }
        let containers = template.and_then(|template| template.get("containers")).and_then(Value::as_array);
        if containers.is_none_or(|all| all.iter().all(|one| one.get("name") != Some(&json!(MAIN)))) {
            parts.add("containers", &json!({}), &at, MAIN);
        }
        parts.read(self.source)
    }

    fn state(&self, container: &mut Container, words: &[String]) {
        if container.role != Role::Main {
            return;
        }
        container.stated.server = Some(Server::Vllm);
        container.stated.model.clone_from(&self.model);
        container.stated.words = words.to_vec();
        container.stated.open.clone_from(&self.open);
    }
}

fn worker_role(role: &str) -> String {
    if role.is_empty() { "worker".to_owned() } else { format!("{role} worker") }
}

/// The spec with what its `baseRefs` say beneath it, and the configs that are not given.
fn merged(source: &Source<'_>, own: &Map<String, Value>) -> (Map<String, Value>, Vec<String>) {
    let mut base = Map::new();
    let mut open = Vec::new();
    let named = own.get("baseRefs").and_then(Value::as_array).into_iter().flatten();
    for name in named.filter_map(|item| item.get("name").and_then(Value::as_str)) {
        let found = source.beside.find("LLMInferenceServiceConfig", source.namespace, name);
        match found.and_then(|config| config.get("spec")).and_then(Value::as_object) {
            Some(spec) => overlay(&mut base, spec, 0),
            None => open.push(format!("baseRefs {name} (not given)")),
        }
    }
    overlay(&mut base, own, 0);
    (base, open)
}

/// How deep objects are merged; lists of containers by their names, other lists as a whole.
const MOST_DEPTH: usize = 16;

fn overlay(base: &mut Map<String, Value>, over: &Map<String, Value>, depth: usize) {
    for (name, value) in over {
        match (base.get_mut(name), value) {
            (Some(Value::Object(below)), Value::Object(above)) if depth < MOST_DEPTH => {
                overlay(below, above, depth.saturating_add(1));
            }
            (Some(Value::Array(below)), Value::Array(above)) if depth < MOST_DEPTH => {
                by_name(below, above, depth.saturating_add(1));
            }
            _ => drop(base.insert(name.clone(), value.clone())),
        }
    }
}

/// Lists whose items have names are merged item by item, as a strategic merge does.
fn by_name(below: &mut Vec<Value>, above: &[Value], depth: usize) {
    let name = |value: &Value| value.get("name").and_then(Value::as_str).map(str::to_owned);
    if above.iter().chain(below.iter()).any(|item| name(item).is_none()) {
        below.clear();
        below.extend_from_slice(above);
        return;
    }
    for item in above {
        match (below.iter_mut().find(|one| name(one) == name(item)), item) {
            (Some(Value::Object(one)), Value::Object(item)) => overlay(one, item, depth),
            (Some(one), item) => one.clone_from(item),
            (None, item) => below.push(item.clone()),
        }
    }
}
