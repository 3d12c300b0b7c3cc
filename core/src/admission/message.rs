//! The words that an author reads.

use crate::problem::Problem;

/// Longer warnings are cut by the API server.
const LONGEST_WARNING: usize = 250;

/// Problems, one a line, each with its hint.
pub(super) fn problems(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().flat_map(with_hint).collect();
    lines.join("\n")
}

fn with_hint(problem: &Problem) -> Vec<String> {
    let hint = problem.hint.as_ref().map(|hint| format!("  hint: {hint}"));
    std::iter::once(problem.to_string()).chain(hint).collect()
}

/// `text` on one line and short enough for a warning.
pub(super) fn warning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST_WARNING) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
