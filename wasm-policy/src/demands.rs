//! What the operator demands beyond that a model fits: devices that are allowed, a least context, memory left over.

use migfit::gpu::Gpu;
use migfit::kubernetes::{Asked, Claim, Container, PodSpec, candidates};
use migfit::review::Figures;
use migfit::review::Review;

use crate::gathered::Gathered;
use crate::settings::{Allowed, Settings};

/// What a workload lacks, as its author reads it: a summary, then the details.
pub(crate) type Demand = Vec<String>;

/// Everything that is demanded and not met, in the order of the object.
pub(crate) fn unmet(pods: &[PodSpec], review: &Review, namespace: &str, settings: &Settings) -> Vec<Demand> {
    let mut unmet = Vec::new();
    let allowed = settings.rule(namespace).map(|rule| rule.profiles.as_slice()).unwrap_or_default();
    if !allowed.is_empty() {
        for (pod, container, claim) in claims(pods) {
            unmet.extend(not_allowed(pod, container, claim, (namespace, allowed), &settings.gpus));
        }
    }
    for judgment in &review.containers {
        if let Some(figures) = &judgment.figures {
            unmet.extend(too_short(&judgment.container, figures, settings));
            unmet.extend(too_full(&judgment.container, figures, settings));
        }
    }
    unmet
}

/// Devices that no node of the cluster offers: the pod would wait for one to come.
pub(crate) fn not_offered(pods: &[PodSpec], gathered: &Gathered) -> Vec<Demand> {
    if gathered.offered.is_empty() {
        return Vec::new();
    }
    let missing = claims(pods).filter(|(_, _, claim)| !gathered.offered.contains(&claim.resource));
    let offered: Vec<&str> = gathered.offered.iter().map(String::as_str).collect();
    missing
        .map(|(_, container, claim)| {
            vec![
                format!("container {}: no node offers {} now", container.name, claim.resource),
                format!("  hint: nodes offer {}", offered.join(", ")),
            ]
        })
        .collect()
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
    container: &Container,
    claim: &Claim,
    (namespace, allowed): (&str, &[Allowed]),
    gpus: &[&'static Gpu],
) -> Option<Demand> {
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
    Some(vec![
        format!(
            "container {}: {} is not allowed in the namespace {namespace}, and {} may be one",
            container.name,
            refused.word(),
            claim.resource
        ),
        format!("  at: {}", claim.path),
        format!("  fix: ask for one of {}", words.join(", ")),
    ])
}

fn too_short(container: &str, figures: &Figures, settings: &Settings) -> Option<Demand> {
    let least = settings.minimum.context?;
    (figures.max_model_len < least).then(|| {
        vec![
            format!(
                "container {container}: {} is served with {} tokens, the policy demands {least}",
                figures.model, figures.max_model_len
            ),
            format!("  fix: --max-model-len {least}, or more"),
        ]
    })
}

fn too_full(container: &str, figures: &Figures, settings: &Settings) -> Option<Demand> {
    let wanted = settings.headroom?.of(figures.usable);
    let left = figures.usable.minus(figures.need);
    (figures.need <= figures.usable && left < wanted).then(|| {
        vec![
            format!(
                "container {container}: {} leaves {left} of {} on {}, the policy demands {wanted} of headroom",
                figures.model, figures.usable, figures.device
            ),
            "  fix: a larger device, a shorter --max-model-len or a smaller --max-num-seqs".to_owned(),
        ]
    })
}
