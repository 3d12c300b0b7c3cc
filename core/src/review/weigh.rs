//! One container: its model against the devices it asks for.

use super::context::{Context, Reaction};
use super::figures::{Figures, Judgment};
use super::finding::{Finding, Severity};
use super::judged::Judged;
use super::known::{self, Facts};
use super::lint::Lint;
use super::lints;
use super::message;
use super::pools::{Pooled, offered, pooled};
use crate::engine::Serving;
use crate::gpu::{Device, Gpu};
use crate::kubernetes::{Asked, Basis, Candidates, Claim, Container, Launch, PodSpec, candidates, launch};
use crate::matching::{self, Offer, Verdict};
use crate::memory::Plan;
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
    let found = scale.found(pod);
    let candidates = found.as_deref().and_then(together);
    if let Some(launch) = &launch {
        scale.ranks(launch, candidates.as_ref());
    }
    let (verdict, figures) = match (&launch, &facts, &candidates) {
        (Some(launch), Some(facts), Some(candidates)) => scale.fit(launch, facts, candidates),
        _ => (Verdict::Unknown, None),
    };
    let (name, path) = (container.name.clone(), container.path.clone());
    (Judgment { container: name, path, verdict, figures }, scale.findings)
}

impl<'a> Scale<'a> {
    fn say(&mut self, finding: Finding) {
        self.findings.push(finding.in_container(&self.container.name));
    }

    fn launch(&mut self) -> Option<Launch> {
        launch(self.container)
            .map_err(|problems| {
                for problem in problems {
                    self.say(Finding::of(Lint::BadCommandLine, &problem));
                }
            })
            .ok()
    }

    fn facts(&mut self, pod: &PodSpec, launch: &Launch) -> Option<Facts> {
        match known::find(pod, self.container, launch, self.context) {
            Ok(Ok(facts)) => Some(facts),
            Ok(Err(name)) => {
                // A container that is no engine and names no model is somebody else's business.
                let usual = self.context.reactions.to(Lint::UnknownModel) == Some(Reaction::Warn);
                if launch.is_vllm() || name.is_some() || !usual {
                    self.say(message::unknown_model(name.as_deref(), launch.hidden.as_ref()));
                }
                None
            }
            Err(problem) => {
                self.say(Finding::of(Lint::BadModel, &problem));
                None
            }
        }
    }

