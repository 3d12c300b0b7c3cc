//! The whole need of one device, term by term.

use std::borrow::Cow;

use serde::Serialize;

use super::activations;
use super::kv_cache::KvCache;
use super::paging::{InFlight, Paging};
use super::weights::Weights;
use crate::engine::{self, Engine, Serving};
use crate::model::quantization::{Quantization, preset};
use crate::model::{DType, Model, Task};
use crate::problem::Problem;
use crate::ratio::Ratio;
use crate::source::Confidence;
use crate::units::{Bytes, grouped};

/// What a term pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermName {
    /// The weights.
    Weights,
    /// Keys, values and states of the sequences asked for.
    KvCache,
    /// The transient peak of a profile run.
    Activations,
    /// Captured CUDA graphs.
    CudaGraphs,
    /// What the engine holds outside its framework's allocator.
    NonTorch,
}

impl TermName {
    /// What a reader sees.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            TermName::Weights => "weights",
            TermName::KvCache => "KV cache",
            TermName::Activations => "activations",
            TermName::CudaGraphs => "CUDA graphs",
            TermName::NonTorch => "other",
        }
    }
}

/// One part of the need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// What it pays for.
    pub name: TermName,
    /// How much.
    pub bytes: Bytes,
    /// How the figure was obtained.
    pub confidence: Confidence,
    /// The formula with the values put in.
    pub formula: String,
}

/// The need inside an engine's budget on one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemoryEstimate {
    /// The parts, in the order of [`TermName`].
    pub terms: Vec<Term>,
    /// Their sum.
    pub total: Bytes,
}

impl MemoryEstimate {
    /// The bytes of one term, nothing where it is absent.
    #[must_use]
    pub fn term(&self, name: TermName) -> Bytes {
        self.terms.iter().filter(|term| term.name == name).map(|term| term.bytes).sum()
    }

    /// Everything but the cache: what is taken before the first sequence.
    #[must_use]
    pub fn fixed(&self) -> Bytes {
        self.terms.iter().filter(|term| term.name != TermName::KvCache).map(|term| term.bytes).sum()
    }
}

/// Blocks of the pool that sequences need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    /// What all of them hold while they decode.
    pub(super) steady: u64,
    /// What one of them is charged before it is let in.
    pub(super) admission: u64,
}

impl Demand {
    /// The larger of both, and the one block that vLLM never hands out.
    pub(super) fn blocks(self) -> u64 {
        match self.steady.max(self.admission) {
            0 => 0,
            blocks => blocks.saturating_add(1),
        }
    }
}

/// A model and how it is served, worked out once for all devices.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The model.
    pub model: &'a Model,
    /// What was asked.
    pub serving: &'a Serving,
    /// The engine.
    pub engine: &'static Engine,
    /// The weights.
    pub weights: Weights,
    /// The caches.
    pub kv_cache: KvCache,
    /// How the engine cuts the caches into blocks.
    pub paging: Paging,
    /// Format of the weights that are not packed.
    pub dtype: DType,
    /// How the others are packed, as a reader calls it.
    pub quantization: Option<String>,
    /// Longest sequence, in tokens.
    pub max_model_len: u64,
    /// Share of the device that the engine takes.
    pub utilization: Ratio,
}

