//! ModelDeployment of Modelplane.
//!
//! Source: modelplaneai/modelplane 90ba117, `apis/modeldeployments/definition.yaml`.

use serde_json::{Map, Value};

use super::super::claim::{Asked, Claim};
use super::super::dra::{self, Alternative};
use super::super::fields::{bad, join, list, object, part, text};
use super::super::pod::{PodSpec, Source, number, objects};
use super::super::sharing::Sharing;
use super::{Pods, all, spec};
use crate::problem::Problem;

/// ModelDeployment: one pod template for each member of each engine. Devices are asked for beside the template.
pub(crate) fn model_deployment(source: &Source<'_>) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (outer, _) = spec(source)?;
    let (inner, path) = source.walk(&["spec", "template", "spec"]).map_err(one)?;
    let replicas = number(outer, "replicas").unwrap_or(1);
    let mut members = Vec::new();
    for (engine, at) in objects(inner, &path, "engines").map_err(one)? {
        let copies = replicas.saturating_mul(number(engine, "copies").unwrap_or(1));
        let name = text(engine, &at, "name").map_err(one)?.unwrap_or_default();
        let each = objects(engine, &at, "members").map_err(one)?;
        let workers: u64 = each.iter().map(|(member, _)| nodes(member)).fold(0, u64::saturating_add);
        members.extend(each.into_iter().map(|(map, at)| (name, copies, workers, map, at)));
    }
    all(members.into_iter().map(|(engine, copies, together, map, at)| {
        let role = text(map, &at, "role").map_err(one)?.unwrap_or("Standalone").to_ascii_lowercase();
        let mut pod = member(source, map, &at)?;
        pod.role = if role == "standalone" { engine.to_owned() } else { format!("{engine} {role}") };
        pod.replicas = Some(copies.saturating_mul(nodes(map)));
        (pod.nodes, pod.of_copy) = (together, nodes(map));
        Ok(pod)
    }))
}

/// How many pods a member is.
fn nodes(member: &Map<String, Value>) -> u64 {
    member.get("worker").and_then(|worker| worker.get("nodes")?.as_u64()).unwrap_or(1)
}

fn member(source: &Source<'_>, map: &Map<String, Value>, path: &str) -> Result<PodSpec, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let at = join(path, "template");
    let template = map.get("template").ok_or_else(|| one(bad(&at, "nothing", "an object")))?;
    let mut pod = source.template(object(template, &at).map_err(one)?, &at)?;
    let Some(selector) = part(map, path, "nodeSelector").map_err(one)? else { return Ok(pod) };
    let at = join(path, "nodeSelector");
    let devices = objects(selector, &at, "devices").map_err(one)?;
    let claims = devices
        .into_iter()
        .map(|(device, at)| claim(device, &at))
        .collect::<Result<Vec<_>, _>>()
        .map_err(one)?;
    let place = pod.containers.iter().position(|container| container.name == "engine").unwrap_or(0);
    if let Some(container) = pod.containers.get_mut(place) {
        container.claims.extend(claims);
    }
    Ok(pod)
}

/// A request for devices of whatever class satisfies its selectors.
fn claim(device: &Map<String, Value>, path: &str) -> Result<Claim, Problem> {
    let count =
        device.get("count").map_or(Ok(1), |count| super::super::claim::count(count, &join(path, "count")))?;
    let mut way = Alternative { class: String::new(), selectors: Vec::new() };
    let mut open = None;
    for (place, item) in list(device, path, "selectors")?.iter().enumerate() {
        let at = format!("{path}.selectors[{place}]");
        let cel = text(object(item, &at)?, &at, "cel")?.unwrap_or_default();
        match dra::selector(cel, &join(&at, "cel")) {
            Ok(selector) => way.selectors.push(selector),
            Err(problem) => open = Some(problem),
        }
    }
    let spelling = way.spelling();
    let asked = open.map_or_else(|| Asked::Selected(vec![way]), Asked::Open);
    let resource = text(device, path, "name")?.unwrap_or("gpu").to_owned();
    let path = path.to_owned();
    Ok(Claim { resource, path, asked, count: count.max(1), spelling, sharing: Sharing::Alone })
}
