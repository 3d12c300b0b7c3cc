//! What single families add to a layer or to the whole model.

use super::traits::Layer;
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::heads::Head;
use crate::model::modules::{Block, Group, Split, Weight};
use crate::problem::Problem;

/// Learnt slopes of the activation.
pub(super) fn xielu(_: &Layer, block: &mut Block) -> Result<(), Problem> {
    block.plain("mlp.act_fn.alpha_p", Group::DenseMlp, 1);
    block.plain("mlp.act_fn.alpha_n", Group::DenseMlp, 1);
    Ok(())
}

/// Norms inside attention and feed-forward (BitNet).
pub(super) fn sub_norms(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    block.norm("self_attn.attn_sub_norm", layer.attention.hidden);
    block.norm("mlp.ffn_sub_norm", layer.width);
    Ok(())
}

/// Vectors that weigh one half of the heads against the other (DiffLlama).
pub(super) fn lambdas(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    for name in ["self_attn.lambda_q1", "self_attn.lambda_k1", "self_attn.lambda_q2", "self_attn.lambda_k2"] {
        block.plain(name, Group::Attention, layer.attention.head_dim);
    }
    Ok(())
}

/// One logit per head that takes attention away from every token.
pub(super) fn sinks(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    let elements = layer.attention.heads;
    block.push("self_attn.sinks", Group::Attention, Weight::Plain { elements }, Split::Elements);
    Ok(())
}

/// Norms behind attention and feed-forward (HyperCLOVA X).
pub(super) fn post_norms(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    if layer.text.flag("use_post_norm", false)? {
        block.norm("post_norm1", layer.attention.hidden);
        block.norm("post_norm2", layer.attention.hidden);
    }
    Ok(())
}

/// Norms with biases over queries and keys, one head wide.
pub(super) fn biased_qk_norms(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    if layer.text.flag("qk_layernorm", false)? {
        for name in ["self_attn.q_layernorm", "self_attn.k_layernorm"] {
            block.plain(name, Group::Attention, layer.attention.head_dim * 2);
        }
    }
    Ok(())
}

/// The second norm, which a layer with both halves side by side does not have.
pub(super) fn stablelm(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    if !layer.text.flag("use_parallel_residual", false)? {
        block.norm("post_attention_layernorm", layer.attention.hidden * 2);
    }
    Ok(())
}

/// Dynamic masks, weighted residuals, and experts of one column each where `is_moe` (Doge).
pub(super) fn doge(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    let a = layer.attention;
    block.plain("self_attn.A", Group::Attention, a.kv_heads);
    let dt = (a.kv_heads * a.head_dim, a.kv_heads);
    block.linear("self_attn.dt_proj", Group::Attention, dt, a.qkv_bias, Split::Replicated);
    block.plain("input_residual", Group::Norms, a.hidden);
    block.plain("post_attention_residual", Group::Norms, a.hidden);
    if layer.text.flag("is_moe", false)? {
        let experts = layer.text.need("num_experts")?;
        let active = layer.text.count_or("num_experts_per_tok", experts)?.min(experts);
        let gate = (a.hidden, experts.isqrt() * 2);
        block.linear("mlp.router_gate", Group::Router, gate, false, Split::Replicated);
        for name in ["mlp.down_embed", "mlp.up_embed"] {
            let row = Weight::Plain { elements: a.hidden };
            block.push_copies(name, Group::RoutedExperts, row, Split::Replicated, experts, active);
        }
    }
    Ok(())
}

/// The norm before attention, which the first layer leaves to the embedding (ModernBERT).
pub(super) fn modernbert(layer: &Layer, block: &mut Block) -> Result<(), Problem> {
    if !layer.odd {
        block.norm("attn_norm", modernbert_norm(layer.text, layer.attention.hidden)?);
    }
    Ok(())
}

fn modernbert_norm(text: &crate::model::fields::Fields, hidden: u64) -> Result<u64, Problem> {
    Ok(if text.flag("norm_bias", false)? { hidden * 2 } else { hidden })
}

/// The embedding's norm and the layer before the output matrix (ModernBERT).
pub(super) fn modernbert_once(
    config: &Config,
    attention: &Attention,
    builder: &mut Builder,
) -> Result<(), Problem> {
    let (text, hidden) = (&config.text, attention.hidden);
    let norm = modernbert_norm(text, hidden)?;
    let (classifier, decoder) = (text.flag("classifier_bias", false)?, text.flag("decoder_bias", true)?);
    let head = builder.head;
    let rows = builder.dims.vocab_size;
    builder.once("", |block| {
        block.norm("model.embeddings.norm", norm);
        if matches!(head, Head::Vocabulary | Head::Sequence { .. }) {
            let prefix = if head == Head::Vocabulary { "lm_head" } else { "head" };
            let square = (hidden, hidden);
            block.linear(format!("{prefix}.dense"), Group::TaskHead, square, classifier, Split::Replicated);
            block.norm(format!("{prefix}.norm"), norm);
        }
        if let Head::Sequence { labels } = head
            && classifier
        {
            block.plain("score.bias", Group::TaskHead, labels);
        }
        if head == Head::Vocabulary && decoder {
            block.plain("decoder.bias", Group::LmHead, rows);
        }
    });
    Ok(())
}

/// A bias of the output matrix, there even where the matrix is the embedding.
pub(super) fn head_bias(_: &Config, _: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    if builder.head == Head::Vocabulary {
        let elements = builder.dims.vocab_size;
        builder.once("", |block| {
            block.push("lm_head.bias", Group::LmHead, Weight::Plain { elements }, Split::Elements);
        });
    }
    Ok(())
}

/// Rows of the embedding behind the vocabulary, for images (Molmo 2).
pub(super) fn more_tokens(config: &Config, a: &Attention, builder: &mut Builder) -> Result<(), Problem> {
    let weight =
        Weight::Embedding { rows: config.text.count_or("additional_vocab_size", 0)?, width: a.hidden };
    builder.once("", |block| {
        block.push("model.embed_tokens.new_embedding", Group::Embeddings, weight, Split::Replicated);
    });
    Ok(())
}
