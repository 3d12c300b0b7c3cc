//! What drafts the next tokens: its weights, and the layers that it adds to the cache.
//!
//! Source: vLLM 0.33.0 `config/speculative.py`, `v1/spec_decode`, `model_executor/models/llama_eagle*.py`. A draft shares
//! the embedding and, but for EAGLE 3, the output matrix with the model; it is divided over the same tensor parallel ranks
//! and its layers draw from the same cache: a published log of EAGLE has 33 layers for a model of 32.

use std::borrow::Cow;

use serde::Serialize;

use super::format::Format;
use super::kv_cache::{KvCache, LayerCache, last_layer};
use super::loaded::{Loaded, Scales};
use super::weights::{Part, Sharing, pieces};
use crate::engine::Drafting;
use crate::model::{Block, DType, Group, Model, Split, Weight};
use crate::problem::Problem;
use crate::source::Confidence;
use crate::units::Bytes;

/// What drafts the next tokens, on one rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// Its weights.
    pub weights: Bytes,
    /// What its layers keep.
    pub layers: Vec<LayerCache>,
    /// How the figures were obtained.
    pub confidence: Confidence,
    /// What it is, for a reader.
    pub what: Cow<'static, str>,
}

/// Tokens of the output matrix of EAGLE 3, as published drafts have it.
const EAGLE3_VOCABULARY: u64 = 32_000;

impl Draft {
    /// The draft that `drafting` asks for; `None` where it takes nothing of the device.
    pub(super) fn of(
        drafting: Drafting,
        model: &Model,
        own: Option<&Model>,
        (dtype, cache): (DType, Format),
        sharing: Sharing,
    ) -> Result<Option<Draft>, Problem> {
        let whole = Sharing { stages: 1, ..sharing };
        match drafting {
            Drafting::Ngram => Ok(None),
            Drafting::Mtp => prediction(model, (dtype, cache), whole).map(Some),
            Drafting::Eagle | Drafting::Eagle3 => {
                Ok(Some(eagle(drafting == Drafting::Eagle3, model, (dtype, cache), whole)))
            }
            Drafting::DraftModel => match own {
                Some(own) => Ok(Some(smaller(own, whole))),
                None => Err(Problem::new(
                    "missing-draft",
                    "speculative_method",
                    "\"draft_model\" without a model",
                    "the draft's config.json or a name of the catalog",
                )),
            },
        }
    }
}

/// The model's own prediction layers; each keeps what its last layer keeps.
fn prediction(model: &Model, (dtype, cache): (DType, Format), sharing: Sharing) -> Result<Draft, Problem> {
    let found = pieces(model, model.quantization.as_ref(), sharing, Part::Prediction);
    let layers = |block: &&Block| block.modules.iter().any(|module| module.group == Group::Mtp);
    let count: u64 = model.blocks.iter().filter(layers).map(|block| block.layers.len() as u64).sum();
    if found.is_empty() {
        let expected = "a model whose config.json has prediction layers (num_nextn_predict_layers)";
        return Err(Problem::new("no-prediction-layers", "speculative_method", "\"mtp\"", expected));
    }
    let mut keeps = last_layer(model, cache, sharing.tensor);
    for row in &mut keeps {
        row.layers = count.max(1);
    }
    Ok(Draft {
        weights: Loaded::of(model, found, dtype, Part::Prediction, Scales::Restored).bytes(),
        layers: keeps,
        confidence: Confidence::Derived,
        what: "the model's own prediction layers".into(),
    })
}

/// One dense layer as wide as the model's, and what joins hidden states to it.
fn eagle(third: bool, model: &Model, (dtype, cache): (DType, Format), sharing: Sharing) -> Draft {
    let dims = &model.dims;
    let (hidden, wide) = (dims.hidden_size, dims.intermediate_size);
    let (queries, keys) = (dims.heads * dims.head_dim, dims.kv_heads * dims.head_dim);
    let inputs = if third { hidden * 2 } else { hidden };
    let mut block = Block { prefix: "".into(), layers: Vec::new(), modules: Vec::new(), caches: Vec::new() };
    let kv = Split::KvHeads { heads: dims.kv_heads };
    let mut matrix = |path: &'static str, inputs: u64, outputs: u64, split: Split| {
        block.push(path, Group::Attention, Weight::Linear { inputs, outputs, bias: false }, split);
    };
    matrix("fc", hidden * if third { 3 } else { 2 }, hidden, Split::Replicated);
    matrix("q_proj", inputs, queries, Split::Columns);
    matrix("k_proj", inputs, keys, kv);
    matrix("v_proj", inputs, keys, kv);
    matrix("o_proj", queries, hidden, Split::Rows);
    matrix("gate_proj", hidden, wide, Split::Columns);
    matrix("up_proj", hidden, wide, Split::Columns);
    matrix("down_proj", wide, hidden, Split::Rows);
    if third {
        matrix("lm_head", hidden, EAGLE3_VOCABULARY.min(dims.vocab_size), Split::Vocabulary);
    }
    let layer = Model { blocks: vec![block], rotary: Vec::new(), ..model.clone() };
    let found = pieces(&layer, None, sharing, Part::Model);
    Draft {
        weights: Loaded::of(&layer, found, dtype, Part::Model, Scales::AsStored).bytes(),
        layers: last_layer(model, cache, sharing.tensor),
        confidence: Confidence::Estimate,
        what: "one dense layer as wide as the model's".into(),
    }
}

/// A smaller model of its own.
fn smaller(own: &Model, sharing: Sharing) -> Draft {
    let found = pieces(own, own.quantization.as_ref(), sharing, Part::Model);
    Draft {
        weights: Loaded::of(own, found, own.served_dtype(), Part::Model, Scales::Restored).bytes(),
        layers: KvCache::of(own, own.cache_dtype(), sharing.tensor).layers,
        confidence: Confidence::Derived,
        what: format!("{} parameters of a smaller model", crate::units::grouped(own.parameters().total))
            .into(),
    }
}
