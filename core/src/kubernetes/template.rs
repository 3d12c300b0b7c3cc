//! Text that somebody has yet to fill in.

use crate::problem::Problem;

/// Whether `text` holds a place of a template: `{{ .Values.model }}`, `${MODEL}`, `<your-model>`.
pub(super) fn is_unrendered(text: &str) -> bool {
    if !text.contains('{') {
        return text.starts_with('<') && text.ends_with('>');
    }
    let named = |start: &str, end: char| {
        text.split(start).skip(1).any(|rest| rest.split_once(end).is_some_and(|(name, _)| !name.is_empty()))
    };
    text.contains("{{") || named("${", '}') || (text.starts_with('<') && text.ends_with('>'))
}

/// The problem of such a text at `path`.
pub(super) fn problem(path: &str, text: &str) -> Problem {
    Problem::new("unrendered", path, format!("{text:?}"), "the text that stands there once it is filled in")
        .hint("render the template first; until then nothing can be said")
}
