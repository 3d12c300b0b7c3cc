//! The other way round: how much fits into what is left.

use serde::Serialize;

use super::plan::{Plan, Target};
use crate::units::Bytes;

/// What a device can hold beside everything that is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Capacity {
    /// Bytes left for the cache.
    pub cache_bytes: Bytes,
    /// Blocks of the pool that these make.
    pub blocks: u64,
    /// Most sequences of the length asked for; `None` where a sequence keeps nothing.
    pub max_sequences: Option<u64>,
    /// Longest context in tokens for the number of sequences asked for, at most the model's own; 0 where not even one token fits.
    pub max_context: u64,
}

impl Capacity {
    /// What fits into `cache_bytes` on `target`.
    pub(crate) fn of(plan: &Plan, target: Target, cache_bytes: Bytes) -> Capacity {
        let limit = plan.model.context.tokens;
        let Some(blocks) = cache_bytes.holds(plan.paging.bytes_per_block) else {
            return Capacity { cache_bytes, blocks: 0, max_sequences: None, max_context: limit };
        };
        let fits = |tokens: u64| plan.demand(target, plan.serving.sequences, tokens).blocks() <= blocks;
        let one = plan.demand(target, 1, plan.max_model_len).blocks() <= blocks;
        let each = plan.paging.blocks_per_sequence(plan.max_model_len, plan.steady());
        let most = blocks.saturating_sub(1).checked_div(each);
        Capacity {
            cache_bytes,
            blocks,
            max_sequences: most.map(|most| if one { most } else { 0 }),
            max_context: longest(limit, fits),
        }
    }
}

/// The largest number up to `limit` that fits, given that whatever is smaller than one that fits, fits too.
pub(super) fn longest(limit: u64, fits: impl Fn(u64) -> bool) -> u64 {
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
