//! What is known besides the manifests.

use std::path::{Path, PathBuf};

use migfit::fleet::pools::{self, Pool};
use migfit::gpu::{self, Gpu};
use migfit::problem::Problem;
use migfit::review::{Cluster, Config, Context, Known};
use migfit::yaml;
use serde_json::Value;

use super::Check;
use crate::cards::on_command_line;
use crate::input;
use crate::report::Failure;

/// What is known besides the manifests.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    models: Vec<Model>,
    gpus: Vec<&'static Gpu>,
    pools: Vec<Pool>,
}

/// A model that the command line brings along.
#[derive(Debug)]
struct Model {
    id: String,
    /// The file.
    source: String,
    config: Value,
}

impl Knowledge {
    pub(super) fn read(check: &Check) -> Result<Knowledge, Vec<Failure>> {
        let mut known = Knowledge::default();
        let mut failures = Vec::new();
        for name in &check.gpus {
            match gpu::find(name) {
                Ok(gpu) => known.gpus.push(gpu),
                Err(problem) => failures.extend(on_command_line(problem)),
            }
        }
        for pair in &check.model {
            match one(pair) {
                Ok(model) => known.models.push(model),
                Err(failure) => failures.push(failure),
            }
        }
        for file in &check.models {
            match several(file) {
                Ok(models) => known.models.extend(models),
                Err(failure) => failures.push(failure),
            }
        }
        known.read_pools(&check.pools, &mut failures);
        if failures.is_empty() { Ok(known) } else { Err(failures) }
    }

    fn read_pools(&mut self, files: &[PathBuf], failures: &mut Vec<Failure>) {
        for path in files {
            let file = path.display().to_string();
            let documents = input::text(path).and_then(|text| yaml::documents("pools", &text));
            match documents {
                Ok(documents) => {
                    let read = pools::read(gpu::catalog(), &documents);
                    self.pools.extend(read.pools);
                    failures.extend(
                        read.problems.into_iter().map(|problem| Failure { file: file.clone(), problem }),
                    );
                }
                Err(problem) => failures.push(Failure { file, problem }),
            }
        }
    }

    /// What a review is told.
    pub(super) fn context(&self) -> Context<'_> {
        Context {
            models: self.models.iter().map(|model| (model.id.as_str(), model.known())).collect(),
            cluster: Cluster {
                source: if self.pools.is_empty() { "the GPUs of --gpus" } else { "the pools of --pools" },
                gpus: self.gpus.clone(),
                pools: &self.pools,
            },
            ..Context::default()
        }
    }
}

impl Model {
    fn known(&self) -> Known<'_> {
        let place = format!("{}: {:?}", self.source, self.id);
        Known { source: &self.source, place, config: Config::Json(&self.config) }
    }
}

/// The model of `ID=CONFIG`.
fn one(pair: &str) -> Result<Model, Failure> {
    let Some((id, path)) = pair.split_once('=') else {
        let problem = Problem::new("bad-model", "--model", format!("{pair:?}"), "ID=CONFIG");
        return Err(Failure { file: "command line".to_owned(), problem });
    };
    let path = Path::new(path);
    let path = if path.is_dir() { path.join("config.json") } else { path.to_owned() };
    let config = input::text(&path).and_then(|text| migfit::model::json::object("config.json", &text));
    match config {
        Ok(config) => {
            Ok(Model { id: id.to_owned(), source: path.display().to_string(), config: Value::Object(config) })
        }
        Err(problem) => Err(Failure { file: path.display().to_string(), problem }),
    }
}

/// The models of a file, by id; each its config, or an object that has it as `config`.
fn several(path: &Path) -> Result<Vec<Model>, Failure> {
    let file = path.display().to_string();
    let documents = input::text(path).and_then(|text| yaml::documents("models", &text));
    let documents = documents.map_err(|problem| Failure { file: file.clone(), problem })?;
    let mut models = Vec::new();
    for document in documents {
        let Value::Object(entries) = document else {
            let found = migfit::model::json::kind(&document);
            let problem = Problem::new("bad-model", "models", found, "an object of models by id");
            return Err(Failure { file, problem });
        };
        for (id, mut entry) in entries {
            let config = entry.get_mut("config").map(Value::take).unwrap_or(entry);
            models.push(Model { id, source: file.clone(), config });
        }
    }
    Ok(models)
}
