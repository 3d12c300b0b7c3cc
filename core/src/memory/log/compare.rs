//! Predicted beside measured.

use serde::Serialize;

use super::Log;
use crate::memory::{MemoryEstimate, Term, TermName};
use crate::source::Confidence;
use crate::units::Bytes;

/// One term, predicted and measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The term; for the cache it is what is left for it.
    pub name: TermName,
    /// As computed.
    pub predicted: Bytes,
    /// As the log has it.
    pub measured: Bytes,
}

/// Every term that `log` measured, in the order of [`TermName`]; `cache` is what was predicted to be left for it.
#[must_use]
pub fn compare(estimate: &MemoryEstimate, cache: Bytes, log: &Log) -> Vec<Compared> {
    let names = [
        TermName::Weights,
        TermName::KvCache,
        TermName::Activations,
        TermName::CudaGraphs,
        TermName::NonTorch,
    ];
    let predicted = |name| match name {
        TermName::KvCache => cache,
        // An engine counts all that it loads.
        TermName::Weights => [TermName::Weights, TermName::Draft, TermName::Adapters]
            .map(|name| estimate.term(name))
            .into_iter()
            .sum(),
        name => estimate.term(name),
    };
    let row = |name| Some(Compared { name, predicted: predicted(name), measured: log.measured(name)? });
    names.into_iter().filter_map(row).collect()
}

impl Log {
    fn measured(&self, name: TermName) -> Option<Bytes> {
        match name {
            TermName::Weights => self.weights,
            TermName::KvCache => self.cache,
            TermName::Activations => self.activations,
            TermName::CudaGraphs => self.graphs,
            TermName::NonTorch => self.non_torch,
            TermName::Draft | TermName::Adapters | TermName::Context => None,
        }
    }

    /// `term` as the log has it. What is asked of the cache stays what is asked.
    pub(crate) fn measure(&self, term: &mut Term) {
        if term.name == TermName::KvCache {
            return;
        }
        if self.weights.is_some() && matches!(term.name, TermName::Draft | TermName::Adapters) {
            term.bytes = Bytes::ZERO;
            term.error = Bytes::ZERO;
            term.confidence = Confidence::Measured;
            term.formula = "measured with the weights".into();
            return;
        }
        if let Some(bytes) = self.measured(term.name) {
            term.bytes = bytes;
            term.error = Bytes::ZERO;
            term.confidence = Confidence::Measured;
            term.formula = "measured, from the start-up log".into();
        }
    }
}
