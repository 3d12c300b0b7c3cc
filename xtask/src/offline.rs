//! What the service worker keeps: the list of the page's files, and a word that changes with any of them.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use anyhow::{Result, ensure};

use crate::shell::collect;

const WORKER: &str = "sw.js";

/// Writes list and word into the service worker of `folder`.
///
/// # Errors
/// Where a file cannot be read, or the service worker has no place for them.
pub(crate) fn write(folder: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.retain(|file| !file.ends_with(WORKER));
    files.sort();
    let mut hasher = DefaultHasher::new();
    let mut names = vec!["./".to_owned()];
    for file in &files {
        let name = file.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        (&name, fs::read(file)?).hash(&mut hasher);
        if name != "index.html" {
            names.push(format!("./{name}"));
        }
    }
    let worker = folder.join(WORKER);
    let text = fs::read_to_string(&worker)?;
    let written = text
        .replace("const VERSION = \"\";", &format!("const VERSION = \"{:016x}\";", hasher.finish()))
        .replace("const FILES = [];", &format!("const FILES = {};", serde_json::to_string(&names)?));
    ensure!(
        written.contains("page.css") && !written.contains("VERSION = \"\""),
        "{WORKER} has no place for its files"
    );
    Ok(fs::write(worker, written)?)
}
