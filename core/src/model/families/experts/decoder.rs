//! A decoder as a list of layers, each with one mixer, one feed-forward layer and norms.

use super::delta::{DeltaNet, Kda};
use super::grouped::Grouped;
use super::latent::Latent;
use super::mixture::{Mixture, add_merged};
use super::scan::{Lightning, Mamba};
use crate::model::Dims;
use crate::model::build::{Builder, MAX_LAYERS};
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::model::heads::Head;
use crate::model::modules::{Block, Group, Split, Weight};
use crate::problem::Problem;

/// What lets the tokens of a layer see each other.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mixer {
    Grouped(Grouped),
    Latent(Latent),
    Delta(DeltaNet),
    Kda(Kda),
    Lightning(Lightning),
    Mamba(Mamba),
}

/// What every token of a layer passes by itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Feed {
    /// One feed-forward layer and its name.
    Dense(&'static str, Mlp),
    /// The same, gate and up being one matrix, with the names of its matrices.
    Merged(&'static str, Mlp, [&'static str; 2]),
    /// A mixture of experts.
    Mixture(Mixture),
    /// Two mixtures beside each other, of which each token passes one.
    Pair(Mixture, Mixture),
}

/// One layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layer {
    pub(super) mixer: Mixer,
    pub(super) feed: Feed,
    /// Names of its norms.
    pub(super) norms: &'static [&'static str],
    /// Parameters that belong to nothing else, by name.
    pub(super) extra: Vec<(&'static str, Group, Weight)>,
}

/// A matrix without a bias from `inputs` to `outputs`, for [`Layer::extra`].
pub(super) const fn matrix(inputs: u64, outputs: u64) -> Weight {
    Weight::Linear { inputs, outputs, bias: false }
}

/// Elements that nothing quantizes, for [`Layer::extra`].
pub(super) const fn plain(elements: u64) -> Weight {
    Weight::Plain { elements }
}

/// Names of the parts of a decoder that exist once, and whether norms and the output matrix have biases.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) embedding: &'static str,
    pub(super) layers: &'static str,
    pub(super) norm: Option<&'static str>,
    pub(super) norm_bias: bool,
    pub(super) head_bias: bool,
}

/// The names that nearly every decoder has.
pub(super) const FRAME: Frame = Frame {
    embedding: "model.embed_tokens",
    layers: "model.layers",
    norm: Some("model.norm"),
    norm_bias: false,
    head_bias: false,
};

/// Classes whose output matrix is their own whatever `tie_word_embeddings` says. Source: transformers, classes without
/// `_tied_weights_keys`.
const NEVER_TIED: [&str; 2] = ["bailing_hybrid", "kimi_linear"];

/// The norms that nearly every decoder has.
pub(super) const NORMS: &[&str] = &["input_layernorm", "post_attention_layernorm"];

impl Layer {
    /// A layer with the usual norms.
    pub(super) const fn new(mixer: Mixer, feed: Feed) -> Layer {
        Layer { mixer, feed, norms: NORMS, extra: Vec::new() }
    }

    fn add(&self, block: &mut Block, hidden: u64, norm_bias: bool) {
        match &self.mixer {
            Mixer::Grouped(attention) => attention.add(block),
            Mixer::Latent(attention) => attention.add(block, "self_attn"),
            Mixer::Delta(net) => net.add(block),
            Mixer::Kda(net) => net.add(block),
            Mixer::Lightning(attention) => attention.add(block),
            Mixer::Mamba(mamba) => mamba.add(block),
        }
        match &self.feed {
            Feed::Dense(path, mlp) => mlp.add(block, path, Group::DenseMlp),
            Feed::Merged(path, mlp, names) => add_merged(block, mlp, path, *names, Group::DenseMlp),
            Feed::Mixture(mixture) => mixture.add(block),
            Feed::Pair(first, second) => [first, second].into_iter().for_each(|mixture| mixture.add(block)),
        }
        for norm in self.norms {
            block.norm(*norm, norm_elements(hidden, norm_bias));
        }
        for (name, group, weight) in &self.extra {
            block.push(*name, *group, *weight, Split::Replicated);
        }
    }

