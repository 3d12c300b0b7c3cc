//! What the operator demands beyond that a model fits: devices that are allowed, a least context, memory left over.

use super::settings::{Allowed, Settings};
use crate::gpu::Gpu;
use crate::kubernetes::{Asked, Claim, Container, PodSpec, candidates};
use crate::review::{Figures, Finding, Lint, Review};

/// Everything that is demanded and not met, in the order of the object.
pub(super) fn unmet(pods: &[PodSpec], review: &Review, namespace: &str, settings: &Settings) -> Vec<Finding> {
    let mut unmet = Vec::new();
    let allowed = settings.rule(namespace).map(|rule| rule.profiles.as_slice()).unwrap_or_default();
    if !allowed.is_empty() {
        for (pod, container, claim) in claims(pods) {
            let finding = not_allowed(pod, claim, (namespace, allowed), &settings.gpus);
            unmet.extend(finding.map(|finding| finding.in_container(&container.name)));
        }
    }
    for judgment in &review.containers {
        if let Some(figures) = &judgment.figures {
            let found = [too_short(figures, settings), too_full(figures, settings)];
            unmet
                .extend(found.into_iter().flatten().map(|finding| finding.in_container(&judgment.container)));
        }
    }
    unmet
}

fn claims(pods: &[PodSpec]) -> impl Iterator<Item = (&PodSpec, &Container, &Claim)> {
    pods.iter().flat_map(|pod| {
        let containers = pod.containers.iter();
        containers
            .flat_map(move |container| container.claims.iter().map(move |claim| (pod, container, claim)))
    })
}

fn not_allowed(
    pod: &PodSpec,
    claim: &Claim,
    (namespace, allowed): (&str, &[Allowed]),
    gpus: &[&'static Gpu],
) -> Option<Finding> {
    let meant: Vec<Allowed> = match candidates(claim, &pod.node, gpus) {
        Ok(found) => {
            let profiles = found.devices.iter().map(|device| device.profile);
            profiles
                .map(|profile| profile.map_or(Allowed::Gpu, |profile| Allowed::Slice(profile.name)))
                .collect()
        }
        Err(_) => match &claim.asked {
            Asked::Gpu => vec![Allowed::Gpu],
            Asked::Slice(profile) => vec![Allowed::Slice(*profile)],
            // What it may be cannot be told, and the review says so.
            Asked::Selected(_) | Asked::Part(_) | Asked::Open(_) => Vec::new(),
        },
    };
    let refused = meant.iter().find(|one| !allowed.contains(one))?;
    let words: Vec<String> = allowed.iter().map(|one| one.word()).collect();
    let text = format!(
        "{} is not allowed in the namespace {namespace}, and {} may be one",
        refused.word(),
        claim.resource
    );
    let finding = Finding::new(Lint::NotAllowed, text).at(&claim.path);
    Some(finding.fix(format!("ask for one of {}", words.join(", "))))
}

fn too_short(figures: &Figures, settings: &Settings) -> Option<Finding> {
    let least = settings.minimum.context?;
    (figures.max_model_len < least).then(|| {
        let text = format!(
            "{} is served with {} tokens, the policy demands {least}",
            figures.model, figures.max_model_len
        );
        Finding::new(Lint::BelowMinimum, text).fix(format!("--max-model-len {least}, or more"))
    })
}

fn too_full(figures: &Figures, settings: &Settings) -> Option<Finding> {
    let wanted = settings.headroom?.of(figures.usable);
    let left = figures.usable.minus(figures.need);
    (figures.need <= figures.usable && left < wanted).then(|| {
        let text = format!(
            "{} leaves {left} of {} on {}, the policy demands {wanted} of headroom",
            figures.model, figures.usable, figures.device
        );
        Finding::new(Lint::LittleHeadroom, text)
            .fix("a larger device, a shorter --max-model-len or a smaller --max-num-seqs")
    })
}
