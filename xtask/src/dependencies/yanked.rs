//! Yanked versions. Cargo keeps one that a lock file names, but never chooses one by itself: a
//! package that asks for exactly the locked versions resolves only while none of them is yanked.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};

use super::graph::Graph;
use crate::shell::{cargo, run, target};

/// Lets cargo choose every locked version afresh.
///
/// # Errors
/// Where cargo cannot: its message names the package.
pub(super) fn refuse(graph: &Graph) -> Result<()> {
    let folder = target().join("yanked");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src").join("lib.rs"), "")?;
    fs::write(folder.join("Cargo.toml"), manifest(graph))?;
    let lock = folder.join("Cargo.lock");
    if lock.exists() {
        fs::remove_file(lock)?;
    }
    run(cargo().args(["generate-lockfile", "--quiet"]).current_dir(folder))
        .context("the locked versions cannot be chosen afresh: one may be yanked")
}

/// A workspace of its own that asks for exactly the versions in `graph`.
fn manifest(graph: &Graph) -> String {
    let mut text =
        String::from("[workspace]\n[package]\nname = \"yanked\"\nedition = \"2024\"\n[dependencies]\n");
    for (number, package) in graph.packages.iter().enumerate() {
        if package.source.is_some() {
            let (name, version) = (&package.name, &package.version);
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "p{number} = {{ package = \"{name}\", version = \"={version}\", \
                 default-features = false }}"
            );
        }
    }
    text
}
