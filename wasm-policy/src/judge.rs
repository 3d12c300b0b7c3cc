//! From a request to a response.

use migfit::kubernetes::{self, Kind, PodSpec};
use migfit::problem::Problem;
use serde_json::{Map, Value};

use crate::audit::Audit;
use crate::judged::Outcome;
use crate::message;
use crate::request::{self, Asked};
use crate::response::Response;
use crate::settings::{Reaction, Settings};
use crate::weigh::{Finding, Weighed, weigh};

/// The most containers with devices that one object may have; keeps a call short.
const MOST_CONTAINERS: usize = 64;

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
            match kubernetes::pods(kind, object) {
                Ok(pods) => weigh_all(&pods, settings),
                Err(problems) => unreadable(settings.unreadable, &problems),
            }
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

fn unreadable(reaction: Reaction, problems: &[Problem]) -> Response {
    match reaction {
        Reaction::Deny => Response::refuse(problems),
        Reaction::Warn => Response {
            warnings: problems.iter().map(|problem| message::warning(&problem.to_string())).collect(),
            ..Response::accept()
        },
        Reaction::Allow => Response::accept(),
    }
}

fn weigh_all(pods: &[PodSpec], settings: &Settings) -> Response {
    let asking: Vec<_> = pods
        .iter()
        .flat_map(|pod| pod.containers.iter().map(move |container| (pod, container)))
        .filter(|(_, container)| !container.claims.is_empty())
        .collect();
    if asking.len() > MOST_CONTAINERS {
        let found = format!("{} containers that ask for devices", asking.len());
        let problem = Problem::new("too-many", "object", found, format!("at most {MOST_CONTAINERS}"));
        return Response::refuse(&[problem]);
    }
    let weighed: Vec<Weighed> =
        asking.into_iter().map(|(pod, container)| weigh(pod, container, settings)).collect();
    respond(&weighed)
}

fn respond(weighed: &[Weighed]) -> Response {
    let Some(worst) = weighed.iter().map(|one| one.outcome).max() else {
        return Response::accept();
    };
    let findings = || weighed.iter().flat_map(|one| &one.findings);
    let of = |reaction| findings().filter(move |finding: &&Finding| finding.reaction == reaction);
    let denials: Vec<String> = of(Reaction::Deny).map(|finding| finding.lines.join("\n")).collect();
    let mut response = Response {
        accepted: denials.is_empty(),
        message: (!denials.is_empty()).then(|| denials.join("\n")),
        warnings: of(Reaction::Warn).map(|finding| message::warning(&finding.lines.join("; "))).collect(),
        ..Response::default()
    };
    let audits: Vec<&Audit> = weighed.iter().map(|one| &one.audit).collect();
    response.audit_annotations.insert("verdict", outcome_word(worst).to_owned());
    response.audit_annotations.insert("containers", serde_json::to_string(&audits).unwrap_or_default());
    response
}

const fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fits => "fits",
        Outcome::Tight => "tight",
        Outcome::Unknown => "unknown",
        Outcome::No => "no",
    }
}