    /// The devices of each claim, and what of them the container has where it shares them.
    fn found(&mut self, pod: &PodSpec) -> Option<Vec<Found<'a>>> {
        let mut all = Vec::new();
        for claim in self.container.claims.iter().take(MOST_CLAIMS) {
            let found = self.devices(claim, pod)?;
            let cut = found.cut(claim);
            all.push((found, cut));
        }
        Some(all)
    }

    /// The devices of one claim: those of the pools, where they are known, or of the catalog.
    fn devices(&mut self, claim: &Claim, pod: &PodSpec) -> Option<Candidates<'a>> {
        let named = candidates(claim, &pod.node, &self.context.cluster.gpus);
        match (pooled(claim, &pod.node, &self.context.cluster), named) {
            (Pooled::Devices(found, remarks), named) => {
                remarks.into_iter().for_each(|remark| self.say(remark));
                Some(narrowed(found, named.ok()))
            }
            (Pooled::Nothing(finding), named) => {
                // A node may come that has it: what it would be is judged all the same.
                let later = finding.severity == Severity::Warning;
                self.say(*finding);
                named.ok().filter(|_| later)
            }
            (Pooled::Silent, Ok(found)) => Some(found),
            (Pooled::Silent, Err(problem)) => {
                self.say(message::no_candidates(claim, &problem));
                None
            }
        }
    }

    fn fit(&mut self, launch: &Launch, facts: &Facts, candidates: &Candidates) -> (Verdict, Option<Figures>) {
        let serving = serving(launch, facts, self.context);
        let draft = facts.draft.as_ref();
        let plan = match Plan::with_draft(&facts.model, draft, &serving) {
            Ok(plan) => plan,
            Err(problems) => {
                for problem in problems {
                    let finding = Finding::of(Lint::BadCommandLine, &problem);
                    self.say(if long_allowed(self.container, &problem) {
                        Finding { severity: Severity::Warning, ..finding }
                    } else {
                        finding
                    });
                }
                return (Verdict::Unknown, None);
            }
        };
        let report = matching::report(&plan, &candidates.devices);
        let judged = Judged {
            container: self.container,
            launch,
            facts,
            candidates,
            cluster: &self.context.cluster,
            plan: &plan,
            report: &report,
        };
        let Some((offer, verdict)) = judged.verdict() else {
            return (Verdict::Unknown, None);
        };
        match verdict {
            Verdict::Fits => self.extras(&judged, &serving, offer),
            Verdict::Tight => self.say(message::tight(&judged, offer)),
            Verdict::Unknown => self.say(message::unproved(&judged, offer)),
            Verdict::No => {
                let remedies = judged.remedies(&serving, offer);
                self.say(message::misfit(&judged, offer, &remedies));
            }
        }
        // What is promised to others as well holds it only while they keep to their share.
        let in_turn =
            verdict == Verdict::Fits && self.container.claims.iter().any(|claim| claim.sharing.is_in_turn());
        (if in_turn { Verdict::Tight } else { verdict }, Some(Figures::of(&judged, offer)))
    }

    /// What could be better where it fits.
    fn extras(&mut self, judged: &Judged, serving: &Serving, offer: &Offer) {
        if let Some(finding) = lints::engine(judged.launch, offer) {
            self.say(finding);
        }
        let alone = serving.tensor_parallel == 1 && judged.launch.data_parallel == 1;
        let small = offer.estimate.total.times(2) <= offer.memory;
        if !judged.launch.is_vllm() || !alone || !small {
            return;
        }
        let Some(asked) = judged.asked(offer) else { return };
        let pools = offered(&self.context.cluster).into_iter().map(|(device, _)| device);
        let slices: Vec<Device> = match self.context.cluster.pools {
            [] => Device::all_of(asked.gpu).collect(),
            [..] => pools.collect(),
        };
        // As much would hold it with half of the memory.
        let half =
            |device: &Device| device.gpu.key == *offer.gpu && device.memory_floor().times(2) <= offer.memory;
        let halves: Vec<Device> = slices.into_iter().filter(half).collect();
        let Some(least) = matching::smallest(judged.plan, &halves).and_then(|place| halves.get(place)) else {
            return;
        };
        // Slices of one card with as much memory hold the same; that of the first name is spoken about.
        let alike: Vec<&Device> =
            halves.iter().filter(|device| device.memory_floor() == least.memory_floor()).collect();
        let smaller = match alike.as_slice() {
            [only] => *only,
            several => match several.iter().min_by_key(|device| device.label()) {
                Some(first) => first,
                None => return,
            },
        };
        let finding =
            lints::larger_than_needed(&judged.facts.name, offer, &matching::offer(judged.plan, smaller));
        self.say(finding);
    }

    /// Ranks against devices.
    fn ranks(&mut self, launch: &Launch, candidates: Option<&Candidates>) {
        let container = self.container;
        let ranks = launch.serving.tensor_parallel.saturating_mul(launch.pipeline_parallel);
        let devices = container.claims.iter().map(|claim| claim.count).fold(0, u64::saturating_add);
        let named = container.claims.iter().all(Claim::is_slice);
        let slices = named
            || candidates.is_some_and(|found| found.devices.iter().all(|device| device.profile.is_some()));
        let whole = !slices && container.claims.iter().all(|claim| claim.asked == Asked::Gpu);
        if slices && ranks > 1 {
            self.say(message::parallel_on_slices(ranks));
        } else if ranks > devices && !launch.several_nodes {
            self.say(message::too_few_devices(ranks, devices));
        } else if launch.is_vllm() && whole && ranks.saturating_mul(launch.data_parallel) < devices {
            let used = ranks.saturating_mul(launch.data_parallel);
            self.say(message::idle_devices(used, devices));
        } else if slices && devices > 1 {
            self.say(message::several_slices(devices));
        }
    }
}

/// What of the `found` devices of pools the labels that the pod asks of its node leave.
fn narrowed<'a>(found: Candidates<'a>, named: Option<Candidates<'a>>) -> Candidates<'a> {
    let Some(named) = named.filter(|named| matches!(named.basis, Basis::Node { .. })) else { return found };
    let devices: Vec<Device> =
        found.devices.iter().copied().filter(|device| named.devices.contains(device)).collect();
    if devices.is_empty() { found } else { Candidates { devices, ..found } }
}

/// The devices of a claim, and the cards that a container sees of them where it has less than all.
type Found<'a> = (Candidates<'a>, Option<Vec<Gpu>>);

/// The devices of all claims together: which of them a process uses is its own choice.
fn together<'b>(found: &'b [Found<'_>]) -> Option<Candidates<'b>> {
    let seen = |(all, cut): &'b Found<'_>| -> Vec<Device<'b>> {
        match cut {
            Some(cards) => cards.iter().map(Device::whole).collect(),
            None => all.devices.clone(),
        }
    };
    let (first, _) = found.first()?;
    Some(Candidates { devices: found.iter().flat_map(seen).collect(), basis: first.basis.clone() })
}

/// The most device resources of one container that are looked at.
const MOST_CLAIMS: usize = 16;

/// What the engine is given. Of an engine that is not known only the weights are judged.
fn serving(launch: &Launch, facts: &Facts, context: &Context) -> Serving {
    if launch.is_vllm() {
        let sequences = launch.serving.sequences.max(context.sequences);
        let serving = Serving { sequences, ..launch.serving.clone() };
        // A draft of which nothing is known is named among what is not worked out.
        return if launch.draft.is_some() && facts.draft.is_none() {
            serving.without_drafts()
        } else {
            serving
        };
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
    problem.code == "too-long" && container.env.get("VLLM_ALLOW_LONG_MAX_MODEL_LEN").is_some()
}
