//! Decoders with attention and one dense feed-forward per layer.

pub(super) mod llama;

use super::Build;

/// Which function builds a `model_type`. Sorted.
#[rustfmt::skip]
pub(super) const FAMILIES: &[(&str, Build)] = &[
    ("llama",   llama::build),
    ("mistral", llama::build),
    ("qwen2",   llama::build),
];
