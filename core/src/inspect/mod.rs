//! What a model is, as every door reports it.

mod compare;

use serde::Serialize;

pub use compare::{Comparison, compare};

use crate::memory::{KvCache, Weights};
use crate::model::{Assumption, DType, Model, Parameters, Task};

/// A model in figures. The JSON form is described by `docs/schema/inspect.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Inspection {
    /// `model_type` of the file.
    pub model_type: String,
    /// First of `architectures`.
    pub architecture: String,
    /// Whether the architecture is known; otherwise every figure is an estimate.
    pub known: bool,
    /// What it is used for.
    pub task: Task,
    /// Numbers of parameters.
    pub parameters: Parameters,
    /// The format that the file declares.
    pub stored_dtype: Option<DType>,
    /// The format in which an engine serves it.
    pub served_dtype: DType,
    /// How the checkpoint packs its weights, absent where it does not.
    pub quantization: Option<String>,
    /// The weights as served, on one device.
    pub weights: Weights,
    /// The longest sequence, in tokens.
    pub context_tokens: u64,
    /// The field that says so.
    pub context_field: String,
    /// What is kept per token and per sequence, as served, on one device.
    pub kv_cache: KvCache,
    /// What the answer rests on and the file does not say.
    pub assumptions: Vec<Assumption>,
}

/// Puts `model` in figures.
#[must_use]
pub fn inspect(model: &Model) -> Inspection {
    let served = model.served_dtype();
    Inspection {
        model_type: model.model_type.clone(),
        architecture: model.architecture.clone(),
        known: model.known,
        task: model.task,
        parameters: model.parameters(),
        stored_dtype: model.stored_dtype,
        served_dtype: served,
        quantization: model.quantization.as_ref().map(|found| found.method.to_string()),
        weights: Weights::of(model, served, model.quantization.as_ref(), 1),
        context_tokens: model.context.tokens,
        context_field: model.context.field.clone(),
        kv_cache: KvCache::of(model, model.cache_dtype(), 1),
        assumptions: model.assumptions.clone(),
    }
}
