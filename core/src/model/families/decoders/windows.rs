//! Which layers of a decoder see only a window.
//!
//! Source: transformers configuration classes (`layer_types` and what stands in for it), vLLM 0.33 `ModelConfig`.

use serde_json::Value;

use super::traits::Window;
use crate::model::fields::Fields;
use crate::problem::Problem;

/// The rule of one config, read once.
#[derive(Debug)]
pub(super) struct Windows {
    tokens: Option<u64>,
    types: Option<Vec<String>>,
    rule: Rule,
}

#[derive(Debug)]
enum Rule {
    Full,
    Sliding,
    From(u64),
    /// One letter per layer, repeated; `L` slides.
    Letters(Vec<bool>),
}

impl Windows {
    pub(super) fn read(text: &Fields, window: Window) -> Result<Windows, Problem> {
        let mut tokens = match window {
            Window::Never => None,
            Window::Local => text.count("local_attention")?.map(|whole| whole / 2),
            Window::Always | Window::Qwen | Window::Every(_) | Window::AllButFirst(_) | Window::NoRope => {
                text.count("sliding_window")?
            }
        };
        if !text.flag("use_sliding_window", true)? {
            tokens = None;
        }
        let tokens = tokens.filter(|tokens| *tokens > 0);
        let types = if tokens.is_some() { text.words("layer_types")? } else { None };
        // Asked only where it decides: a field that is looked up is noted as assumed.
        let rule = if tokens.is_some() && types.is_none() { rule(text, window)? } else { Rule::Full };
        Ok(Windows { tokens, types, rule })
    }

    /// The window of `layer`, `None` where it sees everything.
    pub(super) fn of(&self, text: &Fields, layer: u64) -> Result<Option<u64>, Problem> {
        let at = |length: usize| usize::try_from(layer).unwrap_or(usize::MAX) % length.max(1);
        let slides = match (&self.types, &self.rule) {
            (Some(types), _) => {
                let Some(kind) = usize::try_from(layer).ok().and_then(|layer| types.get(layer)) else {
                    return Err(text.bad(
                        "layer_types",
                        format!("a list of {}", types.len()),
                        format!("an entry for layer {layer}"),
                    ));
                };
                kind.starts_with("sliding")
            }
            (None, Rule::Full) => false,
            (None, Rule::Sliding) => true,
            (None, Rule::From(first)) => layer >= *first,
            (None, Rule::Letters(slides)) => slides.get(at(slides.len())).copied().unwrap_or(false),
        };
        Ok(self.tokens.filter(|_| slides))
    }
}

fn rule(text: &Fields, window: Window) -> Result<Rule, Problem> {
    Ok(match window {
        Window::Never => Rule::Full,
        Window::Always => Rule::Sliding,
        Window::Qwen => Rule::From(text.count_or("max_window_layers", 0)?),
        Window::AllButFirst(period) => Rule::Letters((0..period).map(|layer| layer > 0).collect()),
        Window::Local => {
            let period = text.count_or("global_attn_every_n_layers", 3)?.clamp(1, 4096);
            Rule::Letters((0..period).map(|layer| layer > 0).collect())
        }
        Window::Every(period) => match text.written("sliding_window_pattern") {
            Some((_, Value::String(letters))) => Rule::Letters(letters.chars().map(|c| c == 'L').collect()),
            _ => every(text.count_or("sliding_window_pattern", period)?),
        },
        Window::NoRope => match text.counts("no_rope_layers")?.filter(|rotary| !rotary.is_empty()) {
            Some(rotary) => Rule::Letters(rotary.iter().map(|rotary| *rotary == 0).collect()),
            None => {
                let period = text.count_or("no_rope_layer_interval", 4)?.clamp(1, 4096);
                Rule::Letters((1..=period).map(|layer| layer == period).collect())
            }
        },
    })
}

/// All but every `period`-th layer slide; a period of 0 means that none does.
fn every(period: u64) -> Rule {
    if period == 0 {
        return Rule::Full;
    }
    let period = period.min(4096);
    Rule::Letters((1..=period).map(|layer| layer < period).collect())
}
