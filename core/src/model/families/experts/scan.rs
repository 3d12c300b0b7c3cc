//! Mixers that scan over tokens: lightning attention and Mamba 2.
//!
//! Source: transformers `modeling_minimax.py`, `modeling_granitemoehybrid.py`; states as vLLM 0.32
//! `mamba_utils.py` shapes them.

use crate::model::cache::{Cache, Mixer};
use crate::model::dtype::DType;
use crate::model::modules::{Block, Group, Split};

const GROUP: Group = Group::RecurrentMixers;

/// Lightning attention (MiniMax-01).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lightning {
    pub(super) hidden: u64,
    pub(super) heads: u64,
    pub(super) dim: u64,
}

impl Lightning {
    pub(super) fn add(&self, block: &mut Block) {
        let wide = self.heads * self.dim;
        block.plain("self_attn.norm", GROUP, wide);
        block.linear("self_attn.qkv_proj", GROUP, (self.hidden, wide * 3), false, Split::Columns);
        block.linear("self_attn.output_gate", GROUP, (self.hidden, wide), false, Split::Columns);
        block.linear("self_attn.out_proj", GROUP, (wide, self.hidden), false, Split::Rows);
        block.caches.push(Cache::State {
            mixer: Mixer::Lightning,
            conv: 0,
            recurrent: wide.saturating_mul(self.dim),
            recurrent_dtype: Some(DType::F32),
        });
    }
}

/// Mamba 2 as Granite has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mamba {
    pub(super) hidden: u64,
    pub(super) heads: u64,
    /// Elements inside, of all heads.
    pub(super) inner: u64,
    pub(super) groups: u64,
    pub(super) state: u64,
    pub(super) kernel: u64,
    pub(super) conv_bias: bool,
    pub(super) bias: bool,
}

impl Mamba {
    pub(super) fn add(&self, block: &mut Block) {
        let mixed = self.inner + self.groups * self.state * 2;
        let projected = self.inner + mixed + self.heads;
        block.linear("mamba.in_proj", GROUP, (self.hidden, projected), self.bias, Split::Columns);
        let taps = if self.conv_bias { self.kernel + 1 } else { self.kernel };
        block.plain("mamba.conv1d", GROUP, mixed.saturating_mul(taps));
        for name in ["mamba.dt_bias", "mamba.A_log", "mamba.D"] {
            block.plain(name, GROUP, self.heads);
        }
        block.plain("mamba.norm", GROUP, self.inner);
        block.linear("mamba.out_proj", GROUP, (self.inner, self.hidden), self.bias, Split::Rows);
        block.caches.push(Cache::State {
            mixer: Mixer::Mamba2,
            conv: self.kernel.saturating_sub(1).saturating_mul(mixed),
            recurrent: self.inner.saturating_mul(self.state),
            recurrent_dtype: None,
        });
    }
}
