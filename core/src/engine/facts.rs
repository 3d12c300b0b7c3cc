//! Engine profiles: defaults and constants of one version of one engine, each with its source.

use serde::Serialize;

use crate::problem::Problem;
use crate::ratio::Ratio;
use crate::source::{Confidence, Source};
use crate::units::Bytes;

/// A figure with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Constant {
    /// The figure, in the unit that the field says.
    pub value: u64,
    /// Where it comes from.
    pub source: Source,
}

/// Defaults that an engine chooses by the memory of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// Devices with at least this much memory are in the tier.
    pub from: Bytes,
    /// Whether A100 cards are left out of it.
    pub not_a100: bool,
    /// Default of `--max-num-batched-tokens`, in tokens.
    pub max_num_batched_tokens: u64,
    /// Default of `--max-num-seqs`.
    pub max_num_seqs: u64,
}

/// One version of one engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Engine {
    /// What settings and flags call it: `vllm-0.33`.
    pub id: &'static str,
    /// What a reader calls it: `vLLM 0.33`.
    pub name: &'static str,
    /// Share of device memory that it takes unless told otherwise.
    pub utilization: Ratio,
    /// Batches that may be under way at once, whose tokens a request is charged for on admission.
    pub batches_in_flight: u64,
    /// Defaults by device memory, largest first.
    pub tiers: &'static [Tier],
    /// Bytes that sampling takes per sequence and vocabulary entry, in tenths of a byte.
    pub sampler_tenths: Constant,
    /// Bytes outside the framework's allocator, inside the engine's budget.
    pub non_torch: Constant,
    /// Bytes of one captured CUDA graph; 0 where graphs are not charged to the budget.
    pub graph: Constant,
    /// Bytes of the CUDA context and libraries, outside the engine's budget.
    pub context: Constant,
}

const VLLM_SOURCE: Source =
    Source { title: "vLLM vllm/engine/arg_utils.py", version: "0.33.0", confidence: Confidence::Published };

/// Source: vLLM 0.33.0, `engine/arg_utils.py`, defaults of the server by device memory.
const VLLM_TIERS: &[Tier] = &[
    Tier { from: Bytes::from_gib(160), not_a100: false, max_num_batched_tokens: 16_384, max_num_seqs: 1024 },
    Tier { from: Bytes::from_gib(70), not_a100: true, max_num_batched_tokens: 8192, max_num_seqs: 1024 },
    Tier { from: Bytes::ZERO, not_a100: false, max_num_batched_tokens: 2048, max_num_seqs: 256 },
];

/// Every engine profile that is known.
pub const ENGINES: &[Engine] = &[Engine {
    id: "vllm-0.33",
    name: "vLLM 0.33",
    utilization: Ratio::percent(92),
    // Scheduling is asynchronous by default: one batch runs while the next is prepared.
    batches_in_flight: 2,
    tiers: VLLM_TIERS,
    sampler_tenths: Constant {
        value: 180,
        source: Source {
            title: "read in the sampler's code, upper end of 10 to 18 bytes",
            version: "vLLM 0.33.0",
            confidence: Confidence::Estimate,
        },
    },
    non_torch: Constant {
        value: 150_323_856,
        source: Source {
            title: "llm-d empirical vLLM memory results: 0.13 to 0.14 GiB on an H100 without tensor parallelism",
            version: "vLLM V1",
            confidence: Confidence::Published,
        },
    },
    graph: Constant {
        value: 8 << 20,
        source: Source {
            title: "one published log: 0.39 GiB for 51 capture sizes (gemma-3-1b on A100 1g.5gb)",
            version: "vLLM 0.11",
            confidence: Confidence::Estimate,
        },
    },
    context: Constant {
        value: 644_245_094,
        source: Source {
            title: "published start-up logs of whole GPUs: 0.53 to 0.60 GiB taken before the engine looks",
            version: "vLLM V1",
            confidence: Confidence::Estimate,
        },
    },
}];

/// The engine profile that `id` names.
///
/// # Errors
/// `unknown-engine`, with the list of known ones.
pub fn find(id: &str) -> Result<&'static Engine, Problem> {
    ENGINES.iter().find(|engine| engine.id == id).ok_or_else(|| {
        let known: Vec<&str> = ENGINES.iter().map(|engine| engine.id).collect();
        Problem::new("unknown-engine", "engine", format!("{id:?}"), format!("one of {}", known.join(", ")))
    })
}

impl Engine {
    /// The defaults on a device with `memory`.
    #[must_use]
    pub fn tier(&self, memory: Bytes, is_a100: bool) -> Option<&'static Tier> {
        self.tiers.iter().find(|tier| memory >= tier.from && !(tier.not_a100 && is_a100))
    }

    /// Where the tiers come from.
    #[must_use]
    pub const fn tier_source(&self) -> Source {
        VLLM_SOURCE
    }
}
