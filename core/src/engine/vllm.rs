//! Profiles of vLLM, newest first.

use super::facts::{Budget, Constant, DefaultShare, Engine, Feature, Maker, Profiled, Tier, TokenLine};
use crate::ratio::Ratio;
use crate::source::{Confidence, Source};
use crate::units::Bytes;

/// Source: vLLM 0.33.0, `engine/arg_utils.py`, defaults of the server by device memory.
const TIERS: &[Tier] = &[
    Tier { from: Bytes::from_gib(160), not_a100: false, max_num_batched_tokens: 16_384, max_num_seqs: 1024 },
    Tier { from: Bytes::from_gib(70), not_a100: true, max_num_batched_tokens: 8192, max_num_seqs: 1024 },
    Tier { from: Bytes::ZERO, not_a100: false, max_num_batched_tokens: 2048, max_num_seqs: 256 },
];

/// Before V1 the defaults did not look at the device.
const TIERS_BEFORE_V1: &[Tier] =
    &[Tier { from: Bytes::ZERO, not_a100: false, max_num_batched_tokens: 2048, max_num_seqs: 256 }];

/// Source: vLLM 0.33.0 `model_executor/models`, classes with `embedding_modules`.
#[rustfmt::skip]
const LORA_EMBEDDINGS: &[&str] = &[
    "apertus", "cohere", "cohere2", "exaone", "exaone4", "exaone_moe", "falcon_h1", "granite", "granitemoe",
    "granitemoehybrid", "granitemoeshared", "jamba", "lfm2", "lfm2_moe", "llama", "minicpm", "mistral", "mixtral",
    "nemotron", "nemotron-nas", "nemotron_h", "phimoe", "qwen3", "qwen3_5", "qwen3_moe", "solar",
];

/// Source: vLLM 0.8.5 and 0.11.0, the same place.
#[rustfmt::skip]
const LORA_EMBEDDINGS_BEFORE: &[&str] = &[
    "apertus", "bamba", "cohere", "cohere2", "exaone", "exaone4", "falcon_h1", "gpt_bigcode", "granite", "granitemoe",
    "granitemoehybrid", "granitemoeshared", "jamba", "lfm2", "llama", "minicpm", "mistral", "mixtral", "nemotron",
    "nemotron-nas", "nemotron_h", "phimoe", "solar",
];

const TORCH_SORT: Constant = Constant {
    value: 385,
    band: 10,
    source: Source {
        title: "fitted to published profile runs that sort the whole vocabulary: within 3 % of 10 out of 11 on H100 and H200",
        version: "vLLM 0.6 to 0.12",
        confidence: Confidence::Derived,
    },
};

/// vLLM 0.33.
pub(super) const VLLM_0_33: Engine = Engine {
    id: "vllm-0.33",
    name: "vLLM 0.33",
    maker: Maker::Vllm,
    since: [0, 33, 0],
    budget: Budget::Device,
    utilization: Ratio::percent(92),
    default_share: DefaultShare::Fixed,
    // Scheduling is asynchronous by default: one batch runs while the next is prepared.
    batches_in_flight: 2,
    tiers: TIERS,
    rules: Source {
        title: "vLLM vllm/engine/arg_utils.py, v1/worker/gpu_worker.py",
        version: "0.33.0",
        confidence: Confidence::Published,
    },
    block_tokens: 16,
    // One to go on from, one to be found again by another sequence: prefixes are kept by default.
    state_blocks: 2,
    windows: true,
    // Off unless VLLM_ALLOW_CHUNKED_LOCAL_ATTN_WITH_HYBRID_KV_CACHE is set.
    chunks: false,
    profiled: Profiled::Batch,
    token_line: TokenLine::ByConcurrency,
    sparse_at_8_bits: false,
    reserves: false,
    // `model_loader/bitsandbytes_loader.py`, `_dequantize_dq`; read in 0.9.2 and 0.11.0, absent in 0.8.5.
    restores_scales: true,
    lora_embeddings: LORA_EMBEDDINGS,
    lora_extra_vocabulary: 0,
    // Nine published logs.
    adapters_band: 10,
    lacks: &[],
    sampler_tenths: Constant {
        value: 180,
        band: 45,
        source: Source {
            title: "read in the sampler's code, upper end of 10 to 18 bytes",
            version: "vLLM 0.33.0",
            confidence: Confidence::Estimate,
        },
    },
    non_torch: Constant {
        value: 150_323_856,
        band: 100,
        source: Source {
            title: "llm-d empirical vLLM memory results: 0.13 to 0.14 GiB on an H100 without tensor parallelism",
            version: "vLLM V1",
            confidence: Confidence::Published,
        },
    },
    non_torch_parallel: Constant {
        value: 590_558_003,
        band: 180,
        source: Source {
            title: "llm-d empirical vLLM memory results: 0.54 to 0.55 GiB on two H100; 1.38 GiB was published for two H200",
            version: "vLLM V1",
            confidence: Confidence::Published,
        },
    },
    graph: Constant {
        value: 283_116,
        band: 60,
        source: Source {
            title: "0.27 MiB for each layer and batch size: 21 published logs of models without bitsandbytes give 0.17 to 0.37 MiB, three of hybrid or divided models up to 0.71",
            version: "vLLM 0.6 to 0.27",
            confidence: Confidence::Derived,
        },
    },
    context: Constant {
        value: 644_245_094,
        band: 50,
        source: Source {
            title: "published start-up logs of whole GPUs: 0.53 to 0.60 GiB taken before the engine looks",
            version: "vLLM V1",
            confidence: Confidence::Estimate,
        },
    },
};

