//! From a request to a response.

use migfit::kubernetes::{self, Kind, PodSpec};
use migfit::review::{self, Review, Severity};
use serde_json::{Map, Value};

use crate::message;
use crate::request::{self, Asked};
use crate::response::Response;
use crate::settings::Settings;

/// Judges an admission request, or a bare object.
#[must_use]
pub fn judge(request: &Value, settings: &Settings) -> Response {
    match request::read(request) {
        Ok(Asked::Nothing) => Response::accept(),
        Ok(Asked::OtherKind(name)) => Response {
            warnings: vec![format!("migfit does not read objects of kind {name}")],
            ..Response::accept()
        },
        Ok(Asked::Object { kind, object, old }) => {
            if old.is_some_and(|old| harmless(kind, object, old)) {
                return Response::accept();
            }
            respond(&review::review(kind, object, &settings.context()))
        }
        Err(problem) => Response::refuse(&[problem]),
    }
}

/// Whether an update leaves alone what is judged, or stops every pod. Both must pass whatever the policy says
/// of the object: it is there already, and its finalizers and controllers have to get through.
fn harmless(kind: Kind, new: &Map<String, Value>, old: &Map<String, Value>) -> bool {
    let spec = new.get("spec");
    if spec.and_then(|spec| spec.get("replicas")).and_then(Value::as_u64) == Some(0) {
        return true;
    }
    let marks =
        |object: &Map<String, Value>| object.get("metadata").and_then(|m| m.get("annotations")).cloned();
    if spec == old.get("spec") && marks(new) == marks(old) {
        return true;
    }
    match (kubernetes::pods(kind, new), kubernetes::pods(kind, old)) {
        (Ok(new), Ok(old)) => new.len() == old.len() && new.iter().zip(&old).all(|(a, b)| same(a, b)),
        _ => false,
    }
}

fn same(new: &PodSpec, old: &PodSpec) -> bool {
    let own = |pod: &PodSpec| -> Vec<(String, String)> {
        let own = pod.annotations.iter().filter(|(key, _)| key.starts_with("migfit.io/"));
        own.map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    new.containers == old.containers && new.node == old.node && own(new) == own(old)
}

fn respond(review: &Review) -> Response {
    let denials: Vec<String> = review.of(Severity::Error).map(|finding| finding.lines().join("\n")).collect();
    let mut response = Response {
        accepted: denials.is_empty(),
        message: (!denials.is_empty()).then(|| denials.join("\n")),
        warnings: review.of(Severity::Warning).map(|finding| message::warning(&finding.line())).collect(),
        ..Response::default()
    };
    if let Some(verdict) = review.verdict.filter(|_| !review.containers.is_empty()) {
        response.audit_annotations.insert("verdict", verdict.word().to_owned());
        let figures = serde_json::to_string(&review.containers).unwrap_or_default();
        response.audit_annotations.insert("containers", figures);
    }
    response
}
