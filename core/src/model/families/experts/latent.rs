//! Multi-head latent attention: keys and values of all heads come from one compressed vector per token.
//!
//! Source: transformers `modeling_deepseek_v3.py`, `modeling_deepseek_v32.py` (indexer) and the classes built on them.

use super::grouped::Gate;
use crate::model::cache::{Cache, KvShape};
use crate::model::fields::Fields;
use crate::model::modules::{Block, Group, Split};
use crate::problem::Problem;

/// What a sparse layer chooses the tokens with that it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Indexer {
    pub(super) heads: u64,
    pub(super) dim: u64,
}

/// What a layer keeps of the compressed vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// The compressed vector of every token.
    Latent,
    /// The same, read where an indexer says so.
    Sparse,
    /// The same of the last tokens only.
    Sliding(u64),
    /// The keys and values of all heads, expanded (MiniCPM3).
    Expanded,
    /// Nothing: the compressed vectors are those of an earlier layer.
    Shared,
}

/// Shape of a latent attention layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Latent {
    pub(super) hidden: u64,
    pub(super) heads: u64,
    /// Width of the compressed query; `None`: queries come straight from the hidden state.
    pub(super) q_rank: Option<u64>,
    pub(super) kv_rank: u64,
    /// Elements of a query and key without and with position, and of a value.
    pub(super) nope: u64,
    pub(super) rope: u64,
    /// Elements of a query, where the file says that it has others than a key.
    pub(super) query: Option<u64>,
    pub(super) value: u64,
    /// Whether the two compressing projections and the output have biases.
    pub(super) bias: bool,
    pub(super) gate: Gate,
    /// Whether the query's last projection yields the gate too, from two compressed vectors (A.X K2).
    pub(super) query_gate: bool,
    pub(super) sinks: bool,
    /// Whether the positional part of a key has a norm.
    pub(super) rope_norm: bool,
    pub(super) indexer: Option<Indexer>,
    pub(super) kept: Kept,
}

impl Latent {
    /// Reads the usual fields; nothing gates or indexes.
    pub(super) fn read(text: &Fields) -> Result<Latent, Problem> {
        // GLM-4.7-Flash's class calls it head_dim too, and where a file has both that one counts.
        let rope = match text.count("head_dim")? {
            Some(rope) if text.class() == "glm4_moe_lite" => rope,
            _ => text.need("qk_rope_head_dim")?,
        };
        Ok(Latent { rope, ..Latent::read_positionless(text)? })
    }

    /// As [`Latent::read`], keys without a positional part.
    pub(super) fn read_positionless(text: &Fields) -> Result<Latent, Problem> {
        let hidden = text.need("hidden_size")?;
        let heads = text.need("num_attention_heads")?;
        Ok(Latent {
            hidden,
            heads,
            q_rank: text.count("q_lora_rank")?.filter(|rank| *rank > 0),
            kv_rank: text.need("kv_lora_rank")?,
            nope: text.need("qk_nope_head_dim")?,
            rope: 0,
            query: None,
            value: text.count_or("v_head_dim", hidden / heads)?,
            bias: text.flag("attention_bias", false)?,
            gate: Gate::None,
            query_gate: false,
            sinks: false,
            rope_norm: false,
            indexer: None,
            kept: Kept::Latent,
        })
    }

    /// The indexer of `text`.
    pub(super) fn indexer(text: &Fields) -> Result<Indexer, Problem> {
        Ok(Indexer { heads: text.need("index_n_heads")?, dim: text.need("index_head_dim")? })
    }

    pub(super) fn add(&self, block: &mut Block, path: &str) {
        let group = Group::Attention;
        self.add_query(block, path);
        if self.kept != Kept::Shared {
            let shape = (self.hidden, self.kv_rank + self.rope);
            let name = format!("{path}.kv_a_proj_with_mqa");
            block.linear(name, group, shape, self.bias, Split::Replicated);
            block.plain(format!("{path}.kv_a_layernorm"), group, self.kv_rank);
        }
        let expanded = self.heads * (self.nope + self.value);
        block.linear(format!("{path}.kv_b_proj"), group, (self.kv_rank, expanded), false, Split::Columns);
        let attended = self.heads * self.value;
        block.linear(format!("{path}.o_proj"), group, (attended, self.hidden), self.bias, Split::Rows);
        let gated = match self.gate {
            Gate::None => None,
            Gate::Elements(name) => Some((name, attended)),
            Gate::Heads(name) => Some((name, self.heads)),
        };
        if let Some((name, width)) = gated {
            block.linear(format!("{path}.{name}"), group, (self.hidden, width), false, Split::Columns);
        }
        if self.sinks {
            block.plain(format!("{path}.sinks"), group, self.heads);
        }
        if self.rope_norm {
            block.plain(format!("{path}.k_rope_only_layernorm"), group, self.rope);
        }
        self.keep(block);
        if let Some(indexer) = self.indexer {
            indexer.add(block, path, self.hidden, self.q_rank.unwrap_or(self.hidden));
        }
    }

    fn add_query(&self, block: &mut Block, path: &str) {
        let group = Group::Attention;
        let queries = self.heads * self.query.unwrap_or(self.nope + self.rope);
        let Some(rank) = self.q_rank else {
            block.linear(format!("{path}.q_proj"), group, (self.hidden, queries), false, Split::Columns);
            return;
        };
        block.linear(format!("{path}.q_a_proj"), group, (self.hidden, rank), self.bias, Split::Replicated);
        block.plain(format!("{path}.q_a_layernorm"), group, rank);
        let (name, shape) = if self.query_gate {
            ("q_gate_proj", (rank * 2, queries + self.heads * self.value))
        } else {
            ("q_b_proj", (rank, queries))
        };
        block.linear(format!("{path}.{name}"), group, shape, false, Split::Columns);
    }

    fn keep(&self, block: &mut Block) {
        let (rank, rope_dim) = (self.kv_rank, self.rope);
        block.caches.push(match self.kept {
            Kept::Latent => Cache::Latent { rank, rope_dim, sparse: false },
            Kept::Sparse => Cache::Latent { rank, rope_dim, sparse: true },
            Kept::Sliding(window) => {
                let shape = KvShape { kv_heads: 1, key_dim: rank + rope_dim, value_dim: 0 };
                Cache::Sliding { shape, window }
            }
            Kept::Expanded => {
                let key_dim = self.nope + self.rope;
                // Values are stored padded to the width of a key. Source: vLLM 0.32 `minicpm3.py`.
                Cache::Full(KvShape { kv_heads: self.heads, key_dim, value_dim: key_dim })
            }
            Kept::Shared => return,
        });
    }
}

impl Indexer {
    fn add(self, block: &mut Block, path: &str, hidden: u64, q_rank: u64) {
        let group = Group::Attention;
        let path = format!("{path}.indexer");
        let shapes = [
            ("wq_b", (q_rank, self.heads * self.dim)),
            ("wk", (hidden, self.dim)),
            ("weights_proj", (hidden, self.heads)),
        ];
        for (name, shape) in shapes {
            block.linear(format!("{path}.{name}"), group, shape, false, Split::Replicated);
        }
        block.plain(format!("{path}.k_norm"), group, self.dim * 2);
        block.caches.push(Cache::Indexer { head_dim: self.dim, dtype: None });
    }
}