/// vLLM 0.21: the first that charges an estimate of its graphs to the budget.
pub(super) const VLLM_0_21: Engine = Engine {
    id: "vllm-0.21",
    name: "vLLM 0.21",
    since: [0, 21, 0],
    rules: Source {
        title: "vLLM v1/worker/gpu_worker.py: the graph estimate is on by default from here on; share and batch as in 0.33",
        version: "0.21.0",
        confidence: Confidence::Published,
    },
    ..VLLM_0_33
};

/// vLLM 0.14 to 0.20: asynchronous scheduling by default, graphs beside the budget.
pub(super) const VLLM_0_14: Engine = Engine {
    id: "vllm-0.14",
    name: "vLLM 0.14",
    since: [0, 14, 0],
    budget: Budget::DeviceGraphsOutside,
    token_line: TokenLine::PerGroup,
    utilization: Ratio::percent(90),
    sampler_tenths: TORCH_SORT,
    rules: Source {
        title: "published start-up logs: graphs are captured after the cache is laid out",
        version: "0.14 to 0.20",
        confidence: Confidence::Published,
    },
    ..VLLM_0_21
};

/// vLLM 0.9 to 0.13.
pub(super) const VLLM_0_9: Engine = Engine {
    id: "vllm-0.9",
    name: "vLLM 0.9",
    lora_embeddings: LORA_EMBEDDINGS_BEFORE,
    // 0.11.0 `models/config.py`: `auto` is `fp8_ds_mla` for DeepSeek V3.2; 0.33.0 keeps 16 bits.
    sparse_at_8_bits: true,
    // `lora_extra_vocab_size`.
    lora_extra_vocabulary: 256,
    since: [0, 9, 0],
    batches_in_flight: 1,
    state_blocks: 1,
    // `--kv-offloading-size`, absent in 0.11.0.
    lacks: &[Feature::KvOffloading],
    rules: Source {
        title: "published start-up logs: graphs are captured after the cache is laid out",
        version: "0.9 to 0.13",
        confidence: Confidence::Published,
    },
    ..VLLM_0_14
};

/// vLLM 0.6 to 0.8 with the engine before V1: windows are ignored, a whole sequence is profiled.
pub(super) const VLLM_0_6: Engine = Engine {
    id: "vllm-0.6",
    restores_scales: false,
    // 0.7.1 takes the room between two of its measurements, so that it counts nothing; 0.8 counts it.
    adapters_band: 100,
    name: "vLLM 0.6",
    since: [0, 6, 0],
    tiers: TIERS_BEFORE_V1,
    windows: false,
    token_line: TokenLine::Blocks,
    profiled: Profiled::Sequence { least: 2048, longest: 32_768, chunk: 2048 },
    lacks: &[Feature::DataParallel, Feature::ExpertParallel, Feature::KvOffloading],
    rules: Source {
        title: "published start-up logs: a sequence of max_model_len tokens is profiled with 256 sequences",
        version: "0.6 to 0.8 before V1",
        confidence: Confidence::Published,
    },
    non_torch: Constant {
        value: 107_374_182,
        band: 250,
        source: Source {
            title: "14 published logs of one device: 0.01 to 0.35 GiB, most at most 0.10",
            version: "vLLM 0.6 to 0.8",
            confidence: Confidence::Published,
        },
    },
    ..VLLM_0_9
};
