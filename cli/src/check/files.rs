//! Which files are meant.

use std::path::{Path, PathBuf};

use migfit::problem::Problem;

use crate::input;
use crate::report::Failure;

/// Ends of the names of files that are looked at in a folder.
const ENDS: [&str; 3] = ["yaml", "yml", "json"];

/// The files that `paths` stand for: themselves, what matches a pattern, and what is in folders, by name. Hidden folders are left out.
pub(super) fn files(paths: &[PathBuf], failures: &mut Vec<Failure>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in paths {
        match input::matching(path) {
            Ok(several) => several.iter().for_each(|path| meant(path, &mut found, failures)),
            Err(failure) => failures.push(failure),
        }
    }
    found
}

fn meant(path: &Path, found: &mut Vec<PathBuf>, failures: &mut Vec<Failure>) {
    if !path.is_dir() {
        found.push(path.to_owned());
        return;
    }
    let before = found.len();
    within(path, found, failures);
    if found.len() == before {
        failures.push(nothing(path));
    }
}

fn within(folder: &Path, found: &mut Vec<PathBuf>, failures: &mut Vec<Failure>) {
    let mut entries: Vec<PathBuf> = match std::fs::read_dir(folder) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(error) => {
            let problem =
                Problem::new("unreadable", "folder", error.to_string(), "a folder that can be read");
            failures.push(Failure { file: folder.display().to_string(), problem });
            return;
        }
    };
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if entry.is_dir() && !hidden {
            within(&entry, found, failures);
        } else if entry.extension().is_some_and(|end| ENDS.iter().any(|known| end == *known)) {
            found.push(entry);
        }
    }
}

fn nothing(folder: &Path) -> Failure {
    let expected = "a file that ends in .yaml, .yml or .json";
    let problem = Problem::new("no-manifest", "folder", "no manifest", expected);
    Failure { file: folder.display().to_string(), problem }
}
