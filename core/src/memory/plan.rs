//! A model and how it is served, worked out once for all devices.

use std::borrow::Cow;

use super::kv_cache::KvCache;
use super::paging::Paging;
use super::weights::Weights;
use crate::engine::{self, Engine, Serving};
use crate::model::quantization::{Quantization, preset};
use crate::model::{DType, Model};
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

    /// The part of a device that the engine takes.
    #[must_use]
    pub fn usable(&self, target: Target) -> Bytes {
        self.utilization.of(target.memory)
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
