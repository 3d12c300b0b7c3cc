//! What comes out of a fit: proof, doubt or remedies.

use super::context::Cluster;
use super::known::Facts;
use super::pools::offered;
use crate::engine::Serving;
use crate::gpu::{Device, Gpu};
use crate::kubernetes::{Candidates, Container, Launch};
use crate::matching::{self, Advice, FitReport, Offer, Verdict};
use crate::memory::Plan;
use crate::units::Bytes;

/// What a fit was worked out from and what came out.
pub(super) struct Judged<'a> {
    /// The container.
    pub(super) container: &'a Container,
    /// How it starts its engine.
    pub(super) launch: &'a Launch,
    /// Its model.
    pub(super) facts: &'a Facts,
    /// The devices that it can mean.
    pub(super) candidates: &'a Candidates<'a>,
    /// What they rest on, where the cluster says it.
    pub(super) cluster: &'a Cluster<'a>,
    /// What was worked out once for all devices.
    pub(super) plan: &'a Plan<'a>,
    /// The answer for each of them.
    pub(super) report: &'a FitReport,
}

/// The most other ways of serving that are named.
const MOST_ADVICE: usize = 2;

/// What would make it fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Remedies {
    /// Other ways to serve it on the device that it asks for, cheapest first.
    pub(super) served: Vec<String>,
    /// The device with the least memory that holds it: resource, usable memory, label.
    pub(super) device: Option<(String, Bytes, String)>,
    /// What was searched for such a device.
    pub(super) searched: String,
    /// Whether there are whole GPUs among it.
    pub(super) whole: bool,
}

impl Judged<'_> {
    /// The offer to speak about and the answer for all: proof needs every device that the claim can mean.
    pub(super) fn verdict(&self) -> Option<(&Offer, Verdict)> {
        let offers = &self.report.offers;
        let misfits = || offers.iter().filter(|offer| self.misfit(offer));
        if self.nothing_fits() {
            if let Some(close) =
                misfits().filter(|offer| !offer.is_proved_too_small()).max_by_key(|o| o.usable)
            {
                return Some((close, Verdict::Unknown));
            }
            let best = misfits().max_by_key(|offer| offer.usable)?;
            return Some((best, if self.proves() { Verdict::No } else { Verdict::Unknown }));
        }
        if let Some(worst) = misfits().min_by_key(|offer| offer.usable) {
            return Some((worst, Verdict::Unknown));
        }
        let tight = offers.iter().filter(|offer| self.launch.is_vllm() && offer.verdict == Verdict::Tight);
        match tight.min_by_key(|offer| offer.spare) {
            Some(offer) => Some((offer, Verdict::Tight)),
            None => Some((offers.iter().min_by_key(|offer| offer.usable)?, Verdict::Fits)),
        }
    }

    /// Whether it fits none of the devices, as far as the estimate goes.
    pub(super) fn nothing_fits(&self) -> bool {
        self.report.offers.iter().all(|offer| self.misfit(offer))
    }

    fn misfit(&self, offer: &Offer) -> bool {
        if self.launch.is_vllm() {
            return offer.verdict == Verdict::No;
        }
        offer.reasons.iter().any(|reason| reason.code == "weights-too-large" && reason.need > offer.memory)
    }

    /// Whether a misfit is proved: the model is known to the parameter, and nothing on the command line is
    /// left out of the estimate.
    pub(super) fn proves(&self) -> bool {
        self.facts.model.known && self.left_out().is_empty()
    }

    /// What is on the command line and not in the estimate.
    pub(super) fn left_out(&self) -> Vec<String> {
        let mut left_out = self.launch.open.clone();
        if let (Some(method), None) = (&self.launch.quantization, &self.facts.model.quantization) {
            left_out.push(format!("--quantization {method}"));
        }
        if let (Some(draft), None) = (&self.launch.draft, &self.facts.draft) {
            left_out.push(format!("the draft model {draft}"));
        }
        if self.launch.pipeline_parallel > 1 {
            left_out.push(format!("--pipeline-parallel-size {}", self.launch.pipeline_parallel));
        }
        left_out
    }

    /// The device that `offer` is about.
    pub(super) fn asked(&self, offer: &Offer) -> Option<&Device<'_>> {
        let all = &self.candidates.devices;
        all.iter().find(|device| device.gpu.key == *offer.gpu && device.label() == offer.device)
    }

    pub(super) fn remedies(&self, serving: &Serving, offer: &Offer) -> Remedies {
        let asked = self.asked(offer);
        let pools = offered(self.cluster);
        let gpus: Vec<&Gpu> = match asked {
            Some(device) if self.cluster.gpus.is_empty() => vec![device.gpu],
            Some(_) | None => self.cluster.gpus.clone(),
        };
        let names: Vec<&str> = gpus.iter().map(|gpu| gpu.short_name.as_ref()).collect();
        let (larger, searched): (Vec<Device>, String) = if pools.is_empty() {
            (gpus.iter().flat_map(|gpu| Device::all_of(gpu)).collect(), names.join(", "))
        } else {
            (pools.iter().map(|(device, _)| *device).collect(), self.cluster.source.to_owned())
        };
        let device = matching::smallest(self.plan, &larger).and_then(|place| {
            let offer = matching::offer(self.plan, larger.get(place)?);
            let resource = pools.get(place).map_or(offer.resource, |(_, resource)| (*resource).to_owned());
            Some((resource, offer.usable, offer.device))
        });
        Remedies {
            served: asked.map(|device| self.other_ways(serving, device)).unwrap_or_default(),
            device,
            searched,
            whole: larger.iter().any(|device| device.profile.is_none()),
        }
    }

    fn other_ways(&self, serving: &Serving, device: &Device) -> Vec<String> {
        if !self.launch.is_vllm() {
            return Vec::new();
        }
        let draft = self.facts.draft.as_ref();
        let advice = matching::advise_drafted(&self.facts.model, draft, serving, device).unwrap_or_default();
        let told = |one: Advice| {
            let doubt = if one.verdict == Verdict::Fits { "" } else { ", which only just fits" };
            format!("{}{doubt}", one.changes.join(" and "))
        };
        advice.into_iter().take(MOST_ADVICE).map(told).collect()
    }
}
