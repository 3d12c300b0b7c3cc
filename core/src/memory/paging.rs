//! How an engine cuts its cache into blocks: layers of different kinds share one pool of equal blocks.
//!
//! Source: vLLM 0.32.0 and 0.33.0, `v1/core/kv_cache_utils.py`, `v1/kv_cache_interface.py`.

use serde::Serialize;

use super::kv_cache::{CacheKind, KvCache, LayerCache};
use crate::units::Bytes;

/// Tokens in a block of vLLM unless a layer needs another number.
const BLOCK_TOKENS: u64 = 16;
/// Tokens in a block where an indexer chooses the tokens read. Source: vLLM 0.32.0, sparse MLA backend.
const INDEXED_BLOCK_TOKENS: u64 = 64;

/// The pool and the groups that draw from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paging {
    /// Bytes of one block of the pool; nothing where a model keeps no cache.
    pub bytes_per_block: Bytes,
    /// Layers in the largest group; smaller ones are padded to it.
    pub group_layers: u64,
    /// The groups. Each takes its own blocks for the same sequence.
    pub groups: Vec<PageGroup>,
}

/// Layers of one kind that share blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PageGroup {
    /// What they keep.
    pub kind: CacheKind,
    /// How many layers there are; the rest up to `group_layers` is padding.
    pub layers: u64,
    /// Tokens in one of its blocks.
    pub block_tokens: u64,
    /// Most tokens held, `None` where it is the whole sequence.
    pub window: Option<u64>,
}

/// What a scheduler may have under way, which decides what a request is charged on admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// Tokens computed before their sequence is charged again: batches under way times tokens in a batch.
    pub tokens: u64,
    /// Tokens of encoder output that cross attention is charged for; `None`: what the model's encoder gives.
    pub encoder_tokens: Option<u64>,
    /// Blocks that each group of states holds for a sequence: one more where prefixes are kept to be used again.
    pub state_blocks: u64,
}

impl InFlight {
    /// One token at a time: what a sequence holds while it decodes.
    pub const STEADY: InFlight = InFlight { tokens: 1, encoder_tokens: None, state_blocks: 1 };
}

impl Paging {
    /// The pool of a model that keeps `cache` and serves sequences of at most `max_model_len`.
    #[must_use]
    pub fn of(cache: &KvCache, max_model_len: u64) -> Paging {
        Paging::in_blocks(cache, max_model_len, BLOCK_TOKENS)
    }

    /// As [`Paging::of`] for an engine with `block_tokens` tokens in a block.
    #[must_use]
    pub fn in_blocks(cache: &KvCache, max_model_len: u64, block_tokens: u64) -> Paging {
        let rows: Vec<LayerCache> = cache.layers.iter().filter(|row| !row.is_empty()).copied().collect();
        let (states, tokens): (Vec<LayerCache>, Vec<LayerCache>) =
            rows.iter().partition(|row| row.kind == CacheKind::State);
        if rows.iter().all(|row| row.kind.keeps_all()) {
            return Paging::uniform(&rows, block_tokens);
        }
        let state = states.iter().map(|row| row.state_bytes).max().unwrap_or_default();
        let Some(wide) = tokens.iter().map(|row| row.bytes_per_token).max() else {
            return Paging::grouped(&rows, state, |_| max_model_len);
        };
        // A state must fit a page, so that both can live in one block: pages grow by whole kernel blocks.
        let grown = state.get().div_ceil(wide.get().saturating_mul(block_tokens).max(1)).max(1);
        let block = block_tokens.saturating_mul(grown);
        let page = wide.times(block);
        Paging::grouped(&rows, page, |row| match page.holds(row.bytes_per_token.times(block)) {
            // Narrower layers take whole multiples of the block where these fill the page, else they are padded.
            Some(times) if row.bytes_per_token.times(block).times(times) == page => {
                block.saturating_mul(times)
            }
            Some(_) | None => block,
        })
    }

    /// Every layer keeps every token: one group, whatever the widths.
    fn uniform(rows: &[LayerCache], block_tokens: u64) -> Paging {
        let indexed = rows.iter().any(|row| row.kind == CacheKind::Indexer);
        let block_tokens = if indexed { block_tokens.max(INDEXED_BLOCK_TOKENS) } else { block_tokens };
        let bytes = rows.iter().map(|row| row.bytes_per_token.times(row.layers)).sum::<Bytes>();
        let layers = rows.iter().map(|row| row.layers).sum();
        let group = PageGroup { kind: CacheKind::Full, layers, block_tokens, window: None };
        Paging {
            bytes_per_block: bytes.times(block_tokens),
            group_layers: layers,
            groups: if rows.is_empty() { Vec::new() } else { vec![group] },
        }
    }

    /// Layers of several kinds: groups of equal size, so that any group can use any block.
    fn grouped(rows: &[LayerCache], page: Bytes, block_tokens: impl Fn(&LayerCache) -> u64) -> Paging {
        let mut kinds: Vec<PageGroup> = Vec::new();
        for row in rows {
            let group = PageGroup {
                kind: row.kind,
                layers: row.layers,
                block_tokens: block_tokens(row),
                window: row.window,
            };
            let same = kinds.iter_mut().find(|known| PageGroup { layers: row.layers, ..**known } == group);
            match same {
                Some(known) => known.layers = known.layers.saturating_add(row.layers),
                None => kinds.push(group),
            }
        }
        let least = kinds.iter().map(|kind| kind.layers).min().unwrap_or(1);
        let most = kinds.iter().map(|kind| kind.layers).max().unwrap_or(1);
        // Nearly equal kinds make one group each rather than many small ones.
        let group_layers = if most.saturating_mul(2) < least.saturating_mul(3) { most } else { least }.max(1);
        let groups = kinds
            .into_iter()
            .flat_map(|kind| {
                let parts = kind.layers.div_ceil(group_layers);
                (0..parts).map(move |part| {
                    // The layers are dealt out in turn, so the first groups may have one more.
                    let layers = (kind.layers - part).div_ceil(parts);
                    PageGroup { layers, ..kind }
                })
            })
            .collect();
        Paging { bytes_per_block: page.times(group_layers), group_layers, groups }
    }

    /// Blocks that a sequence of `tokens` takes, over all groups.
    #[must_use]
    pub fn blocks_per_sequence(&self, tokens: u64, in_flight: InFlight) -> u64 {
        self.groups.iter().map(|group| group.blocks(tokens, in_flight)).fold(0, u64::saturating_add)
    }

    /// Bytes that a sequence of `tokens` takes in whole blocks.
    #[must_use]
    pub fn sequence(&self, tokens: u64, in_flight: InFlight) -> Bytes {
        self.bytes_per_block.times(self.blocks_per_sequence(tokens, in_flight))
    }
}

impl PageGroup {
    fn blocks(&self, tokens: u64, in_flight: InFlight) -> u64 {
        let blocks = |held: u64| held.min(tokens).div_ceil(self.block_tokens.max(1));
        match (self.kind, self.window) {
            (CacheKind::State, _) => in_flight.state_blocks,
            (CacheKind::Cross, window) => {
                let held = in_flight.encoder_tokens.or(window).unwrap_or(tokens);
                held.div_ceil(self.block_tokens.max(1))
            }
            (CacheKind::Chunked, Some(chunk)) => blocks(chunk.saturating_add(in_flight.tokens)),
            // The window starts anywhere in a block, hence one more.
            (_, Some(window)) => {
                blocks(window.saturating_sub(1).saturating_add(in_flight.tokens)).saturating_add(1)
            }
            (_, None) => blocks(tokens),
        }
    }
}
