//! The policy in wasmtime, the engine of Kubewarden's hosts.
//!
//! `cargo run --release -- [POLICY [ECHO]]` measures what one call costs, beside a module that only parses. The
//! defaults are those that `cargo xtask policy` and
//! `cargo build --profile wasm --target wasm32-unknown-unknown -p migfit-policy-echo` build.
//!
//! `cargo run --release -- load [--requests N] [--threads N] [--calls N] [POLICY]` sends mixed requests from several
//! threads and holds every answer against that of the same judge compiled natively; `--calls` is how many of them one
//! instance answers, 1 as policy servers have it.

mod host;
mod latency;
mod load;
mod payloads;

use std::path::PathBuf;

use wasmtime::Result;

fn main() -> Result<()> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let policy = here.join("../../dist/policy/migfit-policy.wasm");
    let mut given = std::env::args_os().skip(1).peekable();
    if given.next_if(|word| word == "load").is_some() {
        return load::run(load::Options::read(given, policy)?);
    }
    let mut given = given.map(PathBuf::from);
    let policy = given.next().unwrap_or(policy);
    let echo = given
        .next()
        .unwrap_or_else(|| here.join("target/wasm32-unknown-unknown/wasm/migfit_policy_echo.wasm"));
    latency::run(&policy, &echo)
}
