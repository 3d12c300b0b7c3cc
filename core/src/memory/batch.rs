//! What a batch takes: the peak of a profile run, and the graphs that are captured for batches.

use super::activations;
use super::estimate::{Term, TermName};
use super::formula::Said;
use super::plan::{Plan, Target};
use crate::engine::Profiled;
use crate::model::Task;
use crate::source::Confidence;
use crate::units::Bytes;

impl Plan<'_> {
    /// Tokens over which a forward pass is measured.
    fn profiled(&self, target: Target) -> u64 {
        let (_, batch) = self.batch(target);
        match (self.engine.profiled, self.serving.max_num_batched_tokens) {
            (Profiled::Batch, _) | (Profiled::Sequence { .. }, Some(_)) => batch,
            (Profiled::Sequence { least, longest, chunk }, None) => {
                if self.max_model_len > longest {
                    chunk
                } else {
                    self.max_model_len.max(least)
                }
            }
        }
    }

    pub(super) fn activations_term(&self, target: Target) -> Term {
        let (seqs, batch) = self.batch(target);
        if self.engine.reserves {
            return reserved(TermName::Activations, batch.max(2048), 3 << 19, "token of a batch");
        }
        let (dims, tokens) = (&self.model.dims, self.profiled(target));
        let forward = activations::forward(dims, tokens, self.serving.tensor_parallel);
        let writes = self.model.task != Task::Embed && !self.serving.pooling;
        let sampler = if writes { activations::sampler(self.engine, dims, seqs) } else { Bytes::ZERO };
        let images = if self.serving.text_only() { None } else { activations::encoder(self.model, tokens) };
        let bytes = forward.max(sampler).max(images.unwrap_or_default());
        let band = if images == Some(bytes) {
            if self.serving.videos_per_prompt == Some(0) { ENCODER_ERROR } else { VIDEO_ERROR }
        } else if sampler == bytes {
            self.engine.sampler_tenths.band
        } else {
            FORWARD_ERROR
        };
        Term {
            name: TermName::Activations,
            bytes,
            error: bytes.share(band, 100),
            confidence: Confidence::Estimate,
            formula: Said::Peak { tokens, forward, sequences: seqs, sampler, image: images }.into(),
        }
    }

    pub(super) fn graphs_term(&self, target: Target) -> Term {
        let (seqs, tokens) = self.batch(target);
        if self.engine.reserves {
            let seqs = if self.serving.enforce_eager { 0 } else { seqs };
            return reserved(TermName::CudaGraphs, seqs, 2 << 20, "captured sequence");
        }
        let rows = seqs.saturating_mul(self.serving.draft_tokens().saturating_add(1));
        let sizes = if self.serving.enforce_eager { 0 } else { capture_sizes(rows, tokens) };
        let layers = self.model.dims.layers.div_ceil(self.serving.pipeline_parallel.max(1)).max(1);
        let bytes = Bytes::new(self.engine.graph.value).times(sizes).times(layers);
        Term {
            name: TermName::CudaGraphs,
            bytes,
            error: bytes.share(self.engine.graph.band, 100),
            confidence: self.engine.graph.source.confidence,
            formula: Said::Graphs { sizes, layers, each: Bytes::new(self.engine.graph.value) }.into(),
        }
    }
}

/// What an engine sets aside by its own rule: so much for each of `count`.
fn reserved(name: TermName, count: u64, each: u64, what: &'static str) -> Term {
    let bytes = Bytes::new(each).times(count);
    Term {
        name,
        bytes,
        error: bytes.share(RESERVE_ERROR, 100),
        confidence: Confidence::Estimate,
        formula: Said::Reserved { count, each: Bytes::new(each), what }.into(),
    }
}

/// The formula of a forward pass against 18 published profile runs, in percent.
const FORWARD_ERROR: u64 = 10;
/// The formula of an encoder's pass against five published logs, in percent.
const ENCODER_ERROR: u64 = 60;
/// The same where videos are admitted, whose frames may be the larger item: two published logs lie 50 and 92 % above it.
const VIDEO_ERROR: u64 = 100;
/// An engine's own reserve is a heuristic, as its code says; in percent.
const RESERVE_ERROR: u64 = 50;

/// Batch sizes that are captured: 1, 2, 4, then every 8 below 256, every 16 from there, up to twice the batch and 512.
/// Source: vLLM 0.33.0 `config/compilation.py`.
fn capture_sizes(seqs: u64, tokens: u64) -> u64 {
    let largest = seqs.saturating_mul(2).min(512).min(tokens);
    let small = [1, 2, 4].iter().filter(|size| **size <= largest).count() as u64;
    small + largest.min(248) / 8 + if largest >= 256 { (largest - 256) / 16 + 1 } else { 0 }
}
