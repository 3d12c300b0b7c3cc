//! What one flag sets of a launch.

use super::flags::{self, Flag};
use super::launch::Launch;
use crate::model::DType;
use crate::ratio::Ratio;

const WHOLE: &str = "a whole number";
/// Ways of reading a checkpoint after which the same weights lie on the device.
/// Source: vLLM 0.33.0 `config/load.py`; SGLang 0.5 `configs/load_config.py`.
const SAME_WEIGHTS: [&str; 12] = [
    "auto",
    "hf",
    "pt",
    "safetensors",
    "npcache",
    "dummy",
    "mistral",
    "runai_streamer",
    "runai_streamer_sharded",
    "fastsafetensors",
    "sharded_state",
    "tensorizer",
];

impl Launch {
    /// Applies one flag; the error is what would have been right.
    pub(super) fn set(&mut self, name: &str, flag: Flag, value: &str) -> Result<(), &'static str> {
        match flag {
            Flag::Model => {}
            // The engine takes what fits: it needs room for something.
            Flag::MaxModelLen if matches!(value, "auto" | "-1") => self.serving.max_model_len = Some(1),
            Flag::MaxModelLen => self.serving.max_model_len = Some(flags::whole_number(value).ok_or(WHOLE)?),
            Flag::MaxNumSeqs => self.serving.max_num_seqs = Some(flags::whole_number(value).ok_or(WHOLE)?),
            // SGLang: prompts are not cut into chunks.
            Flag::MaxNumBatchedTokens if value == "-1" => self.open.push(format!("{name} -1")),
            Flag::MaxNumBatchedTokens => {
                self.serving.max_num_batched_tokens = Some(flags::whole_number(value).ok_or(WHOLE)?);
            }
            Flag::Utilization => {
                let ratio: Ratio =
                    value.parse().map_err(|_| "a number above 0 and at most 1, such as 0.92")?;
                self.serving.gpu_memory_utilization = Some(ratio);
            }
            Flag::KvCacheDtype => self.serving.kv_cache_dtype = self.dtype(name, value),
            Flag::Dtype => self.serving.dtype = self.dtype(name, value),
            Flag::Quantization => self.quantization = Some(value.to_owned()),
            Flag::TensorParallel => self.serving.tensor_parallel = flags::whole_number(value).ok_or(WHOLE)?,
            Flag::PipelineParallel => self.pipeline_parallel = flags::whole_number(value).ok_or(WHOLE)?,
            Flag::DataParallel => self.data_parallel = flags::whole_number(value).ok_or(WHOLE)?,
            Flag::Executor => self.several_nodes |= value == "ray",
            Flag::Nodes => self.several_nodes |= flags::whole_number(value).ok_or(WHOLE)? > 1,
            Flag::Eager => self.serving.enforce_eager = true,
            Flag::NotEager => self.serving.enforce_eager = false,
            Flag::Adapters => {
                self.adapters = true;
                self.serving.max_loras.get_or_insert(1);
            }
            Flag::MostAdapters => self.serving.max_loras = Some(flags::whole_number(value).ok_or(WHOLE)?),
            Flag::AdapterRank => self.serving.max_lora_rank = Some(flags::whole_number(value).ok_or(WHOLE)?),
            Flag::CpuOffload => self.serving.cpu_offload_gb = self.gib(name, value)?,
            Flag::KvOffloading => self.serving.kv_offloading_gb = self.gib(name, value)?,
            Flag::TextOnly => {
                (self.serving.images_per_prompt, self.serving.videos_per_prompt) = (Some(0), Some(0));
            }
            Flag::WholeExperts => self.serving.expert_parallel = true,
            Flag::Runner => match value {
                "auto" | "generate" => {}
                "pooling" | "embed" | "embedding" | "classify" | "score" | "reward" => {
                    self.serving.pooling = true
                }
                _ => self.open.push(format!("{name} {value}")),
            },
            Flag::LoadFormat if SAME_WEIGHTS.contains(&value) => {}
            Flag::LoadFormat => self.open.push(format!("{name} {value}")),
            // Objects are put together first.
            Flag::Speculation
            | Flag::DraftMethod
            | Flag::DraftModel
            | Flag::DraftTokens
            | Flag::PromptLimits => {}
            Flag::Unmodelled => self.open.push(format!("{name} {value}")),
            Flag::UnmodelledSwitch => self.open.push(name.to_owned()),
        }
        Ok(())
    }

    /// Whole GiB, `None` for none; a fraction is noted.
    fn gib(&mut self, name: &str, value: &str) -> Result<Option<u64>, &'static str> {
        const GIB: &str = "a number of GiB";
        let number: f64 = value.trim().parse().map_err(|_| GIB)?;
        if !number.is_finite() || number < 0.0 {
            return Err(GIB);
        }
        let whole = value
            .trim()
            .split_once('.')
            .map_or(value.trim(), |(whole, part)| if part.trim_matches('0').is_empty() { whole } else { "" });
        match whole.parse() {
            Ok(0) => Ok(None),
            Ok(whole) => Ok(Some(whole)),
            Err(_) => {
                self.open.push(format!("{name} {value}"));
                Ok(None)
            }
        }
    }

    /// A number format; one that is not known is left to the engine and noted.
    fn dtype(&mut self, name: &str, value: &str) -> String {
        if value == "auto" || DType::parse(value).is_some() {
            return value.to_owned();
        }
        self.open.push(format!("{name} {value}"));
        "auto".to_owned()
    }
}
