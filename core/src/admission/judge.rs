//! From a request to a response.

use serde_json::{Map, Value};

use super::lookup::Ask;
use super::raw;
use super::request::{self, Asked, Object};
use super::response::Response;
use super::settings::Settings;
use crate::kubernetes::{self, Kind, PodSpec};

/// Judges an admission request, a bare object, or a question without any object.
#[must_use]
pub fn judge(request: &Value, settings: &Settings, ask: Ask) -> Response {
    match request::read(request) {
        Ok(Asked::Nothing) => Response::accept(),
        Ok(Asked::OtherKind(name)) => Response {
            warnings: vec![format!("migfit does not read objects of kind {name}")],
            ..Response::accept()
        },
        Ok(Asked::Fit(question)) => raw::answer(question, settings),
        Ok(Asked::Object(object)) if object.is_harmless() => Response::accept(),
        Ok(Asked::Object(object)) => object.rule(settings, ask).response,
        Err(problem) => Response::refuse(&[problem]),
    }
}

/// What of an object that makes no pods bears on its review.
const PARTS: [&str; 4] = ["spec", "data", "metadata.labels", "metadata.annotations"];

impl Object<'_> {
    /// Whether an update leaves alone what is judged, or stops every pod. Both must pass whatever the policy says
    /// of the object: it is there already, and its finalizers and controllers have to get through.
    fn is_harmless(&self) -> bool {
        let (new, Some(old)) = (self.object, self.old) else { return false };
        let same_part = |path: &&str| walk(new, path) == walk(old, path);
        let Some(kind) = self.subject.kind() else {
            return PARTS.iter().all(same_part);
        };
        let scaled = !matches!(kind, Kind::Pod | Kind::Job | Kind::CronJob | Kind::DaemonSet);
        if scaled && walk(new, "spec.replicas").and_then(Value::as_u64) == Some(0) {
            return true;
        }
        if same_part(&"spec") && same_part(&"metadata.annotations") {
            return true;
        }
        match (kubernetes::pods(kind, new), kubernetes::pods(kind, old)) {
            (Ok(new), Ok(old)) => new.len() == old.len() && new.iter().zip(&old).all(|(a, b)| same(a, b)),
            _ => false,
        }
    }
}

fn walk<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let found = object.get(first)?;
    rest.map_or(Some(found), |rest| found.get(rest))
}

fn same(new: &PodSpec, old: &PodSpec) -> bool {
    let own = |pod: &PodSpec| -> Vec<(String, String)> {
        let own = pod.annotations.iter().filter(|(key, _)| key.starts_with("migfit.io/"));
        own.map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    new.containers == old.containers && new.node == old.node && own(new) == own(old)
}
