//! One container: its model against the devices it asks for.

use migfit::engine::Serving;
use migfit::gpu::{Device, Gpu};
use migfit::kubernetes::{Asked, Candidates, Container, Launch, PodSpec, candidates, launch};
use migfit::matching::{self, FitReport, Offer, Verdict};
use migfit::problem::Problem;
use migfit::units::Bytes;
use serde::Serialize;

use crate::facts::{self, Facts};
use crate::message;
use crate::settings::{Reaction, Settings};

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

/// Something to tell the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// How much it matters.
    pub(crate) reaction: Reaction,
    /// The text: a summary, then the details.
    pub(crate) lines: Vec<String>,
}

/// The answer for one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Weighed {
    /// The answer.
    pub(crate) outcome: Outcome,
    /// What to tell the author, in the order found.
    pub(crate) findings: Vec<Finding>,
    /// Figures for the audit log.
    pub(crate) audit: Audit,
}

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

/// One container that asks for devices, and what is said about it.
struct Scale<'a> {
    container: &'a Container,
    settings: &'a Settings<'a>,
    findings: Vec<Finding>,
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

/// Judges `container` of `pod`, which asks for at least one device.
pub(crate) fn weigh(pod: &PodSpec, container: &Container, settings: &Settings) -> Weighed {
    let mut scale = Scale { container, settings, findings: Vec::new() };
    let launch = scale.launch();
    let facts = launch.as_ref().and_then(|launch| scale.facts(pod, launch));
    let candidates = scale.candidates(pod);
    let (outcome, audit) = match (&launch, &facts, &candidates) {
        (Some(launch), Some(facts), Some(candidates)) => scale.fit(launch, facts, candidates),
        _ => (scale.unproved(), Audit::of(container)),
    };
    Weighed { outcome, findings: scale.findings, audit }
}

impl Scale<'_> {
    fn say(&mut self, reaction: Reaction, lines: Vec<String>) {
        if reaction != Reaction::Allow {
            self.findings.push(Finding { reaction, lines });
        }
    }

    fn problem(&mut self, reaction: Reaction, problem: &Problem) {
        self.say(reaction, message::problem(&self.container.name, problem));
    }

    /// The answer where no estimate could be made: no where something is wrong for certain.
    fn unproved(&self) -> Outcome {
        let denied = self.findings.iter().any(|finding| finding.reaction == Reaction::Deny);
        if denied { Outcome::No } else { Outcome::Unknown }
    }

    fn launch(&mut self) -> Option<Launch> {
        launch(self.container)
            .map_err(|problems| {
                for problem in problems {
                    self.problem(Reaction::Deny, &problem);
                }
            })
            .ok()
    }

    fn facts(&mut self, pod: &PodSpec, launch: &Launch) -> Option<Facts> {
        match facts::find(pod, self.container, launch, self.settings) {
            Ok(Ok(facts)) => Some(facts),
            Ok(Err(name)) => {
                // A container that is no engine and names no model is somebody else's business.
                let reaction = match self.settings.unknown_model {
                    Reaction::Warn if !launch.vllm && name.is_none() => Reaction::Allow,
                    reaction => reaction,
                };
                let lines = message::unknown_model(self.container, name.as_deref());
                self.say(reaction, lines);
                None
            }
            Err(problem) => {
                self.problem(Reaction::Deny, &problem);
                None
            }
        }
    }

    /// The devices of all claims together: which of them a process uses is its own choice.
    fn candidates(&mut self, pod: &PodSpec) -> Option<Candidates<'static>> {
        let mut all: Option<Candidates<'static>> = None;
        for claim in self.container.claims.iter().take(MOST_CLAIMS) {
            match candidates(claim, &pod.node, &self.settings.gpus) {
                Ok(found) => match &mut all {
                    Some(all) => all.devices.extend(found.devices),
                    None => all = Some(found),
                },
                Err(problem) => {
                    let reaction = match problem.code {
                        "no-such-device" => Reaction::Deny,
                        _ => self.settings.unknown_device,
                    };
                    self.problem(reaction, &problem);
                    return None;
                }
            }
        }
        all
    }

    fn fit(&mut self, launch: &Launch, facts: &Facts, candidates: &Candidates) -> (Outcome, Audit) {
        self.ranks(launch);
        let serving = serving(launch);
        let report = match matching::fit(&facts.model, &serving, &candidates.devices) {
            Ok(report) => report,
            Err(problems) => {
                for problem in problems {
                    let reaction =
                        if long_allowed(self.container, &problem) { Reaction::Warn } else { Reaction::Deny };
                    self.problem(reaction, &problem);
                }
                return (self.unproved(), Audit::of(self.container));
            }
        };
        let judged = Judged { container: self.container, launch, facts, candidates, report: &report };
        let Some((offer, outcome)) = judged.verdict() else {
            return (Outcome::Unknown, Audit::of(self.container));
        };
        match outcome {
            Outcome::Fits => {}
            Outcome::Tight => self.say(Reaction::Warn, message::tight(&judged, offer)),
            Outcome::Unknown => self.say(Reaction::Warn, message::unproved(&judged, offer)),
            Outcome::No => {
                let remedies = judged.remedies(&serving, offer, self.settings);
                self.say(Reaction::Deny, message::misfit(&judged, offer, &remedies));
            }
        }
        (outcome, judged.audit(offer))
    }

    /// Ranks against devices.
    fn ranks(&mut self, launch: &Launch) {
        let container = self.container;
        let ranks = launch.serving.tensor_parallel.saturating_mul(launch.pipeline_parallel);
        let devices = container.claims.iter().map(|claim| claim.count).fold(0, u64::saturating_add);
        let slices = container.claims.iter().all(|claim| matches!(claim.asked, Asked::Slice(_)));
        if slices && ranks > 1 {
            self.say(self.settings.parallel_on_slices, message::parallel_on_slices(container, ranks));
        } else if ranks > devices && !launch.several_nodes {
            self.say(Reaction::Deny, message::too_few_devices(container, ranks, devices));
        } else if launch.vllm && !slices && ranks.saturating_mul(launch.data_parallel) < devices {
            let used = ranks.saturating_mul(launch.data_parallel);
            self.say(Reaction::Warn, message::idle_devices(container, used, devices));
        } else if slices && devices > 1 {
            self.say(Reaction::Warn, message::several_slices(container, devices));
        }
    }
}

