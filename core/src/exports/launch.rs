//! How an engine is started so that it does what was estimated: every limit said, none left to what the engine sees of
//! the device. Inside a MIG container an engine may see the whole GPU (vLLM #39874, #50463, #35526), and takes its
//! defaults from that.

use super::tree::Tree;
use super::workload::Workload;
use crate::engine::Maker;

/// How an engine is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The image.
    pub image: String,
    /// What replaces the image's entry point, nothing where that does.
    pub command: Vec<String>,
    /// What it is told, the model first.
    pub flags: Vec<Flag>,
    /// What could not be said by a flag.
    pub notes: Vec<String>,
}

/// One thing that an engine is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// `--max-model-len`, empty for the model where it stands alone.
    pub name: &'static str,
    /// `4096`, empty for a switch.
    pub value: String,
    /// Why it is said, empty where that is plain.
    pub why: &'static str,
}

/// The port that every engine is told to listen on.
pub(super) const PORT: u64 = 8000;

const BATCH: &str = "as estimated; an engine on a slice may take its default from the whole GPU";

impl Launch {
    pub(super) fn of(work: &Workload<'_>) -> Launch {
        let (model, flags) = match work.engine.maker {
            Maker::Vllm => ("--model", vllm(work)),
            Maker::Sglang => ("--model-path", sglang(work)),
            Maker::TensorRtLlm => ("", tensorrt_llm(work)),
            Maker::Tgi => ("--model-id", tgi(work)),
        };
        let model = Flag { name: model, value: work.id.clone(), why: "" };
        let image = work.wish.image.clone().unwrap_or_else(|| image(work));
        let command = command(work.engine.maker).iter().map(|word| (*word).to_owned()).collect();
        Launch { image, command, flags: std::iter::once(model).chain(flags).collect(), notes: notes(work) }
    }

    /// The flags without the model.
    pub(super) fn settings(&self) -> impl Iterator<Item = &Flag> {
        self.flags.iter().skip(1)
    }
}

impl Flag {
    /// As one word of a command line.
    #[must_use]
    pub fn text(&self) -> String {
        match (self.name, self.value.as_str()) {
            ("", value) => value.to_owned(),
            (name, "") => name.to_owned(),
            (name, value) => format!("{name}={value}"),
        }
    }
}

impl From<&Flag> for Tree {
    fn from(flag: &Flag) -> Tree {
        let text = Tree::from(flag.text());
        if flag.why.is_empty() { text } else { text.why(flag.why) }
    }
}

/// The image of the version that the estimate is for.
fn image(work: &Workload<'_>) -> String {
    let [major, minor, patch] = work.engine.since;
    let version = format!("{major}.{minor}.{patch}");
    match work.engine.maker {
        Maker::Vllm => format!("vllm/vllm-openai:v{version}"),
        Maker::Sglang => format!("lmsysorg/sglang:v{version}"),
        Maker::TensorRtLlm => format!("nvcr.io/nvidia/tensorrt-llm/release:{version}"),
        Maker::Tgi => format!("ghcr.io/huggingface/text-generation-inference:{version}"),
    }
}

const fn command(maker: Maker) -> &'static [&'static str] {
    match maker {
        // Their images start the server themselves.
        Maker::Vllm | Maker::Tgi => &[],
        Maker::Sglang => &["python3", "-m", "sglang.launch_server"],
        Maker::TensorRtLlm => &["trtllm-serve"],
    }
}

/// Collects flags.
struct Flags(Vec<Flag>);

impl Flags {
    fn say(mut self, name: &'static str, value: impl ToString, why: &'static str) -> Flags {
        self.0.push(Flag { name, value: value.to_string(), why });
        self
    }

    /// A format that the user chose, by the engine's word for it.
    fn format(self, name: &'static str, value: &str) -> Flags {
        if value == "auto" { self } else { self.say(name, value, "") }
    }

    /// A number of devices or copies, where it is not one.
    fn several(self, name: &'static str, number: u64) -> Flags {
        if number > 1 { self.say(name, number, "") } else { self }
    }

    fn switch(self, name: &'static str, on: bool) -> Flags {
        if on { self.say(name, "", "") } else { self }
    }
}

