use serde_json::Value;

use super::*;

#[test]
fn a_person_reads_a_table_and_then_why() {
    let folder = folder(&[("app.yaml", MANIFEST)]);
    let (status, text, error) = check(folder.path(), &["app.yaml"]);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    golden("table", &lines.join("\n"));
    assert_eq!((status, error.as_str()), (1, ""));
}

#[test]
fn programs_read_json_by_its_schema() {
    let folder = folder(&[("app.yaml", MANIFEST), ("broken.yaml", "a: {{ .Values.a }}\n")]);
    let (status, text, _) = check(folder.path(), &["app.yaml", "broken.yaml", "--json"]);
    assert_eq!(status, 1);
    let answer: Value = serde_json::from_str(&text).unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schema/check.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> =
        schema.iter_errors(&answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(problems, [""; 0]);
    assert_eq!(answer["failures"][0]["file"], "broken.yaml");
    assert_eq!(answer["objects"][0]["findings"][0]["measure"]["offer"], 9_507_983_851_u64);
    let mut bad = answer;
    bad["objects"][0]["verdict"] = "maybe".into();
    assert!(!schema.is_valid(&bad));
}

#[test]
fn github_gets_one_line_for_each_finding_and_a_summary() {
    let folder = folder(&[("app.yaml", MANIFEST), ("sum.md", "before\n")]);
    let args = ["app.yaml", "--format", "github", "--format", "summary=sum.md"];
    let (status, text, _) = check(folder.path(), &args);
    assert_eq!(status, 1);
    let starts: Vec<String> = text.lines().map(|line| line.chars().take(75).collect()).collect();
    assert_eq!(
        starts,
        [
            "::error file=app.yaml,line=15,title=migfit does-not-fit::Deployment models/",
            "::warning file=app.yaml,line=22,title=migfit quota-not-enforced::ResourceQu",
        ]
    );
    assert!(text.contains("8.3 GiB short%0A  at: spec.template"), "{text}");
    let summary = std::fs::read_to_string(folder.path().join("sum.md")).unwrap();
    golden("summary", &summary);
}

#[test]
fn gitlab_gets_its_report() {
    let twice = format!("{MANIFEST}---\n{}", MANIFEST);
    let folder = folder(&[("app.yaml", &twice)]);
    let (_, text, _) = check(folder.path(), &["app.yaml", "--format", "gitlab"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    let all = report.as_array().unwrap();
    let short: Vec<String> = all
        .iter()
        .map(|one| format!("{} {} {}", one["severity"], one["check_name"], one["location"]["lines"]["begin"]))
        .collect();
    assert_eq!(
        short,
        [
            "\"critical\" \"does-not-fit\" 15",
            "\"minor\" \"quota-not-enforced\" 22",
            "\"critical\" \"does-not-fit\" 42",
            "\"minor\" \"quota-not-enforced\" 49",
        ]
    );
    let prints: std::collections::BTreeSet<&str> =
        all.iter().map(|one| one["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), 4);
}

/// The public schema is not part of the repository: `MIGFIT_SARIF_SCHEMA` names the file, from
/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json>.
#[test]
fn sarif_is_what_its_schema_says() {
    let folder = folder(&[("my app.yaml", MANIFEST), ("broken.yaml", "a: [\n")]);
    let (_, text, _) = check(folder.path(), &["my app.yaml", "broken.yaml", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "does-not-fit");
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], "does-not-fit");
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "my%20app.yaml");
    assert_eq!(place["region"]["startLine"], 15);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let Some(path) = std::env::var_os("MIGFIT_SARIF_SCHEMA") else {
        println!("MIGFIT_SARIF_SCHEMA is not set: the log is not held against the public schema");
        return;
    };
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> =
        schema.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(problems, [""; 0]);
    let mut bad = log;
    bad["runs"][0]["results"][0]["level"] = "grave".into();
    assert!(!schema.is_valid(&bad));
}

#[test]
fn a_finding_is_explained_by_its_id() {
    let folder = folder(&[]);
    let (status, text, _) = check(folder.path(), &["--explain", "several-slices"]);
    assert_eq!(status, 0);
    assert!(
        text.starts_with("several-slices\n\n*warning*: one container asks for several slices.\n"),
        "{text}"
    );
    let (status, _, error) = check(folder.path(), &["--explain", "several"]);
    assert_eq!(status, 2);
    assert!(
        error
            .starts_with("error: command line: --explain: found \"several\", expected the id of a finding\n"),
        "{error}"
    );
}
