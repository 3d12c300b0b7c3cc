//! The smallest device that holds a container's model, and how it is served there.

use serde_json::Value;

use super::change::Change;
use super::pool::{Pool, Spelling};
use super::{Wish, edit, flags, placement};
use crate::engine::Serving;
use crate::gpu::Device;
use crate::kubernetes::{Asked, Claim, Container, Launch, PodSpec, Sharing, candidates, launch};
use crate::matching::{self, Offer, Verdict};
use crate::model::Model;
use crate::order;
use crate::review::{Context, find_model};

/// Batches that are tried where the command line names none, the engine's own for small devices first: the
/// memory for a batch's logits is what small slices lack.
const BATCHES: [u64; 5] = [256, 128, 64, 32, 16];

/// What a container is to ask for, and how it is to be served.
pub(super) struct Sized<'a> {
    /// The resources that it asks for.
    claimed: Vec<String>,
    pool: Option<&'a Pool<'a>>,
    device: Device<'a>,
    asked: Launch,
    served: Serving,
}

/// What one container asks for, where all of that can be weighed.
struct Workload<'a> {
    claims: &'a [Claim],
    launch: Launch,
    model: Model,
    /// Whether flags can be added to its command line.
    open: bool,
}

/// The best that can be done for `container`; `None` where it is left as it is.
pub(super) fn size<'a>(
    pod: &PodSpec,
    container: &Container,
    context: &Context<'a>,
    wish: &'a Wish<'a>,
) -> Option<Sized<'a>> {
    let asked = asked(pod, container, context, wish)?;
    let on_offer = on_offer(pod, &asked, context, wish);
    let full = on_offer
        .iter()
        .find_map(|(pool, device)| served(&asked, device, wish, None).map(|s| (*pool, *device, s)));
    let (pool, device, served) = full.or_else(|| {
        let shortest = wish.context.filter(|_| asked.launch.serving.max_model_len.is_none() && wish.flags)?;
        on_offer.iter().find_map(|(pool, device)| {
            served(&asked, device, wish, Some(shortest)).map(|s| (*pool, *device, s))
        })
    })?;
    let claimed = asked.claims.iter().map(|claim| claim.resource.clone()).collect();
    Some(Sized { claimed, pool, device, asked: asked.launch, served })
}

/// One device, one rank, a model that is known, and a command line of which nothing is left out. Of several slices a
/// process uses one: whoever applies his manifest once more asks for his own beside the one that it was changed to.
fn asked<'a>(
    pod: &PodSpec,
    container: &'a Container,
    context: &Context,
    wish: &Wish,
) -> Option<Workload<'a>> {
    let claims = container.claims.as_slice();
    let mut launch = launch(container).ok()?;
    launch.serving.sequences = launch.serving.sequences.max(wish.sequences);
    let serving = &launch.serving;
    let alone = serving.tensor_parallel == 1 && launch.pipeline_parallel == 1 && launch.data_parallel == 1;
    let resources = format!("{}.resources.", container.path);
    let plain = |claim: &Claim| {
        claim.count == 1 && claim.sharing == Sharing::Alone && claim.path.starts_with(&resources)
    };
    let slice = |claim: &Claim| matches!(claim.asked, Asked::Slice(_));
    let one_device = match claims {
        [claim] => slice(claim) || claim.asked == Asked::Gpu,
        several => wish.right_size && several.iter().all(slice),
    };
    if !launch.is_vllm() || !launch.open.is_empty() || !alone || !one_device || !claims.iter().all(plain) {
        return None;
    }
    let model = find_model(pod, container, &launch, context).ok()??;
    // What a smaller model takes beside it is not what is sized here.
    if launch.draft.is_some() {
        return None;
    }
    let packs = launch.quantization.is_some() && model.quantization.is_none();
    (model.known && !packs).then_some(Workload {
        claims,
        launch,
        model,
        open: flags::can_be_added(container),
    })
}

/// Where the container may run, smallest memory first: a device of a pool, or the one that it asks for.
fn on_offer<'a>(
    pod: &PodSpec,
    asked: &Workload,
    context: &Context<'a>,
    wish: &'a Wish<'a>,
) -> Vec<(Option<&'a Pool<'a>>, Device<'a>)> {
    let mut found: Vec<(Option<&Pool>, Device)> = Vec::new();
    let meant = match asked.claims {
        [claim] => candidates(claim, &pod.node, &context.cluster.gpus).map(|found| found.devices).ok(),
        _ => None,
    };
    let meant = meant.unwrap_or_default();
    let own = asked.claims.first().map(|claim| claim.resource.as_str());
    // A label that spells the profile is the pod's: it cannot say two things to two containers.
    let alone = pod.containers.iter().filter(|container| !container.claims.is_empty()).count() == 1;
    for pool in wish.pools.iter().filter(|pool| alone || pool.spelling == Spelling::Mixed) {
        for device in &pool.devices {
            let same = Some(pool.resource(device).as_str()) == own && meant.contains(device);
            if (wish.right_size || same) && placement::admits(pod, pool, device) {
                found.push((Some(pool), *device));
            }
        }
    }
    if let ([device], true) = (meant.as_slice(), found.is_empty()) {
        found.push((None, *device));
    }
    order::sort_by_key(&mut found, |(_, device)| device.memory_floor());
    found
}

