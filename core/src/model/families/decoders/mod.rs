//! Decoders with attention and one dense feed-forward per layer.

mod additions;
mod classic;
pub(super) mod llama;
mod plain;
mod publishers;
mod remote;
mod rows;
mod shapes;
mod traits;
mod windows;

use super::Build;

/// Which function builds a `model_type`. Sorted.
#[rustfmt::skip]
pub(super) const FAMILIES: &[(&str, Build)] = &[
    ("Yi", plain::build),
    ("apertus", plain::build),
    ("aquila", plain::build),
    ("arcee", plain::build),
    ("baichuan", plain::build),
    ("biogpt", plain::build),
    ("bitnet", plain::build),
    ("bloom", plain::build),
    ("chatglm", plain::build),
    ("codegen", plain::build),
    ("cohere", plain::build),
    ("cohere2", plain::build),
    ("cpmant", plain::build),
    ("ctrl", plain::build),
    ("cwm", plain::build),
    ("diffllama", plain::build),
    ("doge", plain::build),
    ("ernie4_5", plain::build),
    ("exaone", plain::build),
    ("exaone4", plain::build),
    ("falcon", plain::build),
    ("gemma", plain::build),
    ("gemma2", plain::build),
    ("gemma3_text", plain::build),
    ("glm", plain::build),
    ("glm4", plain::build),
    ("gpt-sw3", plain::build),
    ("gpt2", plain::build),
    ("gpt_bigcode", plain::build),
    ("gpt_neo", plain::build),
    ("gpt_neox", plain::build),
    ("gpt_neox_japanese", plain::build),
    ("gptj", plain::build),
    ("granite", plain::build),
    ("granite_swa", plain::build),
    ("helium", plain::build),
    ("hunyuan_v1_dense", plain::build),
    ("hyperclovax", plain::build),
    ("internlm", plain::build),
    ("internlm2", plain::build),
    ("internlm3", plain::build),
    ("iquestcoder", plain::build),
    ("jais", plain::build),
    ("jais2", plain::build),
    ("llama", plain::build),
    ("minicpm", plain::build),
    ("ministral", plain::build),
    ("ministral3", plain::build),
    ("mistral", plain::build),
    ("modernbert-decoder", plain::build),
    ("mpt", plain::build),
    ("nanochat", plain::build),
    ("nemotron", plain::build),
    ("olmo", plain::build),
    ("olmo2", plain::build),
    ("olmo3", plain::build),
    ("openai-gpt", plain::build),
    ("opt", plain::build),
    ("orion", plain::build),
    ("persimmon", plain::build),
    ("phi", plain::build),
    ("phi3", plain::build),
    ("phi3small", plain::build),
    ("qwen", plain::build),
    ("qwen2", plain::build),
    ("qwen3", plain::build),
    ("seed_oss", plain::build),
    ("skywork", plain::build),
    ("smollm3", plain::build),
    ("solar", plain::build),
    ("stablelm", plain::build),
    ("starcoder2", plain::build),
    ("trocr", plain::build),
    ("vaultgemma", plain::build),
    ("xglm", plain::build),
    ("xverse", plain::build),
];
