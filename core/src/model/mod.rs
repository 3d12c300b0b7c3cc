//! What a model is: the text of a `config.json` becomes an exact list of modules and caches.

pub mod adapter;
pub mod attention;
pub mod build;
pub mod cache;
mod class_defaults;
pub mod config;
mod context;
pub mod dtype;
pub mod evidence;
pub mod families;
pub mod feed_forward;
pub mod fields;
pub mod heads;
pub mod json;
pub mod modules;
pub mod parameters;
pub mod quantization;
mod rotary;
mod spellings;
#[cfg(test)]
pub(crate) mod tests;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use cache::{Cache, KvShape, Mixer};
pub use config::{read, read_object};
pub use dtype::DType;
pub use modules::{Block, Group, Module, Split, Weight};
pub use parameters::Parameters;
pub use quantization::Quantization;
pub use rotary::Rotary;

/// What a model is used for; decides whether there is a cache at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Generates text token by token.
    Generate,
    /// Reads an input with an encoder, then generates.
    EncodeThenGenerate,
    /// Turns an input into a vector or a score. Encoders keep nothing per token, decoders do.
    Embed,
}

/// Widths that formulas for activations need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dims {
    /// Width of the residual stream.
    pub hidden_size: u64,
    /// Width of the widest dense or active feed-forward layer.
    pub intermediate_size: u64,
    /// Rows of the output matrix.
    pub vocab_size: u64,
    /// Number of layers.
    pub layers: u64,
    /// Number of query heads (0 where there is no attention).
    pub heads: u64,
    /// Number of key/value heads.
    pub kv_heads: u64,
    /// Elements of one head.
    pub head_dim: u64,
}

/// The longest sequence a model is made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Tokens.
    pub tokens: u64,
    /// The field that says so.
    pub field: String,
}

/// Something that the answer rests on and the file does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Assumption {
    /// A stable word for programs, `kebab-case`.
    pub code: Cow<'static, str>,
    /// What was assumed and why, for a reader.
    pub text: String,
}

/// A model, to the parameter. As data it says the same, for a reader that does not read configs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// `model_type` of the file.
    pub model_type: String,
    /// First of `architectures`, empty where the file has none.
    pub architecture: String,
    /// Whether the architecture is one that is known; otherwise the counts are an estimate.
    pub known: bool,
    /// What it is used for.
    pub task: Task,
    /// Widths.
    pub dims: Dims,
    /// Everything it holds and keeps.
    pub blocks: Vec<Block>,
    /// The longest sequence.
    pub context: Context,
    /// Its tables of rotary positions.
    pub rotary: Vec<Rotary>,
    /// The format that the file declares for its weights.
    pub stored_dtype: Option<DType>,
    /// How the checkpoint packs its weights, `None` where it does not.
    pub quantization: Option<Quantization>,
    /// What the answer rests on and the file does not say.
    pub assumptions: Vec<Assumption>,
}

impl Model {
    /// Numbers of parameters.
    #[must_use]
    pub fn parameters(&self) -> Parameters {
        Parameters::of(self)
    }

    /// The format in which an engine serves the unquantized weights unless told otherwise.
    #[must_use]
    pub fn served_dtype(&self) -> DType {
        self.stored_dtype.unwrap_or(DType::BF16).served()
    }

    /// The format in which an engine keeps keys and values unless told otherwise.
    ///
    /// Source: vLLM 0.33, `kv_cache_dtype=auto`: what the checkpoint's quantization asks for, else the model's own.
    #[must_use]
    pub fn cache_dtype(&self) -> DType {
        self.quantization
            .as_ref()
            .and_then(|quantization| quantization.kv_cache)
            .unwrap_or_else(|| self.served_dtype())
    }
}
