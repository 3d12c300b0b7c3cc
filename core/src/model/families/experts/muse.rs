//! Muse Spark: experts in a narrower stream, with a projection before and behind them.
//!
//! Source: transformers `modeling_muse_spark.py`.

use super::decoder::{Feed, Layer, Mixer, decode, matrix, plain};
use super::grouped::{Gate, Grouped};
use super::layers::{Reaches, Sparse, SparseLayers, Window};
use super::mixture::{Mixture, USUAL};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::modules::Group;
use crate::problem::Problem;

const NORMS: &[&str] = &["input_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"];

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let bias = text.flag("attention_bias", false)?;
    let attention = Attention { qkv_bias: bias, out_bias: bias, ..Attention::read(text)? };
    let hidden = attention.hidden;
    let inner = text.need("moe_hidden_size")?;
    let width = text.need("moe_intermediate_size")?;
    let rule = Window::Rule(|layer, layers| !layers.saturating_sub(layer + 1).is_multiple_of(4));
    let reaches = Reaches::read(text, rule)?;
    let sparse = SparseLayers::read(text, Sparse::All)?;
    decode(config, builder, |number| {
        let mut mixer = Grouped::new(attention, reaches.at(number)?);
        mixer.gate = Gate::Elements("gate_proj");
        let sparse = sparse.at(number)?;
        let feed = if sparse {
            Feed::Mixture(Mixture {
                routed_from: Some(hidden),
                ..Mixture::within(text, inner, 0, width, &USUAL)?
            })
        } else {
            Feed::Dense("mlp", Mlp::gated(hidden, text.need("intermediate_size")?))
        };
        let mut layer = Layer { norms: NORMS, ..Layer::new(Mixer::Grouped(mixer), feed) };
        for name in ["post_attention_residual_gate", "post_feedforward_residual_gate"] {
            layer.extra.push((name, Group::Norms, plain(hidden)));
        }
        if sparse {
            let group = Group::SharedExperts;
            layer.extra.push(("mlp.pre_expert_proj", group, matrix(hidden, inner)));
            layer.extra.push(("mlp.post_expert_proj", group, matrix(inner, hidden)));
            layer.extra.push(("mlp.pre_expert_norm", group, plain(inner)));
            layer.extra.push(("mlp.experts.post_expert_norm", group, plain(inner)));
        }
        Ok(layer)
    })
}
