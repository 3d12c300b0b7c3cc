//! Workloads as they are given: declared, claimed, or an object of Kubernetes.

use std::path::Path;

use migfit::engine::Serving;
use migfit::kubernetes::{Container, Kind, PodSpec, Role, launch, pods};
use migfit::matching::requirement::{
    DeviceRequest, ModelRef, Requirement, Topology, Workload, device_requests, read_requests,
};
use migfit::model::Model;
use migfit::problem::Problem;
use migfit::units::grouped;
use serde_json::Value;

use crate::input;
use crate::report::Failure;

/// One workload, with its model found.
pub(super) struct Asked {
    file: String,
    workload: Workload,
    model: Option<Model>,
    /// What a container names that no pool may lack.
    resource: Option<String>,
    /// Pods and the units of each, where containers claim them.
    pods: Option<(u64, u64)>,
    request: Option<DeviceRequest>,
}

impl Asked {
    /// Every workload of a document.
    pub(super) fn read(document: &Value, file: &str) -> Result<Vec<Asked>, Vec<Failure>> {
        let failed = |problems: Vec<Problem>| -> Vec<Failure> {
            problems.into_iter().map(|problem| Failure { file: file.to_owned(), problem }).collect()
        };
        if let Some(items) = document.get("items").and_then(Value::as_array) {
            let each = items.iter().map(|item| Asked::read(item, file));
            return each.collect::<Result<Vec<_>, _>>().map(|all| all.into_iter().flatten().collect());
        }
        match document.get("kind").and_then(Value::as_str) {
            Some("ResourceClaim" | "ResourceClaimTemplate") => {
                let requests = device_requests(document).map_err(|problem| failed(vec![problem]))?;
                let name = name_of(document);
                Ok(requests.into_iter().map(|request| Asked::claimed(file, &name, request)).collect())
            }
            Some("ModelDeployment") if !states_topology(document) => engines(document, file),
            Some(_) if !states_topology(document) => objects(document, file),
            Some(_) | None => {
                let workload = Workload::read(document, file).map_err(failed)?;
                let model = match &workload.model {
                    Some(ModelRef::Named(name)) => Some(input::model(Path::new(name))?),
                    Some(ModelRef::Config(text)) => {
                        Some(migfit::model::read(text).map_err(|problem| failed(vec![problem]))?)
                    }
                    None => None,
                };
                Ok(vec![Asked { workload, model, ..Asked::empty(file) }])
            }
        }
    }

    fn claimed(file: &str, name: &str, request: DeviceRequest) -> Asked {
        let workload = Workload { name: name.to_owned(), ..Workload::default() };
        Asked { workload, pods: Some((1, request.count)), request: Some(request), ..Asked::empty(file) }
    }

    fn empty(file: &str) -> Asked {
        let workload = Workload::default();
        Asked { file: file.to_owned(), workload, model: None, resource: None, pods: None, request: None }
    }

    /// What it requires.
    pub(super) fn requirement(&self) -> Result<Requirement<'_>, Vec<Failure>> {
        let failed = |problem| Failure { file: self.file.clone(), problem };
        let base = self
            .workload
            .requirement(self.model.as_ref())
            .map_err(|problems| problems.into_iter().map(failed).collect::<Vec<Failure>>())?;
        let mut requirement = Requirement { resource: self.resource.clone(), ..base };
        if let Some(request) = &self.request {
            let claimed = request.requirement(&self.workload.name);
            requirement.name = claimed.name;
            requirement.conditions = claimed.conditions;
        }
        // What is claimed is what is scheduled; an engine with more ranks than that asks for more.
        if let Some((nodes, units_per_node)) = self.pods {
            let claimed = Topology::Stated { nodes, units_per_node };
            if requirement.plan.is_none() || requirement.topology.units() <= claimed.units() {
                requirement.topology = claimed;
            }
        }
        Ok(requirement)
    }

    /// What is served, for a reader.
    pub(super) fn what(&self) -> String {
        let Some(model) = &self.model else { return String::new() };
        let serving = &self.workload.serving;
        let tokens = serving.max_model_len.unwrap_or(model.context.tokens);
        let plural = if serving.sequences == 1 { "" } else { "s" };
        format!(
            ": {}, {} parameters, {} sequence{plural} of {} tokens under {}",
            if model.architecture.is_empty() { &model.model_type } else { &model.architecture },
            grouped(model.parameters().total),
            grouped(serving.sequences),
            grouped(tokens),
            serving.engine
        )
    }
}

fn name_of(document: &Value) -> String {
    let text = |path: &str| document.pointer(path).and_then(Value::as_str);
    let kind = text("/kind").unwrap_or("object");
    format!("{kind}/{}", text("/metadata/name").unwrap_or("without a name"))
}

fn states_topology(document: &Value) -> bool {
    ["/spec/replicaTopology", "/spec/template/spec/replicaTopology"]
        .iter()
        .any(|path| document.pointer(path).is_some())
}

