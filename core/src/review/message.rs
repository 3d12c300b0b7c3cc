//! The words that an author reads.

use super::finding::{Detail, Finding, Measure, Severity};
use super::judged::{Judged, Remedies};
use super::lint::Lint;
use crate::gpu::ProfileName;
use crate::kubernetes::{Asked, Basis, Claim};
use crate::matching::{Offer, Verdict};
use crate::problem::Problem;
use crate::source::Confidence;
use crate::units::{Bytes, grouped};

/// The model is not known.
pub(super) fn unknown_model(name: Option<&str>, hidden: Option<&Problem>) -> Finding {
    let what = match name {
        Some(name) => format!("nothing is known of its model {name:?}"),
        None => "it names no model".to_owned(),
    };
    let finding = Finding::new(Lint::UnknownModel, format!("{what}, so nothing was checked")).fix(
        "put its config.json into the annotation migfit.io/config, or its facts into the policy's settings",
    );
    if let Some(hidden) = hidden.filter(|hidden| hidden.code == "unrendered") {
        return Finding::of(Lint::UnrenderedTemplate, hidden);
    }
    match hidden.filter(|hidden| hidden.code != "no-model") {
        Some(hidden) => finding.why(format!("found {}, expected {}", hidden.found, hidden.expected)),
        None => finding,
    }
}

/// No device can be named for a claim.
pub(super) fn no_candidates(claim: &Claim, problem: &Problem) -> Finding {
    let lint = match (problem.code, &claim.asked) {
        ("unrendered", _) => Lint::UnrenderedTemplate,
        ("claim-elsewhere", _) => Lint::ClaimNotFound,
        ("no-such-device" | "unknown-gpu", Asked::Selected(_)) => Lint::SelectsNothing,
        ("no-such-device", _) => Lint::NoSuchDevice,
        _ => Lint::UnknownDevice,
    };
    let finding = Finding::of(lint, problem);
    // A device that the catalog does not have may satisfy it.
    let severity = if problem.code == "unknown-gpu" { Severity::Warning } else { finding.severity };
    Finding { severity, ..finding }
}

/// It does not fit.
pub(super) fn misfit(judged: &Judged, offer: &Offer, remedies: &Remedies) -> Finding {
    let missing = if offer.shortfall.get() > 0 {
        format!("{} short", offer.shortfall)
    } else {
        "no room for the CUDA context".to_owned()
    };
    let text = format!(
        "{} needs {}, {} has {} usable: {missing}",
        judged.facts.name,
        offer.estimate.total,
        asked(judged),
        offer.usable,
    );
    let why = offer.reasons.iter().map(|reason| Detail::Why(reason.text.to_string()));
    let details = [Detail::Need(need(judged, offer)), Detail::Have(have(judged, offer))];
    let selects = matches!(judged.container.claims.first(), Some(Claim { asked: Asked::Selected(_), .. }));
    Finding {
        at: judged.container.claims.iter().map(|claim| claim.path.clone()).collect(),
        details: details.into_iter().chain(why).chain(fixes(remedies, selects)).collect(),
        measure: Some(measure(offer)),
        ..Finding::new(Lint::DoesNotFit, text)
    }
}

const fn measure(offer: &Offer) -> Measure {
    Measure { need: offer.estimate.total, offer: offer.usable, shortfall: offer.shortfall }
}

fn asked<'a>(judged: &'a Judged) -> &'a str {
    judged.container.claims.first().map_or("", |claim| claim.resource.as_str())
}

fn need(judged: &Judged, offer: &Offer) -> String {
    let terms: Vec<String> = offer
        .estimate
        .terms
        .iter()
        .filter(|term| term.bytes.get() > 0)
        .map(|term| format!("{} {}", term.name.label(), term.bytes))
        .collect();
    let report = judged.report;
    let sequences = if report.sequences == 1 { "sequence" } else { "sequences" };
    format!(
        "{} ({} {sequences} of {} tokens, weights {}, {}; model from {})",
        terms.join(" + "),
        report.sequences,
        grouped(report.max_model_len),
        report.dtype,
        if judged.launch.is_vllm() {
            judged.launch.judged_as(&report.engine)
        } else {
            "engine not known, weights alone judged".to_owned()
        },
        judged.facts.source
    )
}

