//! Objects of Kubernetes as workloads: their containers, or, where there is none, their claims.

use migfit::catalog;
use migfit::engine::Serving;
use migfit::kubernetes::{self, Asked as Claimed, Beside, Claim, Container, PodSpec, Role, launch};
use migfit::matching::requirement::{Condition, Workload};
use migfit::problem::Problem;
use serde_json::Value;

use super::{Asked, failures};
use crate::report::Failure;

/// The containers of all `objects` that ask for devices, one for each way in which a claim can be met.
pub(super) fn read(objects: &[Value], file: &str) -> Result<Vec<Asked>, Vec<Failure>> {
    let reading = kubernetes::read(objects);
    if !reading.problems.is_empty() {
        return Err(failures(file, reading.problems));
    }
    let mut asked = Vec::new();
    for workload in &reading.workloads {
        let name = format!("{} {}", workload.kind.name(), workload.name);
        for pod in workload.pods.iter().filter(|pod| leads(pod, &workload.pods)) {
            let main = pod.containers.iter().filter(|one| one.role == Role::Main);
            for container in main {
                for claim in &container.claims {
                    asked.append(&mut Asked::container(&name, pod, container, claim, file)?);
                }
            }
        }
    }
    if reading.workloads.is_empty() {
        let beside = Beside::of(objects);
        for object in objects.iter().filter_map(Value::as_object) {
            let name = object.get("metadata").and_then(|metadata| metadata.get("name")?.as_str());
            let claims = match object.get("kind").and_then(Value::as_str) {
                Some("ResourceClaim" | "ResourceClaimTemplate") => kubernetes::requested(object, &beside),
                Some(_) | None => continue,
            };
            for claim in claims.map_err(|problems| failures(file, problems))? {
                asked.append(&mut Asked::claim(name.unwrap_or("claim"), &claim, file));
            }
        }
    }
    if asked.is_empty() {
        let found = if reading.others.is_empty() { "none".to_owned() } else { reading.others.join(", ") };
        let expected = "an object with a container that asks for a GPU or a slice, or a claim";
        return Err(failures(file, vec![Problem::new("no-claim", "workload", found, expected)]));
    }
    Ok(asked)
}

/// Of several pods that serve one copy together, the first speaks for all.
fn leads(pod: &PodSpec, all: &[PodSpec]) -> bool {
    pod.nodes == 1 || all.iter().find(|other| other.nodes == pod.nodes) == Some(pod)
}

impl Asked {
    /// The ways in which `claim` can be met.
    fn claim(name: &str, claim: &Claim, file: &str) -> Vec<Asked> {
        let base = || Asked {
            workload: Workload { name: name.to_owned(), ..Workload::default() },
            pods: Some((1, claim.count)),
            ..Asked::empty(file)
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
                let one = |(place, way): (usize, &kubernetes::Alternative)| {
                    let mut one = base();
                    if several {
                        one.workload.name = format!("{name}, alternative {}", place + 1);
                    }
                    one.conditions = way.selectors.iter().map(Condition::of).collect();
                    one
                };
                ways.iter().enumerate().map(one).collect()
            }
        }
    }

    fn container(
        name: &str,
        pod: &PodSpec,
        container: &Container,
        claim: &Claim,
        file: &str,
    ) -> Result<Vec<Asked>, Vec<Failure>> {
        let launch = launch(container).map_err(|problems| failures(file, problems))?;
        let annotated = pod.annotations.get("migfit.io/model").cloned();
        let named = annotated.or_else(|| launch.model.clone().filter(|_| launch.hidden.is_none()));
        let model =
            named.as_deref().and_then(|name| catalog::find(name).and_then(|entry| entry.model()).ok());
        let mut open = Vec::new();
        match (&model, &launch.hidden, &named) {
            (Some(_), _, _) => {
                open.extend(launch.open.iter().map(|flag| format!("the estimate leaves out {flag}")))
            }
            (None, Some(problem), _) => open.push(problem.to_string()),
            (None, None, Some(name)) => open.push(format!("the model {name:?} is not known")),
            (None, None, None) => open.push("no model is named".to_owned()),
        }
        if let (Some(model), Some(method)) = (&model, &launch.quantization)
            && model.quantization.is_none()
        {
            open.push(format!("the estimate leaves out --quantization {method}"));
        }
        let serving = Serving {
            pipeline_parallel: launch.pipeline_parallel,
            data_parallel: launch.data_parallel,
            ..launch.serving
        };
        let single = pod.node.labels.iter().filter(|(_, values)| values.len() == 1);
        let labels: Vec<(String, String)> =
            single.filter_map(|(key, values)| Some((key.clone(), values.first()?.clone()))).collect();
        let role = if pod.role.is_empty() { String::new() } else { format!(" {}", pod.role) };
        let mut asked = Asked::claim(&format!("{name}{role}"), claim, file);
        for one in &mut asked {
            one.workload.replicas = (pod.replicas.unwrap_or(1) / pod.nodes.max(1)).max(1);
            one.workload.serving = serving.clone();
            one.workload.labels = labels.iter().cloned().collect();
            one.model.clone_from(&model);
            one.pods = Some((pod.nodes.max(1), claim.count));
            one.open.extend(open.iter().cloned());
        }
        Ok(asked)
    }
}
