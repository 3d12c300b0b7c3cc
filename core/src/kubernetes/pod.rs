//! The pods that an object makes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::beside::Beside;
use super::claim::{self, Claim};
use super::container::{Container, Role, containers};
use super::fields::{bad, field, join, list, object, part, text_map};
use super::kind::{Kind, Shape};
use super::node::{NodeWish, wish};
use super::parts;
use super::pod_claims::Held;
use crate::problem::Problem;

/// A pod, or the template of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSpec {
    /// Where its spec stands: `spec.template.spec`.
    pub path: String,
    /// What its pods do among the others of the object: empty where all do the same, else `head`, `worker`,
    /// `prefill` or the name that the object gives.
    pub role: String,
    /// How many pods there are of it, `None` where somebody else decides.
    pub replicas: Option<u64>,
    /// How many pods together serve one copy of the model, this one included.
    pub nodes: u64,
    /// How many of those are of this template.
    pub of_copy: u64,
    /// Annotations of the object and of the pod template; the template's win.
    pub annotations: BTreeMap<String, String>,
    /// Labels, likewise.
    pub labels: BTreeMap<String, String>,
    /// What it wants of its node.
    pub node: NodeWish,
    /// Its containers.
    pub containers: Vec<Container>,
}

/// The pods that `object`, which is of `kind`, makes.
///
/// # Errors
/// `bad-object`, one for each part that is needed and cannot be read, with its path.
pub fn pods(kind: Kind, object: &Map<String, Value>) -> Result<Vec<PodSpec>, Vec<Problem>> {
    pods_beside(kind, object, &Beside::default())
}

/// As [`pods`], with what other objects say: claim templates, device classes, serving runtimes.
///
/// # Errors
/// As [`pods`].
pub fn pods_beside(
    kind: Kind,
    object: &Map<String, Value>,
    beside: &Beside,
) -> Result<Vec<PodSpec>, Vec<Problem>> {
    let source = Source::new(object, beside);
    let mut pods = match kind.shape() {
        Shape::Template(steps) => {
            let (template, path) = source.walk(steps).map_err(|problem| vec![problem])?;
            let mut pod = source.template(template, &path)?;
            pod.replicas = kind.replicas(object);
            vec![pod]
        }
        Shape::Read(read) => read(&source)?,
    };
    for pod in pods.iter_mut().filter(|pod| pod.nodes > 1) {
        pod.containers.iter_mut().for_each(|container| container.stated.several_nodes = true);
    }
    Ok(pods)
}

/// The object that is read.
pub(super) struct Source<'a> {
    /// The whole object.
    pub(super) object: &'a Map<String, Value>,
    /// Its namespace, empty where it names none.
    pub(super) namespace: &'a str,
    /// What is given beside it.
    pub(super) beside: &'a Beside<'a>,
}

impl<'a> Source<'a> {
    fn new(object: &'a Map<String, Value>, beside: &'a Beside<'a>) -> Source<'a> {
        let namespace = object.get("metadata").and_then(|metadata| metadata.get("namespace"));
        Source { object, namespace: namespace.and_then(Value::as_str).unwrap_or_default(), beside }
    }

    /// The object below `steps`, which must be there, and where it stands.
    pub(super) fn walk(&self, steps: &[&str]) -> Result<(&'a Map<String, Value>, String), Problem> {
        let (mut map, mut path) = (self.object, String::new());
        for step in steps {
            path = join(&path, step);
            let next = field(map, step).ok_or_else(|| bad(&path, "nothing", "an object"))?;
            map = object(next, &path)?;
        }
        Ok((map, path))
    }

    /// Reads the pod template at `path`: metadata and a spec.
    pub(super) fn template(
        &self,
        template: &Map<String, Value>,
        path: &str,
    ) -> Result<PodSpec, Vec<Problem>> {
        let spec_path = join(path, "spec");
        let spec = field(template, "spec").ok_or_else(|| vec![bad(&spec_path, "nothing", "a pod spec")])?;
        let spec = object(spec, &spec_path).map_err(|problem| vec![problem])?;
        self.read((template, path), (spec, &spec_path))
    }

    /// Reads the pod spec at `path`, which has no metadata of its own.
    pub(super) fn spec(&self, spec: &Map<String, Value>, path: &str) -> Result<PodSpec, Vec<Problem>> {
        self.read((self.object, ""), (spec, path))
    }

    fn read(
        &self,
        template: (&Map<String, Value>, &str),
        (spec, path): (&Map<String, Value>, &str),
    ) -> Result<PodSpec, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut keep = |result: Result<_, Problem>| result.map_err(|problem| problems.push(problem)).ok();
        let annotations = keep(self.metadata(template, "annotations"));
        let labels = keep(self.metadata(template, "labels"));
        let node = wish(spec, path).map_err(|problem| problems.push(problem)).ok();
        let held = Held { spec, path, namespace: self.namespace, beside: self.beside };
        let containers = containers(&held).map_err(|several| problems.extend(several)).ok();
        let level = no_devices_of_pod(&held).map_err(|several| problems.extend(several)).ok();
        let (Some(annotations), Some(labels), Some(node), Some(mut containers), Some(())) =
            (annotations, labels, node, containers, level)
        else {
            return Err(problems);
        };
        annotated(&annotations, &mut containers)?;
        for container in &mut containers {
            claim::settle(&mut container.claims, &node);
            parts::settle(&mut container.claims, &annotations);
        }
        let path = path.to_owned();
        Ok(PodSpec {
            path,
            role: String::new(),
            replicas: Some(1),
            nodes: 1,
            of_copy: 1,
            annotations,
            labels,
            node,
            containers,
        })
    }

