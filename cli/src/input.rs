//! Reading files and standard input.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use migfit::catalog;
use migfit::model::evidence::{self, Evidence};
use migfit::model::json::MAX_TEXT_BYTES;
use migfit::model::{Model, quantization};
use migfit::problem::Problem;

use crate::hub;
use crate::report::Failure;

/// The text of `path`, of standard input where it is `-`. Never reads more than a config may hold.
pub(crate) fn text(path: &Path) -> Result<String, Problem> {
    String::from_utf8(bytes(path, MAX_TEXT_BYTES + 1)?).map_err(|error| {
        Problem::new("not-text", "file", format!("bytes that are not UTF-8 ({error})"), "a text file")
    })
}

/// At most the first `limit` bytes of `path`.
fn bytes(path: &Path, limit: usize) -> Result<Vec<u8>, Problem> {
    let name = path.display().to_string();
    let limit = limit as u64;
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    if let Err(error) = read {
        return Err(Problem::new("unreadable", "file", error.to_string(), "a file that can be read"));
    }
    Ok(bytes)
}

/// The files that `path` stands for: itself, or where there is no such file and it is a pattern (`*`, `?`, `[`, `**`),
/// what matches it, by name. A shell does that too, but not where the pattern stands in quotes, nor on Windows.
pub(crate) fn matching(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let text = path.display().to_string();
    if path.exists() || !text.contains(['*', '?', '[']) {
        return Ok(vec![path.to_owned()]);
    }
    let failed = |found: String, expected: &str| {
        let problem = Problem::new("no-file", "pattern", found, expected);
        Failure { file: text.clone(), problem }
    };
    let found = glob::glob(&text).map_err(|error| failed(error.to_string(), "a pattern of file names"))?;
    let files: Vec<PathBuf> = found.flatten().collect();
    if files.is_empty() { Err(failed("no file".to_owned(), "a pattern that files match")) } else { Ok(files) }
}

/// What the checkpoint of `model` says about its size: the file `given`, else the index or the head of the one file in
/// the folder `model`, or in that of a model that was fetched.
pub(crate) fn evidence(model: &Path, given: Option<&Path>) -> Result<Option<Evidence>, Vec<Failure>> {
    let folder = fetched(model).unwrap_or_else(|| model.to_owned());
    let beside = ["model.safetensors.index.json", hub::HEAD].map(|name| folder.join(name));
    let file = match (given, beside.iter().find(|file| file.is_file())) {
        (Some(given), _) => given,
        (None, Some(beside)) => beside,
        (None, None) => return Ok(None),
    };
    let read = bytes(file, MAX_TEXT_BYTES + 8).and_then(|bytes| evidence::read(&bytes));
    read.map(Some).map_err(|problem| vec![Failure { file: file.display().to_string(), problem }])
}

/// The folder of a model that was fetched from the Hub, where `name` is no file but its id.
fn fetched(name: &Path) -> Option<PathBuf> {
    if name.exists() { None } else { hub::cached(&name.display().to_string()) }
}

/// The model that `name` stands for: a `config.json`, a folder that holds one, the id of a model that was fetched, else
/// an id of the catalog.
pub(crate) fn model(name: &Path) -> Result<Model, Vec<Failure>> {
    let shown = name.display().to_string();
    let failed = |problem| vec![Failure { file: shown.clone(), problem }];
    if name.is_dir() {
        return beside(name, &name.join("config.json")).map_err(failed);
    }
    if name.ends_with("config.json") && name.is_file() {
        return beside(name.parent().unwrap_or(name), name).map_err(failed);
    }
    if shown == "-" || name.is_file() {
        return text(name).and_then(|text| migfit::model::read(&text)).map_err(failed);
    }
    if let Some(folder) = fetched(name) {
        return beside(&folder, &folder.join("config.json")).map_err(failed);
    }
    let named = catalog::find(&shown).and_then(|entry| entry.model());
    named.map_err(|problem| failed(neither(&shown, problem)))
}

/// The model of `config`, with the quantization that ModelOpt writes beside it in `folder`.
fn beside(folder: &Path, config: &Path) -> Result<Model, Problem> {
    let mut model = text(config).and_then(|text| migfit::model::read(&text))?;
    let side = folder.join("hf_quant_config.json");
    if model.quantization.is_none() && side.is_file() {
        model.quantization = Some(quantization::read_side_file(&text(&side)?)?);
    }
    Ok(model)
}

/// An unknown name may be a mistyped path.
fn neither(shown: &str, problem: Problem) -> Problem {
    if problem.code == "unknown-model" && (shown.ends_with(".json") || shown.starts_with(['.', '/'])) {
        return Problem::new(
            "unreadable",
            "file",
            "nothing",
            "a config.json, its folder, or a model of the catalog",
        );
    }
    problem
}
