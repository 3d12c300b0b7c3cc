//! What an engine profile says: defaults and constants of one version of one engine, each with its source.

use serde::Serialize;

use crate::ratio::Ratio;
use crate::source::Source;
use crate::units::Bytes;

/// A figure with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Constant {
    /// The figure, in the unit that the field says.
    pub value: u64,
    /// How far the truth may lie from it, in percent of it: what the sources disagree by.
    pub band: u64,
    /// Where it comes from.
    pub source: Source,
}

/// Defaults that an engine chooses by the memory of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// Devices with at least this much memory are in the tier.
    pub from: Bytes,
    /// Whether A100 cards are left out of it.
    pub not_a100: bool,
    /// Default of `--max-num-batched-tokens`, in tokens.
    pub max_num_batched_tokens: u64,
    /// Default of `--max-num-seqs`.
    pub max_num_seqs: u64,
}

/// Who makes an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Maker {
    /// vLLM.
    Vllm,
    /// SGLang.
    Sglang,
    /// NVIDIA TensorRT-LLM.
    TensorRtLlm,
    /// Hugging Face text-generation-inference.
    Tgi,
}

/// What an engine counts its share of the device's memory on, and what has to find room beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// A share of the whole device for weights, activations, graphs and cache; the CUDA context lies outside.
    Device,
    /// As [`Budget::Device`], but graphs are captured after the cache is laid out, outside the share.
    DeviceGraphsOutside,
    /// A share of what is free at the start for weights and cache; activations and graphs lie outside.
    WeightsAndCache,
    /// A share for the cache of what everything else leaves.
    Rest,
}

/// Over how many tokens an engine measures a forward pass before it lays out the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Profiled {
    /// One batch, as the tier or the setting has it.
    Batch,
    /// The longest sequence and at least `least` tokens; beyond `longest` prompts are cut into chunks of `chunk`.
    Sequence {
        /// Fewest tokens.
        least: u64,
        /// Longest sequence that is read in one piece.
        longest: u64,
        /// Tokens in a chunk of a longer one.
        chunk: u64,
    },
}

/// What an engine prints of the size of its cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenLine {
    /// The blocks.
    Blocks,
    /// Blocks over the groups that draw from them, times the tokens of a block.
    PerGroup,
    /// Sequences of the longest length at once, times that length.
    ByConcurrency,
}

/// A setting that not every version of every engine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// `pipeline_parallel`.
    PipelineParallel,
    /// `data_parallel`.
    DataParallel,
    /// `expert_parallel`.
    ExpertParallel,
    /// `max_loras`, `max_lora_rank`.
    Adapters,
    /// `speculative_method`.
    Drafts,
    /// `cpu_offload_gb`.
    CpuOffload,
    /// `kv_offloading_gb`.
    KvOffloading,
}

impl Feature {
    /// The setting, as `Serving` calls it.
    #[must_use]
    pub const fn setting(self) -> &'static str {
        match self {
            Feature::PipelineParallel => "pipeline_parallel",
            Feature::DataParallel => "data_parallel",
            Feature::ExpertParallel => "expert_parallel",
            Feature::Adapters => "max_loras",
            Feature::Drafts => "speculative_method",
            Feature::CpuOffload => "cpu_offload_gb",
            Feature::KvOffloading => "kv_offloading_gb",
        }
    }
}

/// How the default share is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultShare {
    /// One figure for every device.
    Fixed,
    /// What is left of the device after a reserve that grows with the batch.
    Reserve,
}

