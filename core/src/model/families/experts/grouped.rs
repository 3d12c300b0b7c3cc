//! Attention with grouped heads as a mixer: how far it sees, and what gates it.

use crate::model::attention::Attention;
use crate::model::cache::Cache;
use crate::model::dtype::DType;
use crate::model::modules::{Block, Group, Split};

/// How far a layer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Everything before.
    Full,
    /// The last tokens.
    Sliding(u64),
    /// The current chunk.
    Chunked(u64),
}

/// A projection that gates the output of attention, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    None,
    /// One gate per element.
    Elements(&'static str),
    /// One gate per head.
    Heads(&'static str),
}

/// Attention with what surrounds it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grouped {
    pub(super) attention: Attention,
    pub(super) reach: Reach,
    pub(super) gate: Gate,
    /// A parameter of one element per head, by name (`sinks`).
    pub(super) per_head: Option<&'static str>,
    /// Elements of an index key, where the layer chooses the tokens that it reads (MiniMax-M3).
    pub(super) index: Option<Index>,
}

/// What chooses the tokens that a layer reads (MiniMax-M3): heads of index queries, one index key per token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) heads: u64,
    pub(super) dim: u64,
}

impl Grouped {
    pub(super) const fn new(attention: Attention, reach: Reach) -> Grouped {
        Grouped { attention, reach, gate: Gate::None, per_head: None, index: None }
    }

    pub(super) fn add(&self, block: &mut Block) {
        let path = "self_attn";
        let group = Group::Attention;
        let Attention { hidden, heads, value_dim, .. } = self.attention;
        self.attention.add(block, path);
        let gated = match self.gate {
            Gate::None => None,
            Gate::Elements(name) => Some((name, heads * value_dim)),
            Gate::Heads(name) => Some((name, heads)),
        };
        if let Some((name, width)) = gated {
            block.linear(format!("{path}.{name}"), group, (hidden, width), false, Split::Columns);
        }
        if let Some(name) = self.per_head {
            block.plain(format!("{path}.{name}"), group, heads);
        }
        if let Some(index) = self.index {
            index.add(block, hidden);
        }
        let shape = self.attention.kv_shape();
        block.caches.push(match self.reach {
            Reach::Full => Cache::Full(shape),
            Reach::Sliding(window) => Cache::Sliding { shape, window },
            Reach::Chunked(chunk) => Cache::Chunked { shape, chunk },
        });
    }
}

impl Index {
    fn add(self, block: &mut Block, hidden: u64) {
        let group = Group::Attention;
        let outputs = [("index_q_proj", self.heads * self.dim), ("index_k_proj", self.dim)];
        for (name, width) in outputs {
            block.linear(format!("self_attn.{name}"), group, (hidden, width), false, Split::Replicated);
        }
        for name in ["self_attn.index_q_norm", "self_attn.index_k_norm"] {
            block.plain(name, group, self.dim);
        }
        block.caches.push(Cache::Indexer { head_dim: self.dim, dtype: Some(DType::BF16) });
    }
}
