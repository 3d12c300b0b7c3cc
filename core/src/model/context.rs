//! The longest sequence that a config allows.

use serde_json::Value;

use super::Context;
use super::config::Config;
use super::fields::Fields;
use crate::problem::Problem;

/// Fields that limit the sequence; the smallest present one counts. Source: vLLM 0.33 `get_and_verify_max_len`.
const LIMITS: [&str; 8] = [
    "max_position_embeddings",
    "n_positions",
    "max_seq_len",
    "seq_length",
    "max_sequence_length",
    "max_seq_length",
    "seq_len",
    "max_target_positions",
];

/// Kinds of position scaling whose factor is already in the declared length.
/// Source: vLLM 0.33 `get_and_verify_max_len`.
const INCLUDED: [&str; 7] = ["su", "longrope", "llama3", "yarn", "deepseek_yarn", "mrope", "default"];

/// What vLLM takes where no field limits the sequence.
const FALLBACK_TOKENS: u64 = 2048;

/// The longest sequence, and the field that says so.
pub(super) fn of(config: &Config) -> Result<Context, Problem> {
    let mut shortest: Option<Context> = None;
    for name in LIMITS {
        let tokens = match config.text.tokens(name)? {
            Some(tokens) => Some(tokens),
            None => config.root.tokens(name)?,
        };
        let Some(tokens) = tokens.filter(|tokens| *tokens > 0) else {
            continue;
        };
        if shortest.as_ref().is_none_or(|found| tokens < found.tokens) {
            shortest = Some(Context { tokens, field: name.to_owned() });
        }
    }
    let found = match shortest {
        Some(found) => found,
        None => match config.text.count("max_position_embeddings")? {
            Some(tokens) if tokens > 0 => {
                Context { tokens, field: "max_position_embeddings (class default)".to_owned() }
            }
            _ => Context { tokens: FALLBACK_TOKENS, field: "none (engine default)".to_owned() },
        },
    };
    Ok(scaled(&config.text, found))
}

/// Older kinds of scaling (`linear`, `dynamic`) declare the length before scaling.
fn scaled(text: &Fields, found: Context) -> Context {
    let Some((name, Value::Object(rope))) = text
        .written("rope_scaling")
        .filter(|(_, value)| value.is_object())
        .or_else(|| text.written("rope_parameters"))
    else {
        return found;
    };
    let kind = rope.get("rope_type").or_else(|| rope.get("type")).and_then(Value::as_str);
    let factor = rope.get("factor").and_then(hundredths);
    match (kind, factor) {
        (Some(kind), Some(factor)) if !INCLUDED.contains(&kind) && text.class() != "gemma3_text" => Context {
            tokens: found.tokens.saturating_mul(factor) / 100,
            field: format!("{} x {name}.factor", found.field),
        },
        _ => found,
    }
}

/// A decimal number in hundredths, so that no float is needed.
fn hundredths(value: &Value) -> Option<u64> {
    let text = value.as_number()?.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part: String = part.chars().chain("00".chars()).take(2).collect();
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(part.parse().ok()?)
}
