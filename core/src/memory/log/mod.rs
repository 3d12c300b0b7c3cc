//! An engine's start-up log: what it measured, to stand beside what was predicted.
//!
//! Known lines of vLLM (before V1 and V1) and SGLang. `GB` in them means 2^30 bytes. Of several ranks the most
//! need and the least room counts. A log is untrusted text: lines are cut, nothing is searched backwards and forwards.

mod compare;
mod phrases;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use compare::{Compared, compare};

use crate::engine::{self, Engine, Maker, Serving};
use crate::problem::Problem;
use crate::ratio::Ratio;
use crate::units::Bytes;
use phrases::{Fact, number_after, number_before};

/// Characters of a line that are looked at.
const LINE: usize = 8192;

/// What a start-up log says. What it does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Log {
    /// Who made the engine, as its lines show.
    pub maker: Option<Maker>,
    /// Its version.
    pub version: Option<String>,
    /// Memory of the device as the engine saw it.
    pub device: Option<Bytes>,
    /// Share that the engine took.
    pub utilization: Option<Ratio>,
    /// Weights on one rank.
    pub weights: Option<Bytes>,
    /// Memory left for the cache.
    pub cache: Option<Bytes>,
    /// Transient peak of the profile run.
    pub activations: Option<Bytes>,
    /// Captured graphs.
    pub graphs: Option<Bytes>,
    /// Memory outside the framework's allocator.
    pub non_torch: Option<Bytes>,
    /// Blocks of the cache.
    pub blocks: Option<u64>,
    /// Tokens in a block.
    pub block_tokens: Option<u64>,
    /// Tokens of the cache, as the engine counts them.
    pub tokens: Option<u64>,
    /// Longest sequence.
    pub max_model_len: Option<u64>,
    /// Sequences of that length at once, in hundredths.
    pub concurrency: Option<u64>,
    /// Devices that share the weights.
    pub tensor_parallel: Option<u64>,
    /// Most tokens in one batch.
    pub max_num_batched_tokens: Option<u64>,
    /// Whether graphs were switched off.
    pub enforce_eager: bool,
}

impl Log {
    /// Reads a log; `text` may hold anything else as well.
    ///
    /// # Errors
    /// `no-log-lines` where not one figure was found.
    pub fn read(text: &str) -> Result<Log, Problem> {
        let mut log = Log::default();
        for line in text.lines() {
            log.line(cut(line));
        }
        let figures = [log.weights, log.cache, log.activations, log.graphs, log.non_torch, log.device];
        let counts = [log.blocks, log.tokens, log.concurrency];
        if figures.iter().all(Option::is_none) && counts.iter().all(Option::is_none) {
            let expected =
                "start-up lines of vLLM or SGLang, such as \"Available KV cache memory: 3.81 GiB\"";
            return Err(Problem::new("no-log-lines", "log", "none that is known", expected)
                .hint("the lines are printed once, when the engine starts"));
        }
        Ok(log)
    }

    /// How the engine was told to serve, as far as the log says; the rest is left to the engine.
    #[must_use]
    pub fn serving(&self) -> Serving {
        let base = Serving::default();
        Serving {
            engine: self.engine().map_or(base.engine, |engine| engine.id.to_owned()),
            max_model_len: self.max_model_len,
            gpu_memory_utilization: self.utilization,
            max_num_batched_tokens: self.max_num_batched_tokens,
            tensor_parallel: self.tensor_parallel.unwrap_or(base.tensor_parallel),
            enforce_eager: self.enforce_eager,
            ..Serving::default()
        }
    }

    /// The profile of the engine that wrote the log, `None` where that is not known.
    #[must_use]
    pub fn engine(&self) -> Option<&'static Engine> {
        engine::for_version(self.maker?, self.version.as_deref()?)
    }

    fn line(&mut self, line: &str) {
        for phrase in phrases::PHRASES {
            let Some(place) = line.find(phrase.text) else { continue };
            self.maker = self.maker.or(phrase.maker);
            let (before, after) = line.split_at(place);
            let after = after.get(phrase.text.len()..).unwrap_or_default();
            let number = if phrase.before { number_before(before) } else { number_after(after) };
            if let Some(number) = number {
                self.take(phrase.fact, number);
            }
        }
        self.version = self.version.take().or_else(|| phrases::version(line));
        self.enforce_eager |= line.contains("enforce_eager=True");
    }

    fn take(&mut self, fact: Fact, number: phrases::Number) {
        let most = |known: &mut Option<Bytes>| *known = (*known).max(Some(number.bytes()));
        let first = |known: &mut Option<u64>| *known = (*known).or(Some(number.whole()));
        let least = |known: &mut Option<u64>, new: u64| *known = Some(known.map_or(new, |old| old.min(new)));
        match fact {
            Fact::Weights => most(&mut self.weights),
            Fact::Activations => most(&mut self.activations),
            Fact::Graphs => most(&mut self.graphs),
            Fact::NonTorch => most(&mut self.non_torch),
            Fact::Cache => {
                let bytes = number.bytes();
                self.cache = Some(self.cache.map_or(bytes, |known| known.min(bytes)));
            }
            // Keys and values are printed apart and are of one size.
            Fact::Keys => self.cache = Some(self.cache.map_or(number.bytes().times(2), |known| known)),
            Fact::Device => self.device = self.device.or(Some(number.bytes())),
            Fact::Utilization => self.utilization = self.utilization.or(number.ratio()),
            Fact::Blocks => least(&mut self.blocks, number.whole()),
            Fact::Tokens => least(&mut self.tokens, number.whole()),
            Fact::Concurrency => least(&mut self.concurrency, number.hundredths()),
            Fact::BlockTokens => first(&mut self.block_tokens),
            Fact::MaxModelLen => first(&mut self.max_model_len),
            Fact::TensorParallel => first(&mut self.tensor_parallel),
            Fact::BatchedTokens => first(&mut self.max_num_batched_tokens),
        }
    }
}

fn cut(line: &str) -> &str {
    let end = (0..=LINE.min(line.len())).rev().find(|end| line.is_char_boundary(*end)).unwrap_or(0);
    line.get(..end).unwrap_or_default()
}