impl<'a> Plan<'a> {
    /// Works out what does not depend on the device.
    ///
    /// # Errors
    /// Every setting that cannot be used: `bad-setting`, `unknown-engine`, `too-long`.
    pub fn new(model: &'a Model, serving: &'a Serving) -> Result<Plan<'a>, Vec<Problem>> {
        let mut problems = serving.check().err().unwrap_or_default();
        let engine = engine::find(&serving.engine).map_err(|problem| problems.push(problem)).ok();
        let dtype = weight_dtype(model, &serving.dtype).map_err(|problem| problems.push(problem)).ok();
        let cache =
            cache_dtype(model, &serving.kv_cache_dtype).map_err(|problem| problems.push(problem)).ok();
        let packed = packed(model, &serving.quantization).map_err(|problem| problems.push(problem)).ok();
        let max_model_len = serving.max_model_len.unwrap_or(model.context.tokens);
        if max_model_len > model.context.tokens {
            problems.push(too_long(model, max_model_len));
        }
        let (Some(engine), Some(dtype), Some(packed), Some(cache), true) =
            (engine, dtype, packed, cache, problems.is_empty())
        else {
            return Err(problems);
        };
        let kv_cache = KvCache::of(model, cache, serving.tensor_parallel);
        Ok(Plan {
            weights: Weights::of(model, dtype, packed.as_deref(), serving.tensor_parallel),
            quantization: packed.map(|packed| packed.method.to_string()),
            paging: Paging::of(&kv_cache, max_model_len),
            kv_cache,
            utilization: serving.gpu_memory_utilization.unwrap_or(engine.utilization),
            model,
            serving,
            engine,
            dtype,
            max_model_len,
        })
    }

    /// The need on a device with `memory` for `sequences` of `tokens` each.
    #[must_use]
    pub fn estimate(&self, memory: Bytes, is_a100: bool, sequences: u64, tokens: u64) -> MemoryEstimate {
        let terms = vec![
            self.weights_term(),
            self.cache_term(memory, is_a100, sequences, tokens),
            self.activations_term(memory, is_a100),
            self.graphs_term(memory, is_a100),
            Term {
                name: TermName::NonTorch,
                bytes: Bytes::new(self.engine.non_torch.value),
                confidence: self.engine.non_torch.source.confidence,
                formula: self.engine.non_torch.source.title.to_owned(),
            },
        ];
        MemoryEstimate { total: terms.iter().map(|term| term.bytes).sum(), terms }
    }

    fn weights_term(&self) -> Term {
        let ranks = self.serving.tensor_parallel;
        let parameters = grouped(self.model.parameters().total);
        let shared = if ranks > 1 { format!(", one of {ranks} ranks") } else { String::new() };
        Term {
            name: TermName::Weights,
            bytes: self.weights.bytes,
            confidence: Confidence::Derived,
            formula: match &self.quantization {
                Some(method) => {
                    format!("{parameters} parameters, {method}, the rest at {}{shared}", self.dtype)
                }
                None => format!("{parameters} parameters at {}{shared}", self.dtype),
            },
        }
    }

    fn cache_term(&self, memory: Bytes, is_a100: bool, sequences: u64, tokens: u64) -> Term {
        let demand = self.demand(memory, is_a100, sequences, tokens);
        let block = self.paging.bytes_per_block;
        let why = if demand.admission > demand.steady { "one sequence on admission" } else { "sequences" };
        Term {
            name: TermName::KvCache,
            bytes: block.times(demand.blocks()),
            confidence: Confidence::Derived,
            formula: if block == Bytes::ZERO {
                "nothing is kept".to_owned()
            } else {
                format!(
                    "{} blocks of {} bytes for {} x {} tokens at {} ({why}), and one empty block",
                    grouped(demand.blocks().saturating_sub(1)),
                    grouped(block.get()),
                    grouped(sequences),
                    grouped(tokens),
                    self.kv_cache.dtype
                )
            },
        }
    }

    /// Blocks that `sequences` of `tokens` each need on a device with `memory`.
    pub(super) fn demand(&self, memory: Bytes, is_a100: bool, sequences: u64, tokens: u64) -> Demand {
        let (_, batch) = self.batch(memory, is_a100);
        let under_way = InFlight {
            tokens: batch.saturating_mul(self.engine.batches_in_flight),
            encoder_tokens: Some(batch),
        };
        Demand {
            steady: self.paging.blocks_per_sequence(tokens, InFlight::STEADY).saturating_mul(sequences),
            admission: self.paging.blocks_per_sequence(tokens, under_way),
        }
    }

    /// Most sequences in one batch: as asked, else by the engine's tier, never fewer than are to be held.
    fn batch(&self, memory: Bytes, is_a100: bool) -> (u64, u64) {
        let tier = self.engine.tier(memory, is_a100);
        let seqs = self.serving.max_num_seqs.or(tier.map(|tier| tier.max_num_seqs)).unwrap_or(1);
        let tokens = self.serving.max_num_batched_tokens.or(tier.map(|tier| tier.max_num_batched_tokens));
        (seqs, tokens.unwrap_or(self.max_model_len))
    }

    fn activations_term(&self, memory: Bytes, is_a100: bool) -> Term {
        let (seqs, tokens) = self.batch(memory, is_a100);
        let dims = &self.model.dims;
        let forward = activations::forward(dims, tokens, self.serving.tensor_parallel);
        let sampler = match self.model.task {
            Task::Generate | Task::EncodeThenGenerate => activations::sampler(self.engine, dims, seqs),
            Task::Embed => Bytes::ZERO,
        };
        Term {
            name: TermName::Activations,
            bytes: forward.max(sampler),
            confidence: Confidence::Estimate,
            formula: format!(
                "larger of a forward pass over {} tokens ({forward}) and sampling for {} sequences ({sampler})",
                grouped(tokens),
                grouped(seqs)
            ),
        }
    }

    fn graphs_term(&self, memory: Bytes, is_a100: bool) -> Term {
        let (seqs, tokens) = self.batch(memory, is_a100);
        let sizes = if self.serving.enforce_eager { 0 } else { capture_sizes(seqs, tokens) };
        Term {
            name: TermName::CudaGraphs,
            bytes: Bytes::new(self.engine.graph.value).times(sizes),
            confidence: self.engine.graph.source.confidence,
            formula: format!("{sizes} captured batch sizes x {}", Bytes::new(self.engine.graph.value)),
        }
    }
}

