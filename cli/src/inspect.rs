//! `migfit inspect`: what a model is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use migfit::inspect::{Comparison, Inspection, compare, inspect};
use migfit::problem::Problem;
use migfit::units::grouped;
use serde::Serialize;

use crate::input;
use crate::report::{self, Failure};

/// What a model is: parameters, weights, cache.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit inspect config.json
  migfit inspect meta-llama/Llama-3.1-8B-Instruct --json
  migfit inspect 'models/*/config.json' --json")]
pub(crate) struct Inspect {
    /// A config.json, the folder of a model, a folder of many configs or a pattern of them, a model of the catalog, or `-` for standard input.
    #[arg(required = true)]
    configs: Vec<PathBuf>,
    /// Print JSON for machines: one object for one file, one line per file for a folder or several.
    #[arg(long)]
    json: bool,
    /// A safetensors index, the Hub's safetensors metadata or a .safetensors file to compare with; the index of a
    /// model's folder is found by itself.
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
}

/// One line of JSON about one file: the model, or what is wrong with it.
#[derive(Serialize)]
struct Line {
    file: String,
    #[serde(flatten)]
    model: Option<Inspection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Comparison>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem>,
}

impl Inspect {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let mut configs = Vec::new();
        for path in &self.configs {
            configs.extend(input::matching(path).map_err(|failure| vec![failure])?);
        }
        match configs.as_slice() {
            [one] if !one.is_dir() || one.join("config.json").is_file() => self.one(one),
            many => self.many(many),
        }
    }

    fn one(&self, path: &Path) -> Result<String, Vec<Failure>> {
        let model = input::model(path)?;
        let evidence = input::evidence(path, self.evidence.as_deref())?.map(|found| compare(&model, found));
        let model = inspect(&model);
        if self.json {
            let file = path.display().to_string();
            return report::json(&Line { file, model: Some(model), evidence, error: None });
        }
        Ok(text(&model) + &evidence.map(|found| compared(&found)).unwrap_or_default())
    }

    /// Answers file by file as they are read, so that thousands take no memory. With `--json` a file that cannot be
    /// used is a line like any other.
    fn many(&self, paths: &[PathBuf]) -> Result<String, Vec<Failure>> {
        let mut failures = Vec::new();
        for path in files(paths)? {
            let file = path.display().to_string();
            let told = match (input::model(&path), self.json) {
                (Ok(model), true) => {
                    line(Line { file, model: Some(inspect(&model)), evidence: None, error: None })?
                }
                (Ok(model), false) => format!("{file}\n{}\n", text(&inspect(&model))),
                (Err(found), true) => {
                    let error = found.into_iter().next().map(|failure| failure.problem);
                    line(Line { file, model: None, evidence: None, error })?
                }
                (Err(found), false) => {
                    failures.extend(found);
                    continue;
                }
            };
            if !report::stream(&told) {
                break;
            }
        }
        if failures.is_empty() { Ok(String::new()) } else { Err(failures) }
    }
}

fn line(line: Line) -> Result<String, Vec<Failure>> {
    let file = line.file.clone();
    serde_json::to_string(&line).map(|text| text + "\n").map_err(|error| {
        let problem =
            Problem::new("unprintable", "answer", error.to_string(), "an answer that JSON can hold");
        vec![Failure { file, problem }]
    })
}

/// Files as given; of a folder every `.json` file below it, sorted.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<Failure>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let entries = entries.map_err(|error| {
            let file = path.display().to_string();
            let problem =
                Problem::new("unreadable", file.clone(), error.to_string(), "a folder that can be read");
            vec![Failure { file, problem }]
        })?;
        let mut found: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        found.retain(|path| path.is_dir() || path.extension().is_some_and(|end| end == "json"));
        found.sort();
        let (folders, plain): (Vec<PathBuf>, Vec<PathBuf>) =
            found.into_iter().partition(|path| path.is_dir());
        files.extend(plain);
        files.extend(self::files(&folders)?);
    }
    Ok(files)
}

fn text(model: &Inspection) -> String {
    let mut out = String::new();
    let name = if model.architecture.is_empty() { "no architecture named" } else { &model.architecture };
    _ = writeln!(
        out,
        "{} ({name}){}",
        model.model_type,
        if model.known { "" } else { ", unknown: an estimate" }
    );
    let mut table = report::table(&["part", "parameters"], 1..2);
    for row in &model.parameters.groups {
        table.add_row([row.group.name().replace('_', " "), grouped(row.parameters)]);
    }
    table.add_row(["total".to_owned(), grouped(model.parameters.total)]);
    if model.parameters.active != model.parameters.total {
        table.add_row(["active per token".to_owned(), grouped(model.parameters.active)]);
    }
    _ = writeln!(out, "{table}");
    _ = writeln!(
        out,
        "weights    {} bytes ({}) as {}",
        grouped(model.weights.bytes.get()),
        model.weights.bytes,
        model.quantization.clone().unwrap_or_else(|| model.served_dtype.to_string())
    );
    _ = writeln!(out, "context    {} tokens ({})", grouped(model.context_tokens), model.context_field);
    _ = writeln!(
        out,
        "KV cache   {} bytes per token, {} bytes per sequence, as {}",
        grouped(model.kv_cache.bytes_per_token.get()),
        grouped(model.kv_cache.state_bytes_per_sequence.get()),
        model.kv_cache.dtype
    );
    for note in &model.assumptions {
        _ = writeln!(out, "note: {}", note.text);
    }
    out
}

/// What the checkpoint says, beside what was counted.
fn compared(found: &Comparison) -> String {
    let mut out = String::new();
    let size =
        found.evidence.bytes.map_or_else(|| "no size".to_owned(), |bytes| grouped(bytes.get()) + " bytes");
    _ = writeln!(out, "evidence   {size} in the checkpoint, {} counted", grouped(found.counted_bytes.get()));
    for row in &found.evidence.by_dtype {
        _ = writeln!(out, "           {} elements of {}", grouped(row.elements), row.dtype);
    }
    match (found.difference_bytes, found.explained_by.is_empty()) {
        (None | Some(0), _) => {}
        (Some(bytes), false) => {
            _ = writeln!(out, "           {bytes:+} bytes: {}", found.explained_by.join("; "));
        }
        (Some(bytes), true) if found.may_be_a_part() => {
            _ = writeln!(out, "           {bytes:+} bytes: this may be one file of several");
        }
        (Some(bytes), true) => _ = writeln!(out, "           {bytes:+} bytes, which nothing known explains"),
    }
    out
}
