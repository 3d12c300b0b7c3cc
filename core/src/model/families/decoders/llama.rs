//! Widths that other families record as Llama does.

use crate::model::attention::Attention;
use crate::model::build::Builder;

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
