//! What a user asks of an engine.

use serde::{Deserialize, Serialize};

use super::facts::{Engine, Feature};
use crate::problem::Problem;
use crate::ratio::Ratio;

/// How a model is to be served. What is `None` is left to the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct Serving {
    /// The engine profile, by id.
    pub engine: String,
    /// Longest sequence in tokens (`--max-model-len`); the model's own length where absent.
    pub max_model_len: Option<u64>,
    /// Sequences of that length that must be held at the same time.
    pub sequences: u64,
    /// Format of weights that are not packed (`--dtype`); `auto` is the checkpoint's, 32-bit ones at 16 bits.
    pub dtype: String,
    /// How weights are packed: `auto` is as the checkpoint has them, `none` asks what it would take unpacked,
    /// any preset of `model::quantization::PRESETS` what it would take so.
    pub quantization: String,
    /// Format of the cache (`--kv-cache-dtype`); `auto` is that of the model.
    pub kv_cache_dtype: String,
    /// Share of the device that the engine may take (`--gpu-memory-utilization`).
    pub gpu_memory_utilization: Option<Ratio>,
    /// Most sequences in one batch (`--max-num-seqs`).
    pub max_num_seqs: Option<u64>,
    /// Most tokens in one batch (`--max-num-batched-tokens`).
    pub max_num_batched_tokens: Option<u64>,
    /// Devices that share the weights (`--tensor-parallel-size`).
    pub tensor_parallel: u64,
    /// Groups of such devices that each hold a part of the layers (`--pipeline-parallel-size`).
    pub pipeline_parallel: u64,
    /// Copies of the attention layers that serve different sequences (`--data-parallel-size`); experts are divided
    /// over all devices of all copies.
    pub data_parallel: u64,
    /// Whether devices hold whole experts instead of a part of each (`--enable-expert-parallel`).
    pub expert_parallel: bool,
    /// Whether CUDA graphs are switched off (`--enforce-eager`).
    pub enforce_eager: bool,
    /// LoRA adapters that one batch may use (`--enable-lora --max-loras`). Where this and the next are absent there are
    /// none; where one is given the other is the engine's default.
    pub max_loras: Option<u64>,
    /// Largest rank of an adapter (`--max-lora-rank`).
    pub max_lora_rank: Option<u64>,
    /// How drafts of the next tokens are made (`method` of `--speculative-config`); `None` where there are none.
    pub speculative_method: Option<Drafting>,
    /// Tokens in a draft (`num_speculative_tokens` of it).
    pub speculative_tokens: Option<u64>,
    /// Weights kept in the host's memory, in GiB for each device (`--cpu-offload-gb`).
    pub cpu_offload_gb: Option<u64>,
    /// Host memory for keys and values that left the device, in GiB over all devices (`--kv-offloading-size`).
    pub kv_offloading_gb: Option<u64>,
    /// Whether the model turns texts into vectors or scores instead of writing (`--runner pooling`); embedding models do
    /// so by themselves.
    pub pooling: bool,
    /// Images in one prompt (`--limit-mm-per-prompt`). Where neither images nor videos are admitted the encoder is not
    /// loaded.
    pub images_per_prompt: Option<u64>,
    /// Videos in one prompt (`--limit-mm-per-prompt`).
    pub videos_per_prompt: Option<u64>,
}

impl Default for Serving {
    fn default() -> Serving {
        Serving {
            engine: "vllm-0.33".to_owned(),
            max_model_len: None,
            sequences: 1,
            dtype: "auto".to_owned(),
            quantization: "auto".to_owned(),
            kv_cache_dtype: "auto".to_owned(),
            gpu_memory_utilization: None,
            max_num_seqs: None,
            max_num_batched_tokens: None,
            tensor_parallel: 1,
            pipeline_parallel: 1,
            data_parallel: 1,
            expert_parallel: false,
            enforce_eager: false,
            max_loras: None,
            max_lora_rank: None,
            speculative_method: None,
            speculative_tokens: None,
            cpu_offload_gb: None,
            kv_offloading_gb: None,
            pooling: false,
            images_per_prompt: None,
            videos_per_prompt: None,
        }
    }
}

/// Adapters in one batch and their largest rank where only the other is given. Source: vLLM 0.33 `config/lora.py`.
pub const ADAPTERS: (u64, u64) = (1, 16);

/// How drafts of the next tokens are made.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drafting {
    /// By the model's own multi-token prediction layers.
    Mtp,
    /// By a layer trained for the model, from its last hidden state.
    Eagle,
    /// By a layer trained for the model, from three of its hidden states.
    Eagle3,
    /// By a smaller model of its own.
    DraftModel,
    /// By looking the last tokens up in the prompt: no memory of the device.
    Ngram,
}

impl Drafting {
    /// Every way.
    pub const ALL: [Drafting; 5] =
        [Drafting::Mtp, Drafting::Eagle, Drafting::Eagle3, Drafting::DraftModel, Drafting::Ngram];

