//! Methods that one short object describes.
//!
//! Sources: the configuration classes in transformers `utils/quantization_config.py` and vLLM 0.33
//! `model_executor/layers/quantization`; scale sizes from the tensors of published checkpoints.

use serde_json::Value;

use super::read::Part;
use super::rules::rules;
use super::{Grouping, Names, Packing, Quantization, Scope};
use crate::model::DType;
use crate::problem::Problem;

const KEPT: [&str; 5] =
    ["modules_to_not_convert", "ignored_layers", "ignore", "llm_int8_skip_modules", "skip_modules"];

/// 4-bit floats in groups of 32 with an 8-bit exponent.
pub(super) const MXFP4: Packing = Packing::new(DType::F4, 4, Grouping::Columns(32), 8);

/// `fp8`: 8-bit floats; a 32-bit scale per block, or one per matrix and, where static, one for its input.
pub(super) fn fp8(part: &Part) -> Result<Quantization, Problem> {
    let keep = part.names(&KEPT)?;
    let block = part.get("weight_block_size").and_then(Value::as_array);
    let (method, packing) = match block.map(Vec::as_slice) {
        Some([rows, columns]) => {
            let side = |value: &Value| value.as_u64().filter(|side| (1..=1 << 16).contains(side));
            let (Some(rows), Some(columns)) = (side(rows), side(columns)) else {
                return Err(part.bad(
                    "weight_block_size",
                    "sizes that are no whole numbers",
                    "rows and columns",
                ));
            };
            let packing = Packing::new(DType::F8, 8, Grouping::Block(rows, columns), 32);
            (format!("fp8, blocks of {rows} x {columns}"), packing)
        }
        Some(_) => return Err(part.bad("weight_block_size", "a list of another length", "rows and columns")),
        None => {
            let fixed = if part.text("activation_scheme") == Some("static") { 4 } else { 0 };
            let packing = Packing::new(DType::F8, 8, Grouping::Tensor, 32);
            ("fp8, one scale per matrix".to_owned(), Packing { tensor_bytes: fixed, ..packing })
        }
    };
    Ok(Quantization::uniform(method, Scope::Linear, keep, packing))
}

/// `fbgemm_fp8`: 8-bit floats, a 32-bit scale per output row.
pub(super) fn fbgemm_fp8(part: &Part) -> Result<Quantization, Problem> {
    let packing = Packing::new(DType::F8, 8, Grouping::Row, 32);
    Ok(Quantization::uniform("fp8, one scale per row", Scope::Linear, part.names(&KEPT)?, packing))
}

/// `awq`: a 16-bit scale and a packed zero point per group; the output matrix and towers stay.
pub(super) fn awq(part: &Part) -> Result<Quantization, Problem> {
    let bits = part.bits("bits", 4, &[2, 3, 4, 8])?;
    let group = grouping(part)?;
    let packing = Packing::new(integer(bits), bits, group, 16 + bits);
    Ok(Quantization::uniform(format!("awq, {bits} bits"), Scope::Language, part.names(&KEPT)?, packing))
}

/// `gptq` and `auto-round`: as AWQ, and an order index per input column; `dynamic` and `extra_config` change single modules.
pub(super) fn gptq(part: &Part) -> Result<Quantization, Problem> {
    let bits = part.bits("bits", 4, &[2, 3, 4, 8])?;
    let packing =
        Packing { column_bytes: 4, ..Packing::new(integer(bits), bits, grouping(part)?, 16 + bits) };
    let scope = if part.flag("lm_head") { Scope::LinearAndHead } else { Scope::Language };
    let mut found = Quantization::uniform(format!("gptq, {bits} bits"), scope, part.names(&KEPT)?, packing);
    let mut special = Vec::new();
    for (field, written) in [("dynamic", "re:"), ("extra_config", "")] {
        let Some(changes) = part.part(field) else { continue };
        let mut entries = Vec::new();
        for (name, change) in changes.entries() {
            let (name, off) = match (name.strip_prefix("-:"), name.strip_prefix("+:")) {
                (Some(name), _) => (name, true),
                (None, Some(name)) => (name, false),
                (None, None) => (name.as_str(), change.get("bits").and_then(Value::as_u64) == Some(16)),
            };
            let own = change.get("bits").and_then(Value::as_u64).filter(|bits| [2, 3, 4, 8].contains(bits));
            let own = own.map_or(packing, |bits| Packing {
                dtype: integer(bits),
                bits,
                group_bits: 16 + bits,
                ..packing
            });
            entries.push((format!("{written}{name}"), (!off).then_some(own)));
        }
        special.append(&mut rules(field, entries)?);
    }
    found.rules.splice(0..0, special);
    Ok(found)
}

