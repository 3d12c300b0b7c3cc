//! What a model is made of: modules with their shapes, in blocks of identical layers.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::cache::Cache;

/// The part of a model that a module belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Token, position, type and per-layer embeddings.
    Embeddings,
    /// Attention projections, their biases, sinks, indexers and per-head norms.
    Attention,
    /// Feed-forward layers that every token passes.
    DenseMlp,
    /// Experts of which a token passes the few that its router chooses.
    RoutedExperts,
    /// Experts that every token passes, beside the routed ones.
    SharedExperts,
    /// What chooses the experts.
    Router,
    /// Mamba, linear attention, short convolution: mixers with a state instead of a cache.
    RecurrentMixers,
    /// Layer norms and the final norm.
    Norms,
    /// The image encoder.
    VisionTower,
    /// The sound encoder.
    AudioTower,
    /// What maps a tower's output into the language model.
    Projector,
    /// The output matrix over the vocabulary, where it is not the input embedding itself.
    LmHead,
    /// Pooler, classifier or regression head.
    TaskHead,
    /// Multi-token prediction layers, loaded only for speculative decoding.
    Mtp,
}

impl Group {
    /// Every group, in the order in which reports list them.
    pub const ALL: [Group; 14] = [
        Group::Embeddings,
        Group::Attention,
        Group::DenseMlp,
        Group::RoutedExperts,
        Group::SharedExperts,
        Group::Router,
        Group::RecurrentMixers,
        Group::Norms,
        Group::VisionTower,
        Group::AudioTower,
        Group::Projector,
        Group::LmHead,
        Group::TaskHead,
        Group::Mtp,
    ];

    /// The word that reports and JSON use, `snake_case`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Group::Embeddings => "embeddings",
            Group::Attention => "attention",
            Group::DenseMlp => "dense_mlp",
            Group::RoutedExperts => "routed_experts",
            Group::SharedExperts => "shared_experts",
            Group::Router => "router",
            Group::RecurrentMixers => "recurrent_mixers",
            Group::Norms => "norms",
            Group::VisionTower => "vision_tower",
            Group::AudioTower => "audio_tower",
            Group::Projector => "projector",
            Group::LmHead => "lm_head",
            Group::TaskHead => "task_head",
            Group::Mtp => "mtp",
        }
    }
}

/// The shape of a module's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Weight {
    /// A matrix that quantization may pack, with or without a bias vector of `outputs` elements.
    Linear {
        /// Columns of the matrix: the width of what goes in.
        inputs: u64,
        /// Rows of the matrix: the width of what comes out.
        outputs: u64,
        /// Whether a bias is added.
        bias: bool,
    },
    /// A table with one row per token, position or type.
    Embedding {
        /// Number of rows.
        rows: u64,
        /// Elements in a row.
        width: u64,
    },
    /// Anything that no quantization scheme touches: norms, convolution kernels, gates, sinks.
    Plain {
        /// Number of elements.
        elements: u64,
    },
}

impl Weight {
    /// Number of parameters of one copy.
    #[must_use]
    pub const fn elements(self) -> u128 {
        match self {
            Weight::Linear { inputs, outputs, bias } => {
                inputs as u128 * outputs as u128 + if bias { outputs as u128 } else { 0 }
            }
            Weight::Embedding { rows, width } => rows as u128 * width as u128,
            Weight::Plain { elements } => elements as u128,
        }
    }
}

/// How a module is divided over the ranks of a tensor parallel group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Split {
    /// Every rank holds all of it.
    Replicated,
    /// Outputs are divided over ranks.
    Columns,
    /// Inputs are divided over ranks (a bias is held once per rank).
    Rows,
    /// Outputs are divided by key/value head; ranks beyond the number of heads hold copies.
    KvHeads {
        /// Number of key/value heads.
        heads: u64,
    },
    /// Rows are divided over ranks after padding the vocabulary.
    Vocabulary,
    /// Elements of a vector that follows the columns of a divided matrix.
    Elements,
}

/// One named set of parameters within a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// The name below the block's prefix and layer number, as checkpoints spell it: `self_attn.q_proj`.
    /// Where `copies` is above 1 and the copies are separate modules, `*` stands for their number.
    pub path: Cow<'static, str>,
    /// The part of the model it belongs to.
    pub group: Group,
    /// The shape of one copy.
    pub weight: Weight,
    /// How many of it are stored.
    pub copies: u64,
    /// How many of these one token passes.
    pub active_copies: u64,
    /// How tensor parallelism divides it.
    pub split: Split,
}

impl Module {
    /// Number of parameters stored.
    #[must_use]
    pub const fn elements(&self) -> u128 {
        self.weight.elements() * self.copies as u128
    }

    /// Number of parameters that one token passes.
    #[must_use]
    pub const fn active_elements(&self) -> u128 {
        self.weight.elements() * self.active_copies as u128
    }
}

/// Modules and caches of one layer, and the layers that are exactly like it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What stands before the layer number: `model.layers`; before the module's own path where `layers` is empty.
    pub prefix: Cow<'static, str>,
    /// The numbers of the layers that look like this; empty for a block that exists once and has no number.
    pub layers: Vec<u32>,
    /// What one such layer holds.
    pub modules: Vec<Module>,
    /// What one such layer keeps per token or per sequence.
    pub caches: Vec<Cache>,
}

impl Block {
    /// How often this block stands in the model.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.layers.len().max(1) as u64
    }

    /// Adds a module of which one copy is stored and passed by every token.
    pub fn push(&mut self, path: impl Into<Cow<'static, str>>, group: Group, weight: Weight, split: Split) {
        self.push_copies(path, group, weight, split, 1, 1);
    }

    /// Adds a module of which `copies` are stored and `active_copies` are passed by one token.
    pub fn push_copies(
        &mut self,
        path: impl Into<Cow<'static, str>>,
        group: Group,
        weight: Weight,
        split: Split,
        copies: u64,
        active_copies: u64,
    ) {
        self.modules.push(Module { path: path.into(), group, weight, copies, active_copies, split });
    }

    /// Adds a matrix from `inputs` to `outputs`.
    pub fn linear(
        &mut self,
        path: impl Into<Cow<'static, str>>,
        group: Group,
        (inputs, outputs): (u64, u64),
        bias: bool,
        split: Split,
    ) {
        let weight = Weight::Linear { inputs, outputs, bias };
        self.push(path, group, weight, split);
    }

    /// Adds `elements` parameters that nothing quantizes and every rank holds.
    pub fn plain(&mut self, path: impl Into<Cow<'static, str>>, group: Group, elements: u64) {
        self.push(path, group, Weight::Plain { elements }, Split::Replicated);
    }

    /// Adds a norm over `width` elements.
    pub fn norm(&mut self, path: impl Into<Cow<'static, str>>, width: u64) {
        self.plain(path, Group::Norms, width);
    }
}
