//! The shipped examples: what the README shows is what the policy answers.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::door::{told, validate};

const EXAMPLES: [&str; 5] = ["too-small", "fits", "warned", "corrected", "raw"];

fn policy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm-policy")
}

fn read(name: &str) -> Value {
    let path = policy().join("examples").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// The example's answer as the README has it, behind a mark with its name.
fn block(name: &str) -> String {
    let settings = read(&format!("{name}.settings.json"));
    let answer = validate(&settings, &read(&format!("{name}.request.json")));
    format!("<!-- {name} -->\n\n```\n{}\n```\n", told(&answer))
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
    known.sort();
    assert_eq!(files, known);
}
