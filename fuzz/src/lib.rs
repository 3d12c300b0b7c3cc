//! Every reader of the project against arbitrary bytes: none may panic, hang or answer what does not hold together.
//!
//! [`TARGETS`] is run two ways. Coverage-guided, for hours, by `cargo +nightly fuzz run NAME --features fuzzing`, from
//! the seeds that `cargo run -p migfit-fuzz --example seeds` writes; and on every change by a test, with the seeds and
//! some thousands of broken copies of each.

pub mod breaker;
mod seeds;
pub mod targets;

/// A reader, and what it is fed to begin with.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// As `cargo fuzz` calls it.
    pub name: &'static str,
    /// Reads, panics where an answer does not hold together, and says whether the input was understood.
    pub run: fn(&[u8]) -> bool,
    /// Input that is right.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

macro_rules! targets {
    ($($name:ident),* $(,)?) => {
        &[$(Target { name: stringify!($name), run: targets::$name, seeds: seeds::$name }),*]
    };
}

/// Every target, by name.
pub const TARGETS: &[Target] = targets![
    adapter,
    cards,
    config,
    declared,
    evidence,
    fleet,
    inventory,
    layout,
    link,
    log,
    names,
    pools,
    quantization,
    request,
    selector,
    settings,
    side_file,
    smi,
    workload,
    yaml,
];
