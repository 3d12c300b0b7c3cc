//! Reading files and standard input.

use std::io::Read as _;
use std::path::Path;

use migfit::model::Model;
use migfit::model::json::MAX_TEXT_BYTES;
use migfit::problem::Problem;

use crate::report::Failure;

/// The text of `path`, of standard input where it is `-`. Never reads more than a config may hold.
pub(crate) fn text(path: &Path) -> Result<String, Problem> {
    let name = path.display().to_string();
    let limit = MAX_TEXT_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    if let Err(error) = read {
        return Err(Problem::new("unreadable", "file", error.to_string(), "a file that can be read"));
    }
    String::from_utf8(bytes).map_err(|error| {
        Problem::new("not-text", "file", format!("bytes that are not UTF-8 ({error})"), "a text file")
    })
}

/// The model whose `config.json` is at `path`.
pub(crate) fn model(path: &Path) -> Result<Model, Vec<Failure>> {
    let read = text(path).and_then(|text| migfit::model::read(&text));
    read.map_err(|problem| vec![Failure { file: path.display().to_string(), problem }])
}
