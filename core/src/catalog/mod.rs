//! Well-known models by their id, so that `meta-llama/Llama-3.1-8B-Instruct` can be asked about without a network.
//!
//! `facts.tsv` has one line per shape: the ids that share it, where the facts come from, the exact number of
//! parameters, and those fields of the published `config.json` that bear on a count. `like` takes the rest from the
//! line of another id, `-` lists fields of that line which this one does not have. Written by
//! `tests/oracle/catalog.py`; tests compare every entry with the published file and with its total.

mod find;
mod merge;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use find::find;

use crate::model::{self, Model};
use crate::order;
use crate::packed::MODELS;
use crate::problem::Problem;
use crate::source::{Confidence, Source};

/// A model that is known by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id as its publisher spells it: `meta-llama/Llama-3.1-8B-Instruct`.
    pub id: &'static str,
    line: Line,
}

impl Entry {
    /// The fields of its `config.json` that bear on a count, as [`model::read_object`] takes them.
    ///
    /// # Errors
    /// `bad-catalog`, which tests of the table rule out.
    pub fn config(&self) -> Result<Map<String, Value>, Problem> {
        merge::config(self.line.fields)
    }

    /// The model.
    ///
    /// # Errors
    /// As [`model::read`]; tests of the table rule it out.
    pub fn model(&self) -> Result<Model, Problem> {
        model::read_object(&self.config()?)
    }

    /// Its parameters, as published.
    #[must_use]
    pub fn parameters(&self) -> Option<u64> {
        self.line.total.parse().ok()
    }

    /// Where the facts come from.
    #[must_use]
    pub fn source(&self) -> Source {
        match self.line.source {
            "file" => Source {
                title: "config.json",
                version: "as published in the model's repository",
                confidence: Confidence::Published,
            },
            _ => Source {
                title: "published shape",
                version: "makes the published number of parameters",
                confidence: Confidence::Derived,
            },
        }
    }
}

/// Every id, sorted without regard to case.
pub fn ids() -> impl Iterator<Item = &'static str> {
    let mut ids: Vec<&str> = entries().map(|entry| entry.id).collect();
    order::sort_by_key(&mut ids, |id| id.to_ascii_lowercase());
    ids.into_iter()
}

fn entries() -> impl Iterator<Item = Entry> {
    lines().flat_map(|line| line.ids.split(' ').map(move |id| Entry { id, line }))
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    ids: &'static str,
    source: &'static str,
    total: &'static str,
    fields: &'static str,
}

fn lines() -> impl Iterator<Item = Line> {
    MODELS.records().filter_map(line)
}

fn line((ids, rest): (&'static str, &'static str)) -> Option<Line> {
    let mut cells = rest.splitn(3, '\t');
    Some(Line { ids, source: cells.next()?, total: cells.next()?, fields: cells.next()? })
}

/// The entry of exactly this id, in any case; [`find`] knows more names and is slower where there is none.
#[must_use]
pub fn entry(id: &str) -> Option<Entry> {
    let line = line(MODELS.find(id)?)?;
    let id = line.ids.split(' ').find(|known| known.eq_ignore_ascii_case(id))?;
    Some(Entry { id, line })
}
