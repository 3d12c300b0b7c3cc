//! ModelOpt: in `quantization_config`, or in a file of its own, `hf_quant_config.json`.
//!
//! Source: NVIDIA TensorRT Model Optimizer, `export/quant_utils.py`; vLLM 0.33 `quantization/modelopt.py`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::others::MXFP4;
use super::read::Part;
use super::{Grouping, Names, Packing, Quantization, Rule, Scope};
use crate::model::DType;
use crate::problem::Problem;

pub(super) fn read(part: &Part) -> Result<Quantization, Problem> {
    let keep = part.names(&["exclude_modules", "ignore", "modules_to_not_convert"])?;
    let algorithm = part.text("quant_algo").unwrap_or_default();
    let kv_cache = match part.text("kv_cache_quant_algo").map(str::to_ascii_uppercase).as_deref() {
        Some("FP8") => Some(DType::F8),
        Some("NVFP4") => Some(DType::F4),
        Some("INT8") => Some(DType::I8),
        _ if part.get("kv_cache_scheme").is_some() => Some(DType::F8),
        _ => None,
    };
    let rules = if algorithm == "MIXED_PRECISION" {
        mixed(part)?
    } else {
        vec![Rule {
            names: None,
            packing: Some(packing(part, "quant_algo", algorithm, part.count("group_size")?)?),
        }]
    };
    let method = format!("modelopt {algorithm}").into();
    Ok(Quantization { method, keep, rules, scope: Scope::Linear, kv_cache })
}

/// One rule per algorithm, so that tens of thousands of layers cost one lookup each.
fn mixed(part: &Part) -> Result<Vec<Rule>, Problem> {
    let Some(layers) = part.part("quantized_layers") else {
        return Err(part.bad("quantized_layers", "nothing", "one entry per quantized layer"));
    };
    let mut by_algorithm: BTreeMap<(&str, Option<u64>), Vec<&str>> = BTreeMap::new();
    for (name, layer) in layers.entries() {
        let algorithm = layer.get("quant_algo").and_then(Value::as_str).unwrap_or_default();
        let size =
            layer.get("group_size").and_then(Value::as_u64).filter(|size| (1..=1 << 24).contains(size));
        by_algorithm.entry((algorithm, size)).or_default().push(name.as_str());
    }
    let mut rules = Vec::new();
    for ((algorithm, size), names) in by_algorithm {
        let packing = packing(part, "quantized_layers", algorithm, size)?;
        rules.push(Rule { names: Some(Names::new("quantized_layers", names)?), packing: Some(packing) });
    }
    Ok(rules)
}

fn packing(part: &Part, field: &str, algorithm: &str, size: Option<u64>) -> Result<Packing, Problem> {
    let group = |default: u64| Grouping::Columns(size.unwrap_or(default));
    Ok(match algorithm {
        "FP8" => Packing { tensor_bytes: 4, ..Packing::new(DType::F8, 8, Grouping::Tensor, 32) },
        "FP8_PER_CHANNEL_PER_TOKEN" => Packing::new(DType::F8, 8, Grouping::Row, 32),
        "FP8_PB_WO" | "FP8_PB_REAL" => Packing::new(DType::F8, 8, Grouping::Block(128, 128), 32),
        "NVFP4" | "NVFP4_AWQ" | "W4A16_NVFP4" => {
            Packing { tensor_bytes: 8, ..Packing::new(DType::F4, 4, group(16), 8) }
        }
        "MXFP4" | "W4A8_MXFP4_FP8" => MXFP4,
        "MXFP8" => Packing::new(DType::F8, 8, group(32), 8),
        "INT4_AWQ" | "W4A16_AWQ" | "W4A8_AWQ" => Packing::new(DType::I4, 4, group(128), 16),
        "INT8_SQ" | "W8A8_SQ_PER_CHANNEL" | "W8A16" => Packing::new(DType::I8, 8, Grouping::Row, 32),
        other => {
            let known = "FP8, FP8_PER_CHANNEL_PER_TOKEN, FP8_PB_WO, NVFP4, NVFP4_AWQ, W4A16_NVFP4, MXFP4, MXFP8, \
                         INT4_AWQ, W4A16_AWQ, W4A8_AWQ, INT8_SQ, W8A16 or MIXED_PRECISION";
            return Err(part.bad(field, format!("{other:?}"), known));
        }
    })
}
