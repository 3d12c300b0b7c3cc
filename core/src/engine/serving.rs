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
        }
    }
}

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
        ];
        let problems: Vec<Problem> = numbers
            .into_iter()
            .filter_map(|(name, value, limit)| {
                let value = value.filter(|value| *value == 0 || *value > limit)?;
                let expected = format!("a whole number from 1 to {limit}");
                Some(Problem::new("bad-setting", name, value.to_string(), expected))
            })
            .collect();
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
        };
        let problem = |feature: &Feature| {
            let expected = format!("a setting that {} has", engine.name);
            Some(Problem::new("unknown-setting", feature.setting(), used(feature)?, expected))
        };
        engine.lacks.iter().filter_map(problem).collect()
    }

    /// Devices over which experts are divided.
    pub(crate) const fn expert_ranks(&self) -> u64 {
        self.tensor_parallel.saturating_mul(self.data_parallel)
    }
}
