//! Annotations as GitHub Actions reads them from standard output: one line for each finding.
//! Source: docs.github.com, workflow commands: `%`, line ends, and in properties `:` and `,` are escaped.

use std::fmt::Write as _;

use migfit::review::Severity;

use super::outcome::Outcome;

pub(super) fn annotations(outcome: &Outcome) -> String {
    let mut out = String::new();
    for failure in &outcome.failures {
        let text = data(&failure.problem.to_string());
        _ = writeln!(out, "::error file={},title=migfit::{text}", property(&failure.file));
    }
    for object in &outcome.objects {
        for located in &object.findings {
            let finding = &located.finding;
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let text = data(&format!("{}: {}", object.title(), finding.lines().join("\n")));
            let title = property(&format!("migfit {}", finding.lint.id()));
            let file = property(&object.file);
            _ = writeln!(out, "::{command} file={file},line={},title={title}::{text}", located.line);
        }
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_part_is_escaped() {
        assert_eq!(data("50 %\r\nof: a, b"), "50 %25%0D%0Aof: a, b");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
