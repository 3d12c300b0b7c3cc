//! Texts of how each figure comes about.

use migfit::memory::Capacity;
use migfit::source::Confidence;
use migfit::units::grouped;

/// Opens all of them.
pub const TITLE: &str = "Every figure with its formula and source";
/// Heads of the table.
pub const HEADS: [&str; 4] = ["Figure", "Value", "Formula with the values put in", "Source"];
/// Memory of the device.
pub const MEMORY: &str = "memory of the device";
/// The engine's share of it.
pub const USABLE: &str = "usable by the engine";
/// The need.
pub const NEED: &str = "needed";
/// What the cache may take.
pub const CACHE: &str = "left for the cache";
/// What is left.
pub const FREE: &str = "free";
/// What is missing.
pub const MISSING: &str = "missing";
/// Most sequences.
pub const SEQUENCES: &str = "most sequences";
/// Longest context.
pub const CONTEXT: &str = "longest context";
/// A number that has no limit.
pub const ANY: &str = "any";
/// A source.
pub const FROM_CONFIG: &str = "the model's config.json, module by module";
/// A source.
pub const FROM_FORM: &str = "as asked in the settings";
/// A source.
pub const FROM_ABOVE: &str = "the figures above";

/// The source of a device's memory.
#[must_use]
pub fn of_hardware(confidence: Confidence) -> String {
    format!("table of GPUs (docs/gpus.md): {}", confidence.word())
}

/// A share of something.
#[must_use]
pub fn share(share: &str, whole: &str) -> String {
    format!("{share} of {whole}")
}

/// How far a sum may lie from the truth.
#[must_use]
pub fn error(error: &str) -> String {
    format!("the terms; may be wrong by {error}, their errors together")
}

/// What the cache may take.
#[must_use]
pub fn left(usable: &str, fixed: &str) -> String {
    format!("usable − everything but the cache: {usable} − {fixed}")
}

/// What is free.
#[must_use]
pub fn usable_less_needed(usable: &str, need: &str) -> String {
    format!("usable − needed: {usable} − {need}")
}

/// What is missing.
#[must_use]
pub fn needed_less_usable(need: &str, usable: &str) -> String {
    format!("needed − usable: {need} − {usable}")
}

/// What is cut into blocks, and how far it goes.
#[must_use]
pub fn blocks(capacity: &Capacity, what: &str) -> String {
    format!("{} for the cache, {} blocks; {what}", capacity.cache_bytes, grouped(capacity.blocks))
}

/// Sequences of a length.
#[must_use]
pub fn of_tokens(tokens: &str) -> String {
    format!("as many sequences of {tokens} tokens as their blocks allow")
}

/// Sequences of a number.
#[must_use]
pub fn of_sequences(sequences: u64) -> String {
    let plural = if sequences == 1 { "" } else { "s" };
    format!("as long as the blocks of {} sequence{plural} allow", grouped(sequences))
}

/// Tokens.
#[must_use]
pub fn tokens(number: u64) -> String {
    format!("{} tokens", grouped(number))
}

/// The model allows no more.
#[must_use]
pub fn whole_context(field: &str) -> String {
    format!("the model's own limit, {field}")
}