fn have(judged: &Judged, offer: &Offer) -> String {
    let confidence = match offer.memory_confidence {
        Confidence::Measured => "",
        Confidence::Published => ", published",
        Confidence::Derived => ", derived",
        Confidence::Floor => ", a floor",
        Confidence::Estimate => ", an estimate",
    };
    let basis = match &judged.candidates.basis {
        Basis::Node { label, .. } => format!("node label {label}"),
        Basis::Pool => judged.cluster.source.to_owned(),
        Basis::Catalog => "no GPU named".to_owned(),
    };
    let several = judged.candidates.devices.len();
    let which =
        if several == 1 { String::new() } else { format!(", the largest of {several} that it can mean") };
    format!(
        "{} of the {} of {}{confidence} ({basis}{which})",
        judged.report.gpu_memory_utilization, offer.memory, offer.device
    )
}

/// `selects`: whether the device is chosen by a claim and not by the name of a resource.
fn fixes(remedies: &Remedies, selects: bool) -> Vec<Detail> {
    let mut fixes = remedies.served.clone();
    match &remedies.device {
        Some((resource, usable, label)) => {
            let profile = label.rsplit_once(' ').map(|(_, word)| word);
            let profile = profile.filter(|word| ProfileName::parse(word).is_ok());
            let what = match (selects, profile) {
                (true, Some(profile)) => format!("select the profile {profile} in the claim"),
                (true, None) => "select a whole GPU in the claim".to_owned(),
                (false, _) => format!("ask for {resource}"),
            };
            fixes.push(format!("{what} ({usable} usable on {label})"));
        }
        None => {
            let none = format!("no device of {} holds it as it is served", remedies.searched);
            let share = if remedies.whole { ": share it over GPUs with --tensor-parallel-size" } else { "" };
            fixes.push(format!("{none}{share}"));
        }
    }
    fixes.into_iter().map(Detail::Fix).collect()
}

/// It fits by less than the error of the estimate.
pub(super) fn tight(judged: &Judged, offer: &Offer) -> Finding {
    let text = format!(
        "{} fits {} with only {} to spare, less than the error of the estimate",
        judged.facts.name,
        asked(judged),
        offer.spare
    );
    Finding { measure: Some(measure(offer)), ..Finding::new(Lint::TightFit, text) }
}

/// It may not fit; nothing is proved.
pub(super) fn unproved(judged: &Judged, offer: &Offer) -> Finding {
    let why = if judged.proves() && judged.nothing_fits() {
        "what is missing is less than the error of the estimate".to_owned()
    } else if judged.proves() {
        format!(
            "it fits other GPUs with {}: name the GPU with the node label nvidia.com/gpu.product",
            asked(judged)
        )
    } else if !judged.facts.model.known {
        "its architecture is not known, so the need is an estimate".to_owned()
    } else {
        format!("not worked out: {}", judged.left_out().join(", "))
    };
    // What stands beside the engine's share may be what has no room.
    let lacking = match offer.reasons.first() {
        Some(reason) if offer.shortfall == Bytes::ZERO && offer.verdict == Verdict::No => {
            reason.text.to_string()
        }
        _ => format!("{} needed, {} usable", offer.estimate.total, offer.usable),
    };
    let text = format!("{} may not fit {}: {lacking}; {why}", judged.facts.name, offer.device);
    Finding { measure: Some(measure(offer)), ..Finding::new(Lint::MayNotFit, text) }
}

/// One engine over several slices.
pub(super) fn parallel_on_slices(ranks: u64) -> Finding {
    let text = format!("{ranks} ranks cannot share a model over MIG slices: they have no path to each other");
    Finding::new(Lint::ParallelOnSlices, text).fix("one larger slice, or whole GPUs")
}

/// More ranks than devices.
pub(super) fn too_few_devices(ranks: u64, devices: u64) -> Finding {
    let text = format!("the engine starts {ranks} ranks on {devices} devices");
    Finding::new(Lint::TooFewDevices, text).fix(format!("ask for {ranks}, or lower --tensor-parallel-size"))
}

/// More devices than ranks.
pub(super) fn idle_devices(ranks: u64, devices: u64) -> Finding {
    Finding::new(Lint::IdleDevices, format!("the engine uses {ranks} of {devices} GPUs"))
        .fix(format!("ask for {ranks}, or raise --tensor-parallel-size"))
}

/// Several slices in one container.
pub(super) fn several_slices(devices: u64) -> Finding {
    let text = format!("CUDA uses one of {devices} MIG slices in a container");
    Finding::new(Lint::SeveralSlices, text).fix("one slice for each container, and more replicas")
}
