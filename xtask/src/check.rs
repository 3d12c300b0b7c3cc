//! What must hold besides the tests: formatting, lints, documentation, dependencies.

use anyhow::Result;

use crate::build::{WASI, WASM, ensure_target, has_target, wasm_cargo};
use crate::dependencies;
use crate::shell::{cargo, run, say};

/// Checks everything and stops at the first thing that does not hold.
///
/// # Errors
/// Where something does not hold.
pub(crate) fn all() -> Result<()> {
    say("formatting");
    run(cargo().args(["fmt", "--all", "--check"]))?;
    say("dependencies: licences, sources, bans, advisories, yanked versions");
    dependencies::check()?;
    say("lints, native");
    run(cargo().args(["clippy", "--workspace", "--all-targets"]).args(["--", "-D", "warnings"]))?;
    say("lints, WebAssembly");
    ensure_target()?;
    run(wasm_cargo()
        .args(["clippy", "--all-targets", "--target", WASM])
        .args(["--package", "migfit-web", "--package", "migfit-policy", "--package", "migfit-js"])
        .args(["--", "-D", "warnings"]))?;
    elsewhere()?;
    say("documentation");
    run(cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// The library alone, without features, for WebAssembly in both forms.
fn elsewhere() -> Result<()> {
    for target in [WASM, WASI] {
        if !has_target(target)? {
            say(&format!("the library for {target}: left out, `rustup target add {target}` brings it"));
            continue;
        }
        say(&format!("the library for {target}, without features"));
        run(wasm_cargo().args([
            "check",
            "--package",
            "migfit",
            "--no-default-features",
            "--target",
            target,
        ]))?;
    }
    Ok(())
}
