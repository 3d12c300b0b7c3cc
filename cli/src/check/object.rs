//! The objects of the files.

use std::path::{Path, PathBuf};

use migfit::yaml;
use serde_json::{Map, Value};

use super::lines::{Place, places};
use crate::input;
use crate::report::Failure;

/// One object of a file.
#[derive(Debug)]
pub(super) struct Object {
    /// The file as it was named, `-` for standard input.
    pub(super) file: String,
    /// What is there.
    pub(super) value: Map<String, Value>,
    /// Where its parts stand.
    place: Place,
}

impl Object {
    /// The line of the part at `path`, counted from 1.
    pub(super) fn line(&self, path: &str) -> usize {
        self.place.line(path).max(1)
    }

    pub(super) fn kind(&self) -> &str {
        self.text("kind")
    }

    pub(super) fn name(&self) -> &str {
        self.metadata("name").or_else(|| self.metadata("generateName")).unwrap_or_default()
    }

    pub(super) fn namespace(&self) -> Option<&str> {
        self.metadata("namespace")
    }

    fn text(&self, name: &str) -> &str {
        self.value.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn metadata(&self, name: &str) -> Option<&str> {
        self.value.get("metadata")?.get(name)?.as_str()
    }
}

/// Every object in `files`, lists taken apart; what is no map is left out.
pub(super) fn objects(files: &[PathBuf], failures: &mut Vec<Failure>) -> Vec<Object> {
    let mut found = Vec::new();
    for path in files {
        let file = path.display().to_string();
        match read(path) {
            Ok((text, documents)) => {
                let mut places = places(&text).into_iter();
                for document in documents {
                    unfold(&file, document, places.next().unwrap_or_default(), &mut found);
                }
            }
            Err(problem) => failures.push(Failure { file, problem }),
        }
    }
    found
}

fn read(path: &Path) -> Result<(String, Vec<Value>), migfit::problem::Problem> {
    let text = input::text(path)?;
    let documents = yaml::documents("file", &text)?;
    Ok((text, documents))
}

fn unfold(file: &str, value: Value, mut place: Place, found: &mut Vec<Object>) {
    let is_list = value.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    match value {
        Value::Object(mut map) if is_list && map.get("items").is_some_and(Value::is_array) => {
            let items = map.remove("items");
            let mut inside = place.take("items");
            if let Some(Value::Array(items)) = items {
                for (number, item) in items.into_iter().enumerate() {
                    let place = inside.take(&number.to_string());
                    unfold(file, item, place, found);
                }
            }
        }
        Value::Object(value) => found.push(Object { file: file.to_owned(), value, place }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {}
    }
}
