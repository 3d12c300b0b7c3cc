//! Decoders whose feed-forward is a mixture of experts.

mod mixtral;

use super::Build;

/// Which function builds a `model_type`. Sorted.
#[rustfmt::skip]
pub(super) const FAMILIES: &[(&str, Build)] = &[
    ("mixtral", mixtral::build),
];
