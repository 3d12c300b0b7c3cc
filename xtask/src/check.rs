//! What must hold besides the tests: formatting, lints, documentation, dependencies.

use anyhow::Result;

use crate::build::{WASM, ensure_target, wasm_cargo};
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
    say("documentation");
    run(cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}
