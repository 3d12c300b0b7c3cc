//! From a request to a response.

use migfit::correction::{Correction, Wish, correct};
use migfit::kubernetes::{self, Kind, PodSpec};
use migfit::review::{Cluster, Config, Context, Known, Review, Severity, review};
use migfit::units::Bytes;
use serde_json::{Map, Value};

use crate::demands::{self, Demand};
use crate::gathered::{self, Gathered};
use crate::host::Host;
use crate::request::{self, Asked, Object};
use crate::response::Response;
use crate::settings::{Headroom, Mode, Settings};
use crate::{exempt, message, raw};

/// Judges an admission request, a bare object, or a question without any object.
#[must_use]
pub fn judge(request: &Value, settings: &Settings, host: Host) -> Response {
    match request::read(request) {
        Ok(Asked::Nothing) => Response::accept(),
        Ok(Asked::OtherKind(name)) => Response {
            warnings: vec![format!("migfit does not read objects of kind {name}")],
            ..Response::accept()
        },
        Ok(Asked::Fit(question)) => raw::answer(question, settings),
        Ok(Asked::Object(object)) if object.is_harmless() => Response::accept(),
        Ok(Asked::Object(object)) => object.judge(settings, host),
        Err(problem) => Response::refuse(&[problem]),
    }
}

/// What came out for an object, before the mode says what becomes of it.
struct Outcome {
    review: Review,
    unmet: Vec<Demand>,
    advice: Vec<Demand>,
    correction: Option<Correction>,
}

impl Object<'_> {
    /// Whether an update leaves alone what is judged, or stops every pod. Both must pass whatever the policy says
    /// of the object: it is there already, and its finalizers and controllers have to get through.
    fn is_harmless(&self) -> bool {
        let (kind, new, Some(old)) = (self.kind, self.object, self.old) else { return false };
        let spec = new.get("spec");
        if spec.and_then(|spec| spec.get("replicas")).and_then(Value::as_u64) == Some(0) {
            return true;
        }
        let marks = |object: &Map<String, Value>| {
            object.get("metadata").and_then(|metadata| metadata.get("annotations")).cloned()
        };
        if spec == old.get("spec") && marks(new) == marks(old) {
            return true;
        }
        match (kubernetes::pods(kind, new), kubernetes::pods(kind, old)) {
            (Ok(new), Ok(old)) => new.len() == old.len() && new.iter().zip(&old).all(|(a, b)| same(a, b)),
            _ => false,
        }
    }

    /// Whether it may be corrected: a pod that exists may not change, nor may the template of a job.
    fn is_correctable(&self) -> bool {
        self.old.is_none() || !matches!(self.kind, Kind::Pod | Kind::Job)
    }

    fn judge(&self, settings: &Settings, host: Host) -> Response {
        // What cannot be read is judged by the review, which says so.
        let pods = if settings.looks_into_pods(self.namespace) {
            kubernetes::pods(self.kind, self.object).unwrap_or_default()
        } else {
            Vec::new()
        };
        if let Some(why) = exempt::exempt(&pods, &self.who, &settings.exemptions) {
            let mut response = Response::accept();
            response.audit_annotations.insert("exempt", why);
            return response;
        }
        let gathered = gathered::gather(&pods, self.namespace, settings, host);
        let context = context(settings, &gathered);
        let mode = settings.mode_in(self.namespace);
        let correction = (settings.mutate.any() && mode != Mode::Monitor && self.is_correctable())
            .then(|| correct(self.kind, self.object, &context, &wish(settings)))
            .flatten();
        let outcome = self.outcome(correction, &context, settings, &gathered, pods);
        let mut response = respond(outcome, mode);
        if !gathered.missing.is_empty() {
            response.audit_annotations.insert("lookups", gathered.missing.join("; "));
        }
        response
    }

    /// What is said of the object, or of what it is corrected to: a correction that is demanded more of is none.
    fn outcome(
        &self,
        correction: Option<Correction>,
        context: &Context,
        settings: &Settings,
        gathered: &Gathered,
        pods: Vec<PodSpec>,
    ) -> Outcome {
        if let Some(correction) = correction {
            let pods = kubernetes::pods(self.kind, &correction.object).unwrap_or_default();
            let review = review(self.kind, &correction.object, context);
            let unmet = demands::unmet(&pods, &review, self.namespace, settings);
            if unmet.is_empty() {
                let advice = demands::not_offered(&pods, gathered);
                return Outcome { review, unmet, advice, correction: Some(correction) };
            }
        }
        let review = review(self.kind, self.object, context);
        let unmet = demands::unmet(&pods, &review, self.namespace, settings);
        Outcome { review, unmet, advice: demands::not_offered(&pods, gathered), correction: None }
    }
}