    /// Keeps the widths of the layer that says most: attention over a state, the widest feed-forward.
    fn note(&self, dims: &mut Dims) {
        let (heads, kv_heads, head_dim) = match &self.mixer {
            Mixer::Grouped(a) => (a.attention.heads, a.attention.kv_heads, a.attention.head_dim),
            Mixer::Latent(a) => (a.heads, a.heads, a.nope + a.rope),
            Mixer::Delta(_) | Mixer::Kda(_) | Mixer::Lightning(_) | Mixer::Mamba(_) => (0, 0, 0),
        };
        if heads > dims.heads {
            (dims.heads, dims.kv_heads, dims.head_dim) = (heads, kv_heads, head_dim);
        }
        let width = match &self.feed {
            Feed::Dense(_, mlp) | Feed::Merged(_, mlp, _) => mlp.width,
            Feed::Mixture(mixture) | Feed::Pair(mixture, _) => mixture.active_width(),
        };
        dims.intermediate_size = dims.intermediate_size.max(width);
    }
}

const fn norm_elements(hidden: u64, bias: bool) -> u64 {
    if bias { hidden * 2 } else { hidden }
}

/// Fills the builder with the usual frame around `layer` of every number.
pub(super) fn decode(
    config: &Config,
    builder: &mut Builder,
    layer: impl FnMut(u64) -> Result<Layer, Problem>,
) -> Result<(), Problem> {
    decode_within(config, &config.text, builder, FRAME, layer)
}

/// As [`decode`], with other names, the text read as `text`.
pub(super) fn decode_within(
    config: &Config,
    text: &Fields,
    builder: &mut Builder,
    frame: Frame,
    mut layer: impl FnMut(u64) -> Result<Layer, Problem>,
) -> Result<(), Problem> {
    let hidden = text.need("hidden_size")?;
    let layers = text.need("num_hidden_layers")?;
    let vocabulary = text.need("vocab_size")?;
    let tied = config.tied()? && !NEVER_TIED.contains(&text.class());
    builder.vocabulary(frame.embedding, vocabulary, hidden, tied);
    if frame.head_bias && builder.head == Head::Vocabulary {
        builder.once("", |block| {
            let weight = Weight::Plain { elements: vocabulary };
            block.push("lm_head.bias", Group::LmHead, weight, Split::Vocabulary);
        });
    }
    let mut dims = Dims { hidden_size: hidden, vocab_size: vocabulary, layers, ..Dims::default() };
    builder.layers(
        frame.layers,
        layers,
        |number| {
            let layer = layer(number)?;
            layer.note(&mut dims);
            Ok(layer)
        },
        |layer, block| {
            layer.add(block, hidden, frame.norm_bias);
            Ok(())
        },
    )?;
    builder.dims = dims;
    if let Some(norm) = frame.norm {
        builder.once("", |block| block.norm(norm, norm_elements(hidden, frame.norm_bias)));
    }
    Ok(())
}

/// The numbers of the prediction layers that `field` declares behind `layers` ordinary ones.
pub(super) fn predicting(text: &Fields, field: &str, layers: u64) -> Result<core::ops::Range<u64>, Problem> {
    let stored = text.count_or(field, 0)?;
    if stored > MAX_LAYERS {
        return Err(text.bad(field, stored.to_string(), format!("at most {MAX_LAYERS}")));
    }
    Ok(layers..layers.saturating_add(stored))
}

/// Layers for speculative decoding, stored beside the model and never loaded without it: `extra` of each, then
/// `layer`, numbered from `first` below `prefix`.
pub(super) fn speculate(
    builder: &mut Builder,
    prefix: &'static str,
    numbers: core::ops::Range<u64>,
    layer: &Layer,
    extra: impl FnOnce(&mut Block),
) {
    let layers: Vec<u32> = numbers.filter_map(|number| u32::try_from(number).ok()).collect();
    if layers.is_empty() {
        return;
    }
    let hidden = builder.dims.hidden_size;
    let mut block = Block { prefix: prefix.into(), layers, modules: Vec::new(), caches: Vec::new() };
    extra(&mut block);
    layer.add(&mut block, hidden, false);
    block.caches.clear();
    block.modules.iter_mut().for_each(|module| module.group = Group::Mtp);
    builder.blocks.push(block);
}
