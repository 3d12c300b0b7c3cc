//! Flags whose values are objects: whole as JSON, or key by key behind a dot.
//!
//! Source: vLLM 0.33.0 `utils/argparse_utils.py` (`--speculative-config.method eagle`), `config/speculative.py`,
//! `config/multimodal.py`.

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::flags::Flag;
use super::launch::Launch;
use crate::engine::Drafting;

/// A part of an object that the engine would refuse: the flag, what was found, what is expected.
pub(super) type Refused = (&'static str, String, &'static str);

/// The objects of a command line.
#[derive(Clone, Debug, Default)]
pub(super) struct Objects {
    speculation: Map<String, Value>,
    limits: Map<String, Value>,
}

/// Keys of the object for drafts that change nothing of what they take.
const WITHOUT_EFFECT: [&str; 14] = [
    "attention_backend",
    "disable_by_batch_size",
    "disable_logprobs",
    "disable_log_stats",
    "disable_padded_drafter_batch",
    "draft_sample_method",
    "enforce_eager",
    "max_model_len",
    "prompt_lookup_max",
    "prompt_lookup_min",
    "rejection_sample_method",
    "revision",
    "code_revision",
    "moe_backend",
];

impl Objects {
    /// Puts `text` where `keys` lead to, the whole where there are none.
    pub(super) fn put(&mut self, flag: Flag, keys: &str, text: &str) -> Result<(), &'static str> {
        const OBJECT: &str = "a JSON object";
        let limits = flag == Flag::PromptLimits;
        let object = if limits { &mut self.limits } else { &mut self.speculation };
        if keys.is_empty() {
            let read = match serde_json::from_str(text) {
                Ok(Value::Object(read)) => read,
                _ if limits => pairs(text).ok_or(OBJECT)?,
                _ => return Err(OBJECT),
            };
            object.extend(read);
        } else {
            let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
            object.insert(keys.replace('-', "_"), value);
        }
        Ok(())
    }

    /// Applies what they say.
    pub(super) fn apply(self, launch: &mut Launch) -> Vec<Refused> {
        let refused = [limits(&self.limits, launch), speculation(&self.speculation, launch)];
        refused.into_iter().filter_map(Result::err).collect()
    }
}

/// `image=2,video=1`, as versions before the object have it.
fn pairs(text: &str) -> Option<Map<String, Value>> {
    let pair = |part: &str| {
        let (name, number) = part.split_once('=')?;
        Some((name.trim().to_owned(), Value::from(number.trim().parse::<u64>().ok()?)))
    };
    text.split(',').map(pair).collect()
}

/// Most images and videos in one prompt.
fn limits(object: &Map<String, Value>, launch: &mut Launch) -> Result<(), Refused> {
    const FLAG: &str = "--limit-mm-per-prompt";
    for (name, value) in object {
        let given = value.as_object().and_then(|options| options.get("count")).unwrap_or(value);
        let count = given.as_u64().ok_or_else(|| (FLAG, format!("{value} of {name}"), "a whole number"))?;
        match name.split('.').next().unwrap_or(name) {
            "image" => launch.serving.images_per_prompt = Some(count),
            "video" => launch.serving.videos_per_prompt = Some(count),
            // The encoder of what is not admitted is not loaded.
            other if count == 0 => launch.open.push(format!("{FLAG} {other} 0")),
            _ => {}
        }
    }
    Ok(())
}

/// How drafts are made; what is not worked out is left out and noted.
fn speculation(object: &Map<String, Value>, launch: &mut Launch) -> Result<(), Refused> {
    const FLAG: &str = "--speculative-config";
    if object.is_empty() {
        return Ok(());
    }
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let tokens = match object.get("num_speculative_tokens") {
        None | Some(Value::Null) => None,
        Some(given) => {
            let number = given.as_u64().or_else(|| given.as_str()?.parse().ok()).filter(|number| *number > 0);
            Some(
                number.ok_or_else(|| {
                    (FLAG, format!("num_speculative_tokens {given}"), "a whole number above 0")
                })?,
            )
        }
    };
    let (drafting, model) = (drafting(text("method"), text("model")), text("model"));
    let mut open: Vec<String> = object
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "method" | "model" | "num_speculative_tokens"))
        .filter(|(key, _)| !WITHOUT_EFFECT.contains(&key.as_str()))
        .filter(|(key, value)| {
            *key != "draft_tensor_parallel_size" || value.as_u64() != Some(launch.serving.tensor_parallel)
        })
        .map(|(key, value)| format!("{FLAG} {key} {value}"))
        .collect();
    match (drafting, tokens, open.is_empty()) {
        (Some(drafting), Some(tokens), true) => {
            launch.serving.speculative_method = Some(drafting);
            launch.serving.speculative_tokens = Some(tokens);
            launch.draft = model.filter(|_| drafting == Drafting::DraftModel).map(str::to_owned);
        }
        (None, ..) => open.push(format!("{FLAG} {}", text("method").or(model).unwrap_or("without a method"))),
        (Some(_), None, _) => open.push(format!("{FLAG} without num_speculative_tokens")),
        (Some(_), Some(_), false) => {}
    }
    launch.open.append(&mut open);
    Ok(())
}

/// The way of drafting: by its name, else by that of the model that drafts. `None` for one that is not worked out.
fn drafting(method: Option<&str>, model: Option<&str>) -> Option<Drafting> {
    let named = |name: &str| match name {
        "ngram" | "[ngram]" | "suffix" => Some(Drafting::Ngram),
        "eagle" => Some(Drafting::Eagle),
        "eagle3" => Some(Drafting::Eagle3),
        "draft_model" => Some(Drafting::DraftModel),
        "mtp" => Some(Drafting::Mtp),
        name if name.ends_with("_mtp") => Some(Drafting::Mtp),
        _ => None,
    };
    let Some(method) = method else {
        let model = model?.to_ascii_lowercase();
        return Some(match model.as_str() {
            "ngram" | "[ngram]" => Drafting::Ngram,
            name if name.contains("eagle-") => Drafting::Eagle,
            name if name.contains("eagle3") => Drafting::Eagle3,
            _ => Drafting::DraftModel,
        });
    };
    named(method)
}
