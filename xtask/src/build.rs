//! WebAssembly builds: the target, and the modules that cargo makes for it.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{cargo, output, root, run, say, target};

/// The one WebAssembly target that page and policy are built for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
/// The target of WASI hosts that have a file system, which the library must build for as well.
pub(crate) const WASI: &str = "wasm32-wasip1";

/// A toolchain that has the target, where the pinned one cannot have it.
const TOOLCHAIN: &str = "MIGFIT_WASM_TOOLCHAIN";

fn other_toolchain() -> Option<OsString> {
    std::env::var_os(TOOLCHAIN).filter(|name| !name.is_empty() && name != "default")
}

/// Lets `command`, and every cargo that it starts, use a toolchain that has the target.
pub(crate) fn with_wasm(command: &mut Command) -> &mut Command {
    if let Some(toolchain) = other_toolchain() {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    command
}

/// `cargo` with a toolchain that has the target.
pub(crate) fn wasm_cargo() -> Command {
    let mut command = cargo();
    if other_toolchain().is_some() {
        // Not the cargo that runs this program: rustup's, which looks at the toolchain's name.
        command = Command::new("cargo");
        command.current_dir(root());
    }
    with_wasm(&mut command);
    command
}

/// Whether the toolchain has the standard library of `triple`.
///
/// # Errors
/// Where the compiler cannot be asked.
pub(crate) fn has_target(triple: &str) -> Result<bool> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", triple]);
    let folder = output(with_wasm(rustc.current_dir(root())))?;
    Ok(PathBuf::from(folder.trim()).is_dir())
}

/// Adds the target with rustup where the toolchain lacks it.
///
/// # Errors
/// Where rustup cannot add it.
pub(crate) fn ensure_target() -> Result<()> {
    if has_target(WASM)? {
        return Ok(());
    }
    say(&format!("adding the target {WASM} with rustup"));
    let mut rustup = Command::new("rustup");
    run(rustup.args(["target", "add", WASM]).current_dir(root()))
}

/// Lets a build be the same whatever folder it is made in, and whoever makes it: paths of the checkout and of cargo's
/// home, which messages of panics carry, become words. rustc is given `flags` beside.
///
/// # Errors
/// Where a home of cargo is not to be found.
pub(crate) fn reproducible<'a>(command: &'a mut Command, flags: &[&str]) -> Result<&'a mut Command> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let home = home.context("no home folder, and CARGO_HOME is not set")?;
    let remapped = [(root().to_owned(), "migfit"), (home, "cargo")];
    let remaps: Vec<String> = remapped
        .iter()
        .map(|(path, word)| format!("--remap-path-prefix={}={word}", path.display()))
        .collect();
    let given = std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let given = given.split('\x1f').filter(|flag| !flag.is_empty());
    let remaps = remaps.iter().map(String::as_str);
    let all: Vec<&str> = given.chain(remaps).chain(flags.iter().copied()).collect();
    Ok(command.env("CARGO_ENCODED_RUSTFLAGS", all.join("\x1f")))
}

/// Builds `package` for the target in one of the workspace's profiles and returns the module `file`.
///
/// # Errors
/// Where cargo fails.
pub(crate) fn module(package: &str, profile: &str, file: &str) -> Result<PathBuf> {
    module_with(package, profile, file, &[], &[])
}

/// As [`module`], with more words for cargo and more flags for rustc.
///
/// # Errors
/// Where cargo fails.
pub(crate) fn module_with(
    package: &str,
    profile: &str,
    file: &str,
    more: &[&str],
    flags: &[&str],
) -> Result<PathBuf> {
    ensure_target()?;
    say(&format!("building {package} for {WASM}"));
    let words = ["build", "--profile", profile, "--target", WASM, "--package", package];
    run(reproducible(wasm_cargo().args(words).args(more), flags)?)?;
    let module = target().join(WASM).join(profile).join(file);
    let size =
        fs::metadata(&module).with_context(|| format!("{package} has no module {}", module.display()))?.len();
    say(&format!("{file}: {size} bytes"));
    Ok(module)
}