/// One version of one engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Engine {
    /// What settings and flags call it: `vllm-0.33`.
    pub id: &'static str,
    /// What a reader calls it: `vLLM 0.33`.
    pub name: &'static str,
    /// Who makes it.
    pub maker: Maker,
    /// First version that the profile stands for, as numbers: 0.33.0 is `[0, 33, 0]`.
    pub since: [u64; 3],
    /// What its share is counted on.
    pub budget: Budget,
    /// Share that it takes unless told otherwise.
    pub utilization: Ratio,
    /// Whether that share holds on every device.
    pub default_share: DefaultShare,
    /// Batches that may be under way at once, whose tokens a request is charged for on admission.
    pub batches_in_flight: u64,
    /// Defaults by device memory, largest first.
    pub tiers: &'static [Tier],
    /// Where the share and the tiers come from.
    pub rules: Source,
    /// Tokens in a block of the cache.
    pub block_tokens: u64,
    /// Blocks that each group of states holds for a sequence.
    pub state_blocks: u64,
    /// Whether layers with a window keep the window only. Otherwise they keep every token.
    pub windows: bool,
    /// Whether layers with chunks keep the chunk only. Otherwise they keep every token.
    pub chunks: bool,
    /// Over how many tokens a forward pass is measured.
    pub profiled: Profiled,
    /// What it prints of the size of its cache.
    pub token_line: TokenLine,
    /// Whether sparse layers keep their compressed vectors at 8 bits unless told otherwise.
    pub sparse_at_8_bits: bool,
    /// Whether what a batch takes is the engine's own reserve instead of a profile run: 1.5 MiB for each token and 2 MiB
    /// for each captured sequence.
    pub reserves: bool,
    /// Whether it restores scales of bitsandbytes that are quantized themselves to 32 bits.
    pub restores_scales: bool,
    /// Model types of which it has room for adapters of the embedding and the output matrix as well.
    pub lora_embeddings: &'static [&'static str],
    /// Rows that adapters may add to the vocabulary.
    pub lora_extra_vocabulary: u64,
    /// How far its room for adapters may lie from what is computed, in percent of it.
    pub adapters_band: u64,
    /// Settings that it does not have.
    pub lacks: &'static [Feature],
    /// Bytes that sampling takes per sequence and vocabulary entry, in tenths of a byte.
    pub sampler_tenths: Constant,
    /// Bytes outside the framework's allocator, inside the engine's budget.
    pub non_torch: Constant,
    /// The same where several devices exchange results.
    pub non_torch_parallel: Constant,
    /// Bytes of the CUDA graph of one batch size, for each layer.
    pub graph: Constant,
    /// Bytes of the CUDA context and libraries, outside the engine's budget.
    pub context: Constant,
}

impl Engine {
    /// The defaults on a device with `memory`.
    #[must_use]
    pub fn tier(&self, memory: Bytes, is_a100: bool) -> Option<&'static Tier> {
        self.tiers.iter().find(|tier| memory >= tier.from && !(tier.not_a100 && is_a100))
    }

    /// Where the tiers come from.
    #[must_use]
    pub const fn tier_source(&self) -> Source {
        self.rules
    }

    /// The share taken by default on a device with `memory`, for batches of `tokens` and `sequences`
    /// over `ranks` devices.
    ///
    /// The reserve in MiB: 512, one and a half per token of a batch and at least of 2,048, two per captured
    /// sequence, 128 per rank, and at least 10,240 above 60 GiB. Source: SGLang `server_args.py`.
    #[must_use]
    pub fn default_share(&self, memory: Bytes, tokens: u64, sequences: u64, ranks: u64) -> Ratio {
        let device = memory.whole_mib();
        if self.default_share == DefaultShare::Fixed || device == 0 {
            return self.utilization;
        }
        let batch = tokens.max(2048).saturating_mul(3) / 2;
        let reserve = [512, batch, sequences.saturating_mul(2), ranks.saturating_mul(128)];
        let reserve = reserve.into_iter().fold(0, u64::saturating_add);
        let reserve = if device > 60 * 1024 { reserve.max(10 * 1024) } else { reserve };
        let thousandths =
            device.saturating_sub(reserve).saturating_mul(1000).saturating_add(device / 2) / device;
        u32::try_from(thousandths * 10).ok().and_then(Ratio::new).unwrap_or(Ratio::percent(1))
    }
}
