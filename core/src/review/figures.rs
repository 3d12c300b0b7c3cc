//! Figures for the log, container by container.

use serde::Serialize;

use super::judged::Judged;
use crate::matching::{Offer, Verdict};
use crate::units::Bytes;

/// The answer for one container. Memory is in bytes, context in tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "{ container: string } & Partial<Figures>"))]
pub struct Judgment {
    /// The container.
    pub container: String,
    /// Where it stands: `spec.containers[0]`.
    #[serde(skip)]
    pub path: String,
    /// The answer for every device that it can mean.
    #[serde(skip)]
    pub verdict: Verdict,
    /// What it rests on, absent where nothing could be worked out.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
}

/// The figures behind a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Figures {
    /// The model's id, or its architecture where it has none.
    pub model: String,
    /// Where it was found.
    pub source: String,
    /// The engine, `unknown` where it is not recognised.
    pub engine: String,
    /// The device that the verdict speaks about.
    pub device: String,
    /// What a container asks Kubernetes for.
    pub resource: String,
    /// What is needed.
    pub need: Bytes,
    /// What may be used.
    pub usable: Bytes,
    /// The answer for this device.
    pub verdict: Verdict,
    /// Longest sequence, in tokens.
    pub max_model_len: u64,
    /// Sequences held at the same time.
    pub sequences: u64,
}

impl Figures {
    /// Of a container that was weighed, with the offer that the verdict speaks about.
    pub(super) fn of(judged: &Judged, offer: &Offer) -> Figures {
        let engine = if judged.launch.is_vllm() { judged.report.engine.as_str() } else { "unknown" };
        Figures {
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
        }
    }
}
