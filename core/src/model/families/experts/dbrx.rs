//! DBRX: one projection for queries, keys and values, and a mixture in every layer.
//!
//! Source: transformers `modeling_dbrx.py`.

use super::mixture::{DBRX, Mixture};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::modules::{Group, Split};
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let inner = text.part_or_default("attn_config", "dbrx/attn_config");
    let kv_heads = inner.need("num_key_value_heads")?;
    let attention = Attention { kv_heads, ..Attention::read(text)? };
    let hidden = attention.hidden;
    let ffn = text.part_or_default("ffn_config", "dbrx/ffn_config");
    let mixture = Mixture::within(&ffn, hidden, 0, ffn.need("intermediate_size")?, &DBRX)?;
    let layers = text.need("num_hidden_layers")?;
    let dims = &mut builder.dims;
    (dims.hidden_size, dims.layers, dims.intermediate_size) = (hidden, layers, mixture.active_width());
    (dims.heads, dims.kv_heads, dims.head_dim) = (attention.heads, kv_heads, attention.head_dim);
    builder.vocabulary("transformer.wte", text.need("vocab_size")?, hidden, config.tied()?);
    builder.layers(
        "transformer.blocks",
        layers,
        |_| Ok(()),
        |(), block| {
            let path = "norm_attn_norm";
            let projected = hidden + kv_heads * attention.head_dim * 2;
            let kv = Split::KvHeads { heads: kv_heads };
            block.linear(format!("{path}.attn.Wqkv"), Group::Attention, (hidden, projected), false, kv);
            let shape = (hidden, hidden);
            block.linear(format!("{path}.attn.out_proj"), Group::Attention, shape, false, Split::Rows);
            mixture.add(block);
            block.norm(format!("{path}.norm_1"), hidden);
            block.norm(format!("{path}.norm_2"), hidden);
            block.caches.push(attention.cache(None));
            Ok(())
        },
    )?;
    builder.once("transformer", |block| block.norm("norm_f", hidden));
    Ok(())
}
