//! The transient peak of a profile run: the larger of one forward pass and one sampling step.

use crate::engine::Engine;
use crate::model::Dims;
use crate::units::Bytes;

/// Peak of a forward pass over `tokens` at 16 bits: two thirds of a gated feed-forward and the residuals.
///
/// Formula fitted to published profile runs, within 8 % of 18 of 19: `2 B x tokens x (3 x intermediate / ranks + 3 x hidden)`.
pub(super) fn forward(dims: &Dims, tokens: u64, ranks: u64) -> Bytes {
    let inside = u128::from(dims.intermediate_size.div_ceil(ranks.max(1)));
    let width = (inside + u128::from(dims.hidden_size)) * 3;
    Bytes::saturating(width.saturating_mul(2).saturating_mul(u128::from(tokens)))
}

/// Peak of sampling for `sequences` over the vocabulary.
pub(super) fn sampler(engine: &Engine, dims: &Dims, sequences: u64) -> Bytes {
    let logits = u128::from(dims.vocab_size).saturating_mul(u128::from(sequences));
    Bytes::saturating(logits.saturating_mul(u128::from(engine.sampler_tenths.value)).div_ceil(10))
}
