//! The pods that an object makes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::container::{Container, containers};
use super::fields::{bad, field, join, object, part, text_map};
use super::kind::Kind;
use super::node::{NodeWish, wish};
use crate::problem::Problem;

/// A pod, or the template of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSpec {
    /// Where its spec stands: `spec.template.spec`.
    pub path: String,
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
pub fn pods(kind: Kind, object_value: &Map<String, Value>) -> Result<Vec<PodSpec>, Vec<Problem>> {
    let one = |problem| vec![problem];
    let (mut map, mut path) = (object_value, String::new());
    for step in kind.template() {
        path = join(&path, step);
        let next = field(map, step).ok_or_else(|| one(bad(&path, "nothing", "an object")))?;
        map = object(next, &path).map_err(one)?;
    }
    let spec_path = join(&path, "spec");
    let spec = field(map, "spec").ok_or_else(|| one(bad(&spec_path, "nothing", "a pod spec")))?;
    let spec = object(spec, &spec_path).map_err(one)?;
    let mut problems = Vec::new();
    let mut keep = |result: Result<_, Problem>| result.map_err(|problem| problems.push(problem)).ok();
    let annotations = keep(metadata(object_value, (map, &path), "annotations"));
    let labels = keep(metadata(object_value, (map, &path), "labels"));
    let node = wish(spec, &spec_path).map_err(|problem| problems.push(problem)).ok();
    let containers = containers(spec, &spec_path).map_err(|several| problems.extend(several)).ok();
    let (Some(annotations), Some(labels), Some(node), Some(containers)) =
        (annotations, labels, node, containers)
    else {
        return Err(problems);
    };
    Ok(vec![PodSpec { path: spec_path, annotations, labels, node, containers }])
}

/// The texts below `metadata.<name>` of the object and of its template at a path.
fn metadata(
    object: &Map<String, Value>,
    (template, path): (&Map<String, Value>, &str),
    name: &str,
) -> Result<BTreeMap<String, String>, Problem> {
    let read = |map, path: &str| match part(map, path, "metadata")? {
        Some(metadata) => text_map(metadata, &join(path, "metadata"), name),
        None => Ok(BTreeMap::new()),
    };
    let mut all = read(object, "")?;
    if !path.is_empty() {
        all.extend(read(template, path)?);
    }
    Ok(all)
}
