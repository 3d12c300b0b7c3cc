//! Workspace and InferenceSet of KAITO.
//!
//! Source: kaito-project/kaito 056b828, `api/v1beta1/workspace_types.go`, `presets/workspace/models`,
//! `docs/proposals/20260709-byo-nodes-mig-support.md`.

use serde_json::{Map, Value, json};

use super::super::claim::{Asked, Claim};
use super::super::container::Container;
use super::super::fields::{bad, field, join, object, part, text};
use super::super::pod::{PodSpec, Source, number};
use super::super::server::Server;
use super::super::sharing::Sharing;
use super::super::spelling::Spelling;
use super::{Assembled, Pods};
use crate::gpu::{ProfileName, instance};
use crate::order;
use crate::problem::Problem;
use crate::yaml;

/// Names of presets and the models that they are. Names with an organisation are ids themselves.
#[rustfmt::skip]
const PRESETS: &[(&str, &str)] = &[
    ("deepseek-r1-0528",             "deepseek-ai/DeepSeek-R1-0528"),
    ("deepseek-r1-distill-llama-8b", "deepseek-ai/DeepSeek-R1-Distill-Llama-8B"),
    ("deepseek-r1-distill-qwen-14b", "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B"),
    ("deepseek-v3-0324",             "deepseek-ai/DeepSeek-V3-0324"),
    ("falcon-7b",                    "tiiuae/falcon-7b"),
    ("falcon-7b-instruct",           "tiiuae/falcon-7b-instruct"),
    ("falcon-40b",                   "tiiuae/falcon-40b"),
    ("falcon-40b-instruct",          "tiiuae/falcon-40b-instruct"),
    ("gemma-3-4b-instruct",          "google/gemma-3-4b-it"),
    ("gemma-3-27b-instruct",         "google/gemma-3-27b-it"),
    ("gpt-oss-20b",                  "openai/gpt-oss-20b"),
    ("gpt-oss-120b",                 "openai/gpt-oss-120b"),
    ("llama-3.1-8b-instruct",        "meta-llama/Llama-3.1-8B-Instruct"),
    ("llama-3.3-70b-instruct",       "meta-llama/Llama-3.3-70B-Instruct"),
    ("mistral-7b",                   "mistralai/Mistral-7B-v0.3"),
    ("mistral-7b-instruct",          "mistralai/Mistral-7B-Instruct-v0.3"),
    ("phi-2",                        "microsoft/phi-2"),
    ("phi-3-mini-4k-instruct",       "microsoft/Phi-3-mini-4k-instruct"),
    ("phi-3-mini-128k-instruct",     "microsoft/Phi-3-mini-128k-instruct"),
    ("phi-3-medium-4k-instruct",     "microsoft/Phi-3-medium-4k-instruct"),
    ("phi-3-medium-128k-instruct",   "microsoft/Phi-3-medium-128k-instruct"),
    ("phi-3.5-mini-instruct",        "microsoft/Phi-3.5-mini-instruct"),
    ("phi-4",                        "microsoft/phi-4"),
    ("phi-4-mini-instruct",          "microsoft/Phi-4-mini-instruct"),
    ("qwen2.5-coder-7b-instruct",    "Qwen/Qwen2.5-Coder-7B-Instruct"),
    ("qwen2.5-coder-32b-instruct",   "Qwen/Qwen2.5-Coder-32B-Instruct"),
];

/// The annotation that chooses what serves; vLLM where it is absent.
const RUNTIME: &str = "kaito.sh/runtime";
const INSTANCE_TYPE: &str = "node.kubernetes.io/instance-type";
/// The container that serves.
const MAIN: &str = "kaito";

/// Workspace, whose parts stand at the top of the object.
pub(crate) fn workspace(source: &Source<'_>) -> Pods {
    Ok(vec![read(source, source.object, "", 1)?])
}

/// InferenceSet: copies of a workspace.
pub(crate) fn inference_set(source: &Source<'_>) -> Pods {
    let (template, path) = source.walk(&["spec", "template"]).map_err(|problem| vec![problem])?;
    let copies =
        source.object.get("spec").and_then(Value::as_object).and_then(|spec| number(spec, "replicas"));
    Ok(vec![read(source, template, &path, copies.unwrap_or(1))?])
}

fn read(
    source: &Source<'_>,
    map: &Map<String, Value>,
    path: &str,
    copies: u64,
) -> Result<PodSpec, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let inference = part(map, path, "inference").map_err(one)?;
    let at = join(path, "inference");
    let resource = part(map, path, "resource").map_err(one)?;
    let own = inference.and_then(|inference| inference.get("template"));
    let mut pod = match own.filter(|own| !own.is_null()) {
        Some(own) => {
            let at = join(&at, "template");
            source.template(object(own, &at).map_err(one)?, &at)?
        }
        None => {
            let mut parts = Assembled::new(&at);
            parts.add("containers", &json!({}), &at, MAIN);
            parts.read(source)?
        }
    };
    pod.replicas = Some(copies);
    if let Some(resource) = resource {
        place(&mut pod, resource, &join(path, "resource")).map_err(one)?;
    }
    let runtime = pod.annotations.get(RUNTIME).cloned();
    if own.is_none_or(Value::is_null)
        && let Some(container) = pod.containers.first_mut()
    {
        if let Some(resource) = resource {
            container.claims.push(claim(resource, &join(path, "resource")).map_err(one)?);
        }
        if let Some(inference) = inference {
            state(source, container, inference, &at, runtime.as_deref()).map_err(one)?;
        }
    }
    Ok(pod)
}

