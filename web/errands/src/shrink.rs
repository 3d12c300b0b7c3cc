//! A config made small: what a large one says that decides nothing is left out, and the model must stay the same.

use migfit::inspect::inspect;
use migfit::model::{self, Model};
use migfit::problem::Problem;
use serde_json::{Map, Value};

use crate::{Done, Progress};

/// Texts up to this many bytes are left as they are.
const SMALL: usize = 64 << 10;
/// A field of at least this many bytes is tried without.
const LARGE_FIELD: usize = 4 << 10;

/// `config` as a model, its text as small as it can be made; whether it is the one that was open.
pub(crate) fn shrink(
    (name, same): (&str, bool),
    config: Map<String, Value>,
    tell: &mut dyn FnMut(Progress),
) -> Result<Done, Problem> {
    let mut step = |done: u64, what: &str| tell(Progress { done, total: 3, what: what.to_owned() });
    step(1, "counting parameters");
    let whole = model::read_object(&config)?;
    let text = Value::Object(config.clone()).to_string();
    let found = |text: String, notes| Done::Model { name: name.to_owned(), text, same, notes };
    if text.len() <= SMALL {
        return Ok(found(text, Vec::new()));
    }
    step(2, "leaving out what decides nothing");
    let small = Value::Object(experts(fields(config, &whole), &whole)).to_string();
    let note = format!(
        "{} bytes of {} decide nothing about this model and are left out",
        migfit::units::grouped((text.len() - small.len().min(text.len())) as u64),
        migfit::units::grouped(text.len() as u64)
    );
    let notes = if small.len() < text.len() { vec![note] } else { Vec::new() };
    Ok(found(small, notes))
}

/// Without large fields that the model does not depend on.
fn fields(mut config: Map<String, Value>, whole: &Model) -> Map<String, Value> {
    let large: Vec<String> = config
        .iter()
        .filter(|(_, value)| value.to_string().len() >= LARGE_FIELD)
        .map(|(name, _)| name.clone())
        .collect();
    for name in large {
        let Some(value) = config.remove(&name) else { continue };
        if model::read_object(&config).ok().as_ref() != Some(whole) {
            config.insert(name, value);
        }
    }
    config
}

/// Of the experts of a layer, only the first, by which all of them are counted; the whole where that changes a figure.
fn experts(config: Map<String, Value>, whole: &Model) -> Map<String, Value> {
    let mut small = config.clone();
    for part in ["quantization_config", "compression_config"] {
        if let Some(value) = small.get_mut(part) {
            first_experts(value);
        }
    }
    let same = model::read_object(&small).is_ok_and(|model| inspect(&model) == inspect(whole));
    if same { small } else { config }
}

fn first_experts(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|name, _| !is_later_expert(name));
            map.values_mut().for_each(first_experts);
        }
        Value::Array(list) => {
            list.retain(|entry| !entry.as_str().is_some_and(is_later_expert));
            list.iter_mut().for_each(first_experts);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `model.layers.3.mlp.experts.17.down_proj`, and not `experts.0`.
fn is_later_expert(name: &str) -> bool {
    let (mut parts, mut later) = (name.split('.'), false);
    while let Some(part) = parts.next() {
        if part == "experts" {
            let number = parts.next().unwrap_or_default();
            later |= !number.is_empty() && number != "0" && number.bytes().all(|byte| byte.is_ascii_digit());
        }
    }
    later
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{GRANITE, read};

    /// Mixtral's shape with every expert of every layer listed by name: 24,576 of 24,608 entries are later experts.
    fn listed() -> String {
        let mut layers = Map::new();
        for layer in 0..32 {
            layers.insert(
                format!("model.layers.{layer}.self_attn.q_proj"),
                serde_json::json!({"quant_algo": "FP8"}),
            );
            for expert in 0..256 {
                for side in ["w1", "w2", "w3"] {
                    let name = format!("model.layers.{layer}.block_sparse_moe.experts.{expert}.{side}");
                    layers.insert(name, serde_json::json!({"quant_algo": "NVFP4", "group_size": 16}));
                }
            }
        }
        serde_json::json!({
            "architectures": ["MixtralForCausalLM"], "model_type": "mixtral", "hidden_size": 1024,
            "intermediate_size": 512, "num_hidden_layers": 32, "num_attention_heads": 16,
            "num_key_value_heads": 4, "num_local_experts": 256, "num_experts_per_tok": 2,
            "vocab_size": 32000, "max_position_embeddings": 4096, "torch_dtype": "bfloat16",
            "tie_word_embeddings": false,
            "quantization_config": {"quant_algo": "MIXED_PRECISION", "quant_method": "modelopt", "quantized_layers": layers},
        })
        .to_string()
    }

    #[test]
    fn a_list_of_every_expert_shrinks_and_keeps_every_figure() {
        let text = listed();
        assert!(text.len() > 2_000_000, "{}", text.len());
        let Ok(Done::Model { text: small, notes, .. }) = read("config.json", &text, "") else {
            panic!("no model")
        };
        assert!(small.len() < 20_000, "{}", small.len());
        assert_eq!(notes.len(), 1);
        let figures = |text: &str| inspect(&model::read(text).unwrap());
        assert_eq!(figures(&small), figures(&text));
    }

    #[test]
    fn a_large_field_that_decides_nothing_goes_and_one_that_does_stays() {
        let mut config: Map<String, Value> = serde_json::from_str(GRANITE).unwrap();
        let labels: Map<String, Value> = (0..9000).map(|n| (format!("label {n}"), Value::from(n))).collect();
        config.insert("label2id".to_owned(), Value::Object(labels));
        let names: Vec<String> = (0..4000).map(|n| format!("model.layers.{n}.mlp.up_proj")).collect();
        config.insert(
            "quantization_config".to_owned(),
            serde_json::json!({"quant_method": "fp8", "ignored_layers": names}),
        );
        let whole = Value::Object(config).to_string();
        let Ok(Done::Model { text, .. }) = read("a.json", &whole, "") else { panic!("no model") };
        assert!(!text.contains("label 1") && text.contains("layers.31.mlp.up_proj"));
        assert_eq!(model::read(&text), model::read(&whole));
    }

    #[test]
    fn an_expert_is_told_by_its_number() {
        assert!(is_later_expert("model.layers.3.mlp.experts.17.down_proj"));
        assert!(!is_later_expert("model.layers.3.mlp.experts.0.down_proj"));
        assert!(!is_later_expert("model.layers.3.mlp.experts.gate_up_proj"));
        assert!(!is_later_expert("model.layers.17.mlp.down_proj"));
    }
}
