//! The flags and variables of each server that bear on how much memory it needs.

use super::flags::Flag;
use super::server::Server;

/// Flags as they are written, without leading dashes and with `-` for `_`.
type Table = &'static [(&'static str, Flag)];

/// The flags of `server`.
pub(super) const fn flags(server: Server) -> Table {
    match server {
        Server::Vllm => VLLM,
        Server::Sglang => SGLANG,
        Server::Tgi => TGI,
        Server::TensorRtLlm => TRTLLM,
        Server::LlamaCpp => LLAMA_CPP,
        Server::Nim => NIM,
        Server::Triton | Server::Ollama => &[],
    }
}

/// The environment variables of `server`.
pub(super) const fn variables(server: Server) -> Table {
    match server {
        Server::Tgi => TGI_VARIABLES,
        Server::Ollama => OLLAMA_VARIABLES,
        Server::LlamaCpp => LLAMA_CPP_VARIABLES,
        Server::Nim => NIM_VARIABLES,
        Server::Vllm | Server::Sglang | Server::TensorRtLlm | Server::Triton => &[],
    }
}

/// Source: vLLM 0.33.0 `vllm/engine/arg_utils.py`; `model-id` is what KServe's huggingfaceserver calls the model;
/// `speculative-model` and `num-speculative-tokens` are of 0.6 to 0.8. `swap-space` is memory of the host alone.
#[rustfmt::skip]
const VLLM: Table = &[
    ("model",                           Flag::Model),
    ("model-id",                        Flag::Model),
    ("max-model-len",                   Flag::MaxModelLen),
    ("max-num-seqs",                    Flag::MaxNumSeqs),
    ("max-num-batched-tokens",          Flag::MaxNumBatchedTokens),
    ("gpu-memory-utilization",          Flag::Utilization),
    ("kv-cache-dtype",                  Flag::KvCacheDtype),
    ("dtype",                           Flag::Dtype),
    ("tensor-parallel-size",            Flag::TensorParallel),
    ("tp",                              Flag::TensorParallel),
    ("pipeline-parallel-size",          Flag::PipelineParallel),
    ("pp",                              Flag::PipelineParallel),
    ("data-parallel-size",              Flag::DataParallel),
    ("dp",                              Flag::DataParallel),
    ("distributed-executor-backend",    Flag::Executor),
    ("nnodes",                          Flag::Nodes),
    ("enforce-eager",                   Flag::Eager),
    ("no-enforce-eager",                Flag::NotEager),
    ("enable-lora",                     Flag::Adapters),
    ("max-loras",                       Flag::MostAdapters),
    ("max-lora-rank",                   Flag::AdapterRank),
    ("quantization",                    Flag::Quantization),
    ("q",                               Flag::Quantization),
    ("load-format",                     Flag::LoadFormat),
    ("cpu-offload-gb",                  Flag::CpuOffload),
    ("kv-offloading-size",              Flag::KvOffloading),
    ("hf-overrides",                    Flag::Unmodelled),
    ("hf-config-path",                  Flag::Unmodelled),
    ("config",                          Flag::Unmodelled),
    ("kv-cache-memory-bytes",           Flag::Unmodelled),
    ("decode-context-parallel-size",    Flag::Unmodelled),
    ("dcp",                             Flag::Unmodelled),
    ("compilation-config",              Flag::Unmodelled),
    ("limit-mm-per-prompt",             Flag::PromptLimits),
    ("runner",                          Flag::Runner),
    ("task",                            Flag::Runner),
    ("speculative-config",              Flag::Speculation),
    ("sc",                              Flag::Speculation),
    ("spec-method",                     Flag::DraftMethod),
    ("spec-model",                      Flag::DraftModel),
    ("spec-tokens",                     Flag::DraftTokens),
    ("speculative-model",               Flag::DraftModel),
    ("num-speculative-tokens",          Flag::DraftTokens),
    ("enable-expert-parallel",          Flag::WholeExperts),
    ("ep",                              Flag::WholeExperts),
    ("language-model-only",             Flag::TextOnly),
];

