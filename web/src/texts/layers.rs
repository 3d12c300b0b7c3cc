//! Texts of what the layers keep.

use migfit::units::grouped;

/// Heading.
pub const TITLE: &str = "Layers and what they keep on one device";
/// Heads of the table.
pub const HEADS: [&str; 5] = ["Kind", "Layers", "Each token", "Tokens held", "Each sequence"];
/// Every token is held.
pub const WHOLE: &str = "all of them";
/// Last row.
pub const TOTAL: &str = "every further token";

/// One entry for several tokens.
#[must_use]
pub fn for_tokens(entry: &str, tokens: u64) -> String {
    format!("{entry} for {} tokens", grouped(tokens))
}

/// The last so many tokens.
#[must_use]
pub fn tokens(number: u64) -> String {
    format!("the last {}", grouped(number))
}

/// The format of keys and values.
#[must_use]
pub fn format(dtype: &str) -> String {
    format!("Keys and values as {dtype}.")
}
