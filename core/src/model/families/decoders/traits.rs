//! What tells one family of dense decoders from another, as data.

use crate::model::attention::{Attention, QkNorm};
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::fields::Fields;
use crate::model::modules::Block;
use crate::problem::Problem;

/// Whether something is there: always, never, or as a field says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Switch {
    Off,
    On,
    /// There if the field is true.
    If(&'static str),
    /// There unless the field is true.
    Unless(&'static str),
}

impl Switch {
    pub(super) fn read(self, text: &Fields) -> Result<bool, Problem> {
        match self {
            Switch::Off => Ok(false),
            Switch::On => Ok(true),
            Switch::If(name) => text.flag(name, false),
            Switch::Unless(name) => Ok(!text.flag(name, false)?),
        }
    }
}

/// Names of the attention matrices below a layer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Projections {
    /// Queries, keys, values, output.
    Apart([&'static str; 4]),
    /// Queries, keys and values in one matrix, and the output.
    Fused([&'static str; 2]),
}

/// Names of the feed-forward matrices below a layer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Feed {
    /// Gate, up, down.
    Gated([&'static str; 3]),
    /// Gate and up in one matrix, and down.
    Fused([&'static str; 2]),
    /// Up, down.
    Plain([&'static str; 2]),
}

/// What the parts of a decoder are called in its checkpoints.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    pub(super) embedding: &'static str,
    pub(super) layers: &'static str,
    /// The norm behind the last layer; empty where there is none.
    pub(super) norm: &'static str,
    pub(super) head: &'static str,
    pub(super) attention: Projections,
    pub(super) feed: Feed,
    /// Norms over queries and keys.
    pub(super) qk: [&'static str; 2],
}

/// What a norm holds per element of its width.
#[derive(Clone, Copy, Debug)]
pub(super) enum Norm {
    /// Nothing: it has no parameters.
    Bare,
    /// A weight.
    Weight,
    /// A weight, and a bias where the switch says so.
    Biased(Switch),
    /// A weight and a bias where the switch says so, else nothing.
    Affine(Switch),
}

/// Which layers see a window of `sliding_window` tokens where the file has no `layer_types`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Window {
    /// No layer, whatever the fields say.
    Never,
    /// Every layer.
    Always,
    /// Layers from `max_window_layers` on.
    Qwen,
    /// All but every n-th layer, n by `sliding_window_pattern`, else this.
    Every(u64),
    /// All but the first of every n layers.
    AllButFirst(u64),
    /// Layers without rotary positions (`no_rope_layers`).
    NoRope,
    /// As `Every`, of `local_attention / 2` tokens, full every `global_attn_every_n_layers`.
    Local,
}

/// The one layer that differs, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Odd {
    None,
    First,
    Last,
}

/// A layer as its family's own additions see it.
#[derive(Debug)]
pub(super) struct Layer<'a> {
    pub(super) text: &'a Fields<'a>,
    pub(super) attention: Attention,
    /// Width inside the feed-forward layer.
    pub(super) width: u64,
    /// Whether it is the odd one.
    pub(super) odd: bool,
}

/// One family of dense decoders.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    pub(super) names: &'static Names,
    /// Reads heads and widths.
    pub(super) attention: fn(&Fields) -> Result<Attention, Problem>,
    /// Reads the width inside the feed-forward layer.
    pub(super) width: fn(&Fields, u64) -> Result<u64, Problem>,
    /// The field that says how wide the embedding is, where not as wide as the residual stream.
    pub(super) embedding: Option<&'static str>,
    /// Whether the output matrix of attention reads `hidden` elements whatever the heads say.
    pub(super) square_out: bool,
    pub(super) qkv_bias: Switch,
    pub(super) out_bias: Switch,
    pub(super) mlp_bias: Switch,
    pub(super) qk_norm: QkNorm,
    /// Whether the norms over queries and keys are there.
    pub(super) qk_switch: Switch,
    /// Norms below a layer, all of the residual stream's width.
    pub(super) norms: &'static [&'static str],
    pub(super) norm: Norm,
    pub(super) window: Window,
    pub(super) odd: Odd,
    /// What else a layer holds.
    pub(super) more: fn(&Layer, &mut Block) -> Result<(), Problem>,
    /// What else the model holds once.
    pub(super) once: fn(&Config, &Attention, &mut Builder) -> Result<(), Problem>,
}

/// The width that the file must say.
pub(super) fn told(text: &Fields, _: u64) -> Result<u64, Problem> {
    text.need("intermediate_size")
}

/// Four times the residual stream unless the file says otherwise.
pub(super) fn fourfold(text: &Fields, hidden: u64) -> Result<u64, Problem> {
    Ok(text.count("intermediate_size")?.filter(|width| *width > 0).unwrap_or(hidden * 4))
}

/// Nothing else in a layer.
pub(super) fn no_more(_: &Layer, _: &mut Block) -> Result<(), Problem> {
    Ok(())
}

/// Nothing else in the model.
pub(super) fn nothing(_: &Config, _: &Attention, _: &mut Builder) -> Result<(), Problem> {
    Ok(())
}

/// The names that most decoders share.
pub(super) const NAMES: Names = Names {
    embedding: "model.embed_tokens",
    layers: "model.layers",
    norm: "model.norm",
    head: "lm_head",
    attention: Projections::Apart([
        "self_attn.q_proj",
        "self_attn.k_proj",
        "self_attn.v_proj",
        "self_attn.o_proj",
    ]),
    feed: Feed::Gated(["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]),
    qk: ["self_attn.q_norm", "self_attn.k_norm"],
};

/// Llama: the row from which the others differ.
pub(super) const LLAMA: Traits = Traits {
    names: &NAMES,
    attention: Attention::read,
    width: told,
    embedding: None,
    square_out: false,
    qkv_bias: Switch::If("attention_bias"),
    out_bias: Switch::If("attention_bias"),
    mlp_bias: Switch::Off,
    qk_norm: QkNorm::None,
    qk_switch: Switch::On,
    norms: &["input_layernorm", "post_attention_layernorm"],
    norm: Norm::Weight,
    window: Window::Always,
    odd: Odd::None,
    more: no_more,
    once: nothing,
};
