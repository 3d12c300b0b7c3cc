//! What if: a model served in a format that its checkpoint does not have.

use super::others::MXFP4;
use super::{Grouping, Names, Packing, Quantization, Scope};
use crate::model::DType;
use crate::problem::Problem;

/// A format by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name that settings use.
    pub name: &'static str,
    /// What it packs.
    pub scope: Scope,
    /// How.
    pub packing: Packing,
}

const fn row(name: &'static str, scope: Scope, packing: Packing) -> Preset {
    Preset { name, scope, packing }
}

/// GGUF block types: `weights` weights in `bytes` bytes, of which `bits` per weight are the weights.
/// Source: ggml `ggml-common.h`, block structures.
const fn gguf(name: &'static str, bits: u64, weights: u64, bytes: u64) -> Preset {
    let dtype = if bits > 4 { DType::I8 } else { DType::I4 };
    let packing = Packing::new(dtype, bits, Grouping::Columns(weights), bytes * 8 - bits * weights);
    row(name, Scope::Everything, packing)
}

/// Formats that a user may ask about.
#[rustfmt::skip]
pub const PRESETS: &[Preset] = &[
    row("fp8",            Scope::Linear,   Packing::new(DType::F8, 8, Grouping::Tensor, 32)),
    row("fp8-block",      Scope::Linear,   Packing::new(DType::F8, 8, Grouping::Block(128, 128), 32)),
    row("fp8-channel",    Scope::Linear,   Packing::new(DType::F8, 8, Grouping::Row, 32)),
    row("int8",           Scope::Linear,   Packing::new(DType::I8, 8, Grouping::Row, 16)),
    row("awq",            Scope::Language, Packing::new(DType::I4, 4, Grouping::Columns(128), 20)),
    row("gptq",           Scope::Language, Packing { column_bytes: 4, ..Packing::new(DType::I4, 4, Grouping::Columns(128), 20) }),
    row("int4",           Scope::Language, Packing::new(DType::I4, 4, Grouping::Columns(128), 16)),
    row("nvfp4",          Scope::Linear,   Packing { tensor_bytes: 8, ..Packing::new(DType::F4, 4, Grouping::Columns(16), 8) }),
    row("mxfp4",          Scope::Linear,   MXFP4),
    row("bnb-4bit",       Scope::Linear,   Packing::new(DType::F4, 4, Grouping::Flat(64), 32)),
    row("bnb-8bit",       Scope::Linear,   Packing::new(DType::I8, 8, Grouping::Row, 32)),
    gguf("gguf-q8_0",   8,  32,  34),
    gguf("gguf-q6_k",   6, 256, 210),
    gguf("gguf-q5_k",   5, 256, 176),
    gguf("gguf-q5_1",   5,  32,  24),
    gguf("gguf-q5_0",   5,  32,  22),
    gguf("gguf-q4_k",   4, 256, 144),
    gguf("gguf-q4_1",   4,  32,  20),
    gguf("gguf-q4_0",   4,  32,  18),
    gguf("gguf-iq4_nl", 4,  32,  18),
    gguf("gguf-iq4_xs", 4, 256, 136),
    gguf("gguf-q3_k",   3, 256, 110),
    gguf("gguf-q2_k",   2, 256,  84),
];

/// The format called `name`.
///
/// # Errors
/// `unknown-quantization` with the list of known ones.
pub fn preset(name: &str) -> Result<Quantization, Problem> {
    let Some(found) = PRESETS.iter().find(|preset| preset.name == name) else {
        let known: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        let expected = format!("auto, none or one of {}", known.join(", "));
        return Err(Problem::new("unknown-quantization", "quantization", format!("{name:?}"), expected)
            .nearest(name, known));
    };
    Ok(Quantization::uniform(found.name, found.scope, Names::default(), found.packing))
}
