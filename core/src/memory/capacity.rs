//! The other way round: how much fits into what is left.

use serde::Serialize;

use super::estimate::Plan;
use crate::units::Bytes;

/// What a device can hold beside everything that is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Capacity {
    /// Bytes left for the cache.
    pub cache_bytes: Bytes,
    /// Most sequences of the length asked for; `None` where a sequence keeps nothing.
    pub max_sequences: Option<u64>,
    /// Longest context in tokens for the number of sequences asked for, at most the model's own; 0 where not even one token fits.
    pub max_context: u64,
}

impl Capacity {
    /// What fits into `cache_bytes`.
    pub(crate) fn of(plan: &Plan, cache_bytes: Bytes) -> Capacity {
        let one = |tokens: u64| plan.kv_cache.sequence(tokens, plan.engine.block_tokens);
        let fits = |tokens: u64| one(tokens).times(plan.serving.sequences) <= cache_bytes;
        Capacity {
            cache_bytes,
            max_sequences: cache_bytes.holds(one(plan.max_model_len)),
            max_context: longest(plan.model.context.tokens, fits),
        }
    }
}

/// The largest number up to `limit` that fits, given that whatever is smaller than one that fits, fits too.
fn longest(limit: u64, fits: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, limit);
    while low < high {
        let middle = high - (high - low) / 2;
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}
