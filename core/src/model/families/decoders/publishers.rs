//! Rules of the families whose code their publishers ship.

use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::fields::Fields;
use crate::model::modules::{Group, Split, Weight};
use crate::problem::Problem;

/// Key/value heads count only where `multi_query_attention`. The first ChatGLM has another layout.
pub(super) fn chatglm(text: &Fields) -> Result<Attention, Problem> {
    if text.has("inner_hidden_size") || text.has("position_encoding_2d") {
        return Err(Problem::new(
            "unknown-architecture",
            "inner_hidden_size",
            "a ChatGLM of the first generation",
            "ChatGLM2 or later",
        ));
    }
    let attention = Attention::read(text)?;
    let kv_heads =
        if text.flag("multi_query_attention", false)? { attention.kv_heads } else { attention.heads };
    Ok(Attention { kv_heads, ..attention })
}

/// The final norm, which `post_layer_norm` switches.
pub(super) fn chatglm_norm(config: &Config, a: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    if config.text.flag("post_layer_norm", true)? {
        builder.once("", |block| block.norm("transformer.encoder.final_layernorm", a.hidden));
    }
    Ok(())
}

/// `intermediate_size` counts gate and up together.
pub(super) fn qwen_width(text: &Fields, _: u64) -> Result<u64, Problem> {
    Ok(text.need("intermediate_size")? / 2)
}

/// Learnt positions where there is no ALiBi.
pub(super) fn jais_positions(config: &Config, a: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    if config.text.text("position_embedding_type")?.as_deref() != Some("alibi") {
        let weight =
            Weight::Embedding { rows: config.text.need("max_position_embeddings")?, width: a.hidden };
        builder.once("", |block| block.push("transformer.wpe", Group::Embeddings, weight, Split::Replicated));
    }
    Ok(())
}
