//! One container: its model against the devices it asks for.

use super::context::{Context, Reaction};
use super::figures::{Figures, Judgment};
use super::finding::{Finding, Severity};
use super::judged::Judged;
use super::known::{self, Facts};
use super::message;
use crate::engine::Serving;
use crate::kubernetes::{Asked, Candidates, Container, Launch, PodSpec, candidates, launch};
use crate::matching::{self, Verdict};
use crate::problem::Problem;

/// One container that asks for devices, and what is said about it.
struct Scale<'a> {
    container: &'a Container,
    context: &'a Context<'a>,
    findings: Vec<Finding>,
}

/// Judges `container` of `pod`, which asks for at least one device.
pub(super) fn weigh(pod: &PodSpec, container: &Container, context: &Context) -> (Judgment, Vec<Finding>) {
    let mut scale = Scale { container, context, findings: Vec::new() };
    let launch = scale.launch();
    let facts = launch.as_ref().and_then(|launch| scale.facts(pod, launch));
    let candidates = scale.candidates(pod);
    let (verdict, figures) = match (&launch, &facts, &candidates) {
        (Some(launch), Some(facts), Some(candidates)) => scale.fit(launch, facts, candidates),
        _ => (scale.unproved(), None),
    };
    (Judgment { container: container.name.clone(), verdict, figures }, scale.findings)
}

impl<'a> Scale<'a> {
    fn say(&mut self, finding: Finding) {
        self.findings.push(finding.in_container(&self.container.name));
    }

    /// Says what a reaction makes of it.
    fn react(&mut self, reaction: Reaction, finding: impl FnOnce(Severity) -> Finding) {
        if let Some(severity) = reaction.severity() {
            self.say(finding(severity));
        }
    }

    fn problem(&mut self, reaction: Reaction, problem: &Problem) {
        self.react(reaction, |severity| Finding::of(problem, severity));
    }

    /// The answer where no estimate could be made: no where something is wrong for certain.
    fn unproved(&self) -> Verdict {
        let denied = self.findings.iter().any(|finding| finding.severity == Severity::Error);
        if denied { Verdict::No } else { Verdict::Unknown }
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
        match known::find(pod, self.container, launch, self.context) {
            Ok(Ok(facts)) => Some(facts),
            Ok(Err(name)) => {
                // A container that is no engine and names no model is somebody else's business.
                let reaction = match self.context.reactions.unknown_model {
                    Reaction::Warn if !launch.vllm && name.is_none() => Reaction::Allow,
                    reaction => reaction,
                };
                self.react(reaction, |severity| message::unknown_model(severity, name.as_deref()));
                None
            }
            Err(problem) => {
                self.problem(Reaction::Deny, &problem);
                None
            }
        }
    }

    /// The devices of all claims together: which of them a process uses is its own choice.
    fn candidates(&mut self, pod: &PodSpec) -> Option<Candidates<'a>> {
        let mut all: Option<Candidates<'a>> = None;
        for claim in self.container.claims.iter().take(MOST_CLAIMS) {
            match candidates(claim, &pod.node, &self.context.cluster.gpus) {
                Ok(found) => match &mut all {
                    Some(all) => all.devices.extend(found.devices),
                    None => all = Some(found),
                },
                Err(problem) => {
                    let reaction = match problem.code {
                        "no-such-device" => Reaction::Deny,
                        _ => self.context.reactions.unknown_device,
                    };
                    self.problem(reaction, &problem);
                    return None;
                }
            }
        }
        all
    }

    fn fit(&mut self, launch: &Launch, facts: &Facts, candidates: &Candidates) -> (Verdict, Option<Figures>) {
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
                return (self.unproved(), None);
            }
        };
        let judged = Judged {
            container: self.container,
            launch,
            facts,
            candidates,
            cluster: &self.context.cluster,
            report: &report,
        };
        let Some((offer, verdict)) = judged.verdict() else {
            return (Verdict::Unknown, None);
        };
        match verdict {
            Verdict::Fits => {}
            Verdict::Tight => self.say(message::tight(&judged, offer)),
            Verdict::Unknown => self.say(message::unproved(&judged, offer)),
            Verdict::No => {
                let remedies = judged.remedies(&serving, offer);
                self.say(message::misfit(&judged, offer, &remedies));
            }
        }
        (verdict, Some(Figures::of(&judged, offer)))
    }

    /// Ranks against devices.
    fn ranks(&mut self, launch: &Launch) {
        let container = self.container;
        let ranks = launch.serving.tensor_parallel.saturating_mul(launch.pipeline_parallel);
        let devices = container.claims.iter().map(|claim| claim.count).fold(0, u64::saturating_add);
        let slices = container.claims.iter().all(|claim| matches!(claim.asked, Asked::Slice(_)));
        if slices && ranks > 1 {
            let reaction = self.context.reactions.parallel_on_slices;
            self.react(reaction, |severity| message::parallel_on_slices(severity, ranks));
        } else if ranks > devices && !launch.several_nodes {
            self.say(message::too_few_devices(ranks, devices));
        } else if launch.vllm && !slices && ranks.saturating_mul(launch.data_parallel) < devices {
            let used = ranks.saturating_mul(launch.data_parallel);
            self.say(message::idle_devices(used, devices));
        } else if slices && devices > 1 {
            self.say(message::several_slices(devices));
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
