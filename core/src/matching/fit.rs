//! One model, served one way, against many devices.

use serde::Serialize;

use super::ceiling::Ceiling;
use super::judged::{Judged, judge};
use super::sentence::Sentence;
use crate::engine::Serving;
use crate::gpu::{Architecture, Device};
use crate::memory::{Capacity, Log, MemoryEstimate, Plan, Startup, Target};
use crate::model::{DType, Model};
use crate::problem::Problem;
use crate::ratio::Ratio;
use crate::source::Confidence;
use crate::units::Bytes;

/// Whether a model fits a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It fits with room beyond the error of the estimate.
    Fits,
    /// It fits by less than the error of the estimate.
    Tight,
    /// It does not fit.
    No,
    /// The architecture is not known: what was counted is an estimate, and nothing is promised.
    Unknown,
}

impl Verdict {
    /// The word that a reader sees.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Fits => "fits",
            Verdict::Tight => "tight",
            Verdict::No => "no",
            Verdict::Unknown => "unknown",
        }
    }
}

/// Why a device is not a plain yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Reason {
    /// A stable word for programs, `kebab-case`.
    pub code: &'static str,
    /// The sentence for a reader.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub text: Sentence,
    /// What is needed.
    pub need: Bytes,
    /// What is there.
    pub offer: Bytes,
}

/// One device and the answer for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Offer {
    /// What a reader calls it: `H100-80GB 3g.40gb`.
    pub device: String,
    /// The GPU's key in the catalog.
    pub gpu: String,
    /// The profile, absent for the whole GPU.
    pub profile: Option<String>,
    /// What a container asks Kubernetes for.
    pub resource: String,
    /// The memory that the answer counts on.
    pub memory: Bytes,
    /// How that figure was obtained.
    pub memory_confidence: Confidence,
    /// The share that the engine takes, by its own rule where none was asked for.
    pub share: Ratio,
    /// The part of it that the engine may take.
    pub usable: Bytes,
    /// The need, term by term.
    pub estimate: MemoryEstimate,
    /// The answer.
    pub verdict: Verdict,
    /// What is left of `usable`.
    pub spare: Bytes,
    /// What is missing, nothing where it fits.
    pub shortfall: Bytes,
    /// How many sequences, how long a context.
    pub capacity: Capacity,
    /// The bound on its speed, `None` where the bandwidth of the device is not known.
    pub ceiling: Option<Ceiling>,
    /// What the engine would print when it starts.
    pub startup: Startup,
    /// Why not, or why only just. Largest shortfall first.
    pub reasons: Vec<Reason>,
}

impl Offer {
    /// Whether it is proved not to fit: the weights alone do not, or what is missing is more than the error of
    /// the estimate.
    #[must_use]
    pub fn is_proved_too_small(&self) -> bool {
        let band = self.estimate.error();
        let proves =
            |reason: &Reason| reason.code == "weights-too-large" || reason.need.minus(reason.offer) > band;
        self.verdict == Verdict::No && self.reasons.iter().any(proves)
    }
}

/// The answer for every device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FitReport {
    /// The engine, as a reader calls it.
    pub engine: String,
    /// Format of the weights that are not packed.
    pub dtype: DType,
    /// How the others are packed, absent where none is.
    pub quantization: Option<String>,
    /// Format of the cache.
    pub kv_cache_dtype: DType,
    /// Longest sequence, in tokens.
    pub max_model_len: u64,
    /// Sequences held at the same time.
    pub sequences: u64,
    /// Share of the device that the engine takes.
    pub gpu_memory_utilization: Ratio,
    /// One answer per device, in the order given.
    pub offers: Vec<Offer>,
    /// The offer with the least memory that fits: its place in `offers`.
    #[serde(serialize_with = "small")]
    pub smallest: Option<usize>,
}

/// A place as a 32-bit number, which JavaScript takes for an index; a 64-bit one arrives there as a `bigint`.
fn small<S: serde::Serializer>(place: &Option<usize>, serializer: S) -> Result<S::Ok, S::Error> {
    place.and_then(|place| u32::try_from(place).ok()).serialize(serializer)
}

/// Judges every device.
///
/// # Errors
/// Every setting that cannot be used.
pub fn fit(model: &Model, serving: &Serving, devices: &[Device]) -> Result<FitReport, Vec<Problem>> {
    Ok(report(&Plan::new(model, serving)?, devices))
}

/// As [`fit`], where a smaller model drafts for `model` (`speculative_method` is `draft_model`).
///
/// # Errors
/// Every setting that cannot be used.
pub fn fit_drafted(
    model: &Model,
    draft: Option<&Model>,
    serving: &Serving,
    devices: &[Device],
) -> Result<FitReport, Vec<Problem>> {
    Ok(report(&Plan::with_draft(model, draft, serving)?, devices))
}

