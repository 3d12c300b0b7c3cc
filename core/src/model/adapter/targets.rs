//! Reading an `adapter_config.json`, and which modules its words mean.

use core::fmt;

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::{Adapter, Biases, MAX_RANK};
use crate::model::json::kind;
use crate::problem::Problem;

/// The longest expression that is compiled.
const MAX_PATTERN: usize = 2000;

/// Which module names are meant.
#[derive(Clone, Debug)]
pub(super) enum Search {
    /// Every linear module but the output.
    AllLinear,
    /// Names, or ends of names behind a dot.
    Ends(Vec<String>),
    /// An expression for the whole name, and as it is written.
    Whole(Regex, String),
}

impl Search {
    pub(super) const fn is_all_linear(&self) -> bool {
        matches!(self, Search::AllLinear)
    }

    pub(super) fn covers(&self, name: &str) -> bool {
        match self {
            Search::AllLinear => true,
            Search::Ends(ends) => ends.iter().any(|end| {
                name.strip_suffix(end.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }),
            Search::Whole(regex, _) => regex.is_match(name),
        }
    }

    fn expression(field: &str, text: &str, before: &str) -> Result<Search, Problem> {
        let bad = |found: String| Problem::new("bad-pattern", field, found, "a regular expression");
        if text.len() > MAX_PATTERN {
            return Err(bad(format!("an expression of {} characters", text.len())));
        }
        Regex::new(&format!("^{before}(?:{text})$"))
            .map(|regex| Search::Whole(regex, text.to_owned()))
            .map_err(|error| bad(format!("{text:?} ({error})")))
    }

    /// A list of names, or an expression.
    fn read(map: &Map<String, Value>, field: &str) -> Result<Option<Search>, Problem> {
        match map.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text == "all-linear" => Ok(Some(Search::AllLinear)),
            Some(Value::String(text)) => Search::expression(field, text, "").map(Some),
            Some(Value::Array(list)) => {
                let words = list.iter().map(|word| word.as_str().map(str::to_owned));
                match words.collect::<Option<Vec<String>>>() {
                    Some(words) => Ok(Some(Search::Ends(words))),
                    None => Err(bad(field, "a list with something else than names", "a list of names")),
                }
            }
            Some(other) => Err(bad(field, kind(other), "a list of names or an expression")),
        }
    }
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Search::AllLinear => f.write_str("all-linear"),
            Search::Ends(ends) => f.write_str(&ends.join(", ")),
            Search::Whole(_, text) => f.write_str(text),
        }
    }
}

/// Which layers are meant.
#[derive(Clone, Debug)]
pub(super) enum Layers {
    All,
    These(Vec<u64>),
}

impl Layers {
    /// Modules that stand in no layer are meant only where all are.
    pub(super) fn cover(&self, layer: Option<u32>) -> bool {
        match (self, layer) {
            (Layers::All, _) => true,
            (Layers::These(numbers), Some(layer)) => numbers.contains(&u64::from(layer)),
            (Layers::These(_), None) => false,
        }
    }

    fn read(map: &Map<String, Value>) -> Result<Layers, Problem> {
        let field = "layers_to_transform";
        let numbers = match map.get(field) {
            None | Some(Value::Null) => return Ok(Layers::All),
            Some(Value::Array(list)) => list.iter().map(Value::as_u64).collect::<Option<Vec<u64>>>(),
            Some(one) => one.as_u64().map(|one| vec![one]),
        };
        let numbers =
            numbers.ok_or_else(|| bad(field, "something else", "a layer number or a list of them"))?;
        Ok(if numbers.is_empty() { Layers::All } else { Layers::These(numbers) })
    }
}

pub(super) fn read(map: &Map<String, Value>) -> Result<Adapter, Problem> {
    let kind = map.get("peft_type").and_then(Value::as_str).unwrap_or("LORA");
    if kind != "LORA" {
        return Err(Problem::new("unknown-adapter", "peft_type", format!("{kind:?}"), "\"LORA\""));
    }
    let targets = Search::read(map, "target_modules")?.ok_or_else(|| {
        Problem::new(
            "missing-field",
            "target_modules",
            "nothing",
            "a list of module names, or \"all-linear\"",
        )
    })?;
    let empty = || Search::Ends(Vec::new());
    Ok(Adapter {
        base_model: map.get("base_model_name_or_path").and_then(Value::as_str).unwrap_or_default().to_owned(),
        rank: rank("r", map.get("r"))?,
        targets,
        excluded: Search::read(map, "exclude_modules")?.unwrap_or_else(empty),
        saved: Search::read(map, "modules_to_save")?.unwrap_or_else(empty),
        ranks: ranks(map)?,
        layers: Layers::read(map)?,
        magnitudes: flag(map, "use_dora")?,
        low_rank_bias: flag(map, "lora_bias")?,
        biases: biases(map)?,
    })
}

/// Ranks of single modules: the key is the end of a name, dots and all an expression.
fn ranks(map: &Map<String, Value>) -> Result<Vec<(Search, u64)>, Problem> {
    let field = "rank_pattern";
    let Some(Value::Object(pattern)) = map.get(field) else { return Ok(Vec::new()) };
    pattern
        .iter()
        .map(|(key, value)| Ok((Search::expression(field, key, r"(?:.*\.)?")?, rank(field, Some(value))?)))
        .collect()
}

fn rank(field: &str, value: Option<&Value>) -> Result<u64, Problem> {
    let expected = format!("a rank from 1 to {MAX_RANK}");
    match value {
        None | Some(Value::Null) => Err(Problem::new("missing-field", field, "nothing", expected)),
        Some(value) => match value.as_u64() {
            Some(rank) if (1..=MAX_RANK).contains(&rank) => Ok(rank),
            _ => Err(bad(field, &value.to_string(), &expected)),
        },
    }
}

fn flag(map: &Map<String, Value>, field: &str) -> Result<bool, Problem> {
    match map.get(field) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(on)) => Ok(*on),
        Some(other) => Err(bad(field, kind(other), "true or false")),
    }
}

fn biases(map: &Map<String, Value>) -> Result<Biases, Problem> {
    match map.get("bias").and_then(Value::as_str).unwrap_or("none") {
        "none" => Ok(Biases::None),
        "lora_only" => Ok(Biases::Adapted),
        "all" => Ok(Biases::All),
        other => Err(bad("bias", &format!("{other:?}"), "\"none\", \"lora_only\" or \"all\"")),
    }
}

fn bad(field: &str, found: &str, expected: &str) -> Problem {
    Problem::new("bad-field", field, found, expected)
}
