//! The words that an author reads.

use migfit::kubernetes::{Basis, Container};
use migfit::matching::Offer;
use migfit::memory::TermName;
use migfit::problem::Problem;
use migfit::source::Confidence;
use migfit::units::grouped;

use crate::judged::{Judged, Remedies};

/// Longer warnings are cut by the API server.
const LONGEST_WARNING: usize = 250;

/// Problems, one a line, each with its hint.
pub(crate) fn problems(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().flat_map(with_hint).collect();
    lines.join("\n")
}

fn with_hint(problem: &Problem) -> Vec<String> {
    let hint = problem.hint.as_ref().map(|hint| format!("  hint: {hint}"));
    std::iter::once(problem.to_string()).chain(hint).collect()
}

/// `text` on one line and short enough for a warning.
pub(crate) fn warning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST_WARNING) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// A problem of one container.
pub(crate) fn problem(container: &str, problem: &Problem) -> Vec<String> {
    let mut lines = with_hint(problem);
    if let Some(first) = lines.first_mut() {
        *first = format!("container {container}: {first}");
    }
    lines
}

/// The model is not known.
pub(crate) fn unknown_model(container: &Container, name: Option<&str>) -> Vec<String> {
    let what = match name {
        Some(name) => format!("nothing is known of its model {name:?}"),
        None => "it names no model".to_owned(),
    };
    vec![
        format!("container {}: {what}, so nothing was checked", container.name),
        "  fix: put its config.json into the annotation migfit.io/config, or its facts into the policy's settings"
            .to_owned(),
    ]
}

/// It does not fit.
pub(crate) fn misfit(judged: &Judged, offer: &Offer, remedies: &Remedies) -> Vec<String> {
    let mut lines = vec![
        format!(
            "container {}: {} needs {}, {} has {} usable: {}",
            judged.container.name,
            judged.facts.name,
            offer.estimate.total,
            asked(judged),
            offer.usable,
            if offer.shortfall.get() > 0 {
                format!("{} short", offer.shortfall)
            } else {
                "no room for the CUDA context".to_owned()
            }
        ),
        at(judged),
        need(judged, offer),
        have(judged, offer),
    ];
    lines.extend(offer.reasons.iter().map(|reason| format!("  why: {}", reason.text)));
    lines.extend(fixes(remedies));
    lines
}

fn asked<'a>(judged: &'a Judged) -> &'a str {
    judged.container.claims.first().map_or("", |claim| claim.resource.as_str())
}

fn at(judged: &Judged) -> String {
    let paths: Vec<&str> = judged.container.claims.iter().map(|claim| claim.path.as_str()).collect();
    format!("  at: {}", paths.join(", "))
}

fn need(judged: &Judged, offer: &Offer) -> String {
    let terms: Vec<String> = offer
        .estimate
        .terms
        .iter()
        .filter(|term| term.bytes.get() > 0)
        .map(|term| format!("{} {}", label(term.name), term.bytes))
        .collect();
    let report = judged.report;
    let sequences = if report.sequences == 1 { "sequence" } else { "sequences" };
    format!(
        "  need: {} ({} {sequences} of {} tokens, weights {}, {}; model from {})",
        terms.join(" + "),
        report.sequences,
        grouped(report.max_model_len),
        report.dtype,
        if judged.launch.vllm { report.engine.as_str() } else { "engine not known, weights alone judged" },
        judged.facts.source
    )
}

const fn label(name: TermName) -> &'static str {
    name.label()
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
        Basis::Pool => "the GPUs in the policy's settings".to_owned(),
        Basis::Catalog => "no GPU named".to_owned(),
    };
    let several = judged.candidates.devices.len();
    let which =
        if several == 1 { String::new() } else { format!(", the largest of {several} that it can mean") };
    format!(
        "  have: {} of the {} of {}{confidence} ({basis}{which})",
        judged.report.gpu_memory_utilization, offer.memory, offer.device
    )
}

fn fixes(remedies: &Remedies) -> Vec<String> {
    let mut fixes = remedies.served.clone();
    match &remedies.device {
        Some((resource, usable, label)) => {
            fixes.push(format!("ask for {resource} ({usable} usable on {label})"));
        }
        None => fixes.push(format!(
            "no device of {} holds it as it is served: share it over GPUs with --tensor-parallel-size",
            remedies.searched
        )),
    }
    fixes.into_iter().map(|fix| format!("  fix: {fix}")).collect()
}

/// It fits by less than the error of the estimate.
pub(crate) fn tight(judged: &Judged, offer: &Offer) -> Vec<String> {
    vec![format!(
        "container {}: {} fits {} with only {} to spare, less than the error of the estimate",
        judged.container.name,
        judged.facts.name,
        asked(judged),
        offer.spare
    )]
}

/// It may not fit; nothing is proved.
pub(crate) fn unproved(judged: &Judged, offer: &Offer) -> Vec<String> {
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
    vec![
        format!(
            "container {}: {} may not fit {}: {} needed, {} usable",
            judged.container.name, judged.facts.name, offer.device, offer.estimate.total, offer.usable
        ),
        why,
    ]
}

/// One engine over several slices.
pub(crate) fn parallel_on_slices(container: &Container, ranks: u64) -> Vec<String> {
    vec![
        format!(
            "container {}: {ranks} ranks cannot share a model over MIG slices: they have no path to each other",
            container.name
        ),
        "  fix: one larger slice, or whole GPUs".to_owned(),
    ]
}

/// More ranks than devices.
pub(crate) fn too_few_devices(container: &Container, ranks: u64, devices: u64) -> Vec<String> {
    vec![
        format!("container {}: the engine starts {ranks} ranks on {devices} devices", container.name),
        format!("  fix: ask for {ranks}, or lower --tensor-parallel-size"),
    ]
}

/// More devices than ranks.
pub(crate) fn idle_devices(container: &Container, ranks: u64, devices: u64) -> Vec<String> {
    vec![format!("container {}: the engine uses {ranks} of {devices} GPUs", container.name)]
}

/// Several slices in one container.
pub(crate) fn several_slices(container: &Container, devices: u64) -> Vec<String> {
    vec![format!("container {}: CUDA uses one of {devices} MIG slices in a container", container.name)]
}
