//! The need of one device, term by term.

use serde::Serialize;

use super::formula::Formula;
use crate::source::Confidence;
use crate::units::Bytes;

/// What a term pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TermName {
    /// The weights.
    Weights,
    /// The weights of what drafts the next tokens.
    Draft,
    /// Room for LoRA adapters, taken at start whatever adapters come.
    Adapters,
    /// Keys, values and states of the sequences asked for.
    KvCache,
    /// The transient peak of a profile run.
    Activations,
    /// Captured CUDA graphs.
    CudaGraphs,
    /// What the engine holds outside its framework's allocator.
    NonTorch,
    /// The CUDA context and libraries, which no engine counts.
    Context,
}

impl TermName {
    /// What a reader sees.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            TermName::Weights => "weights",
            TermName::Draft => "draft",
            TermName::Adapters => "LoRA slots",
            TermName::KvCache => "KV cache",
            TermName::Activations => "activations",
            TermName::CudaGraphs => "CUDA graphs",
            TermName::NonTorch => "other",
            TermName::Context => "CUDA context",
        }
    }
}

/// One part of the need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Term {
    /// What it pays for.
    pub name: TermName,
    /// How much.
    pub bytes: Bytes,
    /// How far the truth may lie from it.
    pub error: Bytes,
    /// How the figure was obtained.
    pub confidence: Confidence,
    /// The formula with the values put in.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub formula: Formula,
}

/// The need inside an engine's budget on one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MemoryEstimate {
    /// The parts, in the order of [`TermName`].
    pub terms: Vec<Term>,
    /// Their sum.
    pub total: Bytes,
    /// What has to find room beside the engine's budget.
    pub outside: Vec<Term>,
    /// What is kept in the host's memory instead, for each device.
    pub host: Bytes,
}

impl MemoryEstimate {
    /// The bytes of one term, wherever it is counted; nothing where it is absent.
    #[must_use]
    pub fn term(&self, name: TermName) -> Bytes {
        self.terms.iter().chain(&self.outside).filter(|term| term.name == name).map(|term| term.bytes).sum()
    }

    /// How far the total may lie from the truth: the errors of its terms, which have different causes, taken together as
    /// the root of the sum of their squares.
    #[must_use]
    pub fn error(&self) -> Bytes {
        let squares = self.terms.iter().map(|term| u128::from(term.error.get()).pow(2));
        Bytes::saturating(squares.fold(0_u128, u128::saturating_add).isqrt())
    }

    /// What has to find room beside the engine's budget.
    #[must_use]
    pub fn beside(&self) -> Bytes {
        self.outside.iter().map(|term| term.bytes).sum()
    }

    /// Everything but the cache: what is taken before the first sequence.
    #[must_use]
    pub fn fixed(&self) -> Bytes {
        self.terms.iter().filter(|term| term.name != TermName::KvCache).map(|term| term.bytes).sum()
    }
}
