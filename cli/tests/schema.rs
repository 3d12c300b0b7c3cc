//! `migfit inspect --json` against its published schema.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

use serde_json::Value;

fn schema() -> jsonschema::Validator {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schema/inspect.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn problems(schema: &jsonschema::Validator, answer: &Value) -> Vec<String> {
    schema.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// One object per file of a folder: decoders, mixtures, encoders, quantized ones and files that cannot be used.
#[test]
fn every_line_about_a_folder_follows_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("a.json", r#"{"model_type": "llama", "torch_dtype": "float32"}"#),
        ("b.json", r#"{"model_type": "mixtral", "quantization_config": {"quant_method": "awq"}}"#),
        ("c.json", r#"{"model_type": "gemma3_text"}"#),
        ("d.json", r#"{"model_type": "bert", "architectures": ["BertModel"]}"#),
        ("e.json", r#"{"model_type": "falcon_h1"}"#),
        ("f.json", r#"{"model_type": "whisper", "architectures": ["WhisperForConditionalGeneration"]}"#),
        ("g.json", "not json"),
        ("h.json", r#"{"model_type": "zorg"}"#),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_migfit"))
        .args(["inspect", "--json"])
        .arg(folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), files.len());
    let schema = schema();
    for line in &lines {
        assert_eq!(problems(&schema, line), Vec::<String>::new(), "{line}");
    }
    let failed = lines.iter().filter(|line| line.get("error").is_some()).count();
    assert_eq!(failed, 2);
}

#[test]
fn the_schema_refuses_what_is_not_documented() {
    let schema = schema();
    let output = Command::new(env!("CARGO_BIN_EXE_migfit"))
        .args(["inspect", "--json", "meta-llama/Llama-3.1-8B-Instruct"])
        .output()
        .unwrap();
    let good: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(problems(&schema, &good), Vec::<String>::new());
    let mut bad = good.clone();
    bad["weights"]["bytes"] = Value::from("16 GB");
    assert!(!schema.is_valid(&bad));
    let mut bad = good.clone();
    bad["surprise"] = Value::from(1);
    assert!(!schema.is_valid(&bad));
    let mut bad = good;
    bad.as_object_mut().unwrap().remove("known");
    assert!(!schema.is_valid(&bad));
}
