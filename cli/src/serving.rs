//! How a model is served, as flags say it.

use clap::Args;
use migfit::engine::Serving;
use migfit::model::Model;
use migfit::ratio::Ratio;

/// The context that is asked about unless told otherwise, in tokens; the model's own where that is shorter.
const DEFAULT_CONTEXT: u64 = 4096;

/// How the model is served.
#[derive(Debug, Args)]
#[command(next_help_heading = "How it is served")]
pub(crate) struct ServingFlags {
    /// Longest sequence in tokens [default: 4096, or the model's own length where that is shorter]
    #[arg(long, value_name = "TOKENS")]
    max_model_len: Option<u64>,
    /// Sequences of that length held at the same time.
    #[arg(long, value_name = "N", default_value_t = 1)]
    sequences: u64,
    /// Format of weights that are not packed: auto, bfloat16, float16, float32.
    #[arg(long, default_value = "auto")]
    dtype: String,
    /// What if its weights were packed: auto (as the checkpoint has them), none, fp8, int8, awq, nvfp4, gguf-q4_k ...
    #[arg(long, default_value = "auto")]
    quantization: String,
    /// Format of the KV cache: auto, bfloat16, float16, fp8, int8.
    #[arg(long, default_value = "auto")]
    kv_cache_dtype: String,
    /// Share of the device that the engine takes [default: that of the engine]
    #[arg(long, value_name = "SHARE")]
    gpu_memory_utilization: Option<Ratio>,
    /// Most sequences in one batch [default: the engine's, by device memory]
    #[arg(long, value_name = "N")]
    max_num_seqs: Option<u64>,
    /// Most tokens in one batch [default: the engine's, by device memory]
    #[arg(long, value_name = "TOKENS")]
    max_num_batched_tokens: Option<u64>,
    /// Whole GPUs that share the weights.
    #[arg(long, value_name = "N", default_value_t = 1)]
    tensor_parallel: u64,
    /// Groups of such GPUs that each hold a part of the layers.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pipeline_parallel: u64,
    /// Switch CUDA graphs off.
    #[arg(long)]
    enforce_eager: bool,
    /// The engine and its version.
    #[arg(long, default_value = "vllm-0.33")]
    engine: String,
}

impl ServingFlags {
    /// The settings for `model`.
    pub(crate) fn of(&self, model: &Model) -> Serving {
        Serving {
            engine: self.engine.clone(),
            max_model_len: Some(self.max_model_len.unwrap_or(DEFAULT_CONTEXT.min(model.context.tokens))),
            sequences: self.sequences,
            dtype: self.dtype.clone(),
            quantization: self.quantization.clone(),
            kv_cache_dtype: self.kv_cache_dtype.clone(),
            gpu_memory_utilization: self.gpu_memory_utilization,
            max_num_seqs: self.max_num_seqs,
            max_num_batched_tokens: self.max_num_batched_tokens,
            tensor_parallel: self.tensor_parallel,
            pipeline_parallel: self.pipeline_parallel,
            enforce_eager: self.enforce_eager,
            ..Serving::default()
        }
    }
}
