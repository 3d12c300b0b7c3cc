//! What an engine would print when it starts, so that a prediction can be held against a real log.
//!
//! Source: vLLM 0.33.0 `v1/core/kv_cache_utils.py`, `v1/worker/gpu_worker.py`; published logs of older versions.

use serde::{Serialize, Serializer};

use super::capacity::longest;
use super::estimate::{MemoryEstimate, TermName};
use super::plan::{Plan, Target};
use crate::engine::{Maker, TokenLine};
use crate::ratio::Ratio;
use crate::units::{Bytes, grouped};

/// Lines of a start-up log, put into words only where they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(as = "Lines"))]
pub struct Startup(Said);

/// Lines of a start-up log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "Startup"))]
pub struct Lines {
    /// The lines about the cache, without time and place; none where the engine would not come that far.
    pub lines: Vec<String>,
    /// How the error begins with which it would stop.
    pub error: Option<String>,
    /// Sequences of the longest length at once as the engine counts them, in hundredths.
    pub concurrency: Option<u64>,
}

/// The ways in which it may go.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    /// Nothing is known of the engine's lines.
    Nothing,
    /// Less memory is free than the engine takes.
    Free { free: Bytes, memory: Bytes, share: Ratio, usable: Bytes },
    /// Nothing is left for the cache.
    NoBlocks,
    /// Not one sequence of the longest length fits.
    TooLong { tokens: u64, need: Bytes, cache: Bytes, most: u64 },
    /// vLLM starts: what its first line counts, and its second.
    Started { line: TokenLine, count: u64, tokens: u64, concurrency: u64 },
    /// SGLang starts.
    Allocated { tokens: u64 },
}

impl Startup {
    /// What would be printed on `target`, where `need` was estimated and `usable` is the engine's budget.
    pub(crate) fn of(plan: &Plan, target: Target, need: &MemoryEstimate, usable: Bytes) -> Startup {
        Startup(match plan.engine.maker {
            Maker::Vllm => vllm(plan, target, need, usable),
            Maker::Sglang => sglang(plan, usable.minus(need.fixed())),
            Maker::TensorRtLlm | Maker::Tgi => Said::Nothing,
        })
    }

    /// The lines about the cache, without time and place; none where the engine would not come that far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        match self.0 {
            Said::Started { line, count, tokens, concurrency } => {
                let (whole, part) = (concurrency / 100, concurrency % 100);
                let old = line == TokenLine::Blocks;
                let tokens = if old { tokens.to_string() } else { grouped(tokens) };
                let first = if old {
                    format!("# GPU blocks: {count}")
                } else {
                    format!("GPU KV cache size: {} tokens", grouped(count))
                };
                vec![
                    first,
                    format!("Maximum concurrency for {tokens} tokens per request: {whole}.{part:02}x"),
                ]
            }
            Said::Allocated { tokens } => vec![format!("KV Cache is allocated. #tokens: {tokens}")],
            Said::Nothing | Said::Free { .. } | Said::NoBlocks | Said::TooLong { .. } => Vec::new(),
        }
    }

    /// How the error begins with which it would stop.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        match self.0 {
            Said::Free { free, memory, share, usable } => Some(format!(
                "Free memory on device cuda:0 ({}/{} GiB) on startup is less than desired GPU memory utilization ({share}, {} GiB).",
                free.in_gib(2),
                memory.in_gib(2),
                usable.in_gib(2)
            )),
            Said::NoBlocks => Some(
                "No available memory for the cache blocks. Try increasing `gpu_memory_utilization`"
                    .to_owned(),
            ),
            Said::TooLong { tokens, need, cache, most } => Some(format!(
                "To serve at least one request with the model's max seq len ({tokens}), ({} GiB KV cache is needed, which is larger \
                 than the available KV cache memory ({} GiB). Based on the available memory, the estimated maximum model length is {most}.",
                need.in_gib(2),
                cache.in_gib(2)
            )),
            Said::Nothing | Said::Started { .. } | Said::Allocated { .. } => None,
        }
    }

    /// Sequences of the longest length at once as the engine counts them, in hundredths.
    #[must_use]
    pub const fn concurrency(&self) -> Option<u64> {
        match self.0 {
            Said::Started { concurrency, .. } => Some(concurrency),
            Said::Nothing
            | Said::Free { .. }
            | Said::NoBlocks
            | Said::TooLong { .. }
            | Said::Allocated { .. } => None,
        }
    }
}

impl Serialize for Startup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (lines, error, concurrency) = (self.lines(), self.error(), self.concurrency());
        Lines { lines, error, concurrency }.serialize(serializer)
    }
}

fn vllm(plan: &Plan, target: Target, need: &MemoryEstimate, usable: Bytes) -> Said {
    let free = target.memory.minus(need.term(TermName::Context));
    if free < usable {
        return Said::Free { free, memory: target.memory, share: plan.share(target), usable };
    }
    let cache = usable.minus(need.fixed());
    let Some(blocks) = cache.holds(plan.paging.bytes_per_block) else { return Said::Nothing };
    if cache == Bytes::ZERO {
        return Said::NoBlocks;
    }
    let tokens = plan.max_model_len;
    let each = plan.admission(target, tokens);
    if blocks < each.saturating_add(1) {
        let most = longest(tokens, |tokens| plan.admission(target, tokens) < blocks);
        return Said::TooLong { tokens, need: plan.paging.bytes_per_block.times(each), cache, most };
    }
    let Some(concurrency) = per_request(blocks, 100, each) else { return Said::Nothing };
    let line = plan.engine.token_line;
    let count = match line {
        TokenLine::Blocks => blocks,
        TokenLine::PerGroup => {
            let groups = plan.paging.groups.len() as u64;
            let least = plan.paging.groups.iter().map(|group| group.block_tokens).min().unwrap_or_default();
            blocks.checked_div(groups).unwrap_or_default().saturating_mul(least)
        }
        TokenLine::ByConcurrency => per_request(blocks, tokens, each).unwrap_or_default(),
    };
    Said::Started { line, count, tokens, concurrency }
}

/// `blocks x times / each`, rounded down but for hundredths, which are printed rounded.
fn per_request(blocks: u64, times: u64, each: u64) -> Option<u64> {
    let half = if times == 100 { u128::from(each) / 2 } else { 0 };
    let sum = u128::from(blocks) * u128::from(times) + half;
    u64::try_from(sum.checked_div(u128::from(each))?).ok()
}

fn sglang(plan: &Plan, cache: Bytes) -> Said {
    match cache.holds(plan.kv_cache.bytes_per_token).unwrap_or_default() {
        0 => Said::Nothing,
        tokens => Said::Allocated { tokens },
    }
}
