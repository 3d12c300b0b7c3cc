//! What a layer keeps while it serves: per token, per window or per sequence.

use serde::{Deserialize, Serialize};

use super::dtype::DType;

/// Heads and widths of a key/value cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KvShape {
    /// Number of key/value heads.
    pub kv_heads: u64,
    /// Elements of one key.
    pub key_dim: u64,
    /// Elements of one value.
    pub value_dim: u64,
}

impl KvShape {
    /// Elements per token of one layer on one rank of `tensor_parallel`: heads are divided, at least one stays.
    #[must_use]
    pub fn elements(self, tensor_parallel: u64) -> u64 {
        self.kv_heads
            .div_ceil(tensor_parallel.max(1))
            .saturating_mul(self.key_dim.saturating_add(self.value_dim))
    }
}

/// What one layer keeps. A layer may have several (Falcon-H1 has attention and a state side by side).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cache {
    /// Keys and values of every token.
    Full(KvShape),
    /// Keys and values of the last `window` tokens.
    Sliding {
        /// Heads and widths.
        shape: KvShape,
        /// Tokens seen.
        window: u64,
    },
    /// Keys and values of the current chunk.
    Chunked {
        /// Heads and widths.
        shape: KvShape,
        /// Tokens in a chunk.
        chunk: u64,
    },
    /// One compressed vector for keys and values of all heads (multi-head latent attention).
    Latent {
        /// Elements of the compressed vector (`kv_lora_rank`).
        rank: u64,
        /// Elements that carry the position (`qk_rope_head_dim`).
        rope_dim: u64,
        /// Whether an indexer chooses which tokens are read (sparse attention).
        sparse: bool,
    },
    /// Keys by which a sparse layer chooses the tokens that it reads.
    Indexer {
        /// Elements of one key.
        head_dim: u64,
        /// The format, where the layer fixes one (`None`: 8 bits and one 32-bit scale per 128 elements).
        dtype: Option<DType>,
    },
    /// Latent vectors of which one stands for `ratio` tokens (DeepSeek-V4).
    Compressed {
        /// Tokens that one entry stands for; 1 for the sliding part.
        ratio: u64,
        /// Tokens kept, for the sliding part.
        window: Option<u64>,
        /// Bytes of one entry, fixed by the format `fp8_ds_mla`.
        entry_bytes: u64,
        /// Bytes of 32-bit states that the compressor keeps per sequence.
        state_bytes: u64,
    },
    /// Keys and values of the encoder's output.
    Cross {
        /// Heads and widths.
        shape: KvShape,
        /// Encoder tokens, where the model fixes them (Whisper: 1500).
        tokens: Option<u64>,
    },
    /// A state of fixed size per sequence.
    State {
        /// Which mixer keeps it.
        mixer: Mixer,
        /// Elements of the convolution window.
        conv: u64,
        /// Elements of the recurrent state.
        recurrent: u64,
        /// The recurrent state's format, where the model fixes one (`None`: the model's own).
        recurrent_dtype: Option<DType>,
    },
}

/// A mixer that keeps a state instead of a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mixer {
    /// Selective state space, first form.
    Mamba1,
    /// Selective state space, second form.
    Mamba2,
    /// Gated delta net (Qwen3-Next, Qwen3.5).
    GatedDeltaNet,
    /// Kimi delta attention.
    Kda,
    /// Lightning attention (MiniMax-01).
    Lightning,
    /// Short convolution (LFM2).
    ShortConv,
    /// Gated linear recurrence (RecurrentGemma).
    Rglru,
    /// RWKV time mixing.
    Rwkv,
    /// xLSTM cells.
    Xlstm,
}