/// Source: SGLang 0.5 `python/sglang/srt/server_args.py`.
#[rustfmt::skip]
const SGLANG: Table = &[
    ("model-path",                      Flag::Model),
    ("model",                           Flag::Model),
    ("context-length",                  Flag::MaxModelLen),
    ("max-running-requests",            Flag::MaxNumSeqs),
    ("chunked-prefill-size",            Flag::MaxNumBatchedTokens),
    ("mem-fraction-static",             Flag::Utilization),
    ("kv-cache-dtype",                  Flag::KvCacheDtype),
    ("dtype",                           Flag::Dtype),
    ("tensor-parallel-size",            Flag::TensorParallel),
    ("tp-size",                         Flag::TensorParallel),
    ("tp",                              Flag::TensorParallel),
    ("pipeline-parallel-size",          Flag::PipelineParallel),
    ("pp-size",                         Flag::PipelineParallel),
    ("pp",                              Flag::PipelineParallel),
    ("data-parallel-size",              Flag::DataParallel),
    ("dp-size",                         Flag::DataParallel),
    ("dp",                              Flag::DataParallel),
    ("nnodes",                          Flag::Nodes),
    ("disable-cuda-graph",              Flag::Eager),
    ("quantization",                    Flag::Quantization),
    ("max-total-tokens",                Flag::Unmodelled),
    ("ep-size",                         Flag::Unmodelled),
    ("expert-parallel-size",            Flag::Unmodelled),
    ("ep",                              Flag::Unmodelled),
    ("cuda-graph-max-bs",               Flag::Unmodelled),
    ("load-format",                     Flag::LoadFormat),
    ("cpu-offload-gb",                  Flag::CpuOffload),
    ("json-model-override-args",        Flag::Unmodelled),
    ("torchao-config",                  Flag::Unmodelled),
    ("speculative-algorithm",           Flag::Unmodelled),
    ("speculative-draft-model-path",    Flag::Unmodelled),
    ("lora-paths",                      Flag::Unmodelled),
    ("config",                          Flag::Unmodelled),
    ("enable-dp-attention",             Flag::UnmodelledSwitch),
    ("is-embedding",                    Flag::UnmodelledSwitch),
    ("enable-multimodal",               Flag::UnmodelledSwitch),
];

/// Source: text-generation-inference 3 `launcher/src/main.rs`.
#[rustfmt::skip]
const TGI: Table = &[
    ("model-id",                        Flag::Model),
    ("max-total-tokens",                Flag::MaxModelLen),
    ("max-batch-size",                  Flag::MaxNumSeqs),
    ("max-batch-prefill-tokens",        Flag::MaxNumBatchedTokens),
    ("cuda-memory-fraction",            Flag::Utilization),
    ("kv-cache-dtype",                  Flag::KvCacheDtype),
    ("dtype",                           Flag::Dtype),
    ("num-shard",                       Flag::TensorParallel),
    ("quantize",                        Flag::Quantization),
    ("max-batch-total-tokens",          Flag::Unmodelled),
    ("cuda-graphs",                     Flag::Unmodelled),
    ("speculate",                       Flag::Unmodelled),
    ("lora-adapters",                   Flag::Unmodelled),
    ("rope-scaling",                    Flag::Unmodelled),
];

/// The launcher reads each flag from a variable of its name as well.
#[rustfmt::skip]
const TGI_VARIABLES: Table = &[
    ("MODEL_ID",                        Flag::Model),
    ("MAX_TOTAL_TOKENS",                Flag::MaxModelLen),
    ("MAX_BATCH_SIZE",                  Flag::MaxNumSeqs),
    ("MAX_BATCH_PREFILL_TOKENS",        Flag::MaxNumBatchedTokens),
    ("CUDA_MEMORY_FRACTION",            Flag::Utilization),
    ("KV_CACHE_DTYPE",                  Flag::KvCacheDtype),
    ("DTYPE",                           Flag::Dtype),
    ("NUM_SHARD",                       Flag::TensorParallel),
    ("QUANTIZE",                        Flag::Quantization),
    ("MAX_BATCH_TOTAL_TOKENS",          Flag::Unmodelled),
    ("CUDA_GRAPHS",                     Flag::Unmodelled),
    ("SPECULATE",                       Flag::Unmodelled),
    ("LORA_ADAPTERS",                   Flag::Unmodelled),
    ("ROPE_SCALING",                    Flag::Unmodelled),
];

