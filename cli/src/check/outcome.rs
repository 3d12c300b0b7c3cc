//! The answer for every object, and the one for all.

use std::collections::BTreeMap;
use std::path::PathBuf;

use migfit::kubernetes::Beside;
use migfit::matching::Verdict;
use migfit::review::{Context, Figures, Finding, Judgment, Lint, Reaction, Review, Severity, Subject};
use serde::Serialize;
use serde_json::Value;

use super::admission::{Admission, Policy};
use super::context::Knowledge;
use super::files::files;
use super::object::{Object, objects};
use crate::report::Failure;

/// What can be said of everything together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// Everything fits, or asks for no device.
    Fits,
    /// Something cannot be said.
    Unknown,
    /// Something does not fit.
    No,
}

impl Status {
    pub(super) const fn code(self) -> u8 {
        match self {
            Status::Fits => 0,
            Status::No => 1,
            Status::Unknown => 2,
        }
    }
}

/// The answer for all files.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    /// What can be said of everything together.
    pub(super) status: Status,
    /// Objects of kinds that are reviewed, in the order of the files.
    pub(super) objects: Vec<Reviewed>,
    /// How many objects of other kinds there are.
    pub(super) others: BTreeMap<String, usize>,
    /// Files that could not be read.
    pub(super) failures: Vec<Failure>,
}

/// The answer for one object.
#[derive(Debug, Serialize)]
pub(super) struct Reviewed {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) namespace: Option<String>,
    /// Absent where nothing in it asks for a device.
    pub(super) verdict: Option<Verdict>,
    pub(super) findings: Vec<Located>,
    pub(super) containers: Vec<Container>,
    /// What the policy answers, where its settings are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) admission: Option<Admission>,
}

/// The answer for one container.
#[derive(Debug, Serialize)]
pub(super) struct Container {
    pub(super) name: String,
    pub(super) verdict: Verdict,
    /// What it rests on, absent where nothing could be worked out.
    pub(super) figures: Option<Figures>,
}

impl From<Judgment> for Container {
    fn from(one: Judgment) -> Container {
        Container { name: one.container, verdict: one.verdict, figures: one.figures }
    }
}

/// A finding and its line.
#[derive(Debug, Serialize)]
pub(super) struct Located {
    pub(super) line: usize,
    #[serde(flatten)]
    pub(super) finding: Finding,
}

impl Reviewed {
    /// `Deployment models/qwen`.
    pub(super) fn title(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{} {namespace}/{}", self.kind, self.name),
            None => format!("{} {}", self.kind, self.name),
        }
    }
}

/// Reviews every object of `paths`.
pub(super) fn review_all(
    paths: &[PathBuf],
    knowledge: &Knowledge,
    policy: Option<&Policy>,
    strict: bool,
) -> Outcome {
    let mut failures = Vec::new();
    let files = files(paths, &mut failures);
    let all = objects(&files, &mut failures);
    let documents: Vec<Value> = all.iter().map(|object| Value::Object(object.value.clone())).collect();
    let settings = policy.and_then(|policy| Some((policy, policy.settings().ok()?)));
    let mut context = Context { beside: Beside::of(&documents), ..knowledge.context() };
    if let Some((_, settings)) = &settings {
        context.reactions = settings.reactions.clone();
    }
    let judge = |subject: Subject, object: &Object| match &settings {
        Some((policy, settings)) => {
            let (review, admission) = policy.rule(subject, &object.value, &documents, settings);
            (review, Some(admission))
        }
        None => (subject.review(&object.value, &context), None),
    };
    let (mut reviewed, mut others) = (Vec::new(), BTreeMap::new());
    for object in &all {
        match review(object, judge) {
            Some(answer) => reviewed.push(answer),
            None => *others.entry(other(object)).or_default() += 1,
        }
    }
    let passing = context.reactions.to(Lint::UnknownModel) == Some(Reaction::Allow);
    let least = if failures.is_empty() { Status::Fits } else { Status::Unknown };
    let status = reviewed.iter().map(|one| status(one, strict, passing)).fold(least, Ord::max);
    Outcome { status, objects: reviewed, others, failures }
}

fn other(object: &Object) -> String {
    if object.kind().is_empty() { "no kind".to_owned() } else { object.kind().to_owned() }
}

fn review(
    object: &Object,
    judge: impl Fn(Subject, &Object) -> (Review, Option<Admission>),
) -> Option<Reviewed> {
    let subject = Subject::of(&object.value).ok().flatten()?;
    let (review, admission) = judge(subject, object);
    let located = |finding: Finding| {
        let finding = milder(finding, admission.as_ref());
        let of_container = || review.containers.iter().find(|one| one.container == finding.container);
        let path = finding.at.first().or_else(|| of_container().map(|one| &one.path));
        Located { line: object.line(path.map_or("", String::as_str)), finding }
    };
    let findings = review.findings.iter().cloned().map(located).collect();
    Some(Reviewed {
        file: object.file.clone(),
        line: object.line(""),
        kind: object.kind().to_owned(),
        name: object.name().to_owned(),
        namespace: object.namespace().map(str::to_owned),
        verdict: review.verdict,
        findings,
        containers: review.containers.into_iter().map(Container::from).collect(),
        admission,
    })
}

/// `finding` as severe as its mode lets it be: what is not refused is a warning, or a note for the log.
fn milder(finding: Finding, admission: Option<&Admission>) -> Finding {
    let least = match admission.map(|admission| admission.mode) {
        Some("warn") => Severity::Warning,
        Some("monitor") => Severity::Note,
        Some(_) | None => Severity::Error,
    };
    Finding { severity: finding.severity.min(least), ..finding }
}

/// `passing`: whether the settings let an unknown model pass without a word.
fn status(one: &Reviewed, strict: bool, passing: bool) -> Status {
    let found = |least| one.findings.iter().any(|located| located.finding.severity >= least);
    let least = if strict { Severity::Warning } else { Severity::Error };
    let refused = match &one.admission {
        Some(admission) => !admission.response.accepted,
        None => one.verdict == Some(Verdict::No),
    };
    if refused || found(least) {
        return Status::No;
    }
    match one.verdict {
        Some(Verdict::Unknown) if !passing || found(Severity::Warning) => Status::Unknown,
        Some(Verdict::Unknown | Verdict::Fits | Verdict::Tight | Verdict::No) | None => Status::Fits,
    }
}
