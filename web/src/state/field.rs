//! The settings of the form: what each is called, takes and means.

use migfit::engine::{Drafting, ENGINES};
use migfit::model::quantization::PRESETS;

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The engine and its version.
    Engine,
    /// Longest sequence.
    Context,
    /// Sequences held at the same time.
    Sequences,
    /// How weights are packed.
    Quantization,
    /// Format of the weights that are not packed.
    Dtype,
    /// Format of the cache.
    KvDtype,
    /// Share of the device that the engine takes.
    Utilization,
    /// Most sequences in one batch.
    MaxNumSeqs,
    /// Most tokens in one batch.
    MaxBatchedTokens,
    /// Whether CUDA graphs are off.
    EnforceEager,
    /// Devices that share each layer.
    TensorParallel,
    /// Groups of devices that share the layers out.
    PipelineParallel,
    /// Copies of the attention layers.
    DataParallel,
    /// Whether devices hold whole experts.
    ExpertParallel,
    /// LoRA adapters in one batch.
    Loras,
    /// Largest rank of an adapter.
    LoraRank,
    /// How drafts of the next tokens are made.
    Drafting,
    /// Tokens in a draft.
    DraftTokens,
    /// Weights kept in the host's memory.
    CpuOffload,
    /// Host memory for keys and values.
    KvOffload,
    /// Whether it makes vectors or scores instead of text.
    Pooling,
    /// Images in one prompt.
    Images,
    /// Videos in one prompt.
    Videos,
}

/// What a setting takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number, in a unit.
    Number(&'static str),
    /// A number above 0 and at most 1.
    Share,
    /// One of these values, each with what a reader sees.
    Choice(Vec<(&'static str, &'static str)>),
    /// Yes or no.
    Switch,
}

const WEIGHTS: [(&str, &str); 4] =
    [("auto", "as the checkpoint"), ("bfloat16", "bfloat16"), ("float16", "float16"), ("float32", "float32")];

const PACKED: [(&str, &str); 2] = [("auto", "as the checkpoint"), ("none", "not packed")];

const CACHE: [(&str, &str); 5] = [
    ("auto", "as the model"),
    ("bfloat16", "bfloat16"),
    ("float16", "float16"),
    ("fp8", "fp8"),
    ("int8", "int8"),
];

/// A draft by a model of its own is left out: the page holds one model.
const DRAFTS: [(&str, &str); 5] = [
    ("none", "none"),
    (Drafting::Mtp.word(), "the model's own layers (MTP)"),
    (Drafting::Eagle.word(), "EAGLE"),
    (Drafting::Eagle3.word(), "EAGLE 3"),
    (Drafting::Ngram.word(), "n-grams of the prompt"),
];

impl Field {
    /// Every setting, in the order of the form.
    pub const ALL: [Field; 23] = [
        Field::Engine,
        Field::Context,
        Field::Sequences,
        Field::Quantization,
        Field::Dtype,
        Field::KvDtype,
        Field::Utilization,
        Field::MaxNumSeqs,
        Field::MaxBatchedTokens,
        Field::EnforceEager,
        Field::TensorParallel,
        Field::PipelineParallel,
        Field::DataParallel,
        Field::ExpertParallel,
        Field::Loras,
        Field::LoraRank,
        Field::Drafting,
        Field::DraftTokens,
        Field::CpuOffload,
        Field::KvOffload,
        Field::Pooling,
        Field::Images,
        Field::Videos,
    ];

