//! What a file of manifests holds: workloads, what stands beside them, and what is neither.

use serde_json::{Map, Value};

use super::beside::{Beside, items};
use super::kind::Kind;
use super::pod::{PodSpec, pods_beside};
use crate::problem::Problem;

/// A workload and its pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace, empty where it names none.
    pub namespace: String,
    /// Its name, empty where it is generated.
    pub name: String,
    /// The pods that it makes.
    pub pods: Vec<PodSpec>,
}

/// Everything that was read, in the order of the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Workloads.
    pub workloads: Vec<Workload>,
    /// Objects of other kinds, each as `ConfigMap sized-mig-config`.
    pub others: Vec<String>,
    /// What could not be read, each with kind and name of its object.
    pub problems: Vec<Problem>,
}

/// Reads the objects of `documents`, those in lists included; each is read with all the others beside it.
#[must_use]
pub fn read(documents: &[Value]) -> Reading {
    let beside = Beside::of(documents);
    let mut reading = Reading::default();
    for (place, item) in items(documents).into_iter().enumerate() {
        let number = place.saturating_add(1);
        let Value::Object(object) = item else {
            let found = crate::model::json::kind(item);
            reading.problems.push(Problem::new("bad-object", format!("object {number}"), found, "an object"));
            continue;
        };
        match Kind::of(object) {
            Ok(Some(kind)) => match pods_beside(kind, object, &beside) {
                Ok(pods) => {
                    let (namespace, name) = (metadata(object, "namespace"), metadata(object, "name"));
                    reading.workloads.push(Workload { kind, namespace, name, pods });
                }
                Err(problems) => {
                    let of = title(object);
                    let at = |problem: Problem| {
                        let subject = format!("{of}: {}", problem.subject);
                        problem.about(subject)
                    };
                    reading.problems.extend(problems.into_iter().map(at));
                }
            },
            Ok(None) => reading.others.push(title(object)),
            Err(problem) => {
                let subject = format!("object {number}: {}", problem.subject);
                let hint = "a chart's values, or a patch, is no object: render it first";
                reading.problems.push(problem.about(subject).hint(hint));
            }
        }
    }
    reading
}

fn title(object: &Map<String, Value>) -> String {
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
    format!("{kind} {}", metadata(object, "name")).trim_end().to_owned()
}

fn metadata(object: &Map<String, Value>, name: &str) -> String {
    let metadata = object.get("metadata").and_then(|metadata| metadata.get(name));
    metadata.and_then(Value::as_str).unwrap_or_default().to_owned()
}
