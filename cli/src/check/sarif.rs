//! SARIF 2.1.0, as code scanning takes it.
//! Source: docs.oasis-open.org/sarif/sarif/v2.1.0.

use migfit::review::{Lint, Severity};
use serde_json::{Value, json};

use super::code_quality::fingerprint;
use super::explain::part;
use super::outcome::{Located, Outcome, Reviewed};

/// Where the page of a finding is read.
const PAGE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/lints.md");

pub(super) fn log(outcome: &Outcome) -> Value {
    let results: Vec<Value> = outcome
        .objects
        .iter()
        .flat_map(|object| object.findings.iter().map(move |located| result(object, located)))
        .collect();
    let failures: Vec<Value> = outcome
        .failures
        .iter()
        .map(|failure| {
            json!({
                "level": "error",
                "message": {"text": failure.problem.to_string()},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(&failure.file)}}}],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "migfit",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": Lint::all().map(rule).collect::<Vec<Value>>(),
            }},
            "invocations": [{
                "executionSuccessful": outcome.failures.is_empty(),
                "toolExecutionNotifications": failures,
            }],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn rule(lint: Lint) -> Value {
    let id = lint.id();
    let of = |name| part(id, name).unwrap_or_default();
    json!({
        "id": id,
        "shortDescription": {"text": lint.title()},
        "fullDescription": {"text": of("Why")},
        "help": {
            "text": format!("{} {}", of("Why"), of("Fix")),
            "markdown": format!("{}\n\n**Fix.** {}\n\n**Evidence.** {}", of("Why"), of("Fix"), of("Evidence")),
        },
        "helpUri": format!("{PAGE}#{id}"),
        "defaultConfiguration": {"level": level(lint.severity())},
    })
}

fn result(object: &Reviewed, located: &Located) -> Value {
    let finding = &located.finding;
    let places = finding.at.iter().map(|path| json!({"fullyQualifiedName": path, "kind": "object"}));
    let title = json!({"fullyQualifiedName": object.title(), "kind": "object"});
    json!({
        "ruleId": finding.lint.id(),
        "ruleIndex": Lint::all().position(|lint| lint == finding.lint),
        "level": level(finding.severity),
        "message": {"text": format!("{}: {}", object.title(), finding.lines().join("\n"))},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(&object.file)},
                "region": {"startLine": located.line},
            },
            "logicalLocations": std::iter::once(title).chain(places).collect::<Vec<Value>>(),
        }],
        "partialFingerprints": {"migfit/v1": fingerprint(object, finding)},
    })
}

/// A path as a relative reference: slashes, and what a reference may not hold in percents.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'\\' => out.push('/'),
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'.'
            | b'-'
            | b'_'
            | b'~'
            | b'+'
            | b'='
            | b'@' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri("a b/c%d/é:1.yaml"), "a%20b/c%25d/%C3%A9%3A1.yaml");
        assert_eq!(uri("-"), "-");
    }

    #[test]
    fn every_rule_has_its_texts() {
        for lint in Lint::all() {
            for name in ["Why", "Fix", "Evidence"] {
                assert!(
                    part(lint.id(), name).is_some_and(|text| text.ends_with('.')),
                    "{} {name}",
                    lint.id()
                );
            }
        }
    }
}
