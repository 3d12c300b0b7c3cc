//! Kinds that keep several pods, or describe them in words of their own.

pub(super) mod argo;
pub(super) mod dynamo;
pub(super) mod groups;
pub(super) mod kaito;
pub(super) mod kserve;
pub(super) mod llmisvc;
pub(super) mod modelplane;
pub(super) mod nim;
pub(super) mod ray;

use serde_json::{Map, Value, json};

use super::pod::{PodSpec, Source};
use crate::problem::Problem;

/// What a reader gives.
type Pods = Result<Vec<PodSpec>, Vec<Problem>>;

/// The spec of the object and where it stands.
fn spec<'a>(source: &Source<'a>) -> Result<(&'a Map<String, Value>, String), Vec<Problem>> {
    source.walk(&["spec"]).map_err(|problem| vec![problem])
}

/// The pods of `parts`, or every problem of them.
fn all(parts: impl IntoIterator<Item = Result<PodSpec, Vec<Problem>>>) -> Pods {
    let (mut pods, mut problems) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Ok(pod) => pods.push(pod),
            Err(several) => problems.extend(several),
        }
    }
    if problems.is_empty() { Ok(pods) } else { Err(problems) }
}

/// A pod spec put together from fields that stand elsewhere in the object.
struct Assembled {
    spec: Map<String, Value>,
    path: String,
    /// Where each container would stand in a pod spec, and where it stands.
    places: Vec<(String, String)>,
}

impl Assembled {
    fn new(path: &str) -> Assembled {
        Assembled { spec: Map::new(), path: path.to_owned(), places: Vec::new() }
    }

    /// Takes `fields` of the pod over from `map`, where they are not there yet.
    fn take(&mut self, map: &Map<String, Value>, fields: &[&str]) {
        for field in fields {
            if let Some(value) = map.get(*field).filter(|value| !value.is_null()) {
                self.spec.entry((*field).to_owned()).or_insert_with(|| value.clone());
            }
        }
    }

    /// Adds a container that stands at `at` to `list`, called `name` unless it has one.
    fn add(&mut self, list: &str, container: &Value, at: &str, name: &str) {
        let mut container = container.clone();
        if let Some(map) = container.as_object_mut() {
            map.entry("name").or_insert_with(|| json!(name));
        }
        let items = self.spec.entry(list).or_insert_with(|| json!([]));
        if let Some(items) = items.as_array_mut() {
            self.places.push((format!("{}.{list}[{}]", self.path, items.len()), at.to_owned()));
            items.push(container);
        }
    }

    fn read(self, source: &Source<'_>) -> Result<PodSpec, Vec<Problem>> {
        let places = self.places;
        let moved = |text: String| {
            let place =
                places.iter().find_map(|(from, to)| Some(format!("{to}{}", text.strip_prefix(from)?)));
            place.unwrap_or(text)
        };
        let problem = |problem: Problem| {
            let subject = moved(problem.subject.clone());
            problem.about(subject)
        };
        let mut pod = source
            .spec(&self.spec, &self.path)
            .map_err(|problems| problems.into_iter().map(problem).collect::<Vec<_>>())?;
        for container in &mut pod.containers {
            container.path = moved(std::mem::take(&mut container.path));
            for claim in &mut container.claims {
                claim.path = moved(std::mem::take(&mut claim.path));
            }
        }
        Ok(pod)
    }
}

/// Fields of a pod spec that bear on its devices.
const POD_FIELDS: [&str; 3] = ["nodeSelector", "affinity", "resourceClaims"];

/// The fields of `map` among `fields`, as a container.
fn container_of(map: &Map<String, Value>, fields: &[&str]) -> Value {
    let kept = fields.iter().filter_map(|field| Some(((*field).to_owned(), map.get(*field)?.clone())));
    Value::Object(kept.collect())
}
