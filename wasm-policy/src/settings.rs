//! What an operator sets. Strict: a misspelt name is an error, and every error is reported at once.

use std::collections::BTreeMap;

use migfit::gpu::{self, Gpu};
use migfit::model::json::kind;
use migfit::problem::Problem;
use migfit::review::{Cluster, Config, Context, Known, Reaction, Reactions};
use serde_json::{Map, Value};

/// The settings, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings<'a> {
    /// `models`: what is known of models, by the id that workloads use.
    pub models: Option<&'a Map<String, Value>>,
    /// `gpus`: the GPUs of the cluster. None: any GPU of the catalog.
    pub gpus: Vec<&'static Gpu>,
    /// `unknownModel`, `unknownDevice`, `unreadable`, `parallelOnSlices`: what to do about what proves nothing.
    pub reactions: Reactions,
}

/// Every setting, by name.
const NAMES: [&str; 6] =
    ["gpus", "models", "parallelOnSlices", "unknownDevice", "unknownModel", "unreadable"];

impl Settings<'_> {
    /// Reads settings; the configs of models are read when one is needed.
    ///
    /// # Errors
    /// `bad-setting`, `unknown-setting`, and those of [`gpu::find`], all at once in the order of names.
    pub fn read(settings: &Value) -> Result<Settings<'_>, Vec<Problem>> {
        let empty = &Value::Null;
        let Value::Object(map) = settings else {
            return Err(vec![bad("settings", kind(settings), "an object")]);
        };
        let mut problems = unknown(map, "settings", &NAMES);
        let gpus = gpus(map.get("gpus").unwrap_or(empty), &mut problems);
        let models = models(map.get("models").unwrap_or(empty), &mut problems);
        let mut reaction = |name: &str, default| match map.get(name) {
            None | Some(Value::Null) => default,
            Some(value) => read_reaction(name, value).unwrap_or_else(|problem| {
                problems.push(problem);
                default
            }),
        };
        let usual = Reactions::default();
        let reactions = Reactions {
            parallel_on_slices: reaction("parallelOnSlices", usual.parallel_on_slices),
            unknown_device: reaction("unknownDevice", usual.unknown_device),
            unknown_model: reaction("unknownModel", usual.unknown_model),
            unreadable: reaction("unreadable", usual.unreadable),
            lints: usual.lints,
        };
        let settings = Settings { models, gpus, reactions };
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }

    /// What a review is told.
    pub(crate) fn context(&self) -> Context<'_> {
        let models = self.models.into_iter().flatten();
        Context {
            models: models.map(|(id, entry)| (id.as_str(), known(id, entry))).collect(),
            cluster: Cluster { source: "the GPUs in the policy's settings", gpus: self.gpus.clone() },
            reactions: self.reactions.clone(),
        }
    }
}

fn known<'a>(id: &str, entry: &'a Value) -> Known<'a> {
    Known {
        source: "settings",
        place: format!("settings.models[{id:?}].config"),
        config: Config::Json(entry.get("config").unwrap_or(&Value::Null)),
    }
}

/// Everything that is wrong with `settings`, the configs of all models included.
pub(crate) fn check(settings: &Value) -> Vec<Problem> {
    let models = match Settings::read(settings) {
        Ok(settings) => settings.models,
        Err(problems) => return problems,
    };
    let models = models.map(sorted).into_iter().flatten();
    models.filter_map(|(id, entry)| known(id, entry).model().err()).collect()
}

fn gpus(value: &Value, problems: &mut Vec<Problem>) -> Vec<&'static Gpu> {
    let names = match value {
        Value::Null => return Vec::new(),
        Value::Array(names) => names,
        other => {
            problems.push(bad("settings.gpus", kind(other), "a list of GPU names"));
            return Vec::new();
        }
    };
    let mut gpus: Vec<&'static Gpu> = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let path = format!("settings.gpus[{place}]");
        let found = match name {
            Value::String(name) => gpu::find(name).map_err(|problem| problem.about(path)),
            other => Err(bad(&path, kind(other), "a text")),
        };
        match found {
            Ok(gpu) if gpus.contains(&gpu) => {}
            Ok(gpu) => gpus.push(gpu),
            Err(problem) => problems.push(problem),
        }
    }
    gpus
}

fn models<'a>(value: &'a Value, problems: &mut Vec<Problem>) -> Option<&'a Map<String, Value>> {
    let models = match value {
        Value::Null => return None,
        Value::Object(models) => models,
        other => {
            problems.push(bad("settings.models", kind(other), "an object of models by id"));
            return None;
        }
    };
    for (id, model) in sorted(models) {
        let path = format!("settings.models[{id:?}]");
        match model {
            Value::Object(model) => problems.extend(unknown(model, &path, &["config"])),
            other => problems.push(bad(&path, kind(other), "an object with config")),
        }
    }
    Some(models)
}

fn read_reaction(name: &str, value: &Value) -> Result<Reaction, Problem> {
    let word = value.as_str();
    let known = Reaction::ALL.iter().find(|(known, _)| Some(*known) == word);
    known.map(|(_, reaction)| *reaction).ok_or_else(|| {
        let found = word.map_or_else(|| kind(value).to_owned(), |word| format!("{word:?}"));
        bad(&format!("settings.{name}"), found, "allow, warn or deny")
    })
}

fn unknown(map: &Map<String, Value>, path: &str, known: &[&str]) -> Vec<Problem> {
    let strange = sorted(map).into_keys().filter(|name| !known.contains(name));
    strange
        .map(|name| {
            Problem::new("unknown-setting", path, format!("{name:?}"), format!("only {}", known.join(", ")))
        })
        .collect()
}

/// By name, whatever order the map keeps.
fn sorted(map: &Map<String, Value>) -> BTreeMap<&str, &Value> {
    map.iter().map(|(name, value)| (name.as_str(), value)).collect()
}

fn bad(path: &str, found: impl Into<String>, expected: &str) -> Problem {
    Problem::new("bad-setting", path, found, expected)
}
