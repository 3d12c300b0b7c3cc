//! One container: its model against the devices it asks for.

use migfit::engine::Serving;
use migfit::kubernetes::{Asked, Candidates, Container, Launch, PodSpec, candidates, launch};
use migfit::matching;
use migfit::problem::Problem;

use crate::audit::Audit;
use crate::facts::{self, Facts};
use crate::judged::{Judged, Outcome};
use crate::message;
use crate::settings::{Reaction, Settings};

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

/// One container that asks for devices, and what is said about it.
struct Scale<'a> {
    container: &'a Container,
    settings: &'a Settings<'a>,
    findings: Vec<Finding>,
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
        (outcome, Audit::weighed(&judged, offer))
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
