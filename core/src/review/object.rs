//! One object, all its containers, all findings at once.

use serde::Serialize;
use serde_json::{Map, Value};

use super::context::{Context, Reactions};
use super::figures::Judgment;
use super::finding::{Finding, Severity};
use super::lint::Lint;
use super::lints;
use super::weigh::weigh;
use crate::kubernetes::{self, Kind, PodSpec};
use crate::matching::Verdict;
use crate::order;
use crate::problem::Problem;

/// The most containers with devices that one object may have; keeps a call short.
const MOST_CONTAINERS: usize = 64;

/// What is wrong with an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Review {
    /// The worst answer of its containers, `None` where nothing in it asks for a device.
    pub verdict: Option<Verdict>,
    /// What to tell the author, in the order of the object.
    pub findings: Vec<Finding>,
    /// The containers that ask for devices.
    pub containers: Vec<Judgment>,
}

impl Review {
    /// Findings of this severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.severity == severity)
    }
}

/// Reviews an object that makes pods.
#[must_use]
pub fn review(kind: Kind, object: &Map<String, Value>, context: &Context) -> Review {
    let found = match kubernetes::pods_beside(kind, object, &context.beside) {
        Ok(pods) => pods_of(kind, object, &pods, context),
        Err(problems) => return unreadable(&problems, context),
    };
    found.finish(context)
}

/// Of an object that cannot be read.
#[must_use]
pub fn unreadable(problems: &[Problem], context: &Context) -> Review {
    let findings = problems.iter().map(|problem| Finding::of(Lint::Unreadable, problem)).collect();
    Review { findings, ..Review::default() }.finish(context)
}

fn pods_of(kind: Kind, object: &Map<String, Value>, pods: &[PodSpec], context: &Context) -> Review {
    let asking: Vec<_> = pods
        .iter()
        .flat_map(|pod| pod.containers.iter().map(move |container| (pod, container)))
        .filter(|(_, container)| !container.claims.is_empty())
        .collect();
    if asking.len() > MOST_CONTAINERS {
        let found = format!("{} containers that ask for devices", asking.len());
        let problem = Problem::new("too-many", "object", found, format!("at most {MOST_CONTAINERS}"));
        return Review { findings: vec![Finding::of(Lint::TooMany, &problem)], ..Review::default() };
    }
    let mut all = Review::default();
    for (pod, container) in asking {
        let (judgment, findings) = weigh(pod, container, context);
        all.findings.extend(findings);
        all.containers.push(judgment);
    }
    all.findings.extend(pods.iter().flat_map(|pod| lints::pod(object, pod, kind != Kind::DaemonSet)));
    all
}

impl Review {
    /// Adds what an operator demands beyond it, as severe as it is to be.
    pub(crate) fn add(&mut self, findings: Vec<Finding>, reactions: &Reactions) {
        self.findings.extend(findings.into_iter().filter_map(|finding| reactions.apply(finding)));
        order::sort_by_key(&mut self.findings, |finding| core::cmp::Reverse(finding.severity));
    }

    /// The findings as severe as they are to be, the most severe first, and the answer that follows.
    pub(super) fn finish(mut self, context: &Context) -> Review {
        let findings = core::mem::take(&mut self.findings);
        self.findings = findings.into_iter().filter_map(|finding| context.reactions.apply(finding)).collect();
        order::sort_by_key(&mut self.findings, |finding| core::cmp::Reverse(finding.severity));
        for one in &mut self.containers {
            let disproved =
                |finding: &Finding| finding.severity == Severity::Error && finding.container == one.container;
            if self.findings.iter().any(disproved) {
                one.verdict = Verdict::No;
            }
        }
        let worst = self.containers.iter().map(|one| one.verdict).max_by_key(|verdict| gravity(*verdict));
        let disproved = self.of(Severity::Error).next().is_some();
        self.verdict = if disproved { Some(Verdict::No) } else { worst };
        self
    }
}

/// Which of several answers stands for all: what is proved before what is not known.
const fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fits => 0,
        Verdict::Tight => 1,
        Verdict::Unknown => 2,
        Verdict::No => 3,
    }
}
