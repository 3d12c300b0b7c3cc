//! What an operator says of models.

use crate::catalog;
use crate::model::json::kind;
use crate::problem::Problem;
use crate::review::{Config, Known};
use serde_json::{Map, Value};

use super::read::{Part, Problems, bad, names};

/// `models`, by the id that workloads use: each with its `config`, or with the id of the `catalog` that it is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Models<'a> {
    entries: Option<&'a Map<String, Value>>,
}

/// Reads `models`; configs are read when one is needed.
pub(super) fn models<'a>(settings: &Part<'a>, problems: &mut Problems) -> Models<'a> {
    let entries = match settings.get("models") {
        None => return Models::default(),
        Some(Value::Object(entries)) => entries,
        Some(other) => {
            problems.push(bad("settings.models", kind(other), "an object of models by id"));
            return Models::default();
        }
    };
    for id in names(entries) {
        let path = format!("settings.models[{id:?}]");
        let Some(entry) = entries.get(id) else { continue };
        let part = Part::new(entry, path.clone(), &["catalog", "config"], problems);
        if let Some(name) = part.text("catalog", problems) {
            if part.get("config").is_some() {
                problems.push(bad(&path, "config beside catalog", "one of them"));
            }
            if let Err(problem) = catalog::find(name) {
                problems.push(problem.about(part.at("catalog")));
            }
        }
    }
    Models { entries: Some(entries) }
}

impl<'a> Models<'a> {
    /// What is known of the model `id`.
    pub(crate) fn get(self, id: &str) -> Option<Known<'a>> {
        let entry = self.entries?.get(id)?;
        let place = || format!("settings.models[{id:?}].config");
        match entry.get("catalog").and_then(Value::as_str) {
            Some(name) => {
                let config = Config::Catalog(catalog::find(name).ok()?);
                Some(Known { source: "settings, by the catalog", place: place(), config })
            }
            None => {
                let config = Config::Json(entry.get("config").unwrap_or(&Value::Null));
                Some(Known { source: "settings", place: place(), config })
            }
        }
    }

    /// The ids, sorted.
    pub(crate) fn ids(self) -> impl Iterator<Item = &'a str> {
        self.entries.map(names).into_iter().flatten()
    }

    /// What is wrong with the configs, by id.
    pub(super) fn check(self) -> Vec<Problem> {
        self.ids().filter_map(|id| self.get(id)?.model().err()).collect()
    }
}
