//! Llama and the decoders of the same shape: Mistral (sliding window), Qwen2 (biased queries, keys, values).
//!
//! Source: transformers `modeling_llama.py`, `modeling_mistral.py`, `modeling_qwen2.py`.

use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::model::modules::Group;
use crate::problem::Problem;

pub(in crate::model::families) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let attention = attention(text)?;
    let mlp = Mlp {
        hidden: attention.hidden,
        width: text.need("intermediate_size")?,
        gated: true,
        bias: text.flag("mlp_bias", false)?,
    };
    let layers = text.need("num_hidden_layers")?;
    dims(builder, &attention, mlp.width, layers);
    builder.vocabulary("model.embed_tokens", text.need("vocab_size")?, attention.hidden, config.tied()?);
    builder.layers(
        "model.layers",
        layers,
        |layer| window(text, layer),
        |window, block| {
            attention.add(block, "self_attn");
            mlp.add(block, "mlp", Group::DenseMlp);
            block.norm("input_layernorm", attention.hidden);
            block.norm("post_attention_layernorm", attention.hidden);
            block.caches.push(attention.cache(*window));
            Ok(())
        },
    )?;
    builder.once("model", |block| block.norm("norm", attention.hidden));
    Ok(())
}

/// Qwen2 has no field for its bias; Llama's `attention_bias` covers the output too.
fn attention(text: &Fields) -> Result<Attention, Problem> {
    let bias = text.flag("attention_bias", false)?;
    let qwen = text.class() == "qwen2";
    Ok(Attention { qkv_bias: bias || qwen, out_bias: bias && !qwen, ..Attention::read(text)? })
}

/// Records the widths of a decoder with one kind of attention.
pub(in crate::model::families) fn dims(
    builder: &mut Builder,
    attention: &Attention,
    intermediate_size: u64,
    layers: u64,
) {
    builder.dims.hidden_size = attention.hidden;
    builder.dims.intermediate_size = intermediate_size;
    builder.dims.layers = layers;
    builder.dims.heads = attention.heads;
    builder.dims.kv_heads = attention.kv_heads;
    builder.dims.head_dim = attention.head_dim;
}

/// The window of `layer`. A window counts in every layer, except in Qwen2, where it must be
/// switched on and starts at `max_window_layers`.
pub(in crate::model::families) fn window(text: &Fields, layer: u64) -> Result<Option<u64>, Problem> {
    if text.class().starts_with("qwen2") {
        let on = text.flag("use_sliding_window", false)?;
        if !on || layer < text.count_or("max_window_layers", 0)? {
            return Ok(None);
        }
    }
    Ok(text.count("sliding_window")?.filter(|window| *window > 0))
}
