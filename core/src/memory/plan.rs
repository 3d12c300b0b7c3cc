//! A model and how it is served, worked out once for all devices.

use std::borrow::Cow;

use super::adapters;
use super::draft::Draft;
use super::estimate::{MemoryEstimate, TermName};
use super::format::Format;
use super::kv_cache::{CacheKind, KvCache};
use super::loaded::{Loaded, Scales};
use super::log::Log;
use super::paging::Paging;
use super::weights::{Part, Sharing, Weights, pieces};
use crate::engine::{self, Budget, Engine, Serving};
use crate::model::quantization::{Quantization, preset};
use crate::model::{Cache, DType, Model, Parameters};
use crate::problem::Problem;
use crate::ratio::Ratio;
use crate::units::{Bytes, grouped};

/// What a plan must know of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The memory to count on.
    pub memory: Bytes,
    /// Whether it is an A100 or a slice of one, which vLLM keeps at the defaults of small cards.
    pub is_a100: bool,
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
    /// Numbers of parameters.
    pub parameters: Parameters,
    /// The weights, as the checkpoint has them.
    pub weights: Weights,
    /// The weights, as the engine holds them.
    pub loaded: Loaded,
    /// Room for LoRA adapters.
    pub adapters: Bytes,
    /// The caches.
    pub kv_cache: KvCache,
    /// How the engine cuts the caches into blocks.
    pub paging: Paging,
    /// What drafts the next tokens.
    pub draft: Option<Draft>,
    /// Format of the weights that are not packed.
    pub dtype: DType,
    /// How the others are packed, as a reader calls it.
    pub quantization: Option<Cow<'static, str>>,
    /// Longest sequence, in tokens.
    pub max_model_len: u64,
    /// Share that the engine takes; where it depends on the device, the one for a device that is not known.
    pub utilization: Ratio,
    /// Terms that a start-up log measured; they take the place of computed ones.
    pub measured: Option<&'a Log>,
}

