//! RayCluster, RayService and RayJob of KubeRay.
//!
//! Sources: ray-project/kuberay `ray-operator/apis/ray/v1/raycluster_types.go`; Ray Serve's config schema and
//! `ray.serve.llm.LLMConfig`.

use serde_json::{Map, Value};

use super::super::container::{Container, Role};
use super::super::fields::{bad, join, object, text};
use super::super::pod::{PodSpec, Source, number, objects};
use super::super::server::Server;
use super::{Pods, all};
use crate::order;
use crate::problem::Problem;
use crate::yaml;

/// RayCluster.
pub(crate) fn cluster(source: &Source<'_>) -> Pods {
    groups(source, &["spec"], &[])
}

/// RayService: a cluster, and in `serveConfigV2` what is served on it.
pub(crate) fn service(source: &Source<'_>) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (spec, path) = source.walk(&["spec"]).map_err(one)?;
    let served = match text(spec, &path, "serveConfigV2").map_err(one)? {
        Some(config) => served(config, &join(&path, "serveConfigV2")).map_err(one)?,
        None => Vec::new(),
    };
    groups(source, &["spec", "rayClusterConfig"], &served)
}

/// RayJob.
pub(crate) fn job(source: &Source<'_>) -> Pods {
    groups(source, &["spec", "rayClusterSpec"], &[])
}

/// One model that is served.
struct Served {
    model: Option<String>,
    words: Vec<String>,
    open: Vec<String>,
}

fn groups(source: &Source<'_>, steps: &[&str], served: &[Served]) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (cluster, path) = source.walk(steps).map_err(one)?;
    let scaled = cluster.get("enableInTreeAutoscaling").and_then(Value::as_bool) == Some(true);
    let mut groups = Vec::new();
    if let Some(head) = cluster.get("headGroupSpec") {
        let path = join(&path, "headGroupSpec");
        groups.push((object(head, &path).map_err(one)?, path, true));
    }
    let workers = objects(cluster, &path, "workerGroupSpecs").map_err(one)?;
    groups.extend(workers.into_iter().map(|(map, path)| (map, path, false)));
    let mut pods = all(groups.into_iter().map(|(map, path, head)| {
        let at = join(&path, "template");
        let template = map.get("template").ok_or_else(|| one(bad(&at, "nothing", "an object")))?;
        let mut pod = source.template(object(template, &at).map_err(one)?, &at)?;
        let name = text(map, &path, "groupName").map_err(one)?.unwrap_or("worker");
        pod.role = if head { "head".to_owned() } else { name.to_owned() };
        let hosts = number(map, "numOfHosts").unwrap_or(1).max(1);
        let copies = if head {
            Some(1)
        } else if scaled {
            None
        } else {
            Some(number(map, "replicas").unwrap_or(1))
        };
        pod.replicas = copies.map(|copies| copies.saturating_mul(hosts));
        (pod.nodes, pod.of_copy) = (hosts, hosts);
        Ok(pod)
    }))?;
    for container in pods.iter_mut().flat_map(PodSpec::mains) {
        state(container, served);
    }
    Ok(pods)
}

impl PodSpec {
    /// The containers for the life of the pod that ask for devices.
    fn mains(&mut self) -> impl Iterator<Item = &mut Container> {
        self.containers.iter_mut().filter(|one| one.role == Role::Main && !one.claims.is_empty())
    }
}

fn state(container: &mut Container, served: &[Served]) {
    match served {
        [] => {}
        [one] => {
            container.stated.server = Some(Server::Vllm);
            container.stated.model.clone_from(&one.model);
            container.stated.words.clone_from(&one.words);
            container.stated.open.clone_from(&one.open);
        }
        several => {
            let name = |one: &Served| one.model.clone().unwrap_or_else(|| "one that is not named".to_owned());
            let names: Vec<String> = several.iter().map(name).collect();
            container.stated.server = Some(Server::Vllm);
            container.stated.open = vec![format!("one of several models: {}", names.join(", "))];
        }
    }
}

/// The models in a Serve config: those of `llm_configs`, and those that applications take from variables.
fn served(config: &str, path: &str) -> Result<Vec<Served>, Problem> {
    let documents = yaml::documents(path, config)?;
    let mut found = Vec::new();
    let applications = documents.iter().filter_map(|one| one.get("applications")?.as_array()).flatten();
    for application in applications {
        let configs =
            application.get("args").and_then(|args| args.get("llm_configs")).and_then(Value::as_array);
        found.extend(configs.into_iter().flatten().map(llm_config));
        let variables =
            application.get("runtime_env").and_then(|env| env.get("env_vars")).and_then(Value::as_object);
        found.extend(variables.and_then(of_variables));
    }
    Ok(found)
}

fn llm_config(config: &Value) -> Served {
    let Some(config) = config.as_object() else {
        let name = config.as_str().unwrap_or_default();
        return Served {
            model: None,
            words: Vec::new(),
            open: vec![format!("llm_configs {name} (not given)")],
        };
    };
    let loading = config.get("model_loading_config");
    let text = |name: &str| loading.and_then(|loading| loading.get(name)?.as_str()).map(str::to_owned);
    let elsewhere = loading.and_then(|loading| loading.get("model_source")).is_some_and(Value::is_object);
    let model = if elsewhere { None } else { text("model_source").or_else(|| text("model_id")) };
    let mut open = Vec::new();
    if elsewhere {
        open.push("model_source (a bucket)".to_owned());
    }
    let kwargs = config.get("engine_kwargs").and_then(Value::as_object);
    Served { model, words: kwargs.map(words).unwrap_or_default(), open }
}

/// Arguments of the engine as flags. The ranks are actors, which Ray may place in several pods.
fn words(kwargs: &Map<String, Value>) -> Vec<String> {
    let mut words = vec!["--distributed-executor-backend=ray".to_owned()];
    let mut names: Vec<&String> = kwargs.keys().collect();
    order::sort(&mut names);
    for (name, value) in names.into_iter().filter_map(|name| Some((name, kwargs.get(name)?))) {
        match value {
            Value::Bool(true) => words.push(format!("--{name}")),
            Value::Bool(false) | Value::Null => {}
            Value::String(text) => words.push(format!("--{name}={text}")),
            Value::Number(number) => words.push(format!("--{name}={number}")),
            Value::Array(_) | Value::Object(_) => words.push(format!("--{name}={value}")),
        }
    }
    words
}

/// KubeRay's own sample of vLLM takes the model and its parallelism from variables.
fn of_variables(variables: &Map<String, Value>) -> Option<Served> {
    let text = |name: &str| match variables.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let model = text("MODEL_ID")?;
    let mut words = vec!["--distributed-executor-backend=ray".to_owned()];
    for (name, flag) in [("TENSOR_PARALLELISM", "tensor"), ("PIPELINE_PARALLELISM", "pipeline")] {
        words.extend(text(name).map(|size| format!("--{flag}-parallel-size={size}")));
    }
    Some(Served { model: Some(model), words, open: Vec::new() })
}
