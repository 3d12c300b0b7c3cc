//! Bytes that serving keeps per token, per window and per sequence.

use serde::Serialize;

use super::format::Format;
use crate::model::{Cache, DType, KvShape, Model};
use crate::units::Bytes;

/// What one model keeps while it serves, on one rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct KvCache {
    /// The format of keys and values.
    pub dtype: DType,
    /// Bytes that every further token of a sequence costs, over all layers that keep every token, rounded up.
    pub bytes_per_token: Bytes,
    /// Bytes that a sequence costs whatever its length.
    pub state_bytes_per_sequence: Bytes,
    /// What each kind of layer keeps.
    pub layers: Vec<LayerCache>,
}

/// What a layer keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CacheKind {
    /// Keys and values of every token.
    Full,
    /// Keys and values of a window.
    Sliding,
    /// Keys and values of a chunk.
    Chunked,
    /// One compressed vector per token.
    Latent,
    /// Keys of an indexer.
    Indexer,
    /// Compressed vectors of which one stands for several tokens.
    Compressed,
    /// Keys and values of the encoder's output.
    Cross,
    /// A state of fixed size.
    State,
}

impl CacheKind {
    /// Whether it keeps something for every token of a sequence.
    #[must_use]
    pub const fn keeps_all(self) -> bool {
        matches!(self, CacheKind::Full | CacheKind::Latent | CacheKind::Indexer)
    }
}

/// What the layers of one kind keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LayerCache {
    /// The kind.
    pub kind: CacheKind,
    /// How many layers are of this kind.
    pub layers: u64,
    /// Bytes of one entry, in one layer.
    pub bytes_per_token: Bytes,
    /// Tokens that one entry stands for, 1 but for compressed ones.
    pub tokens_per_entry: u64,
    /// Most tokens held, `None` where it is the whole sequence.
    pub window: Option<u64>,
    /// Bytes per sequence whatever its length, in one layer.
    pub state_bytes: Bytes,
}

impl LayerCache {
    /// Whether it keeps nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes_per_token == Bytes::ZERO && self.state_bytes == Bytes::ZERO
    }

    /// Whether the layers of both are of one kind.
    fn alike(&self, other: &LayerCache) -> bool {
        LayerCache { layers: other.layers, ..*self } == *other
    }
}

impl KvCache {
    /// The caches of `model` with keys and values in `format`, on one of `ranks` of a tensor parallel group.
    #[must_use]
    pub fn of(model: &Model, format: impl Into<Format>, ranks: u64) -> KvCache {
        let format = format.into();
        let mut layers: Vec<LayerCache> = Vec::new();
        for block in &model.blocks {
            for cache in &block.caches {
                let one = layer(cache, block.count(), model, format, ranks.max(1));
                match layers.iter_mut().find(|row| row.alike(&one)) {
                    Some(row) => row.layers = row.layers.saturating_add(one.layers),
                    None => layers.push(one),
                }
            }
        }
        KvCache {
            dtype: format.dtype,
            bytes_per_token: per_token(&layers),
            state_bytes_per_sequence: layers.iter().map(|row| row.state_bytes.times(row.layers)).sum(),
            layers,
        }
    }

    /// The same caches where an engine keeps every token in layers of `kind`.
    #[must_use]
    pub fn keeping_all(mut self, kind: CacheKind) -> KvCache {
        let mut layers: Vec<LayerCache> = Vec::new();
        for row in &self.layers {
            let whole = LayerCache { kind: CacheKind::Full, window: None, ..*row };
            let one = if row.kind == kind { whole } else { *row };
            match layers.iter_mut().find(|known| known.alike(&one)) {
                Some(known) => known.layers = known.layers.saturating_add(one.layers),
                None => layers.push(one),
            }
        }
        self.bytes_per_token = per_token(&layers);
        self.layers = layers;
        self
    }

    /// These caches and `others` beside them, as a draft's layers are beside those of the model.
    #[must_use]
    pub fn beside(mut self, others: &[LayerCache]) -> KvCache {
        for one in others {
            match self.layers.iter_mut().find(|known| known.alike(one)) {
                Some(known) => known.layers = known.layers.saturating_add(one.layers),
                None => self.layers.push(*one),
            }
        }
        self.bytes_per_token = per_token(&self.layers);
        self.state_bytes_per_sequence = self.layers.iter().map(|row| row.state_bytes.times(row.layers)).sum();
        self
    }

    /// The same caches on the fullest of `stages` that share the layers: no kind has more than its part, rounded up.
    #[must_use]
    pub fn on_stage(mut self, stages: u64) -> KvCache {
        for row in &mut self.layers {
            row.layers = row.layers.div_ceil(stages.max(1));
        }
        self.bytes_per_token = per_token(&self.layers);
        self.state_bytes_per_sequence = self.layers.iter().map(|row| row.state_bytes.times(row.layers)).sum();
        self
    }

    /// Bytes that `tokens` of one sequence fill, without what an engine's blocks add.
    #[must_use]
    pub fn held(&self, tokens: u64) -> Bytes {
        let row = |row: &LayerCache| {
            let held = row.window.map_or(tokens, |window| window.min(tokens));
            let entries = held.div_ceil(row.tokens_per_entry.max(1));
            (row.bytes_per_token.times(entries) + row.state_bytes).times(row.layers)
        };
        self.layers.iter().map(row).sum()
    }
}