/// The containers of an object that makes pods.
fn objects(document: &Value, file: &str) -> Result<Vec<Asked>, Vec<Failure>> {
    let failed = |problem| Failure { file: file.to_owned(), problem };
    let one = |problem| vec![failed(problem)];
    let Some(map) = document.as_object() else { return Ok(Vec::new()) };
    let Some(kind) = Kind::of(map).map_err(one)? else {
        let found = format!("`{}`", name_of(document));
        let expected = "a workload, a claim, or an object that makes pods";
        return Err(one(Problem::new("unknown-kind", "kind", found, expected)));
    };
    let replicas = document.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(1);
    let pods = pods(kind, map).map_err(|problems| problems.into_iter().map(failed).collect::<Vec<_>>())?;
    let mut asked = Vec::new();
    for pod in &pods {
        let main = pod.containers.iter().filter(|one| one.role == Role::Main && !one.claims.is_empty());
        for container in main {
            let claim = container.claims.first();
            asked.push(Asked {
                resource: claim.map(|claim| claim.resource.clone()),
                pods: claim.map(|claim| (1, claim.count)),
                ..engine(pod, container, &name_of(document), replicas.max(1), file)?
            });
        }
    }
    if asked.is_empty() {
        let found = format!("`{}` without one", name_of(document));
        return Err(one(Problem::new(
            "no-claim",
            "containers",
            found,
            "a container that asks for a GPU or a slice",
        )));
    }
    Ok(asked)
}

/// What a container serves, where its model is known.
fn engine(
    pod: &PodSpec,
    container: &Container,
    name: &str,
    replicas: u64,
    file: &str,
) -> Result<Asked, Vec<Failure>> {
    let failed = |problem| Failure { file: file.to_owned(), problem };
    let launch =
        launch(container).map_err(|problems| problems.into_iter().map(failed).collect::<Vec<Failure>>())?;
    let named = pod.annotations.get("migfit.io/model").cloned().or(launch.model);
    let model = named.and_then(|name| migfit::catalog::find(&name).and_then(|entry| entry.model()).ok());
    let serving = Serving {
        pipeline_parallel: launch.pipeline_parallel,
        data_parallel: launch.data_parallel,
        ..launch.serving
    };
    let single = pod.node.labels.iter().filter(|(_, values)| values.len() == 1);
    let labels = single.filter_map(|(key, values)| Some((key.clone(), values.first()?.clone()))).collect();
    let workload = Workload { name: name.to_owned(), replicas, serving, labels, ..Workload::default() };
    Ok(Asked { workload, model, ..Asked::empty(file) })
}

/// The engines of a ModelDeployment of today: the pods of all members, each with the devices that it selects.
fn engines(document: &Value, file: &str) -> Result<Vec<Asked>, Vec<Failure>> {
    let failed = |problem| vec![Failure { file: file.to_owned(), problem }];
    let replicas = document.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(1);
    let list = document.pointer("/spec/template/spec/engines").and_then(Value::as_array);
    let mut asked = Vec::new();
    for engine in list.into_iter().flatten() {
        let members = engine.get("members").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let nodes = members.iter().map(nodes_of).sum();
        let Some(first) = members.first() else { continue };
        let devices = first.pointer("/nodeSelector/devices").unwrap_or(&Value::Null);
        for request in read_requests(devices).map_err(failed)? {
            let served = member_engine(first, &name_of(document), replicas, file)?;
            asked.push(Asked { pods: Some((nodes, request.count)), request: Some(request), ..served });
        }
    }
    if asked.is_empty() {
        let expected = "engines with members that select devices, or `replicaTopology`";
        return Err(failed(Problem::new("no-claim", "ModelDeployment", "neither", expected)));
    }
    Ok(asked)
}

/// A worker may stand for several nodes.
fn nodes_of(member: &Value) -> u64 {
    member.pointer("/worker/nodes").and_then(Value::as_u64).unwrap_or(1)
}

/// A member's pod template, read as the pod that it makes.
fn member_engine(member: &Value, name: &str, replicas: u64, file: &str) -> Result<Asked, Vec<Failure>> {
    let failed = |problem| Failure { file: file.to_owned(), problem };
    let template = member.get("template").and_then(Value::as_object).cloned().unwrap_or_default();
    let pods = pods(Kind::Pod, &template)
        .map_err(|problems| problems.into_iter().map(failed).collect::<Vec<_>>())?;
    let all = pods.iter().flat_map(|pod| pod.containers.iter().map(move |container| (pod, container)));
    match all.into_iter().find(|(_, container)| container.role == Role::Main) {
        Some((pod, container)) => engine(pod, container, name, replicas, file),
        None => Ok(Asked {
            workload: Workload { name: name.to_owned(), replicas, ..Workload::default() },
            ..Asked::empty(file)
        }),
    }
}
