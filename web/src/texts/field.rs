//! Texts of the settings.

use migfit::model::Context;
use migfit::units::grouped;

use crate::state::Field;

/// What a number takes that has no limit of its own.
pub const FROM_ONE: &str = "From 1.";

/// What a number takes.
#[must_use]
pub fn from_to(least: u64, most: u64) -> String {
    format!("From {} to {}.", grouped(least), grouped(most))
}

/// How long a sequence may be.
#[must_use]
pub fn at_most(context: &Context) -> String {
    format!("At most {} ({}).", grouped(context.tokens), context.field)
}

/// What a setting is called.
#[must_use]
pub const fn label(field: Field) -> &'static str {
    match field {
        Field::Engine => "Engine",
        Field::Context => "Context length",
        Field::Sequences => "Sequences at once",
        Field::Quantization => "Weights",
        Field::Dtype => "Unpacked weights",
        Field::KvDtype => "KV cache",
        Field::Utilization => "GPU memory utilization",
        Field::MaxNumSeqs => "Batch limit",
        Field::MaxBatchedTokens => "Batched tokens",
        Field::EnforceEager => "No CUDA graphs",
        Field::TensorParallel => "Tensor parallel",
        Field::PipelineParallel => "Pipeline parallel",
        Field::DataParallel => "Data parallel",
        Field::ExpertParallel => "Whole experts on each device",
        Field::Loras => "LoRA adapters at once",
        Field::LoraRank => "Largest LoRA rank",
        Field::Drafting => "Drafts of tokens",
        Field::DraftTokens => "Tokens in a draft",
        Field::CpuOffload => "Weights in host memory",
        Field::KvOffload => "KV cache in host memory",
        Field::Pooling => "Vectors or scores instead of text",
        Field::Images => "Images in a prompt",
        Field::Videos => "Videos in a prompt",
    }
}

/// What a setting means, in one line.
#[must_use]
pub const fn help(field: Field) -> &'static str {
    match field {
        Field::Engine => "Its version decides defaults and what it reserves.",
        Field::Context => "Longest prompt and answer together.",
        Field::Sequences => "Held in the cache at that length, all at the same time.",
        Field::Quantization => "How the weights are packed: 8 bits, 4 bits, as they are.",
        Field::Dtype => "--dtype: number format of what is not packed.",
        Field::KvDtype => "Number format of the cache.",
        Field::Utilization => "Share of the device that the engine may take, above 0 to 1.",
        Field::MaxNumSeqs => "--max-num-seqs: most sequences in one batch.",
        Field::MaxBatchedTokens => "--max-num-batched-tokens: most tokens in one batch.",
        Field::EnforceEager => "--enforce-eager: slower, and takes no memory for graphs.",
        Field::TensorParallel => "--tensor-parallel-size: devices that share each layer.",
        Field::PipelineParallel => "--pipeline-parallel-size: groups of devices that share the layers out.",
        Field::DataParallel => "--data-parallel-size: copies that serve different sequences.",
        Field::ExpertParallel => "--enable-expert-parallel: experts are dealt out instead of cut.",
        Field::Loras => "--max-loras: room is taken at start, whatever adapters come. Empty: none.",
        Field::LoraRank => "--max-lora-rank: room is taken for this rank.",
        Field::Drafting => "--speculative-config: what guesses the next tokens, weights and cache included.",
        Field::DraftTokens => "num_speculative_tokens: guessed before each step.",
        Field::CpuOffload => "--cpu-offload-gb: for each device, read over the bus at every step.",
        Field::KvOffload => "--kv-offloading-size: over all devices, for keys and values that left them.",
        Field::Pooling => "--runner pooling: embedding models do so by themselves.",
        Field::Images => "--limit-mm-per-prompt: with neither images nor videos the encoder is not loaded.",
        Field::Videos => "--limit-mm-per-prompt: with neither images nor videos the encoder is not loaded.",
    }
}
