//! Node and TypeScript, which the tests of the JavaScript package run.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::shell::{apt, debian_root, on_path, run, say, target};

/// The compiler that the package's types are tried with.
const TYPESCRIPT: &str = "typescript@5.9.3";

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
    let folder = target().join("typescript");
    let compiler = folder.join("node_modules").join("typescript").join("bin").join("tsc");
    if !compiler.is_file() {
        say("installing TypeScript into target/typescript");
        let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(TYPESCRIPT);
        run(&mut npm)?;
    }
    Ok(compiler)
}
