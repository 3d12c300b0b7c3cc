//! Step 3: one key/value head; queries pass through a narrow layer that all heads share.
//!
//! Source: vLLM `step3_text.py`, `config.json` of `stepfun-ai/step3`.

use super::layers::{Sparse, SparseLayers};
use super::mixture::{Mixture, STEP};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::modules::{Block, Group, Split};
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let attention = Attention::read(text)?;
    let hidden = attention.hidden;
    let narrow = text.need("share_q_dim")?;
    let sparse = SparseLayers::read(text, Sparse::Listed("moe_layers_enum", 1))?;
    let width = text.need("moe_intermediate_size")?;
    let shared = Some(Mlp::gated(hidden, text.need("share_expert_dim")?));
    let mixture = Mixture { shared, ..Mixture::read(text, 0, width, &STEP)? };
    let dense = Mlp::gated(hidden, text.need("intermediate_size")?);
    let layers = text.need("num_hidden_layers")?;
    let dims = &mut builder.dims;
    (dims.hidden_size, dims.layers) = (hidden, layers);
    dims.intermediate_size = dense.width.max(mixture.active_width());
    (dims.heads, dims.kv_heads, dims.head_dim) = (attention.heads, attention.kv_heads, attention.head_dim);
    builder.vocabulary("model.embed_tokens", text.need("vocab_size")?, hidden, config.tied()?);
    builder.layers(
        "model.layers",
        layers,
        |layer| sparse.at(layer),
        |sparse, block| {
            attend(block, &attention, narrow);
            if *sparse {
                mixture.add(block);
            } else {
                dense.add(block, "mlp", Group::DenseMlp);
            }
            block.norm("input_layernorm", hidden);
            block.norm("post_attention_layernorm", hidden);
            block.caches.push(attention.cache(None));
            Ok(())
        },
    )?;
    builder.once("model", |block| block.norm("norm", hidden));
    Ok(())
}

fn attend(block: &mut Block, attention: &Attention, narrow: u64) {
    let Attention { hidden, heads, kv_heads, head_dim, .. } = *attention;
    let (queries, keys) = (heads * head_dim, kv_heads * head_dim);
    let shapes = [
        ("self_attn.q_proj", (hidden, narrow), Split::Replicated),
        ("self_attn.k_proj", (hidden, keys), Split::Replicated),
        ("self_attn.v_proj", (hidden, keys), Split::Replicated),
        ("self_attn.wq", (narrow, queries), Split::Columns),
        ("self_attn.o_proj", (queries, hidden), Split::Rows),
    ];
    for (name, shape, split) in shapes {
        block.linear(name, Group::Attention, shape, false, split);
    }
    block.plain("self_attn.inter_norm", Group::Attention, narrow);
}
