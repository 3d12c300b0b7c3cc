//! Bytes that serving keeps per token, per window and per sequence.

use serde::Serialize;

use crate::model::{Cache, DType, KvShape, Model};
use crate::units::Bytes;

/// What one model keeps while it serves, on one rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KvCache {
    /// The format of keys and values.
    pub dtype: DType,
    /// Bytes that every further token of a sequence costs, over all layers that keep every token.
    pub bytes_per_token: Bytes,
    /// Bytes that a sequence costs whatever its length.
    pub state_bytes_per_sequence: Bytes,
    /// What each kind of layer keeps.
    pub layers: Vec<LayerCache>,
}

/// What the layers of one kind keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LayerCache {
    /// The kind: `full`, `sliding`, `chunked`, `latent`, `indexer`, `compressed`, `cross`, `state`.
    pub kind: &'static str,
    /// How many layers are of this kind.
    pub layers: u64,
    /// Bytes per token held, in one layer.
    pub bytes_per_token: Bytes,
    /// Most tokens held, `None` where it is the whole sequence.
    pub window: Option<u64>,
    /// Bytes per sequence whatever its length, in one layer.
    pub state_bytes: Bytes,
}

impl KvCache {
    /// The caches of `model` with keys and values in `dtype`, on one of `tensor_parallel` ranks.
    #[must_use]
    pub fn of(model: &Model, dtype: DType, tensor_parallel: u64) -> KvCache {
        let mut layers: Vec<LayerCache> = Vec::new();
        for block in &model.blocks {
            for cache in &block.caches {
                let one = layer(cache, block.count(), model, dtype, tensor_parallel.max(1));
                let same = layers.iter_mut().find(|row| {
                    (row.kind, row.bytes_per_token, row.window, row.state_bytes)
                        == (one.kind, one.bytes_per_token, one.window, one.state_bytes)
                });
                match same {
                    Some(row) => row.layers = row.layers.saturating_add(one.layers),
                    None => layers.push(one),
                }
            }
        }
        let unbounded = layers.iter().filter(|row| row.window.is_none());
        KvCache {
            dtype,
            bytes_per_token: unbounded.map(|row| row.bytes_per_token.times(row.layers)).sum(),
            state_bytes_per_sequence: layers.iter().map(|row| row.state_bytes.times(row.layers)).sum(),
            layers,
        }
    }

    /// Bytes of one sequence of `tokens`, in whole blocks of `block_tokens`.
    #[must_use]
    pub fn sequence(&self, tokens: u64, block_tokens: u64) -> Bytes {
        let block = block_tokens.max(1);
        self.layers
            .iter()
            .map(|row| {
                // A window is held in whole blocks and moves through them, hence one block more.
                let blocks = match row.window {
                    Some(window) if window < tokens => window.div_ceil(block).saturating_add(1),
                    _ => tokens.div_ceil(block),
                };
                let held = blocks.saturating_mul(block);
                (row.bytes_per_token.times(held) + row.state_bytes).times(row.layers)
            })
            .sum()
    }
}

fn layer(cache: &Cache, layers: u64, model: &Model, dtype: DType, ranks: u64) -> LayerCache {
    let kv = |shape: KvShape| sized(shape.elements(ranks), dtype);
    let (kind, bytes_per_token, window, state_bytes) = match *cache {
        Cache::Full(shape) => ("full", kv(shape), None, Bytes::ZERO),
        Cache::Sliding { shape, window } => ("sliding", kv(shape), Some(window), Bytes::ZERO),
        Cache::Chunked { shape, chunk } => ("chunked", kv(shape), Some(chunk), Bytes::ZERO),
        Cache::Latent { rank, rope_dim, sparse } => {
            ("latent", latent(rank, rope_dim, sparse, dtype), None, Bytes::ZERO)
        }
        Cache::Indexer { head_dim, dtype } => ("indexer", indexer(head_dim, dtype), None, Bytes::ZERO),
        Cache::Compressed { ratio, window, entry_bytes, state_bytes } => {
            let per_token = Bytes::new(entry_bytes.div_ceil(ratio.max(1)));
            ("compressed", per_token, window, Bytes::new(state_bytes))
        }
        Cache::Cross { shape, tokens } => {
            let held = tokens.unwrap_or(model.context.tokens);
            ("cross", Bytes::ZERO, Some(0), kv(shape).times(held))
        }
        Cache::State { conv, recurrent, recurrent_dtype, .. } => {
            let own = model.served_dtype();
            let state = sized(conv.div_ceil(ranks), own)
                + sized(recurrent.div_ceil(ranks), recurrent_dtype.unwrap_or(own));
            ("state", Bytes::ZERO, Some(0), state)
        }
    };
    LayerCache { kind, layers, bytes_per_token, window, state_bytes }
}

fn sized(elements: u64, dtype: DType) -> Bytes {
    Bytes::saturating((u128::from(elements) * u128::from(dtype.bits())).div_ceil(8))
}

/// A sparse layer keeps the format `fp8_ds_mla` at 8 bits: rank at 8 bits, one 32-bit scale per 128, rope at 16 bits.
/// Source: vLLM 0.33.0 `kv_cache_interface.py` (656 bytes for rank 512, rope 64).
fn latent(rank: u64, rope_dim: u64, sparse: bool, dtype: DType) -> Bytes {
    if sparse && dtype.bits() == 8 {
        let scales = rank.div_ceil(128).saturating_mul(4);
        return Bytes::new(rank.saturating_add(scales).saturating_add(rope_dim.saturating_mul(2)));
    }
    sized(rank.saturating_add(rope_dim), dtype)
}

/// Source: vLLM 0.33.0, keys of the indexer at 8 bits with one 32-bit scale per 128 (132 bytes for 128).
fn indexer(head_dim: u64, dtype: Option<DType>) -> Bytes {
    match dtype {
        Some(dtype) => sized(head_dim, dtype),
        None => Bytes::new(head_dim.saturating_add(head_dim.div_ceil(128).saturating_mul(4))),
    }
}
