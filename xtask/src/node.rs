//! Node, TypeScript for the tests of the JavaScript package, and axe for those of the page.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::shell::{apt, debian_root, on_path, run, say, target};

/// The compiler that the package's types are tried with.
const TYPESCRIPT: &str = "typescript@5.9.3";
/// What looks for barriers in the page.
const AXE: &str = "axe-core@4.14.1";

/// Makes Node and TypeScript available and returns TypeScript's compiler, a program for Node.
///
/// # Errors
/// Where Node is missing and cannot be installed, or the registry does not give TypeScript.
pub(crate) fn ensure() -> Result<PathBuf> {
    if on_path(&["node"]).is_none() || on_path(&["npm"]).is_none() {
        if !debian_root() {
            bail!("node or npm is missing: install Node 18 or later");
        }
        say("node or npm missing: installing them with apt-get");
        apt(&["nodejs", "npm"])?;
    }
    package("typescript", TYPESCRIPT, &["typescript", "bin", "tsc"])
}

/// Returns the script that checks an open page for what keeps people out; Node must be there.
///
/// # Errors
/// Where the registry does not give it.
pub(crate) fn axe() -> Result<PathBuf> {
    package("axe", AXE, &["axe-core", "axe.min.js"])
}

/// Installs `name` into `folder` of the target folder, once, and returns a file of it.
fn package(folder: &str, name: &str, file: &[&str]) -> Result<PathBuf> {
    let folder = target().join(folder);
    let file = file.iter().fold(folder.join("node_modules"), |path, part| path.join(part));
    if !file.is_file() {
        say(&format!("installing {name} into {}", folder.display()));
        let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(name);
        run(&mut npm)?;
    }
    Ok(file)
}
