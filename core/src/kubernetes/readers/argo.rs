//! Workflows of Argo: each template with a container or a script is a pod of its own.

use serde_json::{Map, Value, json};

use super::super::fields::{field, join, text};
use super::super::pod::{Source, objects};
use super::{Assembled, POD_FIELDS, Pods, all, spec};
use crate::problem::Problem;

/// Workflow and WorkflowTemplate.
pub(crate) fn workflow(source: &Source<'_>) -> Pods {
    let (spec, path) = spec(source)?;
    templates(source, spec, &path)
}

/// CronWorkflow.
pub(crate) fn cron_workflow(source: &Source<'_>) -> Pods {
    let (spec, path) = source.walk(&["spec", "workflowSpec"]).map_err(|problem| vec![problem])?;
    templates(source, spec, &path)
}

fn templates(source: &Source<'_>, spec: &Map<String, Value>, path: &str) -> Pods {
    let one = |problem: Problem| vec![problem];
    let templates = objects(spec, path, "templates").map_err(one)?;
    let works = |map: &Map<String, Value>| {
        ["container", "script", "containerSet"].iter().any(|name| field(map, name).is_some())
    };
    all(templates.into_iter().filter(|(map, _)| works(map)).map(|(map, path)| {
        let mut parts = Assembled::new(&path);
        parts.take(map, &POD_FIELDS);
        parts.take(spec, &POD_FIELDS);
        containers(&mut parts, map, &path);
        let mut pod = parts.read(source)?;
        pod.role = text(map, &path, "name").map_err(one)?.unwrap_or_default().to_owned();
        pod.replicas = None;
        Ok(pod)
    }))
}

fn containers(parts: &mut Assembled, map: &Map<String, Value>, path: &str) {
    let items = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    for (place, item) in items(map.get("initContainers")).iter().enumerate() {
        parts.add("initContainers", item, &format!("{path}.initContainers[{place}]"), "init");
    }
    for (place, mut item) in items(map.get("sidecars")).into_iter().enumerate() {
        if let Some(item) = item.as_object_mut() {
            item.insert("restartPolicy".to_owned(), json!("Always"));
        }
        parts.add("initContainers", &item, &format!("{path}.sidecars[{place}]"), "sidecar");
    }
    if let Some(main) = field(map, "container") {
        parts.add("containers", main, &join(path, "container"), "main");
    }
    if let Some(script) = field(map, "script") {
        parts.add("containers", &as_command(script), &join(path, "script"), "main");
    }
    for (place, item) in
        items(map.get("containerSet").and_then(|set| set.get("containers"))).iter().enumerate()
    {
        parts.add("containers", item, &format!("{path}.containerSet.containers[{place}]"), "main");
    }
}

/// A script of a shell as the command that runs it.
fn as_command(script: &Value) -> Value {
    let mut script = script.clone();
    if let Some(map) = script.as_object_mut()
        && let Some(Value::String(source)) = map.remove("source")
    {
        let command = map.get("command").and_then(Value::as_array);
        let last = command.and_then(|words| words.iter().rev().find_map(Value::as_str));
        if last.is_none_or(|word| word.ends_with("sh") || word.starts_with('-')) {
            map.insert("command".to_owned(), json!(["sh", "-c", source]));
        }
    }
    script
}