/// `bitsandbytes`: 4 bits in blocks of 64 with a 32-bit maximum (or an 8-bit one and a 32-bit one per 256 blocks), or 8 bits.
pub(super) fn bitsandbytes(part: &Part) -> Result<Quantization, Problem> {
    let keep = part.names(&KEPT)?;
    if part.flag("load_in_8bit") {
        let packing = Packing::new(DType::I8, 8, Grouping::Row, 32);
        return Ok(Quantization::uniform("bitsandbytes, 8 bits", Scope::Linear, keep, packing));
    }
    let double = part.flag("bnb_4bit_use_double_quant");
    let kind = part.text("bnb_4bit_quant_type").unwrap_or("nf4");
    let name = format!("bitsandbytes {kind}{}", if double { ", scales quantized too" } else { "" });
    // 256 blocks of 64 carry 256 bytes and one 32-bit maximum.
    let packing = if double {
        Packing::new(DType::F4, 4, Grouping::Flat(64 * 256), 256 * 8 + 32)
    } else {
        Packing::new(DType::F4, 4, Grouping::Flat(64), 32)
    };
    Ok(Quantization::uniform(name, Scope::Linear, keep, packing))
}

/// `mxfp4` (gpt-oss): routed experts alone.
pub(super) fn mxfp4(part: &Part) -> Result<Quantization, Problem> {
    // The published list names what stays beside the experts, which the scope says already.
    let keep = Names::new("", [])?;
    let _checked = part.names(&KEPT)?;
    Ok(Quantization::uniform("mxfp4 experts", Scope::Experts, keep, MXFP4))
}

/// `hqq`: a 16-bit scale and a 16-bit zero point per group.
pub(super) fn hqq(part: &Part) -> Result<Quantization, Problem> {
    let keep = part.names(&KEPT)?;
    let config = part.part("quant_config");
    let config = config.as_ref().unwrap_or(part);
    let weights = config.part("weight_quant_params");
    let weights = weights.as_ref().unwrap_or(config);
    let bits = weights.bits("nbits", 4, &[1, 2, 3, 4, 8])?;
    let group = weights.count("group_size")?.map_or(Grouping::Row, Grouping::Columns);
    let packing = Packing::new(integer(bits), bits, group, 32);
    Ok(Quantization::uniform(format!("hqq, {bits} bits"), Scope::Language, keep, packing))
}

/// `eetq`: 8-bit integers, a 16-bit scale per row.
pub(super) fn eetq(part: &Part) -> Result<Quantization, Problem> {
    let packing = Packing::new(DType::I8, 8, Grouping::Row, 16);
    Ok(Quantization::uniform("eetq, 8 bits", Scope::Linear, part.names(&KEPT)?, packing))
}

