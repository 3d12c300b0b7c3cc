//! The terms of the need, each with its formula.

use super::estimate::{MemoryEstimate, Term, TermName};
use super::formula::Said;
use super::paging::InFlight;
use super::plan::{Plan, Target};
use crate::engine::Budget;
use crate::source::Confidence;
use crate::units::Bytes;

/// Blocks of the pool that sequences need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    /// What all of them hold while they decode.
    pub(super) steady: u64,
    /// What one of them is charged before it is let in.
    pub(super) admission: u64,
}

impl Demand {
    /// The larger of both, and the one block that vLLM never hands out.
    pub(super) fn blocks(self) -> u64 {
        match self.steady.max(self.admission) {
            0 => 0,
            blocks => blocks.saturating_add(1),
        }
    }
}

impl Plan<'_> {
    /// The need on `target` for `sequences` of `tokens` each.
    #[must_use]
    pub fn estimate(&self, target: Target, sequences: u64, tokens: u64) -> MemoryEstimate {
        let (activations, graphs) = (self.activations_term(target), self.graphs_term(target));
        let mut terms = vec![self.weights_term()];
        terms.extend(self.draft_term());
        terms.extend(self.adapters_term());
        terms.push(self.cache_term(target, sequences, tokens));
        let mut outside = Vec::new();
        match self.engine.budget {
            Budget::Device | Budget::Rest => terms.extend([activations, graphs]),
            Budget::DeviceGraphsOutside => {
                terms.push(activations);
                outside.push(graphs);
            }
            Budget::WeightsAndCache => outside.extend([activations, graphs]),
        }
        terms.push(self.non_torch_term());
        outside.push(Term {
            name: TermName::Context,
            bytes: Bytes::new(self.engine.context.value),
            error: Bytes::new(self.engine.context.value).share(self.engine.context.band, 100),
            confidence: self.engine.context.source.confidence,
            formula: self.engine.context.source.title.into(),
        });
        if let Some(log) = self.measured {
            terms.iter_mut().chain(&mut outside).for_each(|term| log.measure(term));
        }
        MemoryEstimate { total: terms.iter().map(|term| term.bytes).sum(), terms, outside, host: self.host() }
    }

    fn non_torch_term(&self) -> Term {
        let alone = self.serving.tensor_parallel == 1 && self.serving.pipeline_parallel == 1;
        let constant = if alone { self.engine.non_torch } else { self.engine.non_torch_parallel };
        Term {
            name: TermName::NonTorch,
            bytes: Bytes::new(constant.value),
            error: Bytes::new(constant.value).share(constant.band, 100),
            confidence: constant.source.confidence,
            formula: constant.source.title.into(),
        }
    }

    fn weights_term(&self) -> Term {
        Term {
            name: TermName::Weights,
            bytes: self.loaded.bytes().minus(self.offloaded()),
            error: self.loaded.bytes().share(LOADED_ERROR, 1000),
            confidence: Confidence::Derived,
            formula: Said::Weights {
                parameters: self.parameters.total,
                method: self.quantization.clone(),
                dtype: self.dtype,
                ranks: self.serving.tensor_parallel.saturating_mul(self.serving.pipeline_parallel),
                rotary: self.loaded.rotary,
                rounding: self.loaded.rounding,
                host: self.offloaded(),
            }
            .into(),
        }
    }

    /// Weights of layers that are kept in the host's memory. What is asked for is exceeded by part of a tensor at most,
    /// which is not counted. Source: vLLM 0.33.0 `model_executor/offloader/uva.py`.
    #[must_use]
    pub fn offloaded(&self) -> Bytes {
        let asked = Bytes::from_gib(self.serving.cpu_offload_gb.unwrap_or_default());
        asked.min(self.loaded.layers)
    }

    /// Host memory that one device asks for.
    fn host(&self) -> Bytes {
        let ranks = self.serving.tensor_parallel.saturating_mul(self.serving.pipeline_parallel).max(1);
        let cache = Bytes::from_gib(self.serving.kv_offloading_gb.unwrap_or_default());
        self.offloaded() + cache.share_up(1, ranks)
    }

    fn draft_term(&self) -> Option<Term> {
        let draft = self.draft.as_ref()?;
        Some(Term {
            name: TermName::Draft,
            bytes: draft.weights,
            error: if draft.confidence == Confidence::Estimate {
                draft.weights.share(EAGLE_ERROR, 100)
            } else {
                draft.weights.share(LOADED_ERROR, 1000)
            },
            confidence: draft.confidence,
            formula: Said::Draft { what: draft.what.clone(), tokens: self.serving.draft_tokens() }.into(),
        })
    }

    fn adapters_term(&self) -> Option<Term> {
        let (adapters, rank) = self.serving.adapters()?;
        Some(Term {
            name: TermName::Adapters,
            bytes: self.adapters,
            error: self.adapters.share(self.engine.adapters_band, 100),
            confidence: Confidence::Derived,
            formula: Said::Adapters { count: adapters, rank }.into(),
        })
    }

    fn cache_term(&self, target: Target, sequences: u64, tokens: u64) -> Term {
        let demand = self.demand(target, sequences, tokens);
        let block = self.paging.bytes_per_block;
        Term {
            name: TermName::KvCache,
            bytes: block.times(demand.blocks()),
            error: Bytes::ZERO,
            confidence: Confidence::Derived,
            formula: if block == Bytes::ZERO {
                "nothing is kept".into()
            } else {
                Said::Blocks {
                    blocks: demand.blocks().saturating_sub(1),
                    each: block,
                    sequences,
                    tokens,
                    dtype: self.kv_cache.dtype,
                    on_admission: demand.admission > demand.steady,
                }
                .into()
            },
        }
    }

    /// What a sequence holds while it decodes.
    pub(super) fn steady(&self) -> InFlight {
        InFlight { state_blocks: self.state_blocks(), ..InFlight::STEADY }
    }

    /// Each token of a draft needs a state to go back to.
    fn state_blocks(&self) -> u64 {
        self.engine.state_blocks.saturating_add(self.serving.draft_tokens())
    }

    /// Tokens for which a sequence of `tokens` has room: the draft's too, up to the longest sequence.
    pub(super) fn ahead(&self, tokens: u64) -> u64 {
        let ahead = if self.draft.is_some() { self.serving.draft_tokens() } else { 0 };
        tokens.saturating_add(ahead).min(self.max_model_len.max(tokens))
    }

    /// Blocks that the engine charges for one sequence of `tokens` before it lets it in.
    pub(super) fn admission(&self, target: Target, tokens: u64) -> u64 {
        self.demand(target, 1, tokens).admission
    }

    /// Blocks that `sequences` of `tokens` each need on `target`.
    pub(super) fn demand(&self, target: Target, sequences: u64, tokens: u64) -> Demand {
        let (_, batch) = self.batch(target);
        let batches = self.engine.batches_in_flight.max(self.serving.pipeline_parallel);
        let under_way = InFlight {
            tokens: batch.saturating_mul(batches),
            encoder_tokens: Some(batch),
            state_blocks: self.state_blocks(),
        };
        Demand {
            steady: self
                .paging
                .blocks_per_sequence(self.ahead(tokens), self.steady())
                .saturating_mul(sequences),
            admission: self.paging.blocks_per_sequence(tokens, under_way),
        }
    }

    /// Most sequences in one batch: as asked, else by the engine's tier, never fewer than are to be held.
    pub(super) fn batch(&self, target: Target) -> (u64, u64) {
        let tier = self.engine.tier(target.memory, target.is_a100);
        let seqs = self.serving.max_num_seqs.or(tier.map(|tier| tier.max_num_seqs)).unwrap_or(1);
        let tokens = self.serving.max_num_batched_tokens.or(tier.map(|tier| tier.max_num_batched_tokens));
        (seqs, tokens.unwrap_or(self.max_model_len))
    }
}

/// How far 95 of 100 published logs lie from computed weights, in tenths of a percent: `docs/accuracy.md`.
const LOADED_ERROR: u64 = 13;
/// A layer trained for a model may be wider or narrower than the model's own, in percent.
const EAGLE_ERROR: u64 = 30;
