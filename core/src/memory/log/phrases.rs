//! The lines that engines print, and the numbers in them.

use crate::engine::Maker;
use crate::ratio::Ratio;
use crate::units::Bytes;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Weights,
    Cache,
    Keys,
    Activations,
    Graphs,
    NonTorch,
    Device,
    Utilization,
    Blocks,
    BlockTokens,
    Tokens,
    Concurrency,
    MaxModelLen,
    TensorParallel,
    BatchedTokens,
}

/// A text and what the number beside it means.
pub(super) struct Phrase {
    pub(super) text: &'static str,
    pub(super) fact: Fact,
    /// Whether the number stands before the text.
    pub(super) before: bool,
    /// Who prints it, where only one does.
    pub(super) maker: Option<Maker>,
}

const fn vllm(text: &'static str, fact: Fact) -> Phrase {
    Phrase { text, fact, before: false, maker: Some(Maker::Vllm) }
}

const fn vllm_before(text: &'static str, fact: Fact) -> Phrase {
    Phrase { text, fact, before: true, maker: Some(Maker::Vllm) }
}

const fn sglang(text: &'static str, fact: Fact) -> Phrase {
    Phrase { text, fact, before: false, maker: Some(Maker::Sglang) }
}

const fn any(text: &'static str, fact: Fact) -> Phrase {
    Phrase { text, fact, before: false, maker: None }
}

/// Source: start-up logs of vLLM 0.4 to 0.27 and SGLang 0.4 to 0.5.
pub(super) const PHRASES: &[Phrase] = &[
    vllm("Model loading took ", Fact::Weights),
    vllm("Loading model weights took ", Fact::Weights),
    vllm("model weights take ", Fact::Weights),
    vllm_before(" for weight", Fact::Weights),
    vllm("Available KV cache memory: ", Fact::Cache),
    vllm("memory reserved for KV Cache is ", Fact::Cache),
    vllm("kv_cache_size=", Fact::Cache),
    vllm("activation peak memory takes ", Fact::Activations),
    vllm_before(" for peak activation", Fact::Activations),
    vllm("non_torch_memory takes ", Fact::NonTorch),
    vllm("non_torch_memory=", Fact::NonTorch),
    vllm_before(" for non-torch memory", Fact::NonTorch),
    vllm_before(" for CUDAGraph memory", Fact::Graphs),
    vllm("Estimated CUDA graph memory: ", Fact::Graphs),
    vllm("secs, took ", Fact::Graphs),
    vllm("total_gpu_memory (", Fact::Device),
    vllm("total_gpu_memory=", Fact::Device),
    vllm("gpu_memory_utilization (", Fact::Utilization),
    vllm("GPU blocks: ", Fact::Blocks),
    vllm("# cuda blocks: ", Fact::Blocks),
    vllm("GPU KV cache size: ", Fact::Tokens),
    vllm("tokens per request: ", Fact::Concurrency),
    vllm("Maximum concurrency for ", Fact::MaxModelLen),
    vllm("Setting attention block size to ", Fact::BlockTokens),
    any("max_num_batched_tokens=", Fact::BatchedTokens),
    any("tensor_parallel_size=", Fact::TensorParallel),
    sglang("tp_size=", Fact::TensorParallel),
    sglang("mem_fraction_static=", Fact::Utilization),
    sglang("Load weight end", Fact::Weights),
    sglang("KV Cache is allocated. #tokens: ", Fact::Tokens),
    sglang(" K size: ", Fact::Keys),
    sglang(" KV size: ", Fact::Cache),
    sglang("Capture cuda graph end", Fact::Graphs),
    sglang("chunked_prefill_size=", Fact::BatchedTokens),
    sglang("context_len=", Fact::MaxModelLen),
];

/// A number in millionths, and how many bytes one of its unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    millionths: u64,
    unit: u64,
}

const MILLION: u64 = 1_000_000;

impl Number {
    pub(super) const fn bytes(self) -> Bytes {
        Bytes::new(self.unit).share(self.millionths, MILLION)
    }

    pub(super) const fn whole(self) -> u64 {
        self.millionths / MILLION
    }

    pub(super) const fn hundredths(self) -> u64 {
        self.millionths.saturating_add(5000) / (MILLION / 100)
    }

    pub(super) fn ratio(self) -> Option<Ratio> {
        Ratio::new(u32::try_from(self.millionths / (MILLION / 10_000)).ok()?)
    }
}

/// The number that `text` begins with, its unit GiB unless `MiB`, `MB`, `KiB` or `KB` follows.
/// SGLang prints what was used after what is left: `mem usage=15.11 GB`.
pub(super) fn number_after(text: &str) -> Option<Number> {
    let used = "mem usage=";
    let text = match text.find(used) {
        Some(place) if !text.starts_with(|c: char| c.is_ascii_digit()) => text.get(place + used.len()..)?,
        Some(_) | None => text,
    };
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: u64 = whole.chars().filter(|c| *c != ',').collect::<String>().parse().ok()?;
    let part: String = part.chars().filter(char::is_ascii_digit).chain("000000".chars()).take(6).collect();
    let rest = rest.trim_start();
    let unit = if rest.starts_with("MiB") || rest.starts_with("MB") {
        1 << 20
    } else if rest.starts_with("KiB") || rest.starts_with("KB") {
        1 << 10
    } else {
        1 << 30
    };
    let millionths = whole.checked_mul(MILLION)?.checked_add(part.parse().ok()?)?;
    Some(Number { millionths, unit })
}

/// The number and unit that `text` ends with: `... 4.76 GiB`. A negative one (a difference of readings) is none.
pub(super) fn number_before(text: &str) -> Option<Number> {
    let start = text.trim_end().trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_end();
    let digits = start.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
    if digits.ends_with('-') { None } else { number_after(text.get(digits.len()..)?) }
}

/// The version that a line names: `API server version 0.11.0`, `LLM engine (v0.11.0)`.
pub(super) fn version(line: &str) -> Option<String> {
    let starts = ["API server version ", "LLM engine (v", "LLM engine (version ", "sglang=="];
    let after = starts.iter().find_map(|start| line.split_once(start)).map(|(_, after)| after)?;
    let end = after
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-')))
        .unwrap_or(after.len());
    let version = after.get(..end.min(64))?;
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| version.to_owned())
}
