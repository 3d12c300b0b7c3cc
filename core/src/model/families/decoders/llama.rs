//! Widths and windows that other families take over from Llama and Mistral.

use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::fields::Fields;
use crate::problem::Problem;

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