/// Most sequences and most tokens in one batch: as asked, else what the estimate took for the device.
fn batch(work: &Workload<'_>) -> (u64, u64) {
    let is_a100 = work.device.gpu.key.starts_with("a100");
    let tier = work.engine.tier(work.device.memory_floor(), is_a100);
    let sequences = work.serving.max_num_seqs.or(tier.map(|tier| tier.max_num_seqs));
    let tokens = work.serving.max_num_batched_tokens.or(tier.map(|tier| tier.max_num_batched_tokens));
    (sequences.unwrap_or(1), tokens.unwrap_or(work.max_model_len))
}

fn vllm(work: &Workload<'_>) -> Vec<Flag> {
    let (sequences, tokens) = batch(work);
    let serving = work.serving;
    let flags = Flags(Vec::new())
        .say("--max-model-len", work.max_model_len, "")
        .say("--max-num-seqs", sequences, BATCH)
        .say("--max-num-batched-tokens", tokens, BATCH)
        .say("--gpu-memory-utilization", work.offer.share, "a share of the device that it is given")
        .format("--dtype", &serving.dtype)
        .format("--kv-cache-dtype", &serving.kv_cache_dtype)
        .several("--tensor-parallel-size", serving.tensor_parallel)
        .several("--pipeline-parallel-size", serving.pipeline_parallel)
        .several("--data-parallel-size", serving.data_parallel)
        .switch("--enable-expert-parallel", serving.expert_parallel)
        .switch("--enforce-eager", serving.enforce_eager);
    // The one method that is applied to a checkpoint that is not packed.
    let flags = if serving.quantization == "fp8" { flags.say("--quantization", "fp8", "") } else { flags };
    flags.0
}

fn sglang(work: &Workload<'_>) -> Vec<Flag> {
    let (sequences, tokens) = batch(work);
    let serving = work.serving;
    let cache = if serving.kv_cache_dtype == "fp8" { "fp8_e4m3" } else { &serving.kv_cache_dtype };
    Flags(Vec::new())
        .say("--host", "0.0.0.0", "")
        .say("--port", PORT, "")
        .say("--context-length", work.max_model_len, "")
        .say("--max-running-requests", sequences, BATCH)
        .say("--chunked-prefill-size", tokens, BATCH)
        .say("--mem-fraction-static", work.offer.share, "weights and cache")
        .format("--dtype", &serving.dtype)
        .format("--kv-cache-dtype", cache)
        .several("--tp-size", serving.tensor_parallel)
        .several("--pp-size", serving.pipeline_parallel)
        .several("--dp-size", serving.data_parallel)
        .several("--ep-size", if serving.expert_parallel { serving.tensor_parallel } else { 1 })
        .switch("--disable-cuda-graph", serving.enforce_eager)
        .0
}

fn tensorrt_llm(work: &Workload<'_>) -> Vec<Flag> {
    let (sequences, tokens) = batch(work);
    let serving = work.serving;
    Flags(Vec::new())
        .say("--host", "0.0.0.0", "")
        .say("--port", PORT, "")
        .say("--max_seq_len", work.max_model_len, "")
        .say("--max_batch_size", sequences, "")
        .say("--max_num_tokens", tokens, "")
        .say("--kv_cache_free_gpu_memory_fraction", work.offer.share, "of what everything else leaves")
        .several("--tp_size", serving.tensor_parallel)
        .several("--pp_size", serving.pipeline_parallel)
        .several("--ep_size", if serving.expert_parallel { serving.tensor_parallel } else { 1 })
        .0
}

fn tgi(work: &Workload<'_>) -> Vec<Flag> {
    let (sequences, tokens) = batch(work);
    let serving = work.serving;
    let cache = if serving.kv_cache_dtype == "fp8" { "fp8_e4m3fn" } else { &serving.kv_cache_dtype };
    Flags(Vec::new())
        .say("--port", PORT, "")
        .say("--max-total-tokens", work.max_model_len, "")
        .say("--max-input-tokens", work.max_model_len.saturating_sub(1).max(1), "")
        .say("--max-batch-prefill-tokens", tokens.max(work.max_model_len), "")
        .say("--max-concurrent-requests", sequences, "")
        .say("--cuda-memory-fraction", "1.0", "the whole of the device that it is given")
        .format("--dtype", &serving.dtype)
        .format("--kv-cache-dtype", cache)
        .several("--num-shard", serving.tensor_parallel)
        .0
}

fn notes(work: &Workload<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let packed = work.serving.quantization.as_str();
    let online = packed == "fp8" && work.engine.maker == Maker::Vllm;
    if packed != "auto" && !online {
        notes.push(format!(
            "weights were reckoned as {packed}: name a checkpoint that is packed so in place of {}",
            work.id
        ));
    }
    notes
}
