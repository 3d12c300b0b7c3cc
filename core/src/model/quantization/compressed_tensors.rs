//! `compressed-tensors`: groups of targets, each with its own weight format.
//!
//! Source: the `compressed-tensors` package, `quantization/quant_config.py` and `quant_args.py`.

use serde_json::Value;

use super::others::integer;
use super::read::Part;
use super::{Grouping, Names, Packing, Quantization, Rule, Scope};
use crate::model::DType;
use crate::order;
use crate::problem::Problem;

pub(super) fn read(part: &Part) -> Result<Quantization, Problem> {
    let keep = part.names(&["ignore"])?;
    let format = part.text("format").unwrap_or("dense");
    let (mut rules, mut general) = (Vec::new(), Vec::new());
    let mut kinds: Vec<String> = Vec::new();
    if let Some(groups) = part.part("config_groups") {
        for (name, _) in groups.entries() {
            let Some(group) = groups.part(name) else { continue };
            let Some(weights) = group.part("weights") else { continue };
            let own = group.text("format").unwrap_or(format);
            let packing = packing(&weights, own, group.part("input_activations").as_ref())?;
            kinds.push(format!("{} at {} bits", packing.dtype, packing.bits));
            let rule = Rule { names: targets(&group)?, packing: Some(packing) };
            if rule.names.is_some() { rules.push(rule) } else { general.push(rule) }
        }
    }
    // Groups that name modules win over the group that takes every matrix.
    rules.append(&mut general);
    if rules.is_empty() && part.part("sparsity_config").is_none() {
        return Err(part.bad("config_groups", "no group with weights", "at least one"));
    }
    order::sort(&mut kinds);
    kinds.dedup();
    Ok(Quantization {
        method: format!("compressed-tensors, {}", kinds.join(" and ")).into(),
        keep,
        rules,
        scope: Scope::LinearAndHead,
        kv_cache: cache(part)?,
    })
}

/// The modules of a group; class names such as `Linear` stand for every matrix.
fn targets(group: &Part) -> Result<Option<Names>, Problem> {
    let list: Vec<&str> = group
        .get("targets")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let is_class = |target: &&str| target.ends_with("Linear") || target.ends_with("Experts");
    if list.is_empty() || list.iter().any(is_class) {
        return Ok(None);
    }
    Names::new("targets", list).map(Some)
}

fn packing(weights: &Part, format: &str, input: Option<&Part>) -> Result<Packing, Problem> {
    let bits = weights.bits("num_bits", 8, &[2, 3, 4, 5, 6, 7, 8])?;
    let float = weights.text("type") == Some("float");
    let dtype = match (float, bits) {
        (true, 4) => DType::F4,
        (true, 8) => DType::F8,
        (true, _) => return Err(weights.bad("num_bits", bits.to_string(), "4 or 8 for floats")),
        (false, bits) => integer(bits),
    };
    let size = weights.count("group_size")?;
    // Integers below 5 bits share 32-bit words, the others take a byte each.
    let stored = if float || bits <= 4 { bits } else { 8 };
    let nvfp4 = format.starts_with("nvfp4") || weights.text("strategy") == Some("tensor_group");
    let mut packing = match weights.text("strategy").unwrap_or("tensor") {
        _ if nvfp4 => Packing::new(dtype, stored, Grouping::Columns(size.unwrap_or(16)), 8),
        _ if format.starts_with("mxfp4") => {
            Packing::new(dtype, stored, Grouping::Columns(size.unwrap_or(32)), 8)
        }
        "tensor" => Packing::new(dtype, stored, Grouping::Tensor, 32),
        "channel" => Packing::new(dtype, stored, Grouping::Row, 16),
        "group" => {
            let zero = if weights.flag("symmetric") { 0 } else { bits };
            Packing::new(dtype, stored, Grouping::Columns(size.unwrap_or(128)), 16 + zero)
        }
        "block" => {
            let sides = weights.get("block_structure").and_then(Value::as_array).map(Vec::as_slice);
            let Some([rows, columns]) = sides else {
                return Err(weights.bad("block_structure", "nothing", "rows and columns"));
            };
            let side = |value: &Value| value.as_u64().unwrap_or(128).clamp(1, 1 << 16);
            Packing::new(dtype, stored, Grouping::Block(side(rows), side(columns)), 32)
        }
        other => {
            let expected = "tensor, channel, group, block or tensor_group";
            return Err(weights.bad("strategy", format!("{other:?}"), expected));
        }
    };
    let fixed = input.is_some_and(|input| input.get("dynamic").and_then(Value::as_bool) == Some(false));
    packing.tensor_bytes = if nvfp4 {
        8
    } else if fixed {
        4
    } else {
        0
    };
    packing.column_bytes =
        if weights.get("actorder").and_then(Value::as_str) == Some("group") { 4 } else { 0 };
    Ok(packing)
}

fn cache(part: &Part) -> Result<Option<DType>, Problem> {
    let Some(scheme) = part.part("kv_cache_scheme") else { return Ok(None) };
    let bits = scheme.bits("num_bits", 8, &[4, 8])?;
    Ok(Some(match (scheme.text("type") == Some("int"), bits) {
        (true, 8) => DType::I8,
        (true, _) => DType::I4,
        (false, 8) => DType::F8,
        (false, _) => DType::F4,
    }))
}
