//! Profiles of engines other than vLLM. What no source gives for them is taken over from vLLM with twice its band, and
//! marked as an estimate.

use super::facts::{Budget, Constant, DefaultShare, Engine, Feature, Maker, Profiled, Tier, TokenLine};
use super::vllm::VLLM_0_33;
use crate::ratio::Ratio;
use crate::source::{Confidence, Source};
use crate::units::Bytes;

const TAKEN_OVER: Source = Source {
    title: "no figure was found: taken over from vLLM",
    version: "vLLM V1",
    confidence: Confidence::Estimate,
};

const fn taken_over(constant: Constant) -> Constant {
    Constant { value: constant.value, band: constant.band * 2, source: TAKEN_OVER }
}

/// Tokens of a chunk of a prompt, and sequences in the largest captured batch, on fewer than four devices.
const SGLANG_TIERS: &[Tier] = &[
    Tier { from: Bytes::from_gib(160), not_a100: false, max_num_batched_tokens: 16_384, max_num_seqs: 512 },
    Tier { from: Bytes::from_gib(60), not_a100: false, max_num_batched_tokens: 8192, max_num_seqs: 256 },
    Tier { from: Bytes::from_gib(35), not_a100: false, max_num_batched_tokens: 4096, max_num_seqs: 32 },
    Tier { from: Bytes::from_gib(20), not_a100: false, max_num_batched_tokens: 2048, max_num_seqs: 24 },
    Tier { from: Bytes::ZERO, not_a100: false, max_num_batched_tokens: 2048, max_num_seqs: 8 },
];

/// SGLang 0.5: a static share for weights and cache, the rest for activations and graphs.
pub(super) const SGLANG_0_5: Engine = Engine {
    id: "sglang-0.5",
    name: "SGLang 0.5",
    maker: Maker::Sglang,
    since: [0, 5, 0],
    budget: Budget::WeightsAndCache,
    // Where the device is not known to it.
    utilization: Ratio::percent(88),
    default_share: DefaultShare::Reserve,
    batches_in_flight: 1,
    tiers: SGLANG_TIERS,
    rules: Source {
        title: "SGLang srt/server_args.py, _handle_gpu_memory_settings: chunk and captured batch by device memory, and a reserve of 512 MiB, 1.5 a token, 2 a captured sequence and 128 a rank; at least 10 GiB above 60 GiB",
        version: "0.5.5",
        confidence: Confidence::Published,
    },
    block_tokens: 1,
    state_blocks: 1,
    windows: true,
    chunks: false,
    profiled: Profiled::Batch,
    token_line: TokenLine::PerGroup,
    sparse_at_8_bits: false,
    reserves: true,
    restores_scales: true,
    lora_embeddings: &[],
    lora_extra_vocabulary: 0,
    adapters_band: 2 * VLLM_0_33.adapters_band,
    lacks: &[],
    sampler_tenths: taken_over(VLLM_0_33.sampler_tenths),
    non_torch: Constant {
        value: 130_150_524,
        band: 60,
        source: Source {
            title: "one published log: 15.11 GiB less on the device once 14.99 GiB of weights are loaded",
            version: "SGLang 0.4.4",
            confidence: Confidence::Derived,
        },
    },
    non_torch_parallel: taken_over(VLLM_0_33.non_torch_parallel),
    graph: taken_over(VLLM_0_33.graph),
    context: taken_over(VLLM_0_33.context),
};

/// TensorRT-LLM 1.0: nine tenths of what everything else leaves, in blocks of 32 tokens.
pub(super) const TENSORRT_LLM_1_0: Engine = Engine {
    id: "tensorrt-llm-1.0",
    name: "TensorRT-LLM 1.0",
    maker: Maker::TensorRtLlm,
    since: [1, 0, 0],
    budget: Budget::Rest,
    utilization: Ratio::percent(90),
    default_share: DefaultShare::Fixed,
    tiers: &[Tier { from: Bytes::ZERO, not_a100: false, max_num_batched_tokens: 8192, max_num_seqs: 2048 }],
    rules: Source {
        title: "TensorRT-LLM documentation, Memory Usage and How to Change KV Cache Behavior: free_gpu_memory_fraction 0.9; batch of 2,048 and 8,192 tokens assumed",
        version: "1.0",
        confidence: Confidence::Published,
    },
    block_tokens: 32,
    chunks: true,
    reserves: false,
    non_torch: taken_over(VLLM_0_33.non_torch),
    lacks: &[Feature::CpuOffload],
    ..SGLANG_0_5
};

/// text-generation-inference 3: nine tenths of what is left after a warm-up (`TGI_WIGGLE_ROOM`).
pub(super) const TGI_3: Engine = Engine {
    id: "tgi-3",
    name: "TGI 3",
    maker: Maker::Tgi,
    since: [3, 0, 0],
    budget: Budget::Rest,
    utilization: Ratio::percent(90),
    default_share: DefaultShare::Fixed,
    tiers: &[Tier { from: Bytes::ZERO, not_a100: false, max_num_batched_tokens: 4096, max_num_seqs: 128 }],
    rules: Source {
        title: "text-generation-inference server/text_generation_server/models/globals.py: TGI_WIGGLE_ROOM 0.90; batch assumed",
        version: "3",
        confidence: Confidence::Estimate,
    },
    windows: false,
    reserves: false,
    non_torch: taken_over(VLLM_0_33.non_torch),
    lacks: &[
        Feature::PipelineParallel,
        Feature::DataParallel,
        Feature::ExpertParallel,
        Feature::CpuOffload,
        Feature::KvOffloading,
    ],
    ..SGLANG_0_5
};
