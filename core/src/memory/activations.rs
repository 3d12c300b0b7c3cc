//! The transient peak of a profile run: the larger of one forward pass and one sampling step.

use crate::engine::Engine;
use crate::model::{Dims, Group, Model, Weight};
use crate::units::Bytes;

/// Models that read an image at its own size: at most 16,384 tokens of it by their published processors, four patches of
/// the tower to a token.
const OWN_SIZE: &[&str] = &["qwen2_vl", "qwen2_5_vl", "qwen3_vl", "qwen3_vl_moe"];
const IMAGE_TOKENS: u64 = 16_384;
const PATCHES: u64 = 4;

/// Peak of the image encoder in a profile run over `tokens`: the tower's pass over the patches of the largest image, as
/// wide as a forward pass, and its output. `None` where a model has no tower, or one of which no log is known.
///
/// Source: vLLM 0.11 `v1/worker/gpu_model_runner.py`: it is profiled over as many tokens as a batch or an image has. Five
/// published logs measure 0.6 to 1.6 times this.
pub(super) fn encoder(model: &Model, tokens: u64) -> Option<Bytes> {
    if !OWN_SIZE.contains(&model.model_type.as_str()) {
        return None;
    }
    let towers = model.blocks.iter().filter(|block| !block.layers.is_empty());
    let matrices =
        towers.flat_map(|block| &block.modules).filter(|module| module.group == Group::VisionTower);
    let sides = matrices.filter_map(|module| match module.weight {
        Weight::Linear { inputs, outputs, .. } => Some((inputs.min(outputs), inputs.max(outputs))),
        Weight::Embedding { .. } | Weight::Plain { .. } => None,
    });
    let (narrow, wide) = sides.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))?;
    let tokens = u128::from(tokens.max(IMAGE_TOKENS.min(model.context.tokens)));
    let inside = (u128::from(narrow) + u128::from(wide)) * 3 * u128::from(PATCHES);
    Some(Bytes::saturating(
        (inside + u128::from(model.dims.hidden_size)).saturating_mul(2).saturating_mul(tokens),
    ))
}

/// Peak of a forward pass over `tokens` at 16 bits: two thirds of a gated feed-forward and the residuals.
///
/// Formula fitted to published profile runs, within 8 % of 18 of 19: `2 B x tokens x (3 x intermediate / ranks + 3 x hidden)`.
/// Over several devices the sums that they exchange are held beside what goes into them, `5 x hidden`: three published
/// runs over two devices, of 14 and of 72 billion parameters, lie 0.4, 7 and 8 % above that.
pub(super) fn forward(dims: &Dims, tokens: u64, ranks: u64) -> Bytes {
    let inside = u128::from(dims.intermediate_size.div_ceil(ranks.max(1)));
    let streams = if ranks > 1 { 5 } else { 3 };
    let width = inside * 3 + u128::from(dims.hidden_size) * streams;
    Bytes::saturating(width.saturating_mul(2).saturating_mul(u128::from(tokens)))
}

/// Peak of sampling for `sequences` over the vocabulary.
pub(super) fn sampler(engine: &Engine, dims: &Dims, sequences: u64) -> Bytes {
    let logits = u128::from(dims.vocab_size).saturating_mul(u128::from(sequences));
    Bytes::saturating(logits.saturating_mul(u128::from(engine.sampler_tenths.value)).div_ceil(10))
}
