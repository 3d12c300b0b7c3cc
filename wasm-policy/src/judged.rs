//! What comes out of a fit: proof, doubt or remedies.

use migfit::engine::Serving;
use migfit::gpu::{Device, Gpu};
use migfit::kubernetes::{Candidates, Container, Launch};
use migfit::matching::{self, FitReport, Offer, Verdict};
use migfit::units::Bytes;

use crate::facts::Facts;
use crate::settings::Settings;

/// The answer for a container, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// It fits every device that the claim can mean.
    Fits,
    /// It fits, on one of them only just.
    Tight,
    /// Nothing can be proved.
    Unknown,
    /// It fits none of them.
    No,
}

/// What a fit was worked out from and what came out.
pub(crate) struct Judged<'a> {
    /// The container.
    pub(crate) container: &'a Container,
    /// How it starts its engine.
    pub(crate) launch: &'a Launch,
    /// Its model.
    pub(crate) facts: &'a Facts,
    /// The devices that it can mean.
    pub(crate) candidates: &'a Candidates<'a>,
    /// The answer for each of them.
    pub(crate) report: &'a FitReport,
}

/// The most other ways of serving that are named.
const MOST_ADVICE: usize = 2;

/// What would make it fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Remedies {
    /// Other ways to serve it on the device that it asks for, cheapest first.
    pub(crate) served: Vec<String>,
    /// The device with the least memory that holds it: resource, usable memory, label.
    pub(crate) device: Option<(String, Bytes, String)>,
    /// What was searched for such a device.
    pub(crate) searched: String,
}

impl Judged<'_> {
    /// The offer to speak about and the answer for all: proof needs every device that the claim can mean.
    pub(crate) fn verdict(&self) -> Option<(&Offer, Outcome)> {
        let offers = &self.report.offers;
        let misfits = || offers.iter().filter(|offer| self.misfit(offer));
        if self.nothing_fits() {
            if let Some(close) =
                misfits().filter(|offer| !offer.is_proved_too_small()).max_by_key(|o| o.usable)
            {
                return Some((close, Outcome::Unknown));
            }
            let best = misfits().max_by_key(|offer| offer.usable)?;
            return Some((best, if self.proves() { Outcome::No } else { Outcome::Unknown }));
        }
        if let Some(worst) = misfits().min_by_key(|offer| offer.usable) {
            return Some((worst, Outcome::Unknown));
        }
        let tight = offers.iter().filter(|offer| self.launch.vllm && offer.verdict == Verdict::Tight);
        match tight.min_by_key(|offer| offer.spare) {
            Some(offer) => Some((offer, Outcome::Tight)),
            None => Some((offers.iter().min_by_key(|offer| offer.usable)?, Outcome::Fits)),
        }
    }

    /// Whether it fits none of the devices, as far as the estimate goes.
    pub(crate) fn nothing_fits(&self) -> bool {
        self.report.offers.iter().all(|offer| self.misfit(offer))
    }

    fn misfit(&self, offer: &Offer) -> bool {
        if self.launch.vllm {
            return offer.verdict == Verdict::No;
        }
        offer.reasons.iter().any(|reason| reason.code == "weights-too-large" && reason.need > offer.memory)
    }

    /// Whether a misfit is proved: the model is known to the parameter, and nothing on the command line is
    /// left out of the estimate.
    pub(crate) fn proves(&self) -> bool {
        self.facts.model.known && self.left_out().is_empty()
    }

    /// What is on the command line and not in the estimate.
    pub(crate) fn left_out(&self) -> Vec<String> {
        let mut left_out = self.launch.open.clone();
        if let (Some(method), None) = (&self.launch.quantization, &self.facts.model.quantization) {
            left_out.push(format!("--quantization {method}"));
        }
        if self.launch.pipeline_parallel > 1 {
            left_out.push(format!("--pipeline-parallel-size {}", self.launch.pipeline_parallel));
        }
        left_out
    }

    pub(crate) fn remedies(&self, serving: &Serving, offer: &Offer, settings: &Settings) -> Remedies {
        let asked = self.candidates.devices.iter().find(|device| device.label() == offer.device);
        let gpus: Vec<&Gpu> = match asked {
            Some(device) if settings.gpus.is_empty() => vec![device.gpu],
            Some(_) | None => settings.gpus.clone(),
        };
        let larger: Vec<Device> = gpus.iter().flat_map(|gpu| Device::all_of(gpu)).collect();
        let found = matching::fit(&self.facts.model, serving, &larger).ok();
        let device = found.and_then(|report| report.offers.get(report.smallest?).cloned());
        let names: Vec<&str> = gpus.iter().map(|gpu| gpu.short_name.as_ref()).collect();
        Remedies {
            served: asked.map(|device| self.other_ways(serving, device)).unwrap_or_default(),
            device: device.map(|offer| (offer.resource, offer.usable, offer.device)),
            searched: names.join(", "),
        }
    }

    fn other_ways(&self, serving: &Serving, device: &Device) -> Vec<String> {
        if !self.launch.vllm {
            return Vec::new();
        }
        let advice = matching::advise(&self.facts.model, serving, device).unwrap_or_default();
        advice.into_iter().take(MOST_ADVICE).map(|one| one.changes.join(" and ")).collect()
    }
}
