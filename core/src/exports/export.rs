//! What an export is made of, and its text.

use serde::Serialize;
use serde_json::Value;

use super::tree::{Map, Tree, Yaml};
use crate::problem::Problem;

/// One thing to apply: objects, values of a chart, or commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Export {
    /// Id of its kind: `deployment`.
    pub kind: &'static str,
    /// Name for a file: `deployment.yaml`.
    pub file: String,
    /// What its reader should know before applying it.
    pub notes: Vec<String>,
    /// Objects for a cluster, or one map of values for a chart.
    pub documents: Vec<Tree>,
    /// Commands for a shell, with a comment where that helps.
    pub commands: Vec<Command>,
}

/// A line of a shell script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Command {
    /// What it does, empty where the line before says so.
    pub about: String,
    /// The line.
    pub line: String,
}

impl Export {
    /// Documents to apply.
    pub(super) fn documents(kind: &'static str, documents: Vec<Tree>, notes: Vec<String>) -> Export {
        Export { kind, file: format!("{kind}.yaml"), notes, documents, commands: Vec::new() }
    }

    /// Commands to run.
    pub(super) fn commands(kind: &'static str, commands: Vec<Command>, notes: Vec<String>) -> Export {
        Export { kind, file: format!("{kind}.sh"), notes, documents: Vec::new(), commands }
    }

    /// The text of its file: YAML of all documents, or a shell script. Notes stand above, as comments.
    ///
    /// # Errors
    /// `unprintable` where the YAML writer refuses, which no document of this room makes it do.
    pub fn text(&self) -> Result<String, Problem> {
        let mut out = String::new();
        for note in &self.notes {
            out.push_str(&comment(note));
        }
        for (place, document) in self.documents.iter().enumerate() {
            if place > 0 {
                out.push_str("---\n");
            }
            out.push_str(&yaml(document)?);
        }
        if !self.commands.is_empty() {
            out.insert_str(0, "#!/bin/sh\nset -eu\n");
        }
        for command in &self.commands {
            if !command.about.is_empty() {
                out.push_str(&comment(&command.about));
            }
            out.push_str(&command.line);
            out.push('\n');
        }
        Ok(out)
    }

    /// The documents as plain JSON, as a cluster or a reader takes them.
    #[must_use]
    pub fn values(&self) -> Vec<Value> {
        self.documents.iter().map(Tree::value).collect()
    }
}

impl Command {
    /// A line and what it does.
    pub(super) fn new(about: impl Into<String>, line: impl Into<String>) -> Command {
        Command { about: about.into(), line: line.into() }
    }
}

/// `text` as comment lines.
fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}\n")).collect()
}

/// `tree` as YAML: texts that an old reader would take for something else are quoted, long ones are not folded.
///
/// # Errors
/// As [`Export::text`].
pub(super) fn yaml(tree: &Tree) -> Result<String, Problem> {
    let options = serde_saphyr::ser_options! { folded_wrap_chars: 1 << 20 };
    let text = serde_saphyr::to_string_with_options(&Yaml(tree), options);
    text.map_err(|error| {
        Problem::new("unprintable", "export", error.to_string(), "a document that YAML can hold")
    })
}

/// An object of a cluster.
pub(super) fn object(api_version: &str, kind: &str, metadata: Map) -> Map {
    Map::new().with("apiVersion", api_version).with("kind", kind).with("metadata", metadata)
}
