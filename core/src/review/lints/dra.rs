//! Claims of dynamic resource allocation.

use serde_json::{Map, Value};

use super::names;
use crate::gpu::devices;
use crate::kubernetes::{Alternative, Asked, Claim, PodSpec, requested};
use crate::problem::Problem;
use crate::review::context::Context;
use crate::review::finding::{Finding, Severity};
use crate::review::lint::Lint;

/// The class of slices that NVIDIA's driver installs.
const SLICES: &str = "mig.nvidia.com";

/// What is wrong with a ResourceClaim or ResourceClaimTemplate.
pub(in crate::review) fn claim(object: &Map<String, Value>, context: &Context) -> Vec<Finding> {
    match requested(object, &context.beside) {
        Ok(claims) => claims.iter().flat_map(of_claim).collect(),
        Err(problems) => problems.iter().map(|problem| Finding::of(Lint::Unreadable, problem)).collect(),
    }
}

/// What is wrong with the claims of a pod, besides that nothing satisfies them.
pub(super) fn pod(pod: &PodSpec) -> Vec<Finding> {
    let mut found = Vec::new();
    for container in &pod.containers {
        for claim in &container.claims {
            found.extend(of_pod(claim, pod).map(|finding| finding.in_container(&container.name)));
        }
    }
    found
}

fn of_pod(claim: &Claim, pod: &PodSpec) -> impl Iterator<Item = Finding> {
    let own = match &claim.asked {
        Asked::Selected(alternatives) => of_alternatives(claim, alternatives),
        Asked::Gpu | Asked::Slice(_) | Asked::Part(_) | Asked::Open(_) => Vec::new(),
    };
    own.into_iter().chain(scattered(claim, pod))
}

fn of_claim(claim: &Claim) -> Vec<Finding> {
    match &claim.asked {
        Asked::Selected(alternatives) => {
            let mut found = of_alternatives(claim, alternatives);
            if found.is_empty()
                && !alternatives.iter().any(|one| devices().iter().any(|device| one.admits(device)))
            {
                found.push(nothing(claim, alternatives));
            }
            found
        }
        Asked::Open(problem) => vec![open(claim, problem)],
        Asked::Gpu | Asked::Slice(_) | Asked::Part(_) => Vec::new(),
    }
}

fn open(claim: &Claim, problem: &Problem) -> Finding {
    let lint = if problem.code == "claim-elsewhere" { Lint::ClaimNotFound } else { Lint::UnknownDevice };
    let finding = Finding::of(lint, problem);
    Finding { severity: Severity::Note, ..finding }.at(&claim.path)
}

/// A card of one's own may still satisfy it: no proof.
fn nothing(claim: &Claim, alternatives: &[Alternative]) -> Finding {
    let texts: Vec<&str> =
        alternatives.iter().flat_map(|one| one.selectors.iter().map(|s| s.text.as_str())).collect();
    let text = format!("no device of the catalog satisfies {}", texts.join(" and "));
    let finding = Finding::new(Lint::SelectsNothing, text).at(&claim.path);
    Finding { severity: Severity::Warning, ..finding }
}

fn of_alternatives(claim: &Claim, alternatives: &[Alternative]) -> Vec<Finding> {
    let mut found = Vec::new();
    for one in alternatives {
        found.extend(names::finding(&names::mistaken(one)).map(|finding| finding.at(&claim.path)));
        // The class has a selector of its own, the one that makes it slices.
        if one.class == SLICES && one.selectors.len() <= 1 {
            found.push(
                Finding::new(Lint::AnySlice, format!("any slice satisfies {}", claim.resource))
                    .at(&claim.path)
                    .why("the scheduler takes the first that matches, which may be the smallest")
                    .fix("select by profile, or by memory and multiprocessors"),
            );
        }
    }
    found
}

/// Slices that are claimed by several replicas.
fn scattered(claim: &Claim, pod: &PodSpec) -> Option<Finding> {
    let several = pod.replicas.filter(|replicas| *replicas > 1)?;
    let dynamic = match &claim.asked {
        Asked::Selected(alternatives) => alternatives.iter().all(|one| one.class == SLICES),
        // Of a template that is not there nothing is known, and claims of whole GPUs are rarely made by one.
        Asked::Open(problem) => {
            problem.code == "claim-elsewhere" && problem.found.contains("ResourceClaimTemplate")
        }
        Asked::Gpu | Asked::Slice(_) | Asked::Part(_) => false,
    };
    dynamic.then(|| {
        Finding::new(Lint::ScatteredSlices, format!("{several} replicas claim {} each", claim.resource))
            .at(&claim.path)
            .why("with dynamic MIG the scheduler takes the first match in the order of slices, so small instances end up on many GPUs and leave no room for a large one")
            .fix("cut the GPUs ahead, or let firstAvailable prefer GPUs that are cut already")
    })
}
