//! Where published data lies that tests read in place, beside the fixtures of their own.

use std::path::{Path, PathBuf};

/// The folder in `MIGFIT_REFERENCE`, or `shared` beside the repository; `None`, with a line that says so,
/// where neither is there.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("MIGFIT_REFERENCE").map_or(beside, PathBuf::from);
    if folder.join("reference").is_dir() {
        return Some(folder);
    }
    println!("reference data absent: set MIGFIT_REFERENCE");
    None
}
