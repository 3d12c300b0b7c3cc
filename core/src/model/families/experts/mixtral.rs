//! Mixtral: Llama's attention over a mixture of gated experts.
//!
//! Source: transformers `modeling_mixtral.py`.

use super::super::decoders::llama::{dims, window};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Experts;
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let attention = Attention::read(text)?;
    let experts = Experts {
        hidden: attention.hidden,
        width: text.need("intermediate_size")?,
        experts: text.need("num_experts")?,
        per_token: text.need("num_experts_per_tok")?,
        gated: true,
    };
    let layers = text.need("num_hidden_layers")?;
    dims(builder, &attention, experts.width * experts.per_token, layers);
    builder.vocabulary("model.embed_tokens", text.need("vocab_size")?, attention.hidden, config.tied()?);
    builder.layers(
        "model.layers",
        layers,
        |layer| window(text, layer),
        |window, block| {
            attention.add(block, "self_attn");
            experts.add_router(block, "block_sparse_moe.gate");
            experts.add(block, "block_sparse_moe.experts", ["w1", "w3", "w2"]);
            block.norm("input_layernorm", attention.hidden);
            block.norm("post_attention_layernorm", attention.hidden);
            block.caches.push(attention.cache(*window));
            Ok(())
        },
    )?;
    builder.once("model", |block| block.norm("norm", attention.hidden));
    Ok(())
}
