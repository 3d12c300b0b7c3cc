//! WebAssembly builds: the target, and the modules that cargo makes for it.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::annotate::annotate;
use crate::shell::{cargo, output, root, run, say, target};

/// The one WebAssembly target that page and policy are built for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

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

/// Adds the target with rustup where the toolchain lacks it.
///
/// # Errors
/// Where rustup cannot add it.
pub(crate) fn ensure_target() -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", WASM]);
    let folder = output(with_wasm(rustc.current_dir(root())))?;
    if PathBuf::from(folder.trim()).is_dir() {
        return Ok(());
    }
    say(&format!("adding the target {WASM} with rustup"));
    let mut rustup = Command::new("rustup");
    run(rustup.args(["target", "add", WASM]).current_dir(root()))
}

/// Builds `package` for the target in one of the workspace's profiles and returns the module `file`.
///
/// # Errors
/// Where cargo fails.
pub(crate) fn module(package: &str, profile: &str, file: &str) -> Result<PathBuf> {
    ensure_target()?;
    say(&format!("building {package} for {WASM}"));
    run(wasm_cargo().args(["build", "--profile", profile, "--target", WASM, "--package", package]))?;
    let module = target().join(WASM).join(profile).join(file);
    let size =
        fs::metadata(&module).with_context(|| format!("{package} has no module {}", module.display()))?.len();
    say(&format!("{file}: {size} bytes"));
    Ok(module)
}

/// Builds the policy module into `dist/policy`, with its metadata in it, and returns its path.
///
/// # Errors
/// Where cargo fails, the metadata are not Kubewarden's, or the file cannot be written.
pub(crate) fn policy() -> Result<PathBuf> {
    let module = module("migfit-policy", "wasm", "migfit_policy.wasm")?;
    let text = |name: &str| {
        let file = root().join("wasm-policy").join(name);
        fs::read_to_string(&file).with_context(|| file.display().to_string())
    };
    let annotated = annotate(&fs::read(module)?, &text("metadata.yml")?, &text("README.md")?)?;
    let folder = root().join("dist").join("policy");
    fs::create_dir_all(&folder)?;
    let file = folder.join("migfit-policy.wasm");
    fs::write(&file, annotated)?;
    Ok(file)
}
