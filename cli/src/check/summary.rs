//! Markdown for the summary of a step.

use std::fmt::Write as _;

use migfit::matching::Verdict;
use migfit::review::{Lint, Severity};

use super::outcome::{Outcome, Status};

pub(super) fn summary(outcome: &Outcome) -> String {
    let mut out = format!("## migfit: {}\n\n", headline(outcome));
    if !outcome.objects.is_empty() {
        out.push_str("| object | verdict | findings |\n|---|---|---|\n");
    }
    for object in &outcome.objects {
        let findings: Vec<String> = object
            .findings
            .iter()
            .map(|located| {
                let finding = &located.finding;
                format!(
                    "**{}** {}: {}",
                    finding.severity.word(),
                    link(finding.lint),
                    cell(&finding.summary())
                )
            })
            .collect();
        let verdict = object.verdict.map_or("", Verdict::word);
        let place = format!("{} ({}:{})", object.title(), object.file, object.line);
        _ = writeln!(out, "| {} | {verdict} | {} |", cell(&place), findings.join("<br>"));
    }
    for failure in &outcome.failures {
        _ = writeln!(out, "\n**{}**: {}", cell(&failure.file), cell(&failure.problem.to_string()));
    }
    out.push('\n');
    out
}

pub(super) fn headline(outcome: &Outcome) -> String {
    let count = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let of = |verdict| outcome.objects.iter().filter(|object| object.verdict == Some(verdict)).count();
    let parts = [
        (of(Verdict::No), "not to run as it is"),
        (of(Verdict::Unknown), "not to be judged"),
        (of(Verdict::Tight), "tight"),
        (of(Verdict::Fits), "fitting"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    let word = match outcome.status {
        Status::Fits => "fits",
        Status::No => "does not fit",
        Status::Unknown => "cannot say",
    };
    let errors = outcome.objects.iter().flat_map(|object| &object.findings);
    let errors = errors.filter(|located| located.finding.severity == Severity::Error).count();
    let mut out = format!("{word}: {}", count(outcome.objects.len(), "object"));
    if !parts.is_empty() {
        _ = write!(out, ", {}", parts.join(", "));
    }
    if errors > 0 {
        _ = write!(out, ", {}", count(errors, "error"));
    }
    if !outcome.failures.is_empty() {
        _ = write!(out, ", {} not read", count(outcome.failures.len(), "file"));
    }
    out
}

fn link(lint: Lint) -> String {
    format!("[{0}]({1}/blob/main/docs/lints.md#{0})", lint.id(), env!("CARGO_PKG_REPOSITORY"))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}
