//! DynamoGraphDeployment of NVIDIA Dynamo, v1alpha1 and v1beta1.
//!
//! Source: ai-dynamo/dynamo `deploy/operator/api`: v1alpha1 keeps services by name with resources of its own
//! (`limits.gpu`), v1beta1 a list of components with pod templates.

use serde_json::{Map, Value, json};

use super::super::fields::{field, join, object, part, text};
use super::super::pod::{PodSpec, Source, number, objects};
use super::super::server::Server;
use super::{Assembled, Pods, all, spec};
use crate::order;
use crate::problem::Problem;

/// The container that serves.
const MAIN: &str = "main";

/// DynamoGraphDeployment.
pub(crate) fn graph_deployment(source: &Source<'_>) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (spec, path) = spec(source)?;
    let server = text(spec, &path, "backendFramework").map_err(one)?.and_then(backend);
    let at = join(&path, "services");
    let services = part(spec, &path, "services").map_err(one)?;
    let mut names: Vec<&String> = services.into_iter().flat_map(Map::keys).collect();
    order::sort(&mut names);
    let services = names.into_iter().filter_map(|name| Some((name, services?.get(name)?)));
    let mut pods = all(services.map(|(name, value)| {
        let at = join(&at, name);
        service(source, object(value, &at).map_err(one)?, &at, name)
    }))?;
    let components = objects(spec, &path, "components").map_err(one)?;
    pods.extend(all(components.into_iter().map(|(map, at)| component(source, map, &at)))?);
    for container in pods.iter_mut().flat_map(|pod| &mut pod.containers) {
        if container.name == MAIN && !container.claims.is_empty() {
            container.stated.server = server;
        }
    }
    Ok(pods)
}

fn backend(name: &str) -> Option<Server> {
    match name {
        "vllm" => Some(Server::Vllm),
        "sglang" => Some(Server::Sglang),
        "trtllm" => Some(Server::TensorRtLlm),
        _ => None,
    }
}

/// A service of v1alpha1.
fn service(
    source: &Source<'_>,
    map: &Map<String, Value>,
    path: &str,
    name: &str,
) -> Result<PodSpec, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let at = join(path, "extraPodSpec");
    let extra = part(map, path, "extraPodSpec").map_err(one)?;
    let mut parts = Assembled::new(&at);
    if let Some(extra) = extra {
        let fields: Vec<&str> =
            extra.keys().map(String::as_str).filter(|name| *name != "mainContainer").collect();
        parts.take(extra, &fields);
    }
    let main = extra.map(|extra| part(extra, &at, "mainContainer")).transpose().map_err(one)?.flatten();
    let mut main = main.cloned().unwrap_or_default();
    if let Some(resources) = part(map, path, "resources").map_err(one)? {
        main.insert("resources".to_owned(), plain(resources));
    }
    if let Some(Value::Array(envs)) = map.get("envs") {
        let own = main.get("env").and_then(Value::as_array).cloned().unwrap_or_default();
        main.insert("env".to_owned(), Value::Array([envs.clone(), own].concat()));
    }
    parts.add("containers", &Value::Object(main), &join(&at, "mainContainer"), MAIN);
    let mut pod = parts.read(source)?;
    for container in &mut pod.containers {
        for claim in &mut container.claims {
            claim.path = claim.path.replace(&join(&at, "mainContainer.resources"), &join(path, "resources"));
        }
    }
    pod.role = name.to_owned();
    sized(&mut pod, map);
    Ok(pod)
}

/// Resources in Kubernetes' own form: `gpu` stands for the resource that `gpuType` names.
fn plain(resources: &Map<String, Value>) -> Value {
    let mut plain = Map::new();
    for side in ["limits", "requests"] {
        let Some(stated) = resources.get(side).and_then(Value::as_object) else { continue };
        let mut amounts = Map::new();
        if let Some(gpu) = field(stated, "gpu") {
            let kind = stated.get("gpuType").and_then(Value::as_str).unwrap_or("nvidia.com/gpu");
            amounts.insert(kind.to_owned(), gpu.clone());
        }
        let custom = stated.get("custom").and_then(Value::as_object);
        for (name, amount) in
            stated.iter().filter(|(name, _)| name.contains('/')).chain(custom.into_iter().flatten())
        {
            amounts.insert(name.clone(), amount.clone());
        }
        plain.insert(side.to_owned(), Value::Object(amounts));
    }
    if let Some(claims) = resources.get("claims") {
        plain.insert("claims".to_owned(), claims.clone());
    }
    json!(plain)
}

/// A component of v1beta1.
fn component(source: &Source<'_>, map: &Map<String, Value>, path: &str) -> Result<PodSpec, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let at = join(path, "podTemplate");
    let template = part(map, path, "podTemplate").map_err(one)?;
    let mut pod = match template {
        Some(template) => source.template(template, &at)?,
        None => Assembled::new(&at).read(source)?,
    };
    pod.role = text(map, path, "name").map_err(one)?.unwrap_or_default().to_owned();
    sized(&mut pod, map);
    Ok(pod)
}

fn sized(pod: &mut PodSpec, map: &Map<String, Value>) {
    let nodes = field(map, "multinode").and_then(|multi| multi.get("nodeCount")).and_then(Value::as_u64);
    pod.nodes = nodes.unwrap_or(1).max(1);
    pod.of_copy = pod.nodes;
    let scaled =
        field(map, "autoscaling").and_then(|one| one.get("enabled")).and_then(Value::as_bool) == Some(true);
    let copies = number(map, "replicas").unwrap_or(1);
    pod.replicas = (!scaled).then(|| copies.saturating_mul(pod.nodes));
}