/// `torchao`: the configuration class named by `quant_type`.
pub(super) fn torchao(part: &Part) -> Result<Quantization, Problem> {
    let keep = part.names(&KEPT)?;
    let (name, size) = match part.get("quant_type") {
        Some(Value::String(name)) => (name.as_str(), None),
        Some(Value::Object(_)) => {
            let class = part.part("quant_type").and_then(|types| types.part("default"));
            let name = class.as_ref().and_then(|class| class.text("_type")).unwrap_or_default();
            let data = class.and_then(|class| class.part("_data"));
            (name, data.map(|data| data.count("group_size")).transpose()?.flatten())
        }
        _ => ("", None),
    };
    let plain: String = name.to_ascii_lowercase().chars().filter(|c| *c != '_').collect();
    let group = size.map_or(Grouping::Columns(128), Grouping::Columns);
    let packing = match plain.trim_end_matches("config") {
        "int4weightonly" | "int8dynamicactivationint4weight" | "float8dynamicactivationint4weight" => {
            Packing::new(DType::I4, 4, group, 32)
        }
        "int8weightonly" | "int8dynamicactivationint8weight" => Packing::new(DType::I8, 8, Grouping::Row, 32),
        "float8weightonly" | "float8dynamicactivationfloat8weight" | "float8staticactivationfloat8weight" => {
            Packing::new(DType::F8, 8, Grouping::Row, 32)
        }
        _ => {
            let expected = "Int4WeightOnly, Int8WeightOnly, Int8DynamicActivationInt4Weight, \
                            Int8DynamicActivationInt8Weight, Float8WeightOnly or Float8DynamicActivationFloat8Weight";
            return Err(part.bad("quant_type", format!("{name:?}"), expected));
        }
    };
    Ok(Quantization::uniform(format!("torchao {name}"), Scope::Linear, keep, packing))
}

/// `quark`: `global_quant_config.weight`, single layers by `layer_quant_config`.
pub(super) fn quark(part: &Part) -> Result<Quantization, Problem> {
    let keep = part.names(&["exclude"])?;
    let Some(global) = part.part("global_quant_config").and_then(|global| global.part("weight")) else {
        return Err(part.bad("global_quant_config.weight", "nothing", "an object"));
    };
    let (name, packing) = quark_weight(&global)?;
    let mut found = Quantization::uniform(format!("quark {name}"), Scope::Linear, keep, packing);
    if let Some(layers) = part.part("layer_quant_config") {
        let mut entries = Vec::new();
        for (pattern, _) in layers.entries() {
            let Some(weight) = layers.part(pattern).and_then(|layer| layer.part("weight")) else { continue };
            entries.push((pattern.clone(), Some(quark_weight(&weight)?.1)));
        }
        found.rules.splice(0..0, rules("layer_quant_config", entries)?);
    }
    Ok(found)
}

fn quark_weight(weight: &Part) -> Result<(&'static str, Packing), Problem> {
    let group = match weight.text("qscheme") {
        Some("per_channel") => Grouping::Row,
        Some("per_group") => weight.count("group_size")?.map_or(Grouping::Row, Grouping::Columns),
        _ => Grouping::Tensor,
    };
    match weight.text("dtype").unwrap_or_default() {
        "fp8_e4m3" | "fp8_e5m2" => Ok(("fp8", Packing::new(DType::F8, 8, group, 32))),
        "int8" => Ok(("int8", Packing::new(DType::I8, 8, group, 32))),
        "int4" | "uint4" => Ok(("int4", Packing::new(DType::I4, 4, group, 32))),
        "fp4" => Ok(("mxfp4", MXFP4)),
        other => {
            Err(weight.bad("dtype", format!("{other:?}"), "fp8_e4m3, fp8_e5m2, int8, int4, uint4 or fp4"))
        }
    }
}

/// The group of AWQ and GPTQ: `group_size` neighbours, the whole row where it is -1.
fn grouping(part: &Part) -> Result<Grouping, Problem> {
    match part.get("group_size").and_then(Value::as_i64) {
        Some(-1) => Ok(Grouping::Row),
        _ => Ok(Grouping::Columns(part.count("group_size")?.unwrap_or(128))),
    }
}

pub(super) const fn integer(bits: u64) -> DType {
    if bits > 4 { DType::I8 } else { DType::I4 }
}