/// Source: TensorRT-LLM 1.0 `tensorrt_llm/commands/serve.py`.
#[rustfmt::skip]
const TRTLLM: Table = &[
    ("model",                           Flag::Model),
    ("model-path",                      Flag::Model),
    ("max-seq-len",                     Flag::MaxModelLen),
    ("max-batch-size",                  Flag::MaxNumSeqs),
    ("max-num-tokens",                  Flag::MaxNumBatchedTokens),
    ("kv-cache-free-gpu-memory-fraction", Flag::Utilization),
    ("free-gpu-memory-fraction",        Flag::Utilization),
    ("kv-cache-dtype",                  Flag::KvCacheDtype),
    ("tp-size",                         Flag::TensorParallel),
    ("tensor-parallel-size",            Flag::TensorParallel),
    ("pp-size",                         Flag::PipelineParallel),
    ("ep-size",                         Flag::Unmodelled),
    ("max-beam-width",                  Flag::Unmodelled),
    ("extra-llm-api-options",           Flag::Unmodelled),
    ("extra-engine-args",               Flag::Unmodelled),
    ("config",                          Flag::Unmodelled),
];

/// Source: llama.cpp `common/arg.cpp`.
#[rustfmt::skip]
const LLAMA_CPP: Table = &[
    ("model",                           Flag::Model),
    ("m",                               Flag::Model),
    ("hf-repo",                         Flag::Model),
    ("hf",                              Flag::Model),
    ("ctx-size",                        Flag::MaxModelLen),
    ("c",                               Flag::MaxModelLen),
    ("parallel",                        Flag::MaxNumSeqs),
    ("np",                              Flag::MaxNumSeqs),
    ("n-gpu-layers",                    Flag::Unmodelled),
    ("ngl",                             Flag::Unmodelled),
    ("tensor-split",                    Flag::Unmodelled),
    ("ts",                              Flag::Unmodelled),
    ("cache-type-k",                    Flag::Unmodelled),
    ("ctk",                             Flag::Unmodelled),
    ("cache-type-v",                    Flag::Unmodelled),
    ("ctv",                             Flag::Unmodelled),
];

/// Source: as [`LLAMA_CPP`].
#[rustfmt::skip]
const LLAMA_CPP_VARIABLES: Table = &[
    ("LLAMA_ARG_MODEL",                 Flag::Model),
    ("LLAMA_ARG_HF_REPO",               Flag::Model),
    ("LLAMA_ARG_CTX_SIZE",              Flag::MaxModelLen),
    ("LLAMA_ARG_N_PARALLEL",            Flag::MaxNumSeqs),
    ("LLAMA_ARG_N_GPU_LAYERS",          Flag::Unmodelled),
    ("LLAMA_ARG_TENSOR_SPLIT",          Flag::Unmodelled),
];

/// Source: Ollama `envconfig/config.go`.
#[rustfmt::skip]
const OLLAMA_VARIABLES: Table = &[
    ("OLLAMA_CONTEXT_LENGTH",           Flag::MaxModelLen),
    ("OLLAMA_NUM_PARALLEL",             Flag::MaxNumSeqs),
    ("OLLAMA_KV_CACHE_TYPE",            Flag::Unmodelled),
    ("OLLAMA_MAX_LOADED_MODELS",        Flag::Unmodelled),
];

/// A NIM takes no flags of its own; these are what its operator states.
#[rustfmt::skip]
const NIM: Table = &[
    ("tensor-parallel-size",            Flag::TensorParallel),
    ("pipeline-parallel-size",          Flag::PipelineParallel),
];

/// Source: NVIDIA NIM for LLMs documentation, Configure Your NIM.
#[rustfmt::skip]
const NIM_VARIABLES: Table = &[
    ("NIM_MODEL_NAME",                  Flag::Model),
    ("NIM_MAX_MODEL_LEN",               Flag::MaxModelLen),
    ("NIM_TENSOR_PARALLEL_SIZE",        Flag::TensorParallel),
    ("NIM_PIPELINE_PARALLEL_SIZE",      Flag::PipelineParallel),
    ("NIM_MODEL_PROFILE",               Flag::Unmodelled),
    ("NIM_TAGS_SELECTOR",               Flag::Unmodelled),
    ("NIM_KVCACHE_PERCENT",             Flag::Unmodelled),
    ("NIM_LOW_MEMORY_MODE",             Flag::Unmodelled),
];

/// Variables that images of several makers take the model from. They count where nothing else names one.
pub(super) const MODEL_VARIABLES: [&str; 8] =
    ["MODEL_ID", "HF_MODEL_ID", "MODEL_NAME", "MODEL_PATH", "MODEL", "HF_MODEL", "VLLM_MODEL", "MODEL_REPO"];
