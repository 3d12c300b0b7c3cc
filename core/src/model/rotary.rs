//! Tables of rotary positions that the layers of a model look up: which an engine builds when it loads one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Dims;
use super::config::Config;
use super::fields::Fields;
use crate::problem::Problem;

/// One table of cosines and sines; layers that turn alike share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotary {
    /// Positions that it covers.
    pub positions: u64,
    /// Elements for one position: a cosine and a sine for each pair that is turned.
    pub width: u64,
}

/// Classes whose positions are learned, added, or not there at all.
#[rustfmt::skip]
const WITHOUT: &[&str] = &[
    "albert", "bart", "bert", "blip_2", "bloom", "camembert", "ctrl", "deberta", "deberta-v2", "distilbert", "electra",
    "falcon_mamba", "fsmt", "gpt2", "gpt_bigcode", "gpt_neo", "jais", "jamba", "longt5", "m2m_100", "mamba", "mamba2",
    "marian", "mbart", "mpnet", "mpt", "mt5", "nemotron_h", "opt", "pegasus", "roberta", "rwkv", "switch_transformers",
    "t5", "umt5", "whisper", "xglm", "xlm", "xlm-roberta", "xlm-roberta-xl", "xlnet", "xlstm",
];

/// Kinds of positions other than rotary ones, where a class has several.
const OTHERS: [&str; 6] = ["absolute", "alibi", "learned", "nope", "relative_key", "relative_key_query"];

/// Larger models whose positions have three axes, those of a video among them: published files say so in
/// `mrope_section`, which a shortened one may leave out.
#[rustfmt::skip]
const THREE_AXES: &[&str] = &[
    "ernie4_5_moe_vl", "glm4v", "glm4v_moe", "glm_ocr", "qwen2_5_omni", "qwen2_5_omni_thinker", "qwen2_5_vl", "qwen2_vl",
    "qwen3_omni_moe", "qwen3_omni_moe_thinker", "qwen3_vl", "qwen3_vl_moe",
];

/// Classes with a second way of turning for layers that see a window, whether or not the file names its base.
const TWO_WAYS: &[&str] = &["gemma3", "gemma3_text", "modernbert"];

/// Widths are fractions of a head, in ten-thousandths.
const WHOLE: u64 = 10_000;

/// The tables of the model that `config` describes.
///
/// Source: vLLM 0.33 `model_executor/layers/rotary_embedding`: `get_rope` and the classes that it chooses between.
pub(super) fn of(config: &Config, dims: &Dims) -> Result<Vec<Rotary>, Problem> {
    let text = &config.text;
    if !turns(text) {
        return Ok(Vec::new());
    }
    let head = match text.count("qk_rope_head_dim")? {
        Some(width) if width > 0 => width,
        _ => dims.head_dim,
    };
    let Some(longest) = text.count("max_position_embeddings")?.filter(|longest| *longest > 0 && head > 0)
    else {
        return Ok(Vec::new());
    };
    let part = fraction(text, &["partial_rotary_factor", "rotary_pct"]).unwrap_or(WHOLE);
    let own = text.written("rotary_dim").and_then(|(_, width)| width.as_u64());
    let own = own.filter(|width| *width > 0 && *width <= head);
    let width = own.unwrap_or(head.saturating_mul(part.min(WHOLE)) / WHOLE);
    let plain = Rotary { positions: longest, width };
    let axes = if THREE_AXES.contains(&config.model_type.as_str()) { 4 } else { 1 };
    let mut tables: Vec<Rotary> =
        scalings(text).into_iter().map(|scaling| table(scaling, text, plain, axes)).collect();
    if tables.is_empty() {
        tables.push(Rotary { positions: longest.saturating_mul(axes), width });
    }
    let second = ["rope_local_base_freq", "local_rope_theta", "swa_rope_theta"];
    let two = second.into_iter().any(|name| text.has(name)) || TWO_WAYS.contains(&text.class());
    if tables.len() == 1 && two {
        tables.push(plain);
    }
    Ok(tables)
}

fn turns(text: &Fields) -> bool {
    let kind = text.written("position_embedding_type").and_then(|(_, value)| value.as_str());
    let other = kind.is_some_and(|kind| OTHERS.contains(&kind));
    let on = |name| text.written(name).is_some_and(|(_, value)| value == &Value::Bool(true));
    !(other || on("alibi") || on("use_alibi") || WITHOUT.contains(&text.class()))
}

