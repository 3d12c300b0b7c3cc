//! What would make a model fit a device: changes of how it is served, each tried before it is given.

use serde::Serialize;

use super::fit::{Offer, Verdict, offer};
use crate::engine::Serving;
use crate::gpu::Device;
use crate::memory::Plan;
use crate::model::Model;
use crate::problem::Problem;
use crate::ratio::Ratio;
use crate::units::{Bytes, grouped};

/// A way of serving that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Advice {
    /// The changes, as a reader would say them, in the order in which they cost least.
    pub changes: Vec<String>,
    /// The settings with the changes made.
    pub serving: Serving,
    /// `fits` or `tight`.
    pub verdict: Verdict,
    /// What is left.
    pub spare: Bytes,
}

/// One change of the settings. Listed from the one that a user notices least to the one that costs most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// A smaller batch: nothing is lost until it is full.
    Batch,
    /// A lower share for the engine, so that the CUDA context finds room.
    Utilization,
    /// Without drafts: the same words, more slowly.
    Drafts,
    /// The cache at 8 bits.
    Cache,
    /// Fewer sequences at once.
    Sequences,
    /// A shorter context.
    Context,
    /// Without CUDA graphs: every step starts more slowly.
    Graphs,
    /// Weights at 8 bits.
    Weights8,
    /// Without adapters: the plain model answers.
    Adapters,
    /// Weights at 4 bits.
    Weights4,
}

impl Change {
    /// What a change costs, for ranking: a chosen order, not a measurement.
    const fn cost(self) -> u32 {
        match self {
            Change::Batch | Change::Utilization => 1,
            Change::Drafts | Change::Cache => 2,
            Change::Sequences => 3,
            Change::Context => 4,
            Change::Graphs => 5,
            Change::Weights8 => 6,
            Change::Adapters => 8,
            Change::Weights4 => 9,
        }
    }
}

/// Sets of changes that are tried; to each, fewer sequences or a shorter context may be added.
const TRIED: &[&[Change]] = &[
    &[],
    &[Change::Batch],
    &[Change::Cache],
    &[Change::Batch, Change::Cache],
    &[Change::Drafts],
    &[Change::Batch, Change::Drafts],
    &[Change::Graphs],
    &[Change::Batch, Change::Graphs],
    &[Change::Adapters],
    &[Change::Batch, Change::Adapters],
    &[Change::Drafts, Change::Adapters],
    &[Change::Weights8],
    &[Change::Batch, Change::Weights8],
    &[Change::Weights4],
    &[Change::Batch, Change::Weights4],
];

/// The batch that is advised: small enough for the smallest slices, large enough to keep one busy.
const SMALL_BATCH: u64 = 16;
/// The shortest context that is worth advising, in tokens.
const SHORT_CONTEXT: u64 = 512;
/// The most pieces of advice given.
const MOST: usize = 5;

/// Ways to make `model` fit `device`, cheapest first; empty where it fits as asked or nothing helps.
///
/// # Errors
/// Every setting that cannot be used.
pub fn advise(model: &Model, serving: &Serving, device: &Device) -> Result<Vec<Advice>, Vec<Problem>> {
    advise_drafted(model, None, serving, device)
}

/// As [`advise`], where a smaller model drafts for `model`.
///
/// # Errors
/// Every setting that cannot be used.
pub fn advise_drafted(
    model: &Model,
    draft: Option<&Model>,
    serving: &Serving,
    device: &Device,
) -> Result<Vec<Advice>, Vec<Problem>> {
    let models = Models { model, draft };
    let asked = judge(models, serving, device)?;
    if asked.verdict != Verdict::No {
        return Ok(Vec::new());
    }
    let mut found: Vec<(u32, Vec<Change>, Advice)> = Vec::new();
    for changes in TRIED {
        for (changes, changed, judged) in variants(models, serving, device, changes)? {
            let offer = match judged {
                Some(offer) => offer,
                None => judge(models, &changed, device)?,
            };
            if offer.verdict == Verdict::No || found.iter().any(|(_, _, known)| known.serving == changed) {
                continue;
            }
            let advice = Advice {
                changes: changes.iter().map(|change| say(*change, &changed)).collect(),
                verdict: offer.verdict,
                spare: offer.spare,
                serving: changed,
            };
            let one = (changes.iter().map(|change| change.cost()).sum(), changes, advice);
            let place = found.partition_point(|known| rank(known) <= rank(&one));
            found.insert(place, one);
        }
    }
    // What only adds to changes that suffice by themselves is no further advice.
    let mut kept: Vec<(Vec<Change>, Advice)> = Vec::new();
    for (_, changes, advice) in found {
        let adds = |known: &Vec<Change>| known.iter().all(|change| changes.contains(change));
        if kept.len() < MOST && !kept.iter().any(|(known, _)| adds(known)) {
            kept.push((changes, advice));
        }
    }
    Ok(kept.into_iter().map(|(_, advice)| advice).collect())
}

