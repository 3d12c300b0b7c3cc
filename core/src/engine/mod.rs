//! How a model is served: what an engine does with the memory of a device, by version.
//!
//! Facts stand in [`Engine`] rows; formulas in `memory` are handed one.

mod facts;
mod others;
mod serving;
#[cfg(test)]
mod tests;
mod vllm;

pub use facts::{Budget, Constant, DefaultShare, Engine, Feature, Maker, Profiled, Tier, TokenLine};
pub use serving::{ADAPTERS, DEFAULT_CONTEXT, Drafting, Serving};

use crate::problem::Problem;

/// Every engine profile that is known; the default first, of each maker the newest first.
pub const ENGINES: &[Engine] = &[
    vllm::VLLM_0_33,
    vllm::VLLM_0_21,
    vllm::VLLM_0_14,
    vllm::VLLM_0_9,
    vllm::VLLM_0_6,
    others::SGLANG_0_5,
    others::TENSORRT_LLM_1_0,
    others::TGI_3,
];

/// The engine profile that `id` names.
///
/// # Errors
/// `unknown-engine`, with the list of known ones.
pub fn find(id: &str) -> Result<&'static Engine, Problem> {
    ENGINES.iter().find(|engine| engine.id == id).ok_or_else(|| {
        let known: Vec<&str> = ENGINES.iter().map(|engine| engine.id).collect();
        let expected = format!("one of {}", known.join(", "));
        Problem::new("unknown-engine", "engine", format!("{id:?}"), expected).nearest(id, known)
    })
}

/// The profile that stands for `version` of what `maker` makes: the newest that is not newer, else the oldest.
/// Reads up to three numbers and stops at what is none: `0.8.5.post1`, `0.11.1rc3.dev29`.
#[must_use]
pub fn for_version(maker: Maker, version: &str) -> Option<&'static Engine> {
    let mut numbers = [0; 3];
    for (number, part) in numbers.iter_mut().zip(version.trim_start_matches('v').split('.')) {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let Some(Ok(read)) = part.get(..digits).map(str::parse) else { break };
        *number = read;
    }
    let mut made = ENGINES.iter().filter(|engine| engine.maker == maker);
    made.clone().find(|engine| engine.since <= numbers).or_else(|| made.next_back())
}
