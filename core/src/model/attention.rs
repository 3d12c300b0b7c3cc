//! Attention with grouped key/value heads, the form that most families share.

use super::cache::{Cache, KvShape};
use super::fields::Fields;
use super::modules::{Block, Group, Split, Weight};
use crate::problem::Problem;

/// Norms over queries and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QkNorm {
    /// There are none.
    None,
    /// One weight vector over a head, for queries and for keys.
    PerHead,
    /// Weight vectors over all heads.
    Whole,
    /// Weight vectors as wide as the residual stream, and as its share of the key/value heads, whatever the width of a
    /// head (OLMoE).
    Stream,
}

/// Shape of an attention layer with separate query, key, value and output projections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attention {
    /// Width of the residual stream.
    pub hidden: u64,
    /// Query heads.
    pub heads: u64,
    /// Key/value heads.
    pub kv_heads: u64,
    /// Elements of a query and of a key.
    pub head_dim: u64,
    /// Elements of a value.
    pub value_dim: u64,
    /// Whether queries, keys and values have a bias.
    pub qkv_bias: bool,
    /// Whether the output has a bias.
    pub out_bias: bool,
    /// Norms over queries and keys.
    pub qk_norm: QkNorm,
    /// Whether the query projection also yields a gate for every element (Qwen3-Next).
    pub gated: bool,
}

impl Attention {
    /// Reads the usual fields: heads, key/value heads (absent: as many), head width (absent: hidden / heads).
    ///
    /// # Errors
    /// `missing-field`, `bad-field`.
    pub fn read(fields: &Fields) -> Result<Attention, Problem> {
        let hidden = fields.need("hidden_size")?;
        let heads = fields.need("num_attention_heads")?;
        let kv_heads = match fields.count("num_key_value_heads")? {
            None | Some(0) => heads,
            Some(kv_heads) => kv_heads,
        };
        let head_dim = head_dim(fields, hidden, heads)?;
        Ok(Attention {
            hidden,
            heads,
            kv_heads,
            head_dim,
            value_dim: head_dim,
            qkv_bias: false,
            out_bias: false,
            qk_norm: QkNorm::None,
            gated: false,
        })
    }

    /// The shape of its cache.
    #[must_use]
    pub const fn kv_shape(&self) -> KvShape {
        KvShape { kv_heads: self.kv_heads, key_dim: self.head_dim, value_dim: self.value_dim }
    }

    /// The cache of a layer that sees `window` tokens, or all of them.
    #[must_use]
    pub const fn cache(&self, window: Option<u64>) -> Cache {
        match window {
            Some(window) => Cache::Sliding { shape: self.kv_shape(), window },
            None => Cache::Full(self.kv_shape()),
        }
    }

    /// Adds the projections and norms below `path` (`self_attn`) to `block`, without a cache.
    pub fn add(&self, block: &mut Block, path: &str) {
        let group = Group::Attention;
        let queries = self.heads * self.head_dim;
        let keys = self.kv_heads * self.head_dim;
        let values = self.kv_heads * self.value_dim;
        let kv = Split::KvHeads { heads: self.kv_heads };
        let projected = if self.gated { queries * 2 } else { queries };
        block.linear(
            format!("{path}.q_proj"),
            group,
            (self.hidden, projected),
            self.qkv_bias,
            Split::Columns,
        );
        block.linear(format!("{path}.k_proj"), group, (self.hidden, keys), self.qkv_bias, kv);
        block.linear(format!("{path}.v_proj"), group, (self.hidden, values), self.qkv_bias, kv);
        let attended = self.heads * self.value_dim;
        block.linear(format!("{path}.o_proj"), group, (attended, self.hidden), self.out_bias, Split::Rows);
        let (q_norm, k_norm) = match self.qk_norm {
            QkNorm::None => return,
            QkNorm::PerHead => (self.head_dim, self.head_dim),
            QkNorm::Whole => (queries, keys),
            QkNorm::Stream => (self.hidden, self.hidden / self.heads.max(1) * self.kv_heads),
        };
        for (name, elements) in [("q_norm", q_norm), ("k_norm", k_norm)] {
            block.push(format!("{path}.{name}"), group, Weight::Plain { elements }, Split::Replicated);
        }
    }
}

/// The width of a head: the field where it is above 0, else `hidden / heads`.
///
/// # Errors
/// `bad-field` where neither gives a whole number.
pub fn head_dim(fields: &Fields, hidden: u64, heads: u64) -> Result<u64, Problem> {
    match fields.count("head_dim")? {
        Some(head_dim) if head_dim > 0 => Ok(head_dim),
        _ if hidden / heads > 0 => Ok(hidden / heads),
        _ => Err(fields.bad(
            "num_attention_heads",
            heads.to_string(),
            format!("at most hidden_size, {hidden}"),
        )),
    }
}
