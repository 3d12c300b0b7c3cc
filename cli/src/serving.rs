//! How a model is to be served, as flags: the names are those of vLLM where it has one.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use migfit::engine::{DEFAULT_CONTEXT, Drafting, Serving};
use migfit::kubernetes::whole_number;
use migfit::model::Model;
use migfit::ratio::Ratio;

/// How a model is to be served.
#[derive(Debug, Args)]
#[command(next_help_heading = "How it is served")]
pub(crate) struct ServingFlags {
    /// The engine and its version.
    ///
    /// It decides the share of the device, the default batch, how the cache is cut into blocks and what a profile run
    /// takes: vllm-0.33, vllm-0.21, vllm-0.14, vllm-0.9, vllm-0.6, sglang-0.5, tensorrt-llm-1.0, tgi-3. A setting that the
    /// version does not have is an error.
    #[arg(long, default_value = "vllm-0.33")]
    engine: String,
    /// Longest sequence in tokens [default: 4096, or the model's own length where that is shorter]
    ///
    /// As the engine writes numbers: 32768, 32k (32,000) or 32K (32,768).
    #[arg(long, value_name = "TOKENS", value_parser = tokens)]
    max_model_len: Option<u64>,
    /// Sequences of that length held at the same time.
    #[arg(long, value_name = "N", default_value_t = 1)]
    sequences: u64,
    /// Format of weights that are not packed: auto, bfloat16, float16, float32.
    ///
    /// `auto` is that of the checkpoint; what is wider than 16 bits is served at 16.
    #[arg(long, default_value = "auto")]
    dtype: String,
    /// What if its weights were packed: auto (as the checkpoint has them), none, fp8, int8, awq, nvfp4, gguf-q4_k ...
    ///
    /// A name that is not known is answered with the list of those that are.
    #[arg(long, default_value = "auto")]
    quantization: String,
    /// Format of the KV cache: auto, bfloat16, float16, fp8, int8, nvfp4, `fp8_per_token_head`, `fp8_ds_mla` ...
    ///
    /// `auto` is what the checkpoint asks for, else the format of the weights that are not packed. Formats with a scale for
    /// each head of each token, and those of compressed vectors in parts, are counted with their scales.
    #[arg(long, default_value = "auto")]
    kv_cache_dtype: String,
    /// Share of the device that the engine takes [default: that of the engine]
    ///
    /// Of vLLM a share of the whole device; of `SGLang` one of what is free, for weights and cache; of TensorRT-LLM and TGI
    /// one of what all else leaves. The CUDA context has to find room in the rest.
    #[arg(long, value_name = "SHARE")]
    gpu_memory_utilization: Option<Ratio>,
    /// Most sequences in one batch [default: the engine's, by device memory]
    ///
    /// Sampling takes memory for each of them, whether or not they come: on a small slice this is the setting that frees
    /// most.
    #[arg(long, value_name = "N")]
    max_num_seqs: Option<u64>,
    /// Most tokens in one batch [default: the engine's, by device memory]
    ///
    /// A forward pass takes memory for each of them, and a sequence is charged for those under way in layers that see a
    /// window.
    #[arg(long, value_name = "TOKENS", value_parser = tokens)]
    max_num_batched_tokens: Option<u64>,
    /// Switch CUDA graphs off.
    #[arg(long)]
    enforce_eager: bool,
    /// Devices that share each layer; the answer is for one of them.
    ///
    /// Between MIG slices devices cannot exchange results at speed: whole GPUs are meant.
    #[arg(long, value_name = "N", default_value_t = 1, aliases = ["tp", "tensor-parallel-size"])]
    tensor_parallel: u64,
    /// Groups of such devices that each hold a part of the layers; the answer is for the fullest.
    #[arg(long, value_name = "N", default_value_t = 1, aliases = ["pp", "pipeline-parallel-size"])]
    pipeline_parallel: u64,
    /// Copies of the attention layers that serve different sequences; experts are divided over all of them.
    #[arg(long, value_name = "N", default_value_t = 1, aliases = ["dp", "data-parallel-size"])]
    data_parallel: u64,
    /// Devices hold whole experts instead of a part of each.
    #[arg(long)]
    enable_expert_parallel: bool,
    /// `LoRA` adapters in one batch; room for them is taken at start [default: none, 1 with --max-lora-rank]
    #[arg(long, value_name = "N")]
    max_loras: Option<u64>,
    /// Largest rank of an adapter [default: 16 with --max-loras]
    #[arg(long, value_name = "RANK")]
    max_lora_rank: Option<u64>,
    /// How drafts of the next tokens are made: mtp, eagle, eagle3, `draft_model`, ngram.
    ///
    /// The draft's weights are loaded beside the model's, and its layers draw from the same cache. `mtp` takes the model's
    /// own prediction layers; `eagle` and `eagle3` are counted as one dense layer as wide as the model's; `draft_model`
    /// needs --draft; `ngram` takes nothing of the device.
    #[arg(long, value_name = "METHOD", value_parser = drafting(), requires = "speculative_tokens")]
    speculative_method: Option<Drafting>,
    /// Tokens in a draft.
    #[arg(long, value_name = "N", requires = "speculative_method")]
    speculative_tokens: Option<u64>,
    /// Weights kept in the host's memory, in GiB for each device.
    #[arg(long, value_name = "GIB")]
    cpu_offload_gb: Option<u64>,
    /// Host memory for keys and values that left the device, in GiB over all devices.
    ///
    /// It takes nothing of the device and frees nothing of it; the answer says what each device asks of its host.
    #[arg(long, value_name = "GIB")]
    kv_offloading_size: Option<u64>,
    /// The model turns texts into vectors or scores: nothing is sampled.
    #[arg(long)]
    pooling: bool,
    /// Images in one prompt; with 0 here and for videos the image encoder is not loaded.
    #[arg(long, value_name = "N")]
    images_per_prompt: Option<u64>,
    /// Videos in one prompt.
    #[arg(long, value_name = "N")]
    videos_per_prompt: Option<u64>,
}

fn tokens(text: &str) -> Result<u64, String> {
    whole_number(text)
        .ok_or_else(|| "expected a whole number such as 32768, 32k (32,000) or 32K (32,768)".to_owned())
}

fn drafting() -> impl TypedValueParser<Value = Drafting> {
    let known = |word: String| Drafting::ALL.into_iter().find(|drafting| drafting.word() == word);
    let unknown = || "no such method".to_owned();
    PossibleValuesParser::new(Drafting::ALL.map(Drafting::word))
        .try_map(move |word| known(word).ok_or_else(unknown))
}

impl ServingFlags {
    /// The settings, for `model`.
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
            enforce_eager: self.enforce_eager,
            tensor_parallel: self.tensor_parallel,
            pipeline_parallel: self.pipeline_parallel,
            data_parallel: self.data_parallel,
            expert_parallel: self.enable_expert_parallel,
            max_loras: self.max_loras,
            max_lora_rank: self.max_lora_rank,
            speculative_method: self.speculative_method,
            speculative_tokens: self.speculative_tokens,
            cpu_offload_gb: self.cpu_offload_gb,
            kv_offloading_gb: self.kv_offloading_size,
            pooling: self.pooling,
            images_per_prompt: self.images_per_prompt,
            videos_per_prompt: self.videos_per_prompt,
        }
    }
}
