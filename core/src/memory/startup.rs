//! What an engine would print when it starts, so that a prediction can be held against a real log.
//!
//! Source: vLLM 0.33.0 `v1/core/kv_cache_utils.py`, `v1/worker/gpu_worker.py`; published logs of older versions.

use serde::Serialize;

use super::capacity::longest;
use super::estimate::{MemoryEstimate, TermName};
use super::plan::{Plan, Target};
use crate::engine::{Maker, TokenLine};
use crate::units::{Bytes, grouped};

/// Lines of a start-up log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Startup {
    /// The lines about the cache, without time and place; none where the engine would not come that far.
    pub lines: Vec<String>,
    /// How the error begins with which it would stop.
    pub error: Option<String>,
    /// Sequences of the longest length at once as the engine counts them, in hundredths.
    pub concurrency: Option<u64>,
}

impl Startup {
    /// What would be printed on `target`, where `need` was estimated and `usable` is the engine's budget.
    pub(crate) fn of(plan: &Plan, target: Target, need: &MemoryEstimate, usable: Bytes) -> Startup {
        match plan.engine.maker {
            Maker::Vllm => vllm(plan, target, need, usable),
            Maker::Sglang => {
                Startup { lines: sglang(plan, usable.minus(need.fixed())), ..Startup::default() }
            }
            Maker::TensorRtLlm | Maker::Tgi => Startup::default(),
        }
    }
}

fn vllm(plan: &Plan, target: Target, need: &MemoryEstimate, usable: Bytes) -> Startup {
    let stopped = |error: String| Startup { error: Some(error), ..Startup::default() };
    let free = target.memory.minus(need.term(TermName::Context));
    if free < usable {
        return stopped(format!(
            "Free memory on device cuda:0 ({}/{} GiB) on startup is less than desired GPU memory utilization ({}, {} GiB).",
            free.in_gib(2),
            target.memory.in_gib(2),
            plan.share(target),
            usable.in_gib(2)
        ));
    }
    let cache = usable.minus(need.fixed());
    let Some(blocks) = cache.holds(plan.paging.bytes_per_block) else { return Startup::default() };
    if cache == Bytes::ZERO {
        return stopped(
            "No available memory for the cache blocks. Try increasing `gpu_memory_utilization`".to_owned(),
        );
    }
    let each = plan.admission(target, plan.max_model_len);
    if blocks < each.saturating_add(1) {
        let most = longest(plan.max_model_len, |tokens| plan.admission(target, tokens) < blocks);
        return stopped(format!(
            "To serve at least one request with the model's max seq len ({}), ({} GiB KV cache is needed, which is larger \
             than the available KV cache memory ({} GiB). Based on the available memory, the estimated maximum model length is {most}.",
            plan.max_model_len,
            plan.paging.bytes_per_block.times(each).in_gib(2),
            cache.in_gib(2)
        ));
    }
    let Some(concurrency) = per_request(blocks, 100, each) else { return Startup::default() };
    let first = match plan.engine.token_line {
        TokenLine::Blocks => format!("# GPU blocks: {blocks}"),
        TokenLine::PerGroup => {
            let groups = plan.paging.groups.len() as u64;
            let least = plan.paging.groups.iter().map(|group| group.block_tokens).min().unwrap_or_default();
            let tokens = blocks.checked_div(groups).unwrap_or_default().saturating_mul(least);
            format!("GPU KV cache size: {} tokens", grouped(tokens))
        }
        TokenLine::ByConcurrency => {
            let tokens = per_request(blocks, plan.max_model_len, each).unwrap_or_default();
            format!("GPU KV cache size: {} tokens", grouped(tokens))
        }
    };
    let second = format!(
        "Maximum concurrency for {} tokens per request: {}.{:02}x",
        if plan.engine.token_line == TokenLine::Blocks {
            plan.max_model_len.to_string()
        } else {
            grouped(plan.max_model_len)
        },
        concurrency / 100,
        concurrency % 100
    );
    Startup { lines: vec![first, second], error: None, concurrency: Some(concurrency) }
}

/// `blocks x times / each`, rounded down but for hundredths, which are printed rounded.
fn per_request(blocks: u64, times: u64, each: u64) -> Option<u64> {
    let half = if times == 100 { u128::from(each) / 2 } else { 0 };
    let sum = u128::from(blocks) * u128::from(times) + half;
    u64::try_from(sum.checked_div(u128::from(each))?).ok()
}

fn sglang(plan: &Plan, cache: Bytes) -> Vec<String> {
    let tokens = cache.holds(plan.kv_cache.bytes_per_token).unwrap_or_default();
    if tokens == 0 { Vec::new() } else { vec![format!("KV Cache is allocated. #tokens: {tokens}")] }
}
