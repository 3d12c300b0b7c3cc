//! Heads, widths and positions of the families before Llama, where they follow rules of their own.

use super::traits::Layer;
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::cache::Cache;
use crate::model::config::Config;
use crate::model::fields::Fields;
use crate::model::heads::Head;
use crate::model::modules::{Block, Group, Split, Weight};
use crate::problem::Problem;

/// A table of learnt positions with `more` rows beyond the longest sequence.
fn positions(config: &Config, builder: &mut Builder, path: &'static str, more: u64) -> Result<(), Problem> {
    let rows = config.text.need("max_position_embeddings")? + more;
    let width = builder.dims.hidden_size;
    builder.once("", |block| {
        block.push(path, Group::Embeddings, Weight::Embedding { rows, width }, Split::Replicated);
    });
    Ok(())
}

pub(super) fn wpe(config: &Config, _: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    positions(config, builder, "transformer.wpe", 0)
}

pub(super) fn positions_embed(config: &Config, _: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    positions(config, builder, "transformer.positions_embed", 0)
}

/// BioGPT, OPT and TrOCR keep two rows for padding.
pub(super) fn biogpt_positions(config: &Config, _: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    positions(config, builder, "biogpt.embed_positions", 2)
}

pub(super) fn bloom_norm(_: &Config, a: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    builder.once("", |block| block.norm("transformer.word_embeddings_layernorm", a.hidden * 2));
    Ok(())
}

/// OPT: positions, the final norm, and matrices around a narrower embedding.
pub(super) fn opt_once(config: &Config, a: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    positions(config, builder, "model.decoder.embed_positions", 2)?;
    let text = &config.text;
    let narrow = text.count_or("word_embed_proj_dim", a.hidden)?;
    let norm = text.flag("do_layer_norm_before", true)?
        && !text.flag("_remove_final_layer_norm", false)?
        && text.flag("layer_norm_elementwise_affine", true)?;
    builder.once("", |block| {
        if narrow != a.hidden {
            let inward = (narrow, a.hidden);
            block.linear("model.decoder.project_in", Group::Embeddings, inward, false, Split::Replicated);
            let outward = (a.hidden, narrow);
            block.linear("model.decoder.project_out", Group::Embeddings, outward, false, Split::Replicated);
        }
        if norm {
            block.norm("model.decoder.final_layer_norm", a.hidden * 2);
        }
    });
    Ok(())
}

pub(super) fn trocr_once(config: &Config, a: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    if config.text.flag("use_learned_position_embeddings", true)? {
        positions(config, builder, "model.decoder.embed_positions", 2)?;
    }
    if config.text.flag("layernorm_embedding", true)? {
        builder.once("", |block| block.norm("model.decoder.layernorm_embedding", a.hidden * 2));
    }
    Ok(())
}

/// Attention over an encoder's output, whose width may differ.
pub(super) fn cross_attention(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    let (group, hidden) = (Group::Attention, layer.attention.hidden);
    let encoder = layer.text.count_or("cross_attention_hidden_size", hidden)?;
    let kv = Split::KvHeads { heads: layer.attention.kv_heads };
    block.linear("encoder_attn.q_proj", group, (hidden, hidden), true, Split::Columns);
    block.linear("encoder_attn.k_proj", group, (encoder, hidden), true, kv);
    block.linear("encoder_attn.v_proj", group, (encoder, hidden), true, kv);
    block.linear("encoder_attn.out_proj", group, (hidden, hidden), true, Split::Rows);
    Ok(())
}

/// XGLM behind an encoder.
pub(super) fn xglm_cross(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    if layer.text.flag("add_cross_attention", false)? {
        cross_attention(layer, block)?;
        block.norm("encoder_attn_layer_norm", layer.attention.hidden * 2);
        block.caches.push(Cache::Cross { shape: layer.attention.kv_shape(), tokens: None });
    }
    Ok(())
}

/// GPT-2 behind an encoder.
pub(super) fn gpt2_cross(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    if layer.text.flag("add_cross_attention", false)? {
        let (group, hidden) = (Group::Attention, layer.attention.hidden);
        block.linear("crossattention.c_attn", group, (hidden, hidden * 2), true, Split::Columns);
        block.linear("crossattention.q_attn", group, (hidden, hidden), true, Split::Columns);
        block.linear("crossattention.c_proj", group, (hidden, hidden), true, Split::Rows);
        block.norm("ln_cross_attn", hidden * 2);
        block.caches.push(Cache::Cross { shape: layer.attention.kv_shape(), tokens: None });
    }
    Ok(())
}