    /// The texts below `metadata.<name>` of the object and of its template at a path.
    fn metadata(
        &self,
        (template, path): (&Map<String, Value>, &str),
        name: &str,
    ) -> Result<BTreeMap<String, String>, Problem> {
        let read = |map, path: &str| match part(map, path, "metadata")? {
            Some(metadata) => text_map(metadata, &join(path, "metadata"), name),
            None => Ok(BTreeMap::new()),
        };
        let mut all = read(self.object, "")?;
        if !path.is_empty() {
            all.extend(read(template, path)?);
        }
        Ok(all)
    }
}

/// Kubernetes takes no devices among the resources of a whole pod (KEP-2837: cpu, memory and huge pages).
fn no_devices_of_pod(held: &Held) -> Result<(), Vec<Problem>> {
    let claims = claim::claims(held.spec, held.path, held.beside)?;
    let problem = |claim: &Claim| {
        bad(&claim.path, format!("{:?}", claim.resource), "devices among the resources of a container")
    };
    if claims.is_empty() { Ok(()) } else { Err(claims.iter().map(problem).collect()) }
}

/// Claims of annotations go to the container that they name, else to the first.
fn annotated(
    annotations: &BTreeMap<String, String>,
    containers: &mut [Container],
) -> Result<(), Vec<Problem>> {
    let (claims, name) = parts::annotated(annotations, "metadata.annotations")?;
    if claims.is_empty() {
        return Ok(());
    }
    let place = match &name {
        Some(name) => containers.iter().position(|container| container.name == *name),
        None => containers.iter().position(|container| container.role == Role::Main),
    };
    match place.and_then(|place| containers.get_mut(place)) {
        Some(container) => {
            // What a scheduler noted of a claim that stands there already is no second one.
            let new = |claim: &Claim| container.claims.iter().all(|own| own.asked != claim.asked);
            let new: Vec<Claim> = claims.into_iter().filter(new).collect();
            container.claims.extend(new);
            Ok(())
        }
        None => {
            let found = format!("{:?}", name.unwrap_or_default());
            Err(vec![bad(
                "metadata.annotations[\"gpu-fraction-container-name\"]",
                found,
                "a container of the pod",
            )])
        }
    }
}

/// The number below `name`, `None` where it is absent or none.
pub(super) fn number(map: &Map<String, Value>, name: &str) -> Option<u64> {
    field(map, name).and_then(Value::as_u64)
}

/// An object and where it stands.
pub(super) type Placed<'a> = (&'a Map<String, Value>, String);

/// Objects of the list below `name`, each with its path.
pub(super) fn objects<'a>(
    map: &'a Map<String, Value>,
    path: &str,
    name: &str,
) -> Result<Vec<Placed<'a>>, Problem> {
    let item = |(place, item): (usize, &'a Value)| {
        let path = format!("{}[{place}]", join(path, name));
        Ok((object(item, &path)?, path))
    };
    list(map, path, name)?.iter().enumerate().map(item).collect()
}
