//! What the workspace depends on, against the rules in `deny.toml`.
//!
//! The rules are written for `cargo deny`, which reads the same file. This check needs nothing but
//! the registry: the lock file, `cargo metadata`, cargo's own refusal of yanked versions, and a table of
//! advisories that is kept here.

mod advisories;
mod graph;
mod rules;
mod yanked;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, output, root, say};
pub(crate) use advisories::renew;
use graph::Graph;
use rules::Rules;

/// Reports every rule that a dependency breaks.
///
/// # Errors
/// Where at least one is broken, or the lock file is out of date.
pub(crate) fn check() -> Result<()> {
    let text = fs::read_to_string(root().join("deny.toml")).context("deny.toml")?;
    let rules: Rules = toml::from_str(&text).context("deny.toml")?;
    let metadata = output(cargo().args(["metadata", "--locked", "--format-version", "1"]))?;
    let graph: Graph = serde_json::from_str(&metadata).context("cargo metadata")?;
    for line in graph.duplicates() {
        say(&format!("more than one version: {line}"));
    }
    let mut broken = rules.broken(&graph);
    broken.extend(advisories::affecting(&graph, &rules.ignored())?);
    for line in &broken {
        eprintln!("deny.toml: {line}");
    }
    if !broken.is_empty() {
        bail!("{} rules of deny.toml are broken", broken.len());
    }
    yanked::refuse(&graph)
}
