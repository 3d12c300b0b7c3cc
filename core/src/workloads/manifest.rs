//! Objects of Kubernetes as workloads: their containers, or, where there is none, their claims.

use serde_json::Value;

use super::Asked;
use crate::engine::Serving;
use crate::kubernetes::{
    self, Alternative, Asked as Claimed, Beside, Claim, Container, Launch, PodSpec, Role, launch,
};
use crate::matching::requirement::{Condition, Workload};
use crate::model::Model;
use crate::problem::Problem;
use crate::review::{Context, find_model, model_name};

/// The containers of all `objects` that ask for devices, one for each way in which a claim can be met.
pub(super) fn read(objects: &[Value], context: &Context<'_>) -> Result<Vec<Asked>, Vec<Problem>> {
    let reading = kubernetes::read(objects);
    if !reading.problems.is_empty() {
        return Err(reading.problems);
    }
    let mut asked = Vec::new();
    for workload in &reading.workloads {
        let name = format!("{} {}", workload.kind.name(), workload.name);
        for pod in leading(&workload.pods) {
            let main = pod.containers.iter().filter(|one| one.role == Role::Main && !one.claims.is_empty());
            for container in main {
                asked.append(&mut containers(&name, pod, container, context)?);
            }
        }
    }
    if reading.workloads.is_empty() {
        asked = claims(objects)?;
    }
    if asked.is_empty() {
        let found = if reading.others.is_empty() { "none".to_owned() } else { reading.others.join(", ") };
        let expected = "an object with a container that asks for a GPU or a slice, or a claim";
        return Err(vec![Problem::new("no-claim", "workload", found, expected)]);
    }
    Ok(asked)
}

/// Claims that stand alone.
fn claims(objects: &[Value]) -> Result<Vec<Asked>, Vec<Problem>> {
    let beside = Beside::of(objects);
    let mut asked = Vec::new();
    for object in objects.iter().filter_map(Value::as_object) {
        let name = object.get("metadata").and_then(|metadata| metadata.get("name")?.as_str());
        let claims = match object.get("kind").and_then(Value::as_str) {
            Some("ResourceClaim" | "ResourceClaimTemplate") => kubernetes::requested(object, &beside)?,
            Some(_) | None => continue,
        };
        for claim in claims {
            asked.append(&mut Asked::claim(name.unwrap_or("claim"), &claim));
        }
    }
    Ok(asked)
}

/// Of several pods that serve one copy together, the first speaks for all: those that follow it until the copy is
/// whole are its workers.
fn leading(pods: &[PodSpec]) -> Vec<&PodSpec> {
    let (mut leading, mut missing) = (Vec::new(), 0_u64);
    for pod in pods.iter().filter(|pod| pod.of_copy > 0) {
        if missing == 0 {
            leading.push(pod);
            missing = pod.nodes;
        }
        missing = missing.saturating_sub(pod.of_copy);
    }
    leading
}

/// What `container` serves on what it claims, one for each claim and each way to meet it.
fn containers(
    name: &str,
    pod: &PodSpec,
    container: &Container,
    context: &Context<'_>,
) -> Result<Vec<Asked>, Vec<Problem>> {
    let launch = launch(container)?;
    let model = find_model(pod, container, &launch, context).map_err(|problem| vec![problem])?;
    let open = open(pod, container, &launch, model.as_ref());
    let serving = Serving {
        pipeline_parallel: launch.pipeline_parallel,
        data_parallel: launch.data_parallel,
        ..launch.serving
    };
    let single = pod.node.labels.iter().filter(|(_, values)| values.len() == 1);
    let labels: Vec<(String, String)> =
        single.filter_map(|(key, values)| Some((key.clone(), values.first()?.clone()))).collect();
    let role = if pod.role.is_empty() { String::new() } else { format!(" {}", pod.role) };
    let mut all = Vec::new();
    for claim in &container.claims {
        for mut one in Asked::claim(&format!("{name}{role}"), claim) {
            one.workload.replicas = pod.replicas.map_or(1, |pods| pods.div_ceil(pod.of_copy.max(1)));
            one.elsewhere = pod.replicas.is_none();
            one.workload.serving = serving.clone();
            one.workload.labels = labels.iter().cloned().collect();
            one.model.clone_from(&model);
            one.pods = Some((pod.nodes.max(1), claim.count));
            one.open.extend(open.iter().cloned());
            all.push(one);
        }
    }
    Ok(all)
}

/// What the answer for `container` leaves out.
fn open(pod: &PodSpec, container: &Container, launch: &Launch, model: Option<&Model>) -> Vec<String> {
    let Some(model) = model else {
        return vec![match (&launch.hidden, model_name(pod, container, launch)) {
            (Some(problem), _) => problem.to_string(),
            (None, Some(name)) => format!("the model {name:?} is not known"),
            (None, None) => "no model is named".to_owned(),
        }];
    };
    let mut open: Vec<String> =
        launch.open.iter().map(|flag| format!("the estimate leaves out {flag}")).collect();
    if let (Some(method), None) = (&launch.quantization, &model.quantization) {
        open.push(format!("the estimate leaves out --quantization {method}"));
    }
    open
}

impl Asked {
    /// The ways in which `claim` can be met.
    fn claim(name: &str, claim: &Claim) -> Vec<Asked> {
        let base = || Asked {
            pods: Some((1, claim.count)),
            ..Asked::of(Workload { name: name.to_owned(), ..Workload::default() })
        };
        match &claim.asked {
            Claimed::Gpu | Claimed::Slice(_) => {
                vec![Asked { resource: Some(claim.resource.clone()), ..base() }]
            }
            Claimed::Part(part) => {
                let mut one = base();
                one.workload.floors.memory = part.memory;
                one.open.push(format!("{}: a part of a GPU that a scheduler keeps apart", claim.resource));
                vec![one]
            }
            Claimed::Open(problem) => vec![Asked { open: vec![problem.to_string()], ..base() }],
            Claimed::Selected(ways) => {
                let several = ways.len() > 1;
                let one = |(place, way): (usize, &Alternative)| {
                    let mut one = base();
                    if several {
                        one.workload.name = format!("{name}, alternative {}", place.saturating_add(1));
                    }
                    one.conditions = way.selectors.iter().map(Condition::of).collect();
                    one
                };
                ways.iter().enumerate().map(one).collect()
            }
        }
    }
}
