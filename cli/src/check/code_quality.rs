//! The code quality report of GitLab.
//! Source: docs.gitlab.com, code quality, report format: these fields, and one of five severities.

use std::collections::BTreeSet;

use migfit::review::Severity;
use serde::Serialize;

use super::outcome::Outcome;

#[derive(Debug, Serialize)]
pub(super) struct Violation {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn report(outcome: &Outcome) -> Vec<Violation> {
    let mut seen = BTreeSet::new();
    let mut violations = Vec::new();
    for failure in &outcome.failures {
        violations.push(Violation {
            description: failure.problem.to_string(),
            check_name: "unreadable",
            fingerprint: once(format!("{}/unreadable", failure.file), &mut seen),
            severity: "blocker",
            location: Location { path: failure.file.clone(), lines: Lines { begin: 1 } },
        });
    }
    for object in &outcome.objects {
        for located in &object.findings {
            let finding = &located.finding;
            violations.push(Violation {
                description: format!("{}: {}", object.title(), finding.line()),
                check_name: finding.lint.id(),
                fingerprint: once(fingerprint(object, finding), &mut seen),
                severity: match finding.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "minor",
                    Severity::Note => "info",
                },
                location: Location { path: object.file.clone(), lines: Lines { begin: located.line } },
            });
        }
    }
    violations
}

/// What stays the same while lines move: file, object, container, place and finding.
pub(super) fn fingerprint(object: &super::outcome::Reviewed, finding: &migfit::review::Finding) -> String {
    let at = finding.at.join(",");
    format!("{}/{}/{}/{at}/{}", object.file, object.title(), finding.container, finding.lint.id())
}

/// `text`, numbered where it was given before.
fn once(text: String, seen: &mut BTreeSet<String>) -> String {
    let unique = (1..).map(|number| if number == 1 { text.clone() } else { format!("{text}#{number}") });
    let unique = unique.into_iter().find(|text| !seen.contains(text)).unwrap_or(text);
    seen.insert(unique.clone());
    unique
}
