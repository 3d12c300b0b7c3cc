//! Requests as a real API server sends them.

use std::fs;

use serde_json::{Value, json};

use crate::door::{models, told, validate};
use crate::golden::golden;

#[test]
fn requests_of_a_real_api_server_get_their_answer() {
    let Some(folder) = migfit_tests::reference::folder() else { return };
    let mut files: Vec<_> = fs::read_dir(folder.join("reference/admission-reviews"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut settings = models();
    settings["gpus"] = json!(["H100-80GB"]);
    let answers: Vec<String> = files
        .iter()
        .map(|file| {
            let review: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
            let told = told(&validate(&settings, &review["request"]));
            let name = file.file_stem().unwrap().to_string_lossy();
            format!("{name}: {}", told.lines().take(2).collect::<Vec<_>>().join(" | "))
        })
        .collect();
    golden("admission-reviews", &answers.join("\n"));
}