fn rank((cost, _, advice): &(u32, Vec<Change>, Advice)) -> (Verdict, u32, Option<u64>) {
    (advice.verdict, *cost, advice.serving.max_model_len)
}

/// A model and what drafts for it.
#[derive(Clone, Copy)]
struct Models<'a> {
    model: &'a Model,
    draft: Option<&'a Model>,
}

fn judge(models: Models, serving: &Serving, device: &Device) -> Result<Offer, Vec<Problem>> {
    Ok(offer(&Plan::with_draft(models.model, models.draft, serving)?, device))
}

/// A way to try: what is changed, the settings, and the answer where it is known already.
type Variant = (Vec<Change>, Serving, Option<Offer>);

/// `changes` made, and where the cache still lacks room, with fewer sequences and with a shorter context.
fn variants(
    models: Models,
    serving: &Serving,
    device: &Device,
    changes: &[Change],
) -> Result<Vec<Variant>, Vec<Problem>> {
    let (mut changes, mut changed) = (changes.to_vec(), serving.clone());
    for change in &changes {
        if !apply(*change, models.model, &mut changed) {
            return Ok(Vec::new());
        }
    }
    let mut offer = judge(models, &changed, device)?;
    if offer.reasons.iter().any(|reason| reason.code == "no-room-for-context") {
        let Some(lower) = lower_utilization(&offer) else { return Ok(Vec::new()) };
        changed.gpu_memory_utilization = Some(lower);
        changes.push(Change::Utilization);
        offer = judge(models, &changed, device)?;
    }
    let mut variants = Vec::new();
    if offer.verdict == Verdict::No {
        let with = |change: Change, serving: Serving| -> Variant {
            (changes.iter().copied().chain([change]).collect(), serving, None)
        };
        if let Some(sequences) =
            offer.capacity.max_sequences.filter(|most| (1..changed.sequences).contains(most))
        {
            variants.push(with(Change::Sequences, Serving { sequences, ..changed.clone() }));
        }
        let context = offer.capacity.max_context / SHORT_CONTEXT * SHORT_CONTEXT;
        if context >= SHORT_CONTEXT {
            variants.push(with(Change::Context, Serving { max_model_len: Some(context), ..changed.clone() }));
        }
    }
    variants.insert(0, (changes, changed, Some(offer)));
    Ok(variants)
}

/// Makes a change; `false` where it would change nothing or cannot be made.
fn apply(change: Change, model: &Model, serving: &mut Serving) -> bool {
    match change {
        Change::Batch => {
            let small = SMALL_BATCH.max(serving.sequences);
            let larger = serving.max_num_seqs.is_none_or(|batch| batch > small);
            serving.max_num_seqs = Some(small);
            larger
        }
        Change::Cache => {
            let wide = serving.kv_cache_dtype == "auto" && model.cache_dtype().bits() > 8
                || matches!(serving.kv_cache_dtype.as_str(), "bfloat16" | "float16");
            serving.kv_cache_dtype = "fp8".to_owned();
            wide
        }
        Change::Weights8 | Change::Weights4 => {
            let packed = serving.quantization != "auto" || model.quantization.is_some();
            serving.quantization = if change == Change::Weights8 { "fp8" } else { "awq" }.to_owned();
            !packed
        }
        Change::Drafts => {
            let drafts = serving.speculative_method.is_some();
            (serving.speculative_method, serving.speculative_tokens) = (None, None);
            drafts
        }
        Change::Graphs => !std::mem::replace(&mut serving.enforce_eager, true),
        Change::Adapters => {
            let adapters = serving.adapters().is_some();
            (serving.max_loras, serving.max_lora_rank) = (None, None);
            adapters
        }
        Change::Utilization | Change::Sequences | Change::Context => true,
    }
}

/// The highest share that leaves room for what lies beside it, in whole percent.
fn lower_utilization(offer: &Offer) -> Option<Ratio> {
    let beside = offer.estimate.beside();
    (50..100).rev().map(Ratio::percent).find(|share| offer.memory.minus(share.of(offer.memory)) >= beside)
}

fn say(change: Change, serving: &Serving) -> String {
    match change {
        Change::Batch => format!("--max-num-seqs {}", grouped(serving.max_num_seqs.unwrap_or_default())),
        Change::Utilization => match serving.gpu_memory_utilization {
            Some(share) => format!("--gpu-memory-utilization {share}"),
            None => "the default utilization".to_owned(),
        },
        Change::Drafts => "no drafts (without --speculative-config)".to_owned(),
        Change::Graphs => "--enforce-eager".to_owned(),
        Change::Adapters => "no LoRA adapters (without --enable-lora)".to_owned(),
        Change::Cache => "--kv-cache-dtype fp8".to_owned(),
        Change::Sequences => format!("{} at a time", grouped(serving.sequences)),
        Change::Context => format!("--max-model-len {}", serving.max_model_len.unwrap_or_default()),
        Change::Weights8 => "weights at 8 bits (fp8)".to_owned(),
        Change::Weights4 => "weights at 4 bits (awq)".to_owned(),
    }
}

#[cfg(test)]
mod tests;