/// Four times the residual stream whatever the file says.
pub(super) fn four_times(_: &Fields, hidden: u64) -> Result<u64, Problem> {
    Ok(hidden * 4)
}

pub(super) fn decoder_ffn(text: &Fields, _: u64) -> Result<u64, Problem> {
    text.need("decoder_ffn_dim")
}

pub(super) fn dff(text: &Fields, _: u64) -> Result<u64, Problem> {
    text.need("dff")
}

pub(super) fn dim_ff(text: &Fields, _: u64) -> Result<u64, Problem> {
    text.need("dim_ff")
}

pub(super) fn japanese(text: &Fields, hidden: u64) -> Result<u64, Problem> {
    Ok(hidden * text.count_or("intermediate_multiple_size", 4)?)
}

pub(super) fn expansion(text: &Fields, hidden: u64) -> Result<u64, Problem> {
    Ok(hidden * text.count_or("expansion_ratio", 4)?)
}

/// Only the last layer of GPT-NeoX Japanese has a bias.
pub(super) fn dense_bias(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    if layer.odd {
        block.plain("attention.dense_bias", Group::Attention, layer.attention.hidden);
    }
    Ok(())
}

/// One key/value head where `multi_query`, else as many as queries.
pub(super) fn bigcode(text: &Fields) -> Result<Attention, Problem> {
    let attention = Attention::read(text)?;
    let kv_heads = if text.flag("multi_query", true)? { 1 } else { attention.heads };
    Ok(Attention { kv_heads, ..attention })
}

/// As [`bigcode`], but the newer architecture says how many heads it has.
pub(super) fn falcon(text: &Fields) -> Result<Attention, Problem> {
    if text.flag("new_decoder_architecture", false)? { Attention::read(text) } else { bigcode(text) }
}

/// One or two norms before attention and feed-forward, by architecture.
pub(super) fn falcon_norms(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    let (text, norm) = (layer.text, layer.attention.hidden * 2);
    let newer = text.flag("new_decoder_architecture", false)?;
    if newer && text.count_or("num_ln_in_parallel_attn", 2)? == 2 {
        block.norm("ln_attn", norm);
        block.norm("ln_mlp", norm);
        return Ok(());
    }
    block.norm("input_layernorm", norm);
    if !text.flag("parallel_attn", true)? && !newer {
        block.norm("post_attention_layernorm", norm);
    }
    Ok(())
}

/// Matrices as wide as the model even where its heads do not divide it: then one head stands for all of them.
pub(super) fn undivided(text: &Fields) -> Result<Attention, Problem> {
    let attention = Attention::read(text)?;
    if attention.hidden.is_multiple_of(attention.heads) {
        return Ok(attention);
    }
    let width = attention.hidden;
    Ok(Attention { heads: 1, kv_heads: 1, head_dim: width, value_dim: width, ..attention })
}

/// Fewer key/value heads where `attn_config` has them.
pub(super) fn mpt(text: &Fields) -> Result<Attention, Problem> {
    let attention = undivided(text)?;
    let kv_heads = match text.part("attn_config", "mpt/attn_config") {
        Some(part) => part.count("num_key_value_heads")?.filter(|heads| *heads > 0),
        None => None,
    };
    Ok(Attention { kv_heads: kv_heads.unwrap_or(attention.heads), ..attention })
}

pub(super) fn cpmant(text: &Fields) -> Result<Attention, Problem> {
    let attention = Attention::read(text)?;
    let head_dim = text.need("dim_head")?;
    Ok(Attention { head_dim, value_dim: head_dim, ..attention })
}

/// Prompt tokens behind the vocabulary, segments, and positions relative to segments.
pub(super) fn cpmant_once(config: &Config, a: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    let (text, group) = (&config.text, Group::Embeddings);
    let prompts = text.count_or("prompt_types", 32)? * text.count_or("prompt_length", 32)?;
    let segments = text.count_or("segment_types", 32)?;
    let buckets = segments * segments + text.count_or("position_bias_num_buckets", 512)?;
    // The output matrix is stored even where the config calls it tied.
    if builder.head == Head::Vocabulary && config.tied()? {
        let head = (a.hidden, builder.dims.vocab_size);
        builder.once("", |block| block.linear("lm_head", Group::LmHead, head, false, Split::Vocabulary));
    }
    builder.once("", |block| {
        for (path, rows, width) in [
            ("cpmant.input_embedding", prompts, a.hidden),
            ("cpmant.segment_embedding", segments, a.hidden),
            ("cpmant.position_bias.relative_attention_bias", buckets, a.heads),
        ] {
            block.push(path, group, Weight::Embedding { rows, width }, Split::Replicated);
        }
    });
    Ok(())
}
