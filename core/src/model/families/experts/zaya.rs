//! Zaya: attention over convolved queries and keys, a router that is a network of its own.
//!
//! Source: transformers `modeling_zaya.py`.

use super::decoder::{FRAME, Feed, Frame, Layer, Mixer, decode_within, matrix, plain};
use super::grouped::{Grouped, Reach};
use super::layers::Words;
use super::mixture::{Mixture, Names, USUAL};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::fields::Fields;
use crate::model::modules::{Group, Weight};
use crate::problem::Problem;

const NAMES: Names = Names { router: "mlp.gate.down_proj", ..USUAL };

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let bias = text.flag("attention_bias", false)?;
    let attention = Attention { qkv_bias: bias, out_bias: bias, ..Attention::read(text)? };
    let hidden = attention.hidden;
    let window = text.count("sliding_window")?.filter(|window| *window > 0);
    let words = Words::read(text, "layer_types")?;
    let (router, convolutions) = (router(text)?, convolutions(text, &attention)?);
    let width = text.need("moe_intermediate_size")?;
    let frame = Frame { head_bias: text.flag("lm_head_bias", false)?, ..FRAME };
    decode_within(config, text, builder, frame, |number| {
        let slides = words.at(number)? == Some("hybrid_sliding");
        let reach = window.filter(|_| slides).map_or(Reach::Full, Reach::Sliding);
        let mixture =
            Mixture { routed_to: Some(router), router_bias: true, ..Mixture::read(text, 0, width, &NAMES)? };
        let mixer = Mixer::Grouped(Grouped::new(attention, reach));
        let mut layer = Layer::new(mixer, Feed::Mixture(mixture));
        layer.extra.push(("self_attn.qkv_proj.conv_qk", Group::Attention, plain(convolutions)));
        layer.extra.push(("self_attn.qk_norm.temp", Group::Attention, plain(attention.kv_heads)));
        let experts = text.need("num_experts")? + 1;
        let biased = Weight::Linear { inputs: router, outputs: router, bias: true };
        layer.extra.push(("mlp.gate.router_mlp.fc1", Group::Router, biased));
        layer.extra.push(("mlp.gate.router_mlp.fc2", Group::Router, biased));
        layer.extra.push(("mlp.gate.router_mlp.out_proj", Group::Router, matrix(router, experts)));
        // The first layer has no earlier router to listen to.
        let norms = if number > 0 { router * 2 } else { router };
        layer.extra.push(("mlp.gate.router_mlp.norm", Group::Router, plain(norms)));
        for name in ["post_attention_residual_scale", "post_mlp_residual_scale"] {
            layer.extra.push((name, Group::Norms, plain(hidden * 4)));
        }
        Ok(layer)
    })?;
    builder.once("", |block| block.plain("model.input_hidden_states", Group::Norms, hidden * 2));
    Ok(())
}

fn router(text: &Fields) -> Result<u64, Problem> {
    text.need("router_hidden_size")
}

/// One convolution per channel and one per head, over queries and keys.
fn convolutions(text: &Fields, attention: &Attention) -> Result<u64, Problem> {
    let channels = (attention.heads + attention.kv_heads) * attention.head_dim;
    let grouped = attention.head_dim * text.need("cca_time1")?;
    Ok(channels.saturating_mul(text.need("cca_time0")? + 1 + grouped + 1))
}