    /// The word in a link. Never changed: old links keep working.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Field::Engine => "engine",
            Field::Context => "context",
            Field::Sequences => "sequences",
            Field::Quantization => "quantization",
            Field::Dtype => "dtype",
            Field::KvDtype => "kv",
            Field::Utilization => "utilization",
            Field::MaxNumSeqs => "max-num-seqs",
            Field::MaxBatchedTokens => "max-batched-tokens",
            Field::EnforceEager => "eager",
            Field::TensorParallel => "tp",
            Field::PipelineParallel => "pp",
            Field::DataParallel => "dp",
            Field::ExpertParallel => "ep",
            Field::Loras => "loras",
            Field::LoraRank => "lora-rank",
            Field::Drafting => "draft",
            Field::DraftTokens => "draft-tokens",
            Field::CpuOffload => "cpu-offload",
            Field::KvOffload => "kv-offload",
            Field::Pooling => "pooling",
            Field::Images => "images",
            Field::Videos => "videos",
        }
    }

    /// The name of the setting in [`migfit::engine::Serving`], by which problems name it.
    #[must_use]
    pub const fn subject(self) -> &'static str {
        match self {
            Field::Engine => "engine",
            Field::Context => "max_model_len",
            Field::Sequences => "sequences",
            Field::Quantization => "quantization",
            Field::Dtype => "dtype",
            Field::KvDtype => "kv_cache_dtype",
            Field::Utilization => "gpu_memory_utilization",
            Field::MaxNumSeqs => "max_num_seqs",
            Field::MaxBatchedTokens => "max_num_batched_tokens",
            Field::EnforceEager => "enforce_eager",
            Field::TensorParallel => "tensor_parallel",
            Field::PipelineParallel => "pipeline_parallel",
            Field::DataParallel => "data_parallel",
            Field::ExpertParallel => "expert_parallel",
            Field::Loras => "max_loras",
            Field::LoraRank => "max_lora_rank",
            Field::Drafting => "speculative_method",
            Field::DraftTokens => "speculative_tokens",
            Field::CpuOffload => "cpu_offload_gb",
            Field::KvOffload => "kv_offloading_gb",
            Field::Pooling => "pooling",
            Field::Images => "images_per_prompt",
            Field::Videos => "videos_per_prompt",
        }
    }

    /// What it takes.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Field::Engine => Kind::Choice(ENGINES.iter().map(|engine| (engine.id, engine.name)).collect()),
            Field::Context | Field::MaxBatchedTokens | Field::DraftTokens => Kind::Number("tokens"),
            Field::Sequences | Field::MaxNumSeqs => Kind::Number("sequences"),
            Field::Quantization => {
                let presets = PRESETS.iter().map(|preset| (preset.name, preset.name));
                Kind::Choice(PACKED.into_iter().chain(presets).collect())
            }
            Field::Dtype => Kind::Choice(WEIGHTS.to_vec()),
            Field::KvDtype => Kind::Choice(CACHE.to_vec()),
            Field::Utilization => Kind::Share,
            Field::TensorParallel | Field::PipelineParallel => Kind::Number("devices"),
            Field::DataParallel => Kind::Number("copies"),
            Field::Loras => Kind::Number("adapters"),
            Field::LoraRank => Kind::Number("rank"),
            Field::Drafting => Kind::Choice(DRAFTS.to_vec()),
            Field::CpuOffload | Field::KvOffload => Kind::Number("GiB"),
            Field::Images => Kind::Number("images"),
            Field::Videos => Kind::Number("videos"),
            Field::EnforceEager | Field::ExpertParallel | Field::Pooling => Kind::Switch,
        }
    }

    /// The smallest whole number that it takes.
    #[must_use]
    pub const fn least(self) -> u64 {
        match self {
            Field::Images | Field::Videos => 0,
            _ => 1,
        }
    }

    /// The largest whole number that it takes.
    #[must_use]
    pub const fn limit(self) -> u64 {
        match self {
            Field::TensorParallel | Field::PipelineParallel | Field::DataParallel | Field::DraftTokens => {
                1024
            }
            Field::Loras | Field::LoraRank => 1 << 16,
            Field::CpuOffload | Field::KvOffload => 1 << 20,
            Field::Images | Field::Videos => 999,
            _ => 1 << 32,
        }
    }

    /// Whether it is folded away at first.
    #[must_use]
    pub const fn is_advanced(self) -> bool {
        match self {
            Field::Engine | Field::Context | Field::Sequences | Field::Quantization | Field::KvDtype => false,
            Field::Dtype
            | Field::Utilization
            | Field::MaxNumSeqs
            | Field::MaxBatchedTokens
            | Field::EnforceEager
            | Field::TensorParallel
            | Field::PipelineParallel
            | Field::DataParallel
            | Field::ExpertParallel
            | Field::Loras
            | Field::LoraRank
            | Field::Drafting
            | Field::DraftTokens
            | Field::CpuOffload
            | Field::KvOffload
            | Field::Pooling
            | Field::Images
            | Field::Videos => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_draft_but_that_of_another_model_can_be_chosen() {
        let offered: Vec<&str> = DRAFTS[1..].iter().map(|draft| draft.0).collect();
        let known: Vec<&str> = Drafting::ALL.map(Drafting::word).to_vec();
        assert!(offered.iter().all(|word| known.contains(word)), "{offered:?}");
        assert_eq!(offered.len() + 1, known.len());
    }

    #[test]
    fn keys_and_subjects_tell_every_field_apart() {
        for (i, one) in Field::ALL.iter().enumerate() {
            for other in &Field::ALL[i + 1..] {
                assert_ne!(one.key(), other.key());
                assert_ne!(one.subject(), other.subject());
            }
        }
    }
}
