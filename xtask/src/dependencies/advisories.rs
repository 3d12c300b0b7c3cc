//! Published advisories, from a copy of the RustSec database in one table: which versions of which packages
//! are vulnerable, unsound or without a maintainer.
//!
//! The copy is as old as its first line says. It needs no network; the workflow on GitHub asks the living
//! database besides.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use semver::{Version, VersionReq};
use serde::Deserialize;

use super::graph::Graph;
use crate::shell::{output, root};

/// The table: a first line that says what it is a copy of, then one advisory a line.
fn file() -> PathBuf {
    root().join("xtask").join("advisories.tsv")
}

/// One line: `RUSTSEC-2020-0071  time  vulnerability  >=0.2.23  =0.2.0, =0.2.1`, between tabs.
struct Advisory<'a> {
    id: &'a str,
    package: &'a str,
    kind: &'a str,
    /// Versions that are mended or never were affected; all others are affected.
    safe: Vec<VersionReq>,
}

/// One line for each advisory that is about a version in `graph`, but for those in `ignored`.
///
/// # Errors
/// Where the table cannot be read.
pub(super) fn affecting(graph: &Graph, ignored: &[String]) -> Result<Vec<String>> {
    let text = fs::read_to_string(file()).context("xtask/advisories.tsv")?;
    let (_, rows) = text.split_once('\n').context("xtask/advisories.tsv is empty")?;
    found(rows, graph, ignored)
}

fn found(rows: &str, graph: &Graph, ignored: &[String]) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for row in rows.lines() {
        let advisory = read(row).with_context(|| format!("xtask/advisories.tsv: {row}"))?;
        if ignored.iter().any(|id| id == advisory.id) {
            continue;
        }
        let affected = graph.packages.iter().filter(|package| package.name == advisory.package);
        for package in affected.filter(|package| advisory.affects(&package.version)) {
            let Advisory { id, kind, .. } = advisory;
            let (name, version) = (&package.name, &package.version);
            lines.push(format!("{name} {version}: {kind}, https://rustsec.org/advisories/{id}"));
        }
    }
    lines.sort_unstable();
    Ok(lines)
}

fn read(row: &str) -> Result<Advisory<'_>> {
    let mut columns = row.split('\t');
    let mut column = || columns.next().context("too few columns");
    let (id, package, kind) = (column()?, column()?, column()?);
    let ranges = column()?.split(" || ").filter(|range| !range.is_empty());
    let safe = ranges.map(VersionReq::parse).collect::<Result<_, _>>()?;
    Ok(Advisory { id, package, kind, safe })
}

impl Advisory<'_> {
    fn affects(&self, version: &Version) -> bool {
        !self.safe.iter().any(|range| range.matches(version))
    }
}

/// The head of an advisory's file.
#[derive(Deserialize)]
struct Head {
    advisory: About,
    #[serde(default)]
    versions: Versions,
}

#[derive(Deserialize)]
struct About {
    id: String,
    package: String,
    informational: Option<String>,
    withdrawn: Option<toml::Value>,
}

#[derive(Default, Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

/// Writes the table anew from `folder`, a clone of <https://github.com/RustSec/advisory-db>.
///
/// # Errors
/// Where the folder is no such clone.
pub(crate) fn renew(folder: &Path) -> Result<()> {
    let mut rows = Vec::new();
    let crates = folder.join("crates");
    for package in fs::read_dir(&crates).with_context(|| crates.display().to_string())? {
        for file in fs::read_dir(package?.path())? {
            let file = file?.path();
            let text = fs::read_to_string(&file)?;
            rows.extend(row(&text).with_context(|| file.display().to_string())?);
        }
    }
    rows.sort_unstable();
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["log", "-1", "--format=%h of %cs"]);
    let commit = output(&mut git)?;
    let mut table = format!("# RustSec advisory-db, commit {}\n", commit.trim());
    for row in rows {
        writeln!(table, "{row}")?;
    }
    fs::write(file(), table).context("xtask/advisories.tsv")
}

/// One line of the table; none for an advisory that was withdrawn or only tells news.
fn row(text: &str) -> Result<Option<String>> {
    let (_, text) = text.split_once("```toml").context("no head")?;
    let (head, _) = text.split_once("```").context("no end of the head")?;
    let Head { advisory, versions } = toml::from_str(head)?;
    let kind = advisory.informational.as_deref().unwrap_or("vulnerability");
    if advisory.withdrawn.is_some() || kind == "notice" {
        return Ok(None);
    }
    let safe = [versions.patched, versions.unaffected].concat().join(" || ");
    Ok(Some(format!("{}\t{}\t{kind}\t{safe}", advisory.id, advisory.package)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(name: &str, version: &str) -> Graph {
        let packages = format!(r#"[{{"id":"a","name":"{name}","version":"{version}"}}]"#);
        serde_json::from_str(&format!(r#"{{"packages":{packages},"resolve":{{"nodes":[]}}}}"#)).unwrap()
    }

    const ROWS: &str = "RUSTSEC-2020-0071\ttime\tvulnerability\t>=0.2.23 || =0.2.0\n\
                        RUSTSEC-2024-0370\tproc-macro-error\tunmaintained\t\n";

    #[test]
    fn a_version_is_affected_unless_it_is_mended_or_never_was() {
        let lines = |name, version| found(ROWS, &graph(name, version), &[]).unwrap();
        assert_eq!(
            lines("time", "0.2.22"),
            ["time 0.2.22: vulnerability, https://rustsec.org/advisories/RUSTSEC-2020-0071"]
        );
        assert_eq!(lines("time", "0.2.23"), Vec::<String>::new());
        assert_eq!(lines("time", "0.2.0"), Vec::<String>::new());
        assert_eq!(
            lines("proc-macro-error", "1.0.4"),
            ["proc-macro-error 1.0.4: unmaintained, https://rustsec.org/advisories/RUSTSEC-2024-0370"]
        );
        assert_eq!(lines("proc-macro", "1.0.4"), Vec::<String>::new());
        let ignored = ["RUSTSEC-2024-0370".to_owned()];
        let left = found(ROWS, &graph("proc-macro-error", "1.0.4"), &ignored).unwrap();
        assert_eq!(left, Vec::<String>::new());
    }

    #[test]
    fn the_head_of_a_file_becomes_one_row() {
        let head = "```toml\n[advisory]\nid = \"R-1\"\npackage = \"a\"\ninformational = \"unsound\"\n";
        let versions = "[versions]\npatched = [\">= 1.2\"]\nunaffected = [\"< 1.0\"]\n```\n# Title";
        let file = |extra: &str| row(&format!("{head}{extra}{versions}")).unwrap();
        assert_eq!(file("").as_deref(), Some("R-1\ta\tunsound\t>= 1.2 || < 1.0"));
        assert_eq!(file("withdrawn = \"2024-01-01\"\n"), None);
    }

    #[test]
    fn every_row_of_the_table_can_be_read() {
        let text = fs::read_to_string(file()).unwrap();
        assert!(text.starts_with("# RustSec advisory-db, commit "));
        for line in text.lines().skip(1) {
            read(line).unwrap_or_else(|error| panic!("{line}: {error:#}"));
        }
    }
}