/// How the model is served on `device` so that it fits, with every flag that is absent made explicit where that
/// is wished.
fn served(asked: &Workload, device: &Device, wish: &Wish, shortest: Option<u64>) -> Option<Serving> {
    let slice = device.profile.is_some();
    let explicit = wish.flags && slice && asked.open;
    if shortest.is_some() && !explicit {
        return None;
    }
    let batches = match asked.launch.serving.max_num_seqs {
        None if explicit => BATCHES.map(Some).to_vec(),
        own => vec![own],
    };
    batches.into_iter().find_map(|batch| {
        let mut serving = Serving { max_num_seqs: batch, ..asked.launch.serving.clone() };
        if let Some(shortest) = shortest {
            serving.max_model_len = Some(longest(asked, device, &serving, shortest)?);
        }
        let report = matching::fit(&asked.model, &serving, std::slice::from_ref(device)).ok()?;
        let offer = report.offers.first().filter(|offer| holds(offer, wish))?;
        if explicit {
            serving.max_model_len = Some(report.max_model_len);
            serving.gpu_memory_utilization = Some(offer.share);
        }
        Some(serving)
    })
}

fn holds(offer: &Offer, wish: &Wish) -> bool {
    offer.verdict == Verdict::Fits && offer.spare >= wish.headroom
}

/// The longest context that `device` holds, in steps of a block, with the error of the estimate left over.
fn longest(asked: &Workload, device: &Device, serving: &Serving, shortest: u64) -> Option<u64> {
    let fit = |length: u64| {
        let serving = Serving { max_model_len: Some(length), ..serving.clone() };
        let report = matching::fit(&asked.model, &serving, std::slice::from_ref(device)).ok()?;
        report.offers.into_iter().next()
    };
    let mut length = fit(shortest)?.capacity.max_context.max(shortest);
    loop {
        if fit(length)?.verdict == Verdict::Fits {
            return Some(length);
        }
        if length <= shortest {
            return None;
        }
        let shorter = length.saturating_sub(length.div_euclid(16).max(1));
        length = shorter.saturating_sub(shorter.checked_rem(1024).unwrap_or(0)).max(shortest);
    }
}

impl Sized<'_> {
    /// Writes it into the object. `None` where the object has something in the way.
    pub(super) fn write(
        &self,
        pod: &PodSpec,
        container: &Container,
        wish: &Wish,
        object: &mut Value,
        changes: &mut Vec<Change>,
    ) -> Option<()> {
        if let (Some(pool), true) = (self.pool, wish.right_size) {
            self.rename(&pool.resource(&self.device), container, object, changes)?;
        }
        if wish.flags && self.device.profile.is_some() && flags::can_be_added(container) {
            let missing = flags::missing(&self.asked.serving, &self.served);
            flags::write(container, missing, edit::part(object, &container.path)?, changes)?;
        }
        match self.pool {
            Some(pool) if wish.placement => placement::write(pod, pool, &self.device, object, changes),
            Some(_) | None => Some(()),
        }
    }

    fn rename(
        &self,
        resource: &str,
        container: &Container,
        object: &mut Value,
        changes: &mut Vec<Change>,
    ) -> Option<()> {
        let others: Vec<&String> = self.claimed.iter().filter(|claimed| *claimed != resource).collect();
        let Some((first, rest)) = others.split_first() else { return Some(()) };
        let kept = others.len() < self.claimed.len();
        let path = format!("{}.resources", container.path);
        for side in ["limits", "requests"] {
            if let Some(amounts) = edit::part(object, &format!("{path}.{side}")) {
                if kept {
                    amounts.shift_remove(*first);
                } else {
                    edit::rename(amounts, first, resource)?;
                }
                for other in rest {
                    amounts.shift_remove(*other);
                }
            }
        }
        let from = Some(self.claimed.join(" and "));
        changes.push(Change { at: path, from, to: resource.to_owned() });
        Some(())
    }
}