/// The sum of entries over their tokens, as one fraction, so that only the total is rounded.
fn per_token(layers: &[LayerCache]) -> Bytes {
    let mut sum = (0_u128, 1_u128);
    for row in layers.iter().filter(|row| row.window.is_none()) {
        let tokens = u128::from(row.tokens_per_entry.max(1));
        let bytes = u128::from(row.bytes_per_token.times(row.layers).get());
        sum = if sum.1 == tokens {
            (sum.0.saturating_add(bytes), tokens)
        } else {
            let scaled = sum.0.saturating_mul(tokens).saturating_add(bytes.saturating_mul(sum.1));
            (scaled, sum.1.saturating_mul(tokens))
        };
    }
    Bytes::saturating(sum.0.div_ceil(sum.1))
}

/// What one more layer like the last that attends would keep.
pub(super) fn last_layer(model: &Model, format: Format, ranks: u64) -> Vec<LayerCache> {
    let attends = |cache: &&Cache| !matches!(cache, Cache::State { .. });
    let last = model
        .blocks
        .iter()
        .filter(|block| block.caches.iter().any(|cache| attends(&cache)))
        .max_by_key(|block| block.layers.last().copied());
    let caches = last.into_iter().flat_map(|block| &block.caches).filter(attends);
    caches.map(|cache| layer(cache, 1, model, format, ranks.max(1))).collect()
}

fn layer(cache: &Cache, layers: u64, model: &Model, format: Format, ranks: u64) -> LayerCache {
    let kv = |shape: KvShape| format.keys_and_values(shape, ranks);
    let row = |kind: CacheKind, bytes_per_token: Bytes, window: Option<u64>| LayerCache {
        kind,
        layers,
        bytes_per_token,
        tokens_per_entry: 1,
        window,
        state_bytes: Bytes::ZERO,
    };
    match *cache {
        Cache::Full(shape) => row(CacheKind::Full, kv(shape), None),
        Cache::Sliding { shape, window } => row(CacheKind::Sliding, kv(shape), Some(window)),
        Cache::Chunked { shape, chunk } => row(CacheKind::Chunked, kv(shape), Some(chunk)),
        Cache::Latent { rank, rope_dim, sparse } => {
            row(CacheKind::Latent, format.latent(rank, rope_dim, sparse), None)
        }
        Cache::Indexer { head_dim, dtype } => row(CacheKind::Indexer, indexer(head_dim, dtype), None),
        Cache::Compressed { ratio, window, entry_bytes, state_bytes } => LayerCache {
            tokens_per_entry: ratio.max(1),
            state_bytes: Bytes::new(state_bytes),
            ..row(CacheKind::Compressed, Bytes::new(entry_bytes), window)
        },
        Cache::Cross { shape, tokens } => {
            row(CacheKind::Cross, kv(shape), Some(tokens.unwrap_or(model.context.tokens)))
        }
        Cache::State { conv, recurrent, recurrent_dtype, .. } => {
            let own = model.served_dtype();
            let state = sized(conv.div_ceil(ranks), own)
                + sized(recurrent.div_ceil(ranks), recurrent_dtype.unwrap_or(own));
            LayerCache { state_bytes: state, ..row(CacheKind::State, Bytes::ZERO, Some(0)) }
        }
    }
}

pub(super) fn sized(elements: u64, dtype: DType) -> Bytes {
    Bytes::saturating((u128::from(elements) * u128::from(dtype.bits())).div_ceil(8))
}

/// Source: vLLM 0.33.0, keys of the indexer at 8 bits with one 32-bit scale per 128 (132 bytes for 128).
fn indexer(head_dim: u64, dtype: Option<DType>) -> Bytes {
    match dtype {
        Some(dtype) => sized(head_dim, dtype),
        None => Bytes::new(head_dim.saturating_add(head_dim.div_ceil(128).saturating_mul(4))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: LayerCache = LayerCache {
        kind: CacheKind::Compressed,
        layers: 2,
        bytes_per_token: Bytes::new(584),
        tokens_per_entry: 4,
        window: Some(128),
        state_bytes: Bytes::new(16),
    };

    #[test]
    fn an_entry_of_a_compressed_cache_stands_for_several_tokens() {
        let model = crate::model::read(crate::model::tests::GRANITE_7B).unwrap();
        let one = |ratio| Cache::Compressed { ratio, window: Some(128), entry_bytes: 584, state_bytes: 16 };
        let format = Format::from(DType::BF16);
        assert_eq!(layer(&one(4), 2, &model, format, 1), KEPT);
        assert_eq!(layer(&one(0), 2, &model, format, 1), LayerCache { tokens_per_entry: 1, ..KEPT });
    }

    #[test]
    fn a_row_is_empty_that_keeps_neither_entries_nor_a_state() {
        let none = LayerCache { bytes_per_token: Bytes::ZERO, state_bytes: Bytes::ZERO, ..KEPT };
        assert!(none.is_empty());
        assert!(!LayerCache { state_bytes: Bytes::new(1), ..none }.is_empty());
        assert!(!LayerCache { bytes_per_token: Bytes::new(1), ..none }.is_empty());
    }
}