/// The most device resources of one container that are looked at.
const MOST_CLAIMS: usize = 16;

/// The most other ways of serving that are named.
const MOST_ADVICE: usize = 2;

/// What the engine is given. Of an engine that is not known only the weights are judged.
fn serving(launch: &Launch) -> Serving {
    if launch.vllm {
        return launch.serving.clone();
    }
    Serving {
        max_model_len: Some(1),
        max_num_seqs: Some(1),
        max_num_batched_tokens: Some(1),
        enforce_eager: true,
        ..Serving::default()
    }
}

/// vLLM can be told to go beyond what the model is made for.
fn long_allowed(container: &Container, problem: &Problem) -> bool {
    problem.code == "too-long" && container.env.contains_key("VLLM_ALLOW_LONG_MAX_MODEL_LEN")
}

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
    fn verdict(&self) -> Option<(&Offer, Outcome)> {
        let offers = &self.report.offers;
        let misfits = || offers.iter().filter(|offer| self.misfit(offer));
        if misfits().count() == offers.len() {
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

    fn remedies(&self, serving: &Serving, offer: &Offer, settings: &Settings) -> Remedies {
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

    fn audit(&self, offer: &Offer) -> Audit {
        let engine = if self.launch.vllm { self.report.engine.as_str() } else { "unknown" };
        let figures = Figures {
            model: self.facts.name.clone(),
            source: self.facts.source.clone(),
            engine: engine.to_owned(),
            device: offer.device.clone(),
            resource: offer.resource.clone(),
            need: offer.estimate.total,
            usable: offer.usable,
            verdict: offer.verdict,
            max_model_len: self.report.max_model_len,
            sequences: self.report.sequences,
        };
        Audit { figures: Some(figures), ..Audit::of(self.container) }
    }
}

impl Audit {
    fn of(container: &Container) -> Audit {
        Audit { container: container.name.clone(), figures: None }
    }
}
