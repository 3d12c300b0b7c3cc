//! The answer for people.

use std::fmt::Write as _;

use migfit::matching::Verdict;

use super::admission::Admission;
use super::outcome::{Outcome, Reviewed};
use super::summary::headline;
use crate::report;

pub(super) fn table(outcome: &Outcome) -> String {
    let mut out = String::new();
    let judged: Vec<&Reviewed> = outcome.objects.iter().filter(|one| one.verdict.is_some()).collect();
    if !judged.is_empty() {
        let mut table =
            report::table(&["object", "container", "asks for", "need", "usable", "verdict"], 3..5);
        for object in judged {
            rows(&mut table, object);
        }
        _ = writeln!(out, "{table}");
    }
    for object in &outcome.objects {
        for located in &object.findings {
            let finding = &located.finding;
            let place = format!("{}:{}", object.file, located.line);
            _ = writeln!(out, "\n{place}: {} [{}]", finding.severity.word(), finding.lint.id());
            _ = writeln!(out, "  {}: {}", object.title(), finding.summary());
            for line in finding.lines().iter().skip(1) {
                _ = writeln!(out, "  {line}");
            }
        }
    }
    let answered = outcome.objects.iter().filter_map(|one| Some((one, one.admission.as_ref()?)));
    let lines: Vec<String> = answered.map(|(one, admission)| answer(one, admission)).collect();
    if !lines.is_empty() {
        _ = writeln!(out, "\nthe policy answers:\n{}", lines.join("\n"));
    }
    for failure in &outcome.failures {
        _ = writeln!(out, "\n{}: {}", failure.file, failure.problem);
        if let Some(hint) = &failure.problem.hint {
            _ = writeln!(out, "    hint: {hint}");
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    _ = writeln!(out, "{}", headline(outcome));
    if !outcome.others.is_empty() {
        let others: Vec<String> =
            outcome.others.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
        _ = writeln!(out, "not looked at: {}", others.join(", "));
    }
    out
}

/// What the policy says of an object, in a line: `  accepted  Pod a/b, mode warn`.
fn answer(object: &Reviewed, admission: &Admission) -> String {
    let word = if admission.response.accepted { "accepted" } else { "refused" };
    let mut line = format!("  {word:8}  {}", object.title());
    if admission.mode != "enforce" {
        _ = write!(line, ", mode {}", admission.mode);
    }
    if let Some(why) = &admission.exempt {
        _ = write!(line, ", exempt: {why}");
    }
    if admission.response.mutated_object.is_some() {
        line.push_str(", changed");
    }
    let annotations = &admission.response.audit_annotations;
    for name in ["changes", "lookups", "sources"] {
        if let Some(text) = annotations.get(name) {
            _ = write!(line, "\n            {name}: {text}");
        }
    }
    line
}

fn rows(table: &mut comfy_table::Table, object: &Reviewed) {
    let word = |verdict: Verdict| verdict.word().to_owned();
    if object.containers.is_empty() {
        let verdict = object.verdict.map(word).unwrap_or_default();
        let row = [object.title(), String::new(), String::new(), String::new(), String::new(), verdict];
        table.add_row(report::row(row));
    }
    for (number, one) in object.containers.iter().enumerate() {
        let title = if number == 0 { object.title() } else { String::new() };
        let (asked, need, usable) = match &one.figures {
            Some(figures) => (figures.device.clone(), figures.need.to_string(), figures.usable.to_string()),
            None => (String::new(), String::new(), String::new()),
        };
        table.add_row(report::row([title, one.name.clone(), asked, need, usable, word(one.verdict)]));
    }
}