    /// The word that settings use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Drafting::Mtp => "mtp",
            Drafting::Eagle => "eagle",
            Drafting::Eagle3 => "eagle3",
            Drafting::DraftModel => "draft_model",
            Drafting::Ngram => "ngram",
        }
    }
}

/// The context that is asked about where nobody says, in tokens; the model's own where that is shorter. Chosen,
/// not measured; every door asks the same.
pub const DEFAULT_CONTEXT: u64 = 4096;

/// The largest number that any of the settings takes; keeps sums of them exact.
const LIMIT: u64 = 1 << 32;

impl Serving {
    /// Checks that every number is one that an engine could be given.
    ///
    /// # Errors
    /// `bad-setting`, one for each setting that is out of range, in the order of the fields.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let numbers = [
            ("max_model_len", self.max_model_len, LIMIT),
            ("sequences", Some(self.sequences), LIMIT),
            ("max_num_seqs", self.max_num_seqs, LIMIT),
            ("max_num_batched_tokens", self.max_num_batched_tokens, LIMIT),
            ("tensor_parallel", Some(self.tensor_parallel), 1024),
            ("pipeline_parallel", Some(self.pipeline_parallel), 1024),
            ("data_parallel", Some(self.data_parallel), 1024),
            ("max_loras", self.max_loras, 1 << 16),
            ("max_lora_rank", self.max_lora_rank, 1 << 16),
            ("speculative_tokens", self.speculative_tokens, 1024),
            ("cpu_offload_gb", self.cpu_offload_gb, 1 << 20),
            ("kv_offloading_gb", self.kv_offloading_gb, 1 << 20),
        ];
        let mut problems: Vec<Problem> = numbers
            .into_iter()
            .filter_map(|(name, value, limit)| {
                let value = value.filter(|value| *value == 0 || *value > limit)?;
                let expected = format!("a whole number from 1 to {limit}");
                Some(Problem::new("bad-setting", name, value.to_string(), expected))
            })
            .collect();
        match (self.speculative_method, self.speculative_tokens) {
            (Some(_), None) => problems.push(Problem::new(
                "bad-setting",
                "speculative_tokens",
                "nothing",
                "the number of tokens in a draft",
            )),
            (None, Some(tokens)) => problems.push(Problem::new(
                "bad-setting",
                "speculative_method",
                format!("nothing, with drafts of {tokens} tokens"),
                format!("one of {}", Drafting::ALL.map(Drafting::word).join(", ")),
            )),
            _ => {}
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The settings that are used and that `engine` does not have.
    pub(crate) fn lacking(&self, engine: &Engine) -> Vec<Problem> {
        let used = |feature: &Feature| match feature {
            Feature::PipelineParallel => {
                (self.pipeline_parallel > 1).then(|| self.pipeline_parallel.to_string())
            }
            Feature::DataParallel => (self.data_parallel > 1).then(|| self.data_parallel.to_string()),
            Feature::ExpertParallel => self.expert_parallel.then(|| "true".to_owned()),
            Feature::Adapters => self.adapters().map(|(adapters, _)| adapters.to_string()),
            Feature::Drafts => self.speculative_method.map(|drafting| format!("{:?}", drafting.word())),
            Feature::CpuOffload => self.cpu_offload_gb.map(|gb| gb.to_string()),
            Feature::KvOffloading => self.kv_offloading_gb.map(|gb| gb.to_string()),
        };
        let problem = |feature: &Feature| {
            let expected = format!("a setting that {} has", engine.name);
            Some(Problem::new("unknown-setting", feature.setting(), used(feature)?, expected))
        };
        engine.lacks.iter().filter_map(problem).collect()
    }

    /// Adapters in one batch and their largest rank, `None` where there are none.
    pub(crate) fn adapters(&self) -> Option<(u64, u64)> {
        let asked = self.max_loras.is_some() || self.max_lora_rank.is_some();
        asked.then(|| (self.max_loras.unwrap_or(ADAPTERS.0), self.max_lora_rank.unwrap_or(ADAPTERS.1)))
    }

    /// The same without drafts.
    #[must_use]
    pub fn without_drafts(self) -> Serving {
        Serving { speculative_method: None, speculative_tokens: None, ..self }
    }

    /// Tokens in a draft, 0 where there is none.
    pub(crate) fn draft_tokens(&self) -> u64 {
        self.speculative_tokens.unwrap_or_default()
    }

    /// Whether neither images nor videos are admitted.
    pub(crate) fn text_only(&self) -> bool {
        self.images_per_prompt == Some(0) && self.videos_per_prompt == Some(0)
    }

    /// Devices over which experts are divided.
    pub(crate) const fn expert_ranks(&self) -> u64 {
        self.tensor_parallel.saturating_mul(self.data_parallel)
    }
}
