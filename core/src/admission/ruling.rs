//! What becomes of an object.

use serde_json::{Map, Value};

use super::gathered::{self, Gathered};
use super::lookup::Ask;
use super::request::Object;
use super::response::Response;
use super::settings::{Headroom, Mode, Settings};
use super::{demands, exempt, message};
use crate::correction::{Correction, Wish, correct};
use crate::kubernetes::{self, Kind, PodSpec};
use crate::review::{Cluster, Config, Context, Known, Review, Severity, Subject};
use crate::units::Bytes;

/// What becomes of an object, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// What is wrong with it, or with what it is corrected to.
    pub review: Review,
    /// What becomes of a misfit in its namespace.
    pub mode: Mode,
    /// Why it is left alone, where it is.
    pub exempt: Option<String>,
    /// What a cluster is answered.
    pub response: Response,
}

impl Object<'_> {
    /// Judges it under `settings`; what the cluster has to be asked for is asked of `ask`.
    #[must_use]
    pub fn rule(&self, settings: &Settings, ask: Ask) -> Ruling {
        let mode = self.mode(settings);
        let mut gathered = if settings.lookups.refers() {
            gathered::around(self, &settings.lookups, ask)
        } else {
            Gathered::default()
        };
        // What cannot be read is judged by the review, which says so.
        let pods = if settings.looks_into_pods(self.namespace) {
            self.pods(self.object, &gathered)
        } else {
            Vec::new()
        };
        if let Some(why) = exempt::exempt(self, &pods, &settings.exemptions) {
            let mut response = Response::accept();
            response.audit_annotations.insert("exempt", why.clone());
            return Ruling { review: Review::default(), mode, exempt: Some(why), response };
        }
        gathered.facts(&pods, self.namespace, settings, ask);
        let context = context(settings, &gathered);
        let correction = self.correction(settings, &context, mode);
        let (review, correction) = self.reviewed(correction, &context, settings, &gathered, &pods);
        let mut response = respond(&review, correction, mode);
        let audit = &mut response.audit_annotations;
        for (name, words) in [("lookups", &gathered.missing), ("sources", &gathered.sources)] {
            if !words.is_empty() {
                audit.insert(name, words.join("; "));
            }
        }
        Ruling { review, mode, exempt: None, response }
    }

    /// The mode in its namespace. Nodes come and go with machines: they are never refused.
    fn mode(&self, settings: &Settings) -> Mode {
        match settings.mode_in(self.namespace) {
            Mode::Enforce if self.subject == Subject::Node => Mode::Warn,
            mode => mode,
        }
    }

    fn pods(&self, object: &Map<String, Value>, gathered: &Gathered) -> Vec<PodSpec> {
        let pods = self.subject.kind().map(|kind| kubernetes::pods_beside(kind, object, &gathered.beside()));
        pods.and_then(Result::ok).unwrap_or_default()
    }

    fn correction(&self, settings: &Settings, context: &Context, mode: Mode) -> Option<Correction> {
        let kind = self.subject.kind()?;
        // A pod that exists may not change, nor may the template of a job.
        let fixed = self.old.is_some() && matches!(kind, Kind::Pod | Kind::Job);
        if !settings.mutate.any() || mode == Mode::Monitor || fixed {
            return None;
        }
        correct(kind, self.object, context, &wish(settings))
    }

    /// What is said of the object, or of what it is corrected to: a correction that is demanded more of is none.
    fn reviewed(
        &self,
        correction: Option<Correction>,
        context: &Context,
        settings: &Settings,
        gathered: &Gathered,
        pods: &[PodSpec],
    ) -> (Review, Option<Correction>) {
        let review = |object: &Map<String, Value>, pods: &[PodSpec]| {
            let mut review = self.subject.review(object, context);
            let unmet = demands::unmet(pods, &review, self.namespace, settings);
            review.add(unmet, &context.reactions);
            review
        };
        if let Some(correction) = correction {
            let corrected = review(&correction.object, &self.pods(&correction.object, gathered));
            if corrected.of(Severity::Error).next().is_none() {
                return (corrected, Some(correction));
            }
        }
        (review(self.object, pods), None)
    }
}

/// What a review is told: the settings, then what was looked up.
fn context<'a>(settings: &'a Settings, gathered: &'a Gathered) -> Context<'a> {
    let mut context = Context {
        beside: gathered.beside(),
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
    context.cluster = if !gathered.gpus.is_empty() {
        Cluster { source: "the nodes of the cluster", gpus: gathered.gpus.clone(), pools: &gathered.pools }
    } else if settings.offered.is_empty() {
        let source = "the GPUs in the policy's settings";
        Cluster { source, gpus: settings.gpus.clone(), ..Cluster::default() }
    } else {
        let source = "the pools in the policy's settings";
        Cluster { source, gpus: settings.gpus.clone(), pools: &settings.offered }
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
fn respond(review: &Review, correction: Option<Correction>, mode: Mode) -> Response {
    let denials: Vec<String> = review.of(Severity::Error).map(|finding| finding.lines().join("\n")).collect();
    let mut warnings: Vec<String> = Vec::new();
    if mode == Mode::Warn {
        warnings.extend(denials.iter().map(|denial| message::warning(&denial.replace('\n', "; "))));
    }
    warnings.extend(review.of(Severity::Warning).map(|finding| message::warning(&finding.line())));
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