/// Where the pod may run.
fn place(pod: &mut PodSpec, resource: &Map<String, Value>, path: &str) -> Result<(), Problem> {
    if let Some(name) = text(resource, path, "instanceType")? {
        pod.node.insist(INSTANCE_TYPE, name);
    }
    if let Some(selector) = part(resource, path, "labelSelector")? {
        let at = join(path, "labelSelector");
        for (label, value) in super::super::fields::text_map(selector, &at, "matchLabels")? {
            pod.node.insist(&label, &value);
        }
    }
    Ok(())
}

/// One slice of each pod where a partition is named; else all GPUs of a machine.
fn claim(resource: &Map<String, Value>, path: &str) -> Result<Claim, Problem> {
    let made = |resource: &str, path: String, asked, count| Claim {
        resource: resource.to_owned(),
        path,
        asked,
        count,
        spelling: Spelling::Kaito,
        sharing: Sharing::Alone,
    };
    if let Some(partition) = part(resource, path, "partition")? {
        let at = join(path, "partition");
        let mode = text(partition, &at, "mode")?.unwrap_or("mig");
        if mode != "mig" {
            return Err(bad(&join(&at, "mode"), format!("{mode:?}"), "mig"));
        }
        let at = join(&at, "profile");
        let name = text(partition, path, "profile")?.unwrap_or_default();
        let profile = ProfileName::parse(name).map_err(|problem| problem.about(at.clone()))?;
        return Ok(made(&profile.resource_name(), at, Asked::Slice(profile), 1));
    }
    let at = join(path, "instanceType");
    let name = text(resource, path, "instanceType")?;
    Ok(match name.and_then(instance) {
        Some(known) => made("nvidia.com/gpu", at, Asked::Gpu, u64::from(known.count)),
        None => {
            let found =
                name.map_or_else(|| "nodes of one's own".to_owned(), |name| format!("the machine {name:?}"));
            let problem = Problem::new("claim-open", &at, found, "a machine whose GPUs are known");
            made("nvidia.com/gpu", at, Asked::Open(problem), 1)
        }
    })
}

fn state(
    source: &Source<'_>,
    container: &mut Container,
    inference: &Map<String, Value>,
    path: &str,
    runtime: Option<&str>,
) -> Result<(), Problem> {
    let Some(preset) = part(inference, path, "preset")? else { return Ok(()) };
    let name = text(preset, &join(path, "preset"), "name")?;
    container.stated.model = name.map(|name| {
        let known = PRESETS.iter().find(|(preset, _)| preset.eq_ignore_ascii_case(name));
        known.map_or(name, |(_, id)| id).to_owned()
    });
    match runtime {
        None | Some("vllm") => container.stated.server = Some(Server::Vllm),
        Some(other) => container.stated.open.push(format!("{RUNTIME} {other}")),
    }
    // Without a length the preset takes what fits (`presets/workspace/inference/vllm/inference_api.py`).
    container.stated.words = vec!["--max-model-len=auto".to_owned()];
    if let Some(config) = text(inference, path, "config")? {
        match source.beside.find("ConfigMap", source.namespace, config) {
            Some(map) => container.stated.words.extend(flags(map, config)?),
            None => container.stated.open.push(format!("config {config} (not given)")),
        }
    }
    if field(inference, "adapters").is_some() {
        container.stated.open.push("adapters".to_owned());
    }
    Ok(())
}

/// The flags below `vllm` in a ConfigMap's `inference_config.yaml`.
fn flags(map: &Map<String, Value>, name: &str) -> Result<Vec<String>, Problem> {
    let file = map.get("data").and_then(|data| data.get("inference_config.yaml")?.as_str());
    let documents =
        yaml::documents(&format!("ConfigMap {name}: inference_config.yaml"), file.unwrap_or_default())?;
    let mut words = Vec::new();
    for settings in documents.iter().filter_map(|one| one.get("vllm")?.as_object()) {
        let mut names: Vec<&String> = settings.keys().collect();
        order::sort(&mut names);
        for (name, value) in names.into_iter().filter_map(|name| Some((name, settings.get(name)?))) {
            match value {
                Value::Bool(true) => words.push(format!("--{name}")),
                Value::Bool(false) | Value::Null => {}
                Value::String(text) => words.push(format!("--{name}={text}")),
                other => words.push(format!("--{name}={other}")),
            }
        }
    }
    Ok(words)
}