fn same(new: &PodSpec, old: &PodSpec) -> bool {
    let own = |pod: &PodSpec| -> Vec<(String, String)> {
        let own = pod.annotations.iter().filter(|(key, _)| key.starts_with("migfit.io/"));
        own.map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    new.containers == old.containers && new.node == old.node && own(new) == own(old)
}

/// What a review is told: the settings, then what was looked up.
fn context<'a>(settings: &'a Settings, gathered: &'a Gathered) -> Context<'a> {
    let mut context = Context {
        reactions: settings.reactions.clone(),
        sequences: settings.minimum.sequences.unwrap_or(0),
        ..Context::default()
    };
    for id in settings.models.ids() {
        context.models.extend(settings.models.get(id).map(|known| (id, known)));
    }
    for (id, found) in &gathered.models {
        let place = found.source.clone();
        let known = Known { source: &found.source, place, config: Config::Text(&found.text) };
        context.models.entry(id).or_insert(known);
    }
    context.cluster = if gathered.gpus.is_empty() {
        Cluster {
            source: "the GPUs in the policy's settings",
            gpus: settings.gpus.clone(),
            ..Cluster::default()
        }
    } else {
        Cluster { source: "the nodes of the cluster", gpus: gathered.gpus.clone(), ..Cluster::default() }
    };
    context
}

fn wish<'a>(settings: &Settings<'a>) -> Wish<'a> {
    Wish {
        right_size: settings.mutate.right_size,
        placement: settings.mutate.placement,
        flags: settings.mutate.flags,
        pools: settings.pools.clone(),
        context: settings.minimum.context,
        sequences: settings.minimum.sequences.unwrap_or(1),
        headroom: match settings.headroom {
            Some(Headroom::Bytes(bytes)) => bytes,
            Some(Headroom::Share(_)) | None => Bytes::ZERO,
        },
    }
}

/// Words the outcome: what is refused under `enforce` is a warning under `warn`, and a note under `monitor`.
fn respond(outcome: Outcome, mode: Mode) -> Response {
    let Outcome { review, unmet, advice, correction } = outcome;
    let mut denials: Vec<String> =
        review.of(Severity::Error).map(|finding| finding.lines().join("\n")).collect();
    denials.extend(unmet.iter().map(|demand| demand.join("\n")));
    let mut warnings: Vec<String> = Vec::new();
    if mode == Mode::Warn {
        warnings.extend(denials.iter().map(|denial| message::warning(&denial.replace('\n', "; "))));
    }
    warnings.extend(review.of(Severity::Warning).map(|finding| message::warning(&finding.line())));
    warnings.extend(advice.iter().map(|lines| message::warning(&lines.join("; "))));
    let mut response =
        Response { accepted: mode != Mode::Enforce || denials.is_empty(), ..Response::default() };
    let audit = &mut response.audit_annotations;
    if let Some(verdict) = review.verdict.filter(|_| !review.containers.is_empty()) {
        audit.insert("verdict", verdict.word().to_owned());
        audit.insert("containers", serde_json::to_string(&review.containers).unwrap_or_default());
    }
    if mode != Mode::Enforce {
        audit.insert("mode", mode.word().to_owned());
        if !denials.is_empty() {
            audit.insert("refusal", denials.join("\n"));
        }
    }
    if !response.accepted {
        response.message = Some(denials.join("\n"));
    } else if let Some(correction) = correction {
        audit.insert("changes", serde_json::to_string(&correction.changes).unwrap_or_default());
        let changes = correction.changes.iter();
        warnings.extend(changes.map(|change| message::warning(&format!("migfit changed {change}"))));
        response.mutated_object = Some(Value::Object(correction.object));
    }
    if mode != Mode::Monitor {
        response.warnings = warnings;
    }
    response
}
