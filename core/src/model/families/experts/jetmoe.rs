//! JetMoE: query and output projections are experts too.
//!
//! Source: transformers `modeling_jetmoe.py`.

use super::mixture::{JETMOE, Mixture};
use crate::model::build::Builder;
use crate::model::cache::{Cache, KvShape};
use crate::model::config::Config;
use crate::model::modules::{Group, Split, Weight};
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let hidden = text.need("hidden_size")?;
    let kv_heads = text.need("num_key_value_heads")?;
    let head_dim = text.need("head_dim")?;
    let keys = kv_heads * head_dim;
    let mixture = Mixture::read(text, 0, text.need("intermediate_size")?, &JETMOE)?;
    let experts = mixture.experts.experts;
    let active = mixture.experts.per_token.min(experts);
    let layers = text.need("num_hidden_layers")?;
    let dims = &mut builder.dims;
    (dims.hidden_size, dims.layers, dims.intermediate_size) = (hidden, layers, mixture.active_width());
    (dims.heads, dims.kv_heads, dims.head_dim) = (kv_heads * active, kv_heads, head_dim);
    builder.vocabulary("model.embed_tokens", text.need("vocab_size")?, hidden, config.tied()?);
    builder.layers(
        "model.layers",
        layers,
        |_| Ok(()),
        |(), block| {
            let path = "self_attention";
            let group = Group::Attention;
            let router = format!("{path}.experts.router.layer");
            block.linear(router, Group::Router, (hidden, experts), false, Split::Replicated);
            let matrices = [("input_linear", hidden, keys), ("output_linear", keys, hidden)];
            for (name, inputs, outputs) in matrices {
                let weight = Weight::Linear { inputs, outputs, bias: false };
                let name = format!("{path}.experts.{name}");
                block.push_copies(name, group, weight, Split::Columns, experts, active);
            }
            block.plain(format!("{path}.experts.bias"), group, hidden);
            let kv = Split::KvHeads { heads: kv_heads };
            block.linear(format!("{path}.kv_proj"), group, (hidden, keys * 2), false, kv);
            mixture.add(block);
            block.plain("mlp.bias", Group::RoutedExperts, hidden);
            block.norm("input_layernorm", hidden);
            block.norm("post_attention_layernorm", hidden);
            let shape = KvShape { kv_heads, key_dim: head_dim, value_dim: head_dim };
            block.caches.push(Cache::Full(shape));
            Ok(())
        },
    )?;
    builder.once("model", |block| block.norm("norm", hidden));
    Ok(())
}
