//! The shipped examples: what the README shows is what the policy answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use migfit::yaml;
use migfit_tests::cluster::Cluster;
use serde_json::Value;

use crate::door::{told, validate_in};

pub(crate) const EXAMPLES: [&str; 6] = ["too-small", "fits", "warned", "corrected", "claim", "raw"];

pub(crate) fn policy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm-policy")
}

pub(crate) fn read(name: &str) -> Value {
    let path = policy().join("examples").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// What a cluster answers to the look-ups of an example, where it makes any: kwctl replays the same file.
pub(crate) fn session(name: &str) -> Option<Vec<Value>> {
    let text = fs::read_to_string(policy().join("examples").join(format!("{name}.session.yml"))).ok()?;
    let documents = yaml::documents("session", &text).unwrap();
    let exchange = |exchange: &Value| {
        let (tag, request) = exchange["request"].as_str().unwrap().split_once('\n').unwrap();
        assert_eq!(tag, "!KubernetesGetResource");
        let request = yaml::documents("request", request).unwrap().remove(0);
        let payload = exchange["response"]["payload"].as_str().unwrap();
        let mut object: Value = serde_json::from_str(payload).unwrap();
        object["metadata"]["namespace"] = request["namespace"].clone();
        object
    };
    Some(documents[0].as_array().unwrap().iter().map(exchange).collect())
}

/// What the policy answers to an example.
pub(crate) fn answer(name: &str) -> Value {
    let (settings, request) = (read(&format!("{name}.settings.json")), read(&format!("{name}.request.json")));
    let cluster = Arc::new(Cluster::new(session(name).unwrap_or_default()));
    validate_in(&cluster, &settings, &request)
}

/// The example's answer as the README has it, behind a mark with its name.
fn block(name: &str) -> String {
    format!("<!-- {name} -->\n\n```\n{}\n```\n", told(&answer(name)))
}

#[test]
fn the_readme_shows_what_the_policy_answers() {
    let file = policy().join("README.md");
    let mut readme = fs::read_to_string(&file).unwrap();
    for name in EXAMPLES {
        let (before, after) =
            readme.split_once(&format!("<!-- {name} -->\n")).expect("a mark for each example");
        let rest = match after.strip_prefix("\n```\n") {
            Some(old) => old.split_once("\n```\n").expect("the end of the answer").1,
            None => after,
        };
        let block = block(name);
        if std::env::var_os("MIGFIT_BLESS").is_some() {
            readme = format!("{before}{block}{rest}");
            continue;
        }
        assert!(readme.contains(&block), "the README's answer to {name} is not the policy's:\n{block}");
    }
    if std::env::var_os("MIGFIT_BLESS").is_some() {
        fs::write(&file, readme).unwrap();
    }
}

#[test]
fn every_example_is_shown() {
    let mut files: Vec<String> = fs::read_dir(policy().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let mut known: Vec<String> = EXAMPLES
        .iter()
        .flat_map(|name| [format!("{name}.request.json"), format!("{name}.settings.json")])
        .collect();
    known.extend(
        EXAMPLES.iter().filter(|name| session(name).is_some()).map(|name| format!("{name}.session.yml")),
    );
    known.sort();
    assert_eq!(files, known);
}
