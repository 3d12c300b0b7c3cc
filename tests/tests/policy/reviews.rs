//! Requests as a real API server sends them.

use std::fs;

use serde_json::{Value, json};

use crate::door::{models, told, validate};
use crate::golden::golden;

/// The requests by the names of their files; none without the reference data.
pub(crate) fn requests() -> Vec<(String, Value)> {
    let Some(folder) = migfit_tests::reference::folder() else { return Vec::new() };
    let mut files: Vec<_> = fs::read_dir(folder.join("reference/admission-reviews"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let request = |file: &std::path::PathBuf| {
        let review: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        (file.file_stem().unwrap().to_string_lossy().into_owned(), review["request"].clone())
    };
    files.iter().map(request).collect()
}

#[test]
fn requests_of_a_real_api_server_get_their_answer() {
    let requests = requests();
    if requests.is_empty() {
        return;
    }
    let mut settings = models();
    settings["gpus"] = json!(["H100-80GB"]);
    let answer = |(name, request): &(String, Value)| {
        let told = told(&validate(&settings, request));
        format!("{name}: {}", told.lines().take(2).collect::<Vec<_>>().join(" | "))
    };
    let answers: Vec<String> = requests.iter().map(answer).collect();
    golden("admission-reviews", &answers.join("\n"));
}
