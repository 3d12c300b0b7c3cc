//! Delta nets: linear attention that keeps one matrix per head instead of keys and values.
//!
//! Source: transformers `modeling_qwen3_next.py`, `modeling_qwen3_5.py`, `modeling_kimi_linear.py`,
//! `modeling_bailing_hybrid.py`; states as vLLM 0.32 `mamba_utils.py` shapes them.

use crate::model::cache::{Cache, Mixer};
use crate::model::dtype::DType;
use crate::model::fields::Fields;
use crate::model::modules::{Block, Group, Split};
use crate::problem::Problem;

const GROUP: Group = Group::RecurrentMixers;

/// A gated delta net.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DeltaNet {
    pub(super) hidden: u64,
    pub(super) key_heads: u64,
    pub(super) key_dim: u64,
    pub(super) value_heads: u64,
    pub(super) value_dim: u64,
    pub(super) kernel: u64,
    /// Whether the projections are merged into `in_proj_qkvz` and `in_proj_ba` (Qwen3-Next).
    pub(super) merged: bool,
    /// The format of the state, where the model fixes one.
    pub(super) state: Option<DType>,
}

impl DeltaNet {
    /// Reads the fields of Qwen3-Next and Qwen3.5.
    pub(super) fn read(text: &Fields, merged: bool) -> Result<DeltaNet, Problem> {
        Ok(DeltaNet {
            hidden: text.need("hidden_size")?,
            key_heads: text.need("linear_num_key_heads")?,
            key_dim: text.need("linear_key_head_dim")?,
            value_heads: text.need("linear_num_value_heads")?,
            value_dim: text.need("linear_value_head_dim")?,
            kernel: text.need("linear_conv_kernel_dim")?,
            merged,
            state: text.text("mamba_ssm_dtype")?.and_then(|name| DType::parse(&name)),
        })
    }

    pub(super) fn add(&self, block: &mut Block) {
        let keys = self.key_heads * self.key_dim;
        let values = self.value_heads * self.value_dim;
        let mixed = keys * 2 + values;
        let projections: &[(&'static str, u64)] = if self.merged {
            &[("linear_attn.in_proj_qkvz", mixed + values), ("linear_attn.in_proj_ba", self.value_heads * 2)]
        } else {
            &[
                ("linear_attn.in_proj_qkv", mixed),
                ("linear_attn.in_proj_z", values),
                ("linear_attn.in_proj_b", self.value_heads),
                ("linear_attn.in_proj_a", self.value_heads),
            ]
        };
        for (name, width) in projections {
            block.linear(*name, GROUP, (self.hidden, *width), false, Split::Columns);
        }
        block.plain("linear_attn.conv1d", GROUP, mixed.saturating_mul(self.kernel));
        block.plain("linear_attn.dt_bias", GROUP, self.value_heads);
        block.plain("linear_attn.A_log", GROUP, self.value_heads);
        block.plain("linear_attn.norm", GROUP, self.value_dim);
        block.linear("linear_attn.out_proj", GROUP, (values, self.hidden), false, Split::Rows);
        block.caches.push(Cache::State {
            mixer: Mixer::GatedDeltaNet,
            conv: self.kernel.saturating_sub(1).saturating_mul(mixed),
            recurrent: values.saturating_mul(self.key_dim),
            recurrent_dtype: self.state,
        });
    }
}

/// Kimi delta attention.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kda {
    pub(super) hidden: u64,
    pub(super) heads: u64,
    pub(super) dim: u64,
    pub(super) kernel: u64,
    /// Whether the two gates pass through a narrow layer (Kimi) or are whole matrices (Bailing).
    pub(super) narrow: bool,
}

impl Kda {
    pub(super) fn add(&self, block: &mut Block) {
        let wide = self.heads * self.dim;
        for name in ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"] {
            block.linear(name, GROUP, (self.hidden, wide), false, Split::Columns);
        }
        for name in ["self_attn.q_conv1d", "self_attn.k_conv1d", "self_attn.v_conv1d"] {
            block.plain(name, GROUP, wide.saturating_mul(self.kernel));
        }
        block.plain("self_attn.A_log", GROUP, self.heads);
        block.plain("self_attn.dt_bias", GROUP, wide);
        let gates: &[(&'static str, (u64, u64))] = if self.narrow {
            &[
                ("self_attn.f_a_proj", (self.hidden, self.dim)),
                ("self_attn.f_b_proj", (self.dim, wide)),
                ("self_attn.g_a_proj", (self.hidden, self.dim)),
                ("self_attn.g_b_proj", (self.dim, wide)),
            ]
        } else {
            &[("self_attn.f_proj", (self.hidden, wide)), ("self_attn.g_proj", (self.hidden, wide))]
        };
        for (name, shape) in gates {
            block.linear(*name, GROUP, *shape, false, Split::Columns);
        }
        block.linear("self_attn.b_proj", GROUP, (self.hidden, self.heads), false, Split::Columns);
        block.plain("self_attn.o_norm", GROUP, self.dim);
        block.linear("self_attn.o_proj", GROUP, (wide, self.hidden), false, Split::Rows);
        block.caches.push(Cache::State {
            mixer: Mixer::Kda,
            conv: self.kernel.saturating_sub(1).saturating_mul(wide * 3),
            recurrent: wide.saturating_mul(self.dim),
            recurrent_dtype: Some(DType::F32),
        });
    }
}