/// How positions are scaled: one object for all layers, or one for each kind of layer.
fn scalings<'a>(text: &Fields<'a>) -> Vec<&'a Map<String, Value>> {
    let written = |name| text.written(name).and_then(|(_, value)| value.as_object());
    let Some(found) = written("rope_scaling").or_else(|| written("rope_parameters")) else {
        return Vec::new();
    };
    let kinds: Vec<&Map<String, Value>> = found.values().filter_map(Value::as_object).collect();
    if kinds.is_empty() { vec![found] } else { kinds }
}

fn table(scaling: &Map<String, Value>, text: &Fields, plain: Rotary, axes: u64) -> Rotary {
    let number = |name: &str| scaling.get(name).and_then(Value::as_u64);
    let original = || {
        let outside = || text.count("original_max_position_embeddings").ok().flatten();
        number("original_max_position_embeddings").or_else(outside)
    };
    let factor = scaling.get("factor").and_then(ten_thousandths).unwrap_or(WHOLE);
    let scaled = |positions: u64| positions.saturating_mul(factor) / WHOLE;
    let kind = scaling.get("rope_type").or_else(|| scaling.get("type")).and_then(Value::as_str);
    let positions = match kind {
        Some("yarn" | "deepseek_yarn") => scaled(original().unwrap_or(plain.positions)),
        Some("linear" | "dynamic") => scaled(plain.positions),
        Some("longrope" | "su") => plain.positions.saturating_add(original().unwrap_or_default()),
        Some(_) | None => plain.positions,
    };
    let part = scaling.get("partial_rotary_factor").and_then(ten_thousandths);
    // Positions of a video run ahead of its tokens: four times as many.
    let times = if scaling.contains_key("mrope_section") { 4 } else { axes };
    Rotary {
        positions: positions.saturating_mul(times),
        width: part.map_or(plain.width, |part| plain.width.saturating_mul(part.min(WHOLE)) / WHOLE),
    }
}

fn fraction(text: &Fields, names: &[&str]) -> Option<u64> {
    names.iter().find_map(|name| ten_thousandths(text.written(name)?.1))
}

/// A decimal number in ten-thousandths, so that no float is needed.
fn ten_thousandths(value: &Value) -> Option<u64> {
    let text = value.as_number()?.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part: String = part.chars().chain("0000".chars()).take(4).collect();
    whole.parse::<u64>().ok()?.checked_mul(WHOLE)?.checked_add(part.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::Rotary;

    fn tables(class: &str, rest: &str) -> Vec<(u64, u64)> {
        let config = format!(
            r#"{{"model_type": "{class}", "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2,
            "num_attention_heads": 4, "num_key_value_heads": 4, "vocab_size": 320, "max_position_embeddings": 1000{rest}}}"#
        );
        let pair = |rotary: &Rotary| (rotary.positions, rotary.width);
        crate::model::read(&config).unwrap().rotary.iter().map(pair).collect()
    }

    #[test]
    fn one_table_for_each_way_of_turning() {
        assert_eq!(tables("llama", ""), [(1000, 64)]);
        assert_eq!(tables("gpt2", ""), []);
        let scaled = |rope: &str| tables("llama", &format!(r#", "rope_scaling": {{{rope}}}"#));
        assert_eq!(scaled(r#""rope_type": "llama3", "factor": 8.0"#), [(1000, 64)]);
        assert_eq!(scaled(r#""rope_type": "linear", "factor": 2.5"#), [(2500, 64)]);
        assert_eq!(
            scaled(r#""type": "yarn", "factor": 4.0, "original_max_position_embeddings": 500"#),
            [(2000, 64)]
        );
        assert_eq!(scaled(r#""type": "mrope", "mrope_section": [8, 12, 12]"#), [(4000, 64)]);
        let long = r#", "original_max_position_embeddings": 250, "rope_scaling": {"type": "longrope"}"#;
        assert_eq!(tables("phi3", long), [(1250, 64)]);
        assert_eq!(tables("gemma3_text", r#", "head_dim": 64"#), [(1000, 64), (1000, 64)]);
        assert_eq!(tables("phi", r#", "partial_rotary_factor": 0.5"#), [(1000, 32)]);
        let both = r#", "head_dim": 64, "rope_local_base_freq": 10000.0, "rope_scaling": {"rope_type": "linear", "factor": 8.0}"#;
        assert_eq!(tables("gemma3_text", both), [(8000, 64), (1000, 64)]);
        let kinds = r#", "rope_parameters": {"full_attention": {"rope_type": "default", "partial_rotary_factor": 0.25},
            "sliding_attention": {"rope_type": "default"}}"#;
        assert_eq!(tables("llama", kinds), [(1000, 16), (1000, 64)]);
    }
}