impl<'a> Plan<'a> {
    /// Works out what does not depend on the device.
    ///
    /// # Errors
    /// As [`Plan::with_draft`].
    pub fn new(model: &'a Model, serving: &'a Serving) -> Result<Plan<'a>, Vec<Problem>> {
        Plan::with_draft(model, None, serving)
    }

    /// As [`Plan::new`], with the smaller model that drafts for `model`.
    ///
    /// # Errors
    /// Every setting that cannot be used: `bad-setting`, `unknown-engine`, `unknown-setting`, `too-long`,
    /// `missing-draft`, `no-prediction-layers`.
    pub fn with_draft(
        model: &'a Model,
        own: Option<&Model>,
        serving: &'a Serving,
    ) -> Result<Plan<'a>, Vec<Problem>> {
        let mut problems = serving.check().err().unwrap_or_default();
        let engine = engine::find(&serving.engine).map_err(|problem| problems.push(problem)).ok();
        problems.extend(engine.iter().flat_map(|engine| serving.lacking(engine)));
        let dtype = weight_dtype(model, &serving.dtype).map_err(|problem| problems.push(problem)).ok();
        let cache = cache_format(model, &serving.kv_cache_dtype, engine)
            .map_err(|problem| problems.push(problem))
            .ok();
        let packed = packed(model, &serving.quantization).map_err(|problem| problems.push(problem)).ok();
        let max_model_len = serving.max_model_len.unwrap_or(model.context.tokens);
        if max_model_len > model.context.tokens {
            problems.push(too_long(model, max_model_len));
        }
        let sharing = Sharing {
            tensor: serving.tensor_parallel,
            stages: serving.pipeline_parallel,
            experts: serving.expert_ranks(),
            whole_experts: serving.expert_parallel,
        };
        let draft = match (serving.speculative_method, dtype, cache, problems.is_empty()) {
            (Some(drafting), Some(dtype), Some(cache), true) => {
                Draft::of(drafting, model, own, (dtype, cache), sharing).unwrap_or_else(|problem| {
                    problems.push(problem);
                    None
                })
            }
            _ => None,
        };
        let (Some(engine), Some(dtype), Some(packed), Some(cache), true) =
            (engine, dtype, packed, cache, problems.is_empty())
        else {
            return Err(problems);
        };
        let kv_cache = caches(model, cache, engine, serving, draft.as_ref());
        let part = if serving.text_only() { Part::Text } else { Part::Model };
        let held = pieces(model, packed.as_deref(), sharing, part);
        Ok(Plan {
            parameters: model.parameters(),
            weights: Weights::sum(&held, dtype),
            loaded: Loaded::of(model, held, dtype, part, scales(engine, serving)),
            adapters: serving
                .adapters()
                .map_or(Bytes::ZERO, |asked| adapters::slots(model, engine, asked, sharing, dtype)),
            quantization: packed.map(|packed| packed.method.clone()),
            paging: Paging::in_blocks(&kv_cache, max_model_len, engine.block_tokens),
            kv_cache,
            utilization: serving.gpu_memory_utilization.unwrap_or(engine.utilization),
            model,
            serving,
            engine,
            draft,
            dtype,
            max_model_len,
            measured: None,
        })
    }

    /// The share that the engine takes on `target`: as asked, else its default there.
    #[must_use]
    pub fn share(&self, target: Target) -> Ratio {
        let (sequences, tokens) = self.batch(target);
        let ranks = self.serving.tensor_parallel.saturating_mul(self.serving.pipeline_parallel);
        let default = || self.engine.default_share(target.memory, tokens, sequences, ranks);
        self.serving.gpu_memory_utilization.unwrap_or_else(default)
    }

    /// The part of a device that the terms of `need` may take.
    #[must_use]
    pub fn usable(&self, target: Target, need: &MemoryEstimate) -> Bytes {
        let share = self.share(target);
        let free = target.memory.minus(need.term(TermName::Context));
        match self.engine.budget {
            Budget::Device | Budget::DeviceGraphsOutside => share.of(target.memory),
            Budget::WeightsAndCache => share.of(free),
            Budget::Rest => {
                let fixed = need.fixed();
                (fixed + share.of(free.minus(fixed))).min(free)
            }
        }
    }
}

/// What the fullest stage keeps, the draft's layers among it, where `engine` may keep more than a layer looks at.
fn caches(
    model: &Model,
    format: Format,
    engine: &Engine,
    serving: &Serving,
    draft: Option<&Draft>,
) -> KvCache {
    let own = KvCache::of(model, format, serving.tensor_parallel).on_stage(serving.pipeline_parallel);
    let mut found = draft.map_or(own.clone(), |draft| own.beside(&draft.layers));
    if !engine.windows {
        found = found.keeping_all(CacheKind::Sliding);
    }
    if engine.chunks { found } else { found.keeping_all(CacheKind::Chunked) }
}

fn scales(engine: &Engine, serving: &Serving) -> Scales {
    match (engine.restores_scales, serving.quantization.as_str()) {
        (true, _) => Scales::Restored,
        (false, "auto") => Scales::AsStored,
        (false, _) => Scales::Packed,
    }
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

/// `auto` is what the checkpoint asks for, else the model's own; some versions keep sparse layers at 8 bits.
fn cache_format(model: &Model, setting: &str, engine: Option<&Engine>) -> Result<Format, Problem> {
    if setting != "auto" {
        return Format::read(setting);
    }
    let sparse = |cache: &Cache| matches!(cache, Cache::Latent { sparse: true, .. });
    let any = model.blocks.iter().flat_map(|block| &block.caches).any(sparse);
    let narrow = any && engine.is_some_and(|engine| engine.sparse_at_8_bits);
    Ok(if narrow { DType::F8 } else { model.cache_dtype() }.into())
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