/// Batch sizes that are captured: 1, 2, 4, then every 8 below 256, every 16 from there, up to twice the batch and 512.
/// Source: vLLM 0.33.0 `config/compilation.py`.
fn capture_sizes(seqs: u64, tokens: u64) -> u64 {
    let largest = seqs.saturating_mul(2).min(512).min(tokens);
    let small = [1, 2, 4].iter().filter(|size| **size <= largest).count() as u64;
    small + largest.min(248) / 8 + if largest >= 256 { (largest - 256) / 16 + 1 } else { 0 }
}

fn weight_dtype(model: &Model, setting: &str) -> Result<DType, Problem> {
    match DType::parse(setting) {
        _ if setting == "auto" => Ok(model.served_dtype()),
        Some(dtype @ (DType::F32 | DType::BF16 | DType::F16)) => Ok(dtype),
        _ => Err(Problem::new(
            "bad-setting",
            "dtype",
            format!("{setting:?}"),
            "auto, bfloat16, float16 or float32",
        )
        .hint("for 8 and 4 bits set the quantization")),
    }
}

fn packed<'a>(model: &'a Model, setting: &str) -> Result<Option<Cow<'a, Quantization>>, Problem> {
    match setting {
        "auto" => Ok(model.quantization.as_ref().map(Cow::Borrowed)),
        "none" => Ok(None),
        name => preset(name).map(|found| Some(Cow::Owned(found))),
    }
}

fn cache_dtype(model: &Model, setting: &str) -> Result<DType, Problem> {
    match DType::parse(setting) {
        _ if setting == "auto" => Ok(model.cache_dtype()),
        Some(dtype) if dtype.bits() <= 16 => Ok(dtype),
        _ => {
            let expected = "auto, bfloat16, float16, fp8 or int8";
            Err(Problem::new("bad-setting", "kv_cache_dtype", format!("{setting:?}"), expected))
        }
    }
}

fn too_long(model: &Model, max_model_len: u64) -> Problem {
    Problem::new(
        "too-long",
        "max_model_len",
        format!("{} tokens", grouped(max_model_len)),
        format!("at most {} ({} of the model)", grouped(model.context.tokens), model.context.field),
    )
    .hint("a longer sequence needs a model made for it; engines refuse to start otherwise")
}