/// As [`fit`], with what `log` measured in place of what is computed. Holds for devices and batches like its own.
///
/// # Errors
/// Every setting that cannot be used.
pub fn fit_measured(
    model: &Model,
    serving: &Serving,
    devices: &[Device],
    log: &Log,
) -> Result<FitReport, Vec<Problem>> {
    Ok(report(&Plan { measured: Some(log), ..Plan::new(model, serving)? }, devices))
}

/// Judges every device by what was worked out once.
#[must_use]
pub fn report(plan: &Plan, devices: &[Device]) -> FitReport {
    let offers: Vec<Offer> = devices.iter().map(|device| offer(plan, device)).collect();
    let smallest = offers
        .iter()
        .enumerate()
        .filter(|(_, offer)| offer.verdict == Verdict::Fits)
        .min_by_key(|(place, offer)| (offer.memory, *place))
        .map(|(place, _)| place);
    FitReport {
        engine: plan.engine.name.to_owned(),
        dtype: plan.dtype,
        quantization: plan.quantization.as_deref().map(str::to_owned),
        kv_cache_dtype: plan.kv_cache.dtype,
        max_model_len: plan.max_model_len,
        sequences: plan.serving.sequences,
        gpu_memory_utilization: plan.utilization,
        offers,
        smallest,
    }
}

/// The place of the device with the least memory that holds it, the first of several. As [`FitReport::smallest`],
/// without an answer for all of them.
#[must_use]
pub fn smallest(plan: &Plan, devices: &[Device]) -> Option<usize> {
    let mut least: Option<(Bytes, usize)> = None;
    for (place, device) in devices.iter().enumerate() {
        let target = target(device);
        let less = least.is_none_or(|(memory, _)| target.memory < memory);
        if less && judge(plan, target).verdict == Verdict::Fits {
            least = Some((target.memory, place));
        }
    }
    least.map(|(_, place)| place)
}

fn target(device: &Device) -> Target {
    let is_a100 = device.gpu.architecture == Architecture::Ampere && device.gpu.key.starts_with("a100");
    Target { memory: device.memory_floor(), is_a100 }
}

/// The answer for one device.
#[must_use]
pub fn offer(plan: &Plan, device: &Device) -> Offer {
    let target = target(device);
    let memory = target.memory;
    let Judged { estimate, usable, spare, verdict, reasons } = judge(plan, target);
    Offer {
        device: device.label(),
        gpu: device.gpu.key.to_string(),
        profile: device.profile.map(|profile| profile.name.to_string()),
        resource: device.resource_name(),
        memory,
        memory_confidence: device.memory().confidence,
        share: plan.share(target),
        usable,
        shortfall: estimate.total.minus(usable),
        spare,
        capacity: Capacity::of(plan, target, usable.minus(estimate.fixed())),
        ceiling: Ceiling::of(plan, device),
        startup: Startup::of(plan, target, &estimate, usable),
        estimate,
        verdict,
        reasons,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::device;
    use crate::matching::sentence::Said;
    use crate::model::{read, tests::GRANITE_7B};

    #[test]
    fn only_a_card_of_that_name_is_an_a100() {
        let is_a100 = |label| target(&device(label).unwrap()).is_a100;
        assert_eq!(["A100-40GB 3g.20gb", "A30", "H100-80GB"].map(is_a100), [true, false, false]);
    }

    #[test]
    fn the_smallest_is_the_first_of_those_with_least_memory() {
        let model = read(GRANITE_7B).unwrap();
        let serving = Serving::default();
        let plan = Plan::new(&model, &serving).unwrap();
        let place = |labels: &[&str]| {
            let devices: Vec<Device> = labels.iter().map(|label| device(label).unwrap()).collect();
            assert_eq!(smallest(&plan, &devices), report(&plan, &devices).smallest, "{labels:?}");
            smallest(&plan, &devices)
        };
        let (whole, half, quarter) = ("H100-80GB", "H100-80GB 3g.40gb", "H100-80GB 2g.20gb");
        assert_eq!(place(&[whole, half, quarter, quarter, half]), Some(2));
        assert_eq!(place(&["H100-80GB 1g.10gb", half, whole]), Some(1));
        assert_eq!(place(&["H100-80GB 1g.10gb"]), None);
    }

    #[test]
    fn it_is_proved_by_more_than_the_error_or_by_the_weights() {
        let model = read(GRANITE_7B).unwrap();
        let small = device("H100-80GB 1g.10gb").unwrap();
        let offer = fit(&model, &Serving::default(), &[small]).unwrap().offers.remove(0);
        let band = offer.estimate.error();
        let proved = |code, missing: Bytes, verdict| {
            let text = Said::Weights { take: missing, usable: Bytes::ZERO }.into();
            let reasons = vec![Reason { code, text, need: missing, offer: Bytes::ZERO }];
            Offer { verdict, reasons, ..offer.clone() }.is_proved_too_small()
        };
        assert!(!proved("cache-too-large", band, Verdict::No));
        assert!(proved("cache-too-large", band + Bytes::new(1), Verdict::No));
        assert!(proved("weights-too-large", band, Verdict::No));
        assert!(!proved("weights-too-large", band + Bytes::new(1), Verdict::Tight));
    }
}
