//! Which layer is what: lists with a word per layer, and the older rules that stand for them.

use super::grouped::Reach;
use crate::model::fields::Fields;
use crate::problem::Problem;

/// A list with one word per layer, which may be longer than there are layers.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    text: &'a Fields<'a>,
    field: &'static str,
    words: Option<Vec<String>>,
}

impl<'a> Words<'a> {
    pub(super) fn read(text: &'a Fields<'a>, field: &'static str) -> Result<Words<'a>, Problem> {
        Ok(Words { text, field, words: text.words(field)? })
    }

    /// The word of `layer`; `None` where there is no list.
    pub(super) fn at(&self, layer: u64) -> Result<Option<&str>, Problem> {
        let Some(words) = &self.words else { return Ok(None) };
        match usize::try_from(layer).ok().and_then(|layer| words.get(layer)) {
            Some(word) => Ok(Some(word)),
            None => Err(self.text.bad(
                self.field,
                format!("a list of {}", words.len()),
                format!("an entry for layer {layer}"),
            )),
        }
    }
}

/// Which layers are mixtures where no list says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sparse {
    /// Every one.
    All,
    /// All behind the first so many, given by a field or, absent, by the number here; `moe_layer_freq` thins them.
    From(&'static str, u64),
    /// Every `decoder_sparse_step`-th, except those of `mlp_only_layers`.
    Step,
    /// From `moe_layer_start_index` to `moe_layer_end_index`, every `moe_layer_interval`-th (ERNIE).
    Span,
    /// Those that a field lists, "3,4,5" or [3, 4, 5]; absent, all from the number here.
    Listed(&'static str, u64),
    /// Those of `moe_layers`, else every `interleave_moe_layer_step`-th (Llama 4).
    Interleaved,
}

/// The answer to which layers are mixtures.
#[derive(Clone, Debug)]
pub(super) struct SparseLayers<'a> {
    words: Words<'a>,
    first: u64,
    last: u64,
    every: u64,
    /// What is added to the number of a layer before it is divided by `every`.
    phase: u64,
    frequency: Option<Vec<u64>>,
    only: Option<Vec<u64>>,
    never: Vec<u64>,
}

impl<'a> SparseLayers<'a> {
    pub(super) fn read(text: &'a Fields<'a>, rule: Sparse) -> Result<SparseLayers<'a>, Problem> {
        let mut found = SparseLayers {
            words: Words::read(text, "mlp_layer_types")?,
            first: 0,
            last: u64::MAX,
            every: 1,
            phase: 0,
            frequency: None,
            only: None,
            never: Vec::new(),
        };
        match rule {
            Sparse::All => {}
            Sparse::From(field, default) => {
                found.first = text.count_or(field, default)?;
                match text.value("moe_layer_freq") {
                    Some(value) if value.is_array() => found.frequency = text.counts("moe_layer_freq")?,
                    _ => found.every = text.count_or("moe_layer_freq", 1)?,
                }
            }
            Sparse::Listed(field, default) => match text.value(field) {
                Some(serde_json::Value::String(list)) => {
                    found.only =
                        Some(list.split(',').filter_map(|number| number.trim().parse().ok()).collect());
                }
                _ => {
                    found.only = text.counts(field)?;
                    found.first = default;
                }
            },
            Sparse::Step => {
                found.every = text.count_or("decoder_sparse_step", 1)?;
                found.phase = 1;
                found.never = text.counts("mlp_only_layers")?.unwrap_or_default();
            }
            Sparse::Span => {
                found.first = text.count_or("moe_layer_start_index", 0)?;
                found.last = match text.value("moe_layer_end_index").and_then(|value| value.as_i64()) {
                    Some(end) if end < 0 => u64::MAX,
                    _ => text.count("moe_layer_end_index")?.unwrap_or(u64::MAX),
                };
                found.every = text.count_or("moe_layer_interval", 1)?;
                found.phase = 1;
            }
            Sparse::Interleaved => {
                found.only = text.counts("moe_layers")?;
                found.every = text.count_or("interleave_moe_layer_step", 1)?;
                found.phase = 1;
            }
        }
        Ok(found)
    }

    /// Whether `layer` is a mixture.
    pub(super) fn at(&self, layer: u64) -> Result<bool, Problem> {
        if let Some(word) = self.words.at(layer)? {
            return Ok(word != "dense");
        }
        if let Some(only) = &self.only {
            return Ok(only.contains(&layer));
        }
        let chosen = match &self.frequency {
            Some(list) => {
                let entry = usize::try_from(layer).ok().and_then(|layer| list.get(layer));
                entry.is_some_and(|entry| *entry > 0)
            }
            None => self.every > 0 && (layer + self.phase).is_multiple_of(self.every),
        };
        Ok(chosen && layer >= self.first && layer <= self.last && !self.never.contains(&layer))
    }
}

/// Which layers see a window where no list says so.
#[derive(Clone, Copy, Debug)]
pub(super) enum Window {
    /// None.
    Never,
    /// Every one, where `sliding_window` is set.
    All,
    /// All but every n-th, n given by a field or by the number here.
    Except(&'static str, u64),
    /// Every second one before the layer that a field gives (Qwen2-MoE).
    AlternateBefore(&'static str),
    /// Those from the layer that a field gives.
    From(&'static str),
    /// Those that a rule over the number of the layer and the number of layers chooses.
    Rule(fn(u64, u64) -> bool),
}

/// The answer to how far each layer sees.
#[derive(Clone, Debug)]
pub(super) struct Reaches<'a> {
    words: Words<'a>,
    rule: Window,
    /// What the rule's field says.
    field: u64,
    window: Option<u64>,
    chunk: Option<u64>,
    layers: u64,
}

impl<'a> Reaches<'a> {
    pub(super) fn read(text: &'a Fields<'a>, rule: Window) -> Result<Reaches<'a>, Problem> {
        let switched_off = !text.flag("use_sliding_window", true)?;
        let window = text.count("sliding_window")?.filter(|window| *window > 0 && !switched_off);
        let field = match rule {
            Window::Except(field, default) => match text.value(field) {
                // "LLLG": local layers before a global one.
                Some(serde_json::Value::String(pattern)) => pattern.len() as u64,
                _ => text.count_or(field, default)?,
            },
            Window::AlternateBefore(field) | Window::From(field) => text.count_or(field, u64::MAX)?,
            Window::Never | Window::All | Window::Rule(_) => 0,
        };
        Ok(Reaches {
            words: Words::read(text, "layer_types")?,
            rule,
            field,
            window,
            chunk: text.count("attention_chunk_size")?.filter(|chunk| *chunk > 0),
            layers: text.need("num_hidden_layers")?,
        })
    }

    /// The word of `layer` in `layer_types`.
    pub(super) fn word(&self, layer: u64) -> Result<Option<&str>, Problem> {
        self.words.at(layer)
    }

    /// How far `layer` sees.
    pub(super) fn at(&self, layer: u64) -> Result<Reach, Problem> {
        let slides = match self.words.at(layer)? {
            Some("chunked_attention") => return Ok(self.chunk.map_or(Reach::Full, Reach::Chunked)),
            Some(word) => word.contains("sliding"),
            None => match self.rule {
                Window::Never => false,
                Window::All => true,
                Window::Except(..) => self.field > 0 && !(layer + 1).is_multiple_of(self.field),
                Window::AlternateBefore(_) => layer < self.field && layer.is_multiple_of(2),
                Window::From(_) => layer >= self.field,
                Window::Rule(rule) => rule(layer, self.layers),
            },
        };
        Ok(self.window.filter(|_| slides).map_or(Reach::Full, Reach::Sliding))
    }
}
