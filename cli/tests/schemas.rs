//! What commands print with `--json` against its published schema.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

use serde_json::{Value, json};

/// A change that must not pass: where, and what stands there instead.
struct Wrong {
    at: &'static str,
    value: Value,
}

fn schema(name: &str) -> jsonschema::Validator {
    let file = format!("{}/../docs/schema/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Runs `migfit NAME ... --json`, holds the answer to the schema of that name, and sees that it refuses what is `wrong`.
fn follows(arguments: &[&str], wrong: &[Wrong]) {
    let schema = schema(arguments[0]);
    let output = Command::new(env!("CARGO_BIN_EXE_migfit")).args(arguments).arg("--json").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let problems: Vec<String> =
        schema.iter_errors(&answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(problems, Vec::<String>::new(), "{arguments:?}");
    for Wrong { at, value } in wrong {
        let mut bad = answer.clone();
        *bad.pointer_mut(at).unwrap() = value.clone();
        assert!(!schema.is_valid(&bad), "{at}");
    }
}

#[test]
fn cards() {
    follows(
        &["gpus"],
        &[
            Wrong { at: "/0/memory/floor", value: json!("40 GB") },
            Wrong { at: "/0/profiles/0/placements/confidence", value: json!("certain") },
            Wrong { at: "/0/engines", value: json!({"copy": 7}) },
        ],
    );
    follows(&["gpus", "V100-32GB", "MI300X"], &[]);
}

#[test]
fn layouts() {
    let wrong = [Wrong { at: "/0/leftover/stranded", value: json!(-1) }];
    follows(&["layouts", "A100-40GB"], &wrong);
    follows(&["layouts", "H100-80GB", "--profiles", "all"], &wrong);
    follows(&["layouts", "H100-80GB", "--used", "3g.40gb@4, 2x1g.10gb"], &wrong);
}

#[test]
fn profiles() {
    follows(&["profile", "3g.40gb"], &[Wrong { at: "/device/profile/smi_id", value: json!("9") }]);
    follows(&["profile", "1g.10gb+me", "--gpu", "H100-80GB"], &[]);
}

#[test]
fn fits() {
    let wrong = [
        Wrong { at: "/offers/0/verdict", value: json!("maybe") },
        Wrong { at: "/offers/0/estimate/terms/0/name", value: json!("magic") },
        Wrong { at: "/serving/tensor_parallel", value: json!("1") },
        Wrong { at: "/model", value: json!({"surprise": 1}) },
    ];
    for model in [
        "meta-llama/Llama-3.1-8B-Instruct",
        "mistralai/Mixtral-8x7B-Instruct-v0.1",
        "tiiuae/Falcon-H1-0.5B-Instruct",
    ] {
        follows(&["fit", model], &wrong);
    }
    follows(
        &["fit", "mistralai/Mistral-7B-v0.1", "--gpu", "H100-80GB", "--gpu-memory-utilization", "0.5"],
        &wrong,
    );
}

#[test]
fn logs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vllm.log");
    let text = "INFO vLLM API server version 0.11.0\nINFO Model loading took 14.9889 GiB and 5.101 seconds\n\
                INFO Available KV cache memory: 4.75 GiB\nINFO GPU KV cache size: 38,944 tokens\n";
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    follows(&["log", file], &[Wrong { at: "/log/weights", value: json!("15 GiB") }]);
    let (model, device) = ("meta-llama/Llama-3.1-8B-Instruct", "H100-80GB 3g.40gb");
    follows(
        &["log", file, "--model", model, "--device", device],
        &[
            Wrong { at: "/calibrated/usable", value: Value::Null },
            Wrong { at: "/compared/0/predicted", value: Value::Null },
        ],
    );
}
