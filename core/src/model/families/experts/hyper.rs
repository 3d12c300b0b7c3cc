//! Hyper-connections: several residual streams, mixed before and after attention and feed-forward.
//!
//! Source: transformers `modeling_deepseek_v4.py`, `modeling_hy_v4.py`.

use super::decoder::plain;
use crate::model::build::Builder;
use crate::model::modules::{Group, Weight};

/// Adds what mixes `streams` of width `hidden` around attention and around the feed-forward layer:
/// `outputs` weights per token, and `scales` scales.
pub(super) fn connect(
    extra: &mut Vec<(&'static str, Group, Weight)>,
    hidden: u64,
    streams: u64,
    outputs: u64,
    scales: u64,
) {
    let matrix = outputs.saturating_mul(streams).saturating_mul(hidden);
    let elements = matrix.saturating_add(outputs + scales);
    extra.push(("attn_hc", Group::Attention, plain(elements)));
    extra.push(("ffn_hc", Group::DenseMlp, plain(elements)));
}

/// Adds what merges the streams behind the last layer.
pub(super) fn finish(builder: &mut Builder, streams: u64) {
    let hidden = builder.dims.hidden_size;
    let matrix = streams.saturating_mul(streams).saturating_mul(hidden);
    let elements = matrix.saturating_add(streams + 1);
    builder.once("", |block| block.plain("model.hc_head", Group::Norms, elements));
}
