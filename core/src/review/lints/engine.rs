//! What an engine makes of a slice.

use crate::kubernetes::Launch;
use crate::matching::Offer;
use crate::review::finding::{Finding, Measure};
use crate::review::lint::Lint;
use crate::units::{Bytes, grouped};

/// An engine in a slice that is left to choose its own limits.
pub(in crate::review) fn engine(launch: &Launch, offer: &Offer) -> Option<Finding> {
    if !launch.is_vllm() || offer.profile.is_none() {
        return None;
    }
    let serving = &launch.serving;
    let flags = [
        ("--max-num-seqs", serving.max_num_seqs.is_none()),
        ("--max-num-batched-tokens", serving.max_num_batched_tokens.is_none()),
        ("--gpu-memory-utilization", serving.gpu_memory_utilization.is_none()),
    ];
    let missing: Vec<&str> =
        flags.into_iter().filter(|(_, missing)| *missing).map(|(flag, _)| flag).collect();
    if missing.is_empty() {
        return None;
    }
    Some(
        Finding::new(Lint::NoEngineLimits, format!("on a slice the engine chooses {} itself", missing.join(", ")))
            .why("inside a slice NVML is often denied, or reports the whole GPU: defaults are then those of another card")
            .fix(format!("set {}", missing.join(", "))),
    )
}

/// The `smaller` device of the same card, with at most half of the memory of `offer`, would do.
pub(in crate::review) fn larger_than_needed(name: &str, offer: &Offer, smaller: &Offer) -> Finding {
    let lint = Lint::OverProvisioned;
    let severity = match offer.profile {
        Some(_) => lint.severity(),
        // Whether somebody may cut the GPU is not the author's to say.
        None => crate::review::Severity::Note,
    };
    let room = |offer: &Offer| match offer.capacity.max_sequences {
        Some(most) => format!("{} at once", grouped(most)),
        None => "any number at once".to_owned(),
    };
    let text = format!(
        "{name} needs {} of the {} usable of {}; {} holds it too",
        offer.estimate.total, offer.usable, offer.device, smaller.resource
    );
    let why = format!("sequences of the longest context: {} there, {} here", room(smaller), room(offer));
    let finding = Finding::new(lint, text)
        .why(why)
        .fix(format!("ask for {} ({} usable on {})", smaller.resource, smaller.usable, smaller.device));
    let measure = Measure { need: offer.estimate.total, offer: offer.usable, shortfall: Bytes::ZERO };
    Finding { severity, measure: Some(measure), ..finding }
}
