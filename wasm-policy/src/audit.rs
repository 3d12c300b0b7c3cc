//! Figures for the audit log.

use migfit::kubernetes::Container;
use migfit::matching::{Offer, Verdict};
use migfit::units::Bytes;
use serde::Serialize;

use crate::judged::Judged;

/// What the audit log keeps of one container. Memory is in bytes, context in tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Audit {
    container: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    figures: Option<Figures>,
}

/// The figures behind a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Figures {
    model: String,
    source: String,
    engine: String,
    device: String,
    resource: String,
    need: Bytes,
    usable: Bytes,
    verdict: Verdict,
    max_model_len: u64,
    sequences: u64,
}

impl Audit {
    /// Of a container of which nothing could be worked out.
    pub(crate) fn of(container: &Container) -> Audit {
        Audit { container: container.name.clone(), figures: None }
    }

    /// Of a container that was weighed, with the offer that the verdict speaks about.
    pub(crate) fn weighed(judged: &Judged, offer: &Offer) -> Audit {
        let engine = if judged.launch.vllm { judged.report.engine.as_str() } else { "unknown" };
        let figures = Figures {
            model: judged.facts.name.clone(),
            source: judged.facts.source.clone(),
            engine: engine.to_owned(),
            device: offer.device.clone(),
            resource: offer.resource.clone(),
            need: offer.estimate.total,
            usable: offer.usable,
            verdict: offer.verdict,
            max_model_len: judged.report.max_model_len,
            sequences: judged.report.sequences,
        };
        Audit { figures: Some(figures), ..Audit::of(judged.container) }
    }
}
