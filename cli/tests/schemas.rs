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
fn advice() {
    let wrong = [
        Wrong { at: "/advice/0/verdict", value: json!("no") },
        Wrong { at: "/advice/0/serving/sequences", value: json!("1") },
        Wrong { at: "/verdict", value: json!("perhaps") },
    ];
    follows(&["advise", "mistralai/Mistral-7B-v0.1", "--device", "H100-80GB 1g.10gb"], &wrong);
    follows(&["advise", "mistralai/Mistral-7B-v0.1", "--device", "H100-80GB"], &[]);
}

const FLEET: &str = "\
nodes:
- name: a
  gpu: H100-80GB
  gpus: 2
  today:
  - {gpu: 0, instances: [{profile: 1g.20gb, start: 0, holder: chat}, {profile: 3g.40gb, start: 4}]}
- {name: b, gpu: A100-40GB, gpus: 2, pricePerHour: 3.5, today: [{gpu: 0, holder: somebody}]}
- {name: c, gpu: H100-80GB, gpus: 2, pricePerHour: 7}
workloads:
- {name: chat, model: mistralai/Mistral-7B-v0.1, replicas: 3, tenant: alpha}
- {name: big, model: meta-llama/Llama-3.1-70B, serving: {tensor_parallel: 2, max_model_len: 4096}, replicas: 2}
- {name: huge, memory: 500Gi, replicas: 1}
";

/// A file of a folder that lasts as long as the test.
fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

#[test]
fn plans() {
    let folder = tempfile::tempdir().unwrap();
    let fleet = file(&folder, "fleet.yaml", FLEET);
    let wrong = [
        Wrong { at: "/gpus/0/mode", value: json!("half") },
        Wrong { at: "/score/stranded", value: json!("0 B") },
        Wrong { at: "/unplaced/0/reasons", value: json!("none") },
        Wrong { at: "/change/steps/1/commands/0", value: json!(5) },
        Wrong { at: "/what_if/0/plan/bound", value: json!({}) },
    ];
    let questions = ["--what-if", "quantization=fp8", "--what-if", "gpu=H200-141GB,context=8192"];
    follows(&[&["plan", &fleet][..], &questions].concat(), &wrong);
    follows(&["plan", &fleet, "--keep", "--what-if", "kv-cache=fp8"], &[]);
}

#[test]
fn places() {
    let folder = tempfile::tempdir().unwrap();
    let fleet = file(&folder, "fleet.yaml", FLEET);
    let wrong = [
        Wrong { at: "/spots/0/loss", value: json!(0.5) },
        Wrong { at: "/spots/0/instance", value: json!("2g.20gb") },
        Wrong { at: "/stranded/0/memory", value: Value::Null },
    ];
    follows(&["place", &fleet, "--profile", "2g.20gb"], &wrong);
    follows(&["place", &fleet, "--memory", "12Gi"], &wrong);
    follows(&["place", &fleet], &[Wrong { at: "/spots", value: json!(1) }]);
    let empty = file(&folder, "empty.yaml", "nodes: [{name: a, gpu: A30}]\nworkloads: []\n");
    follows(&["place", &empty, "--profile", "1g.6gb", "--top", "0"], &[]);
}

#[test]
fn simulations() {
    let wrong = [
        Wrong { at: "/0/rules/0/rule", value: json!("any") },
        Wrong { at: "/0/rules/0/accepted/mean", value: json!("76 %") },
    ];
    follows(&["simulate", "--gpus", "2", "--seeds", "1", "--arrivals", "20", "--mix", "uniform"], &wrong);
    follows(
        &["simulate", "--gpus", "2", "--seeds", "2", "--arrivals", "20", "--shares", "1g.10gb=1"],
        &wrong,
    );
}

#[test]
fn exports() {
    let model = "mistralai/Mistral-7B-v0.1";
    let wrong = [Wrong { at: "/documents", value: json!([5]) }, Wrong { at: "/notes", value: json!("none") }];
    follows(&["export", "deployment", model, "--gpu", "H100-80GB"], &wrong);
    follows(&["export", "ollama-values", model, "--gpu", "H100-80GB", "--engine", "vllm-0.33"], &[]);
    let line = [Wrong { at: "/commands/0/line", value: Value::Null }];
    follows(&["export", "nvidia-smi", "--gpu", "A30", "--layout", "4x1g.6gb"], &line);
    follows(&["export", "--list"], &[Wrong { at: "/0/needs", value: json!("luck") }]);
}

/// A command that has `--json` has its schema, and a schema of an answer has its command.
#[test]
fn every_answer_has_a_schema() {
    let said = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_migfit")).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let help = said(&["--help"]);
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let names: Vec<&str> = commands
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.contains(&"fit") && names.contains(&"help"), "{names:?}");
    let printing: Vec<&str> = names
        .into_iter()
        .filter(|name| *name != "help" && said(&[name, "--help"]).contains("--json"))
        .collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schema");
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let mut answers: Vec<String> = Vec::new();
    for file in entries {
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(file.path()).unwrap()).unwrap();
        let name = file.path().file_stem().unwrap().to_string_lossy().into_owned();
        if schema["title"] == format!("migfit {name} --json") {
            answers.push(name);
        }
    }
    answers.sort();
    let mut printing: Vec<String> = printing.into_iter().map(str::to_owned).collect();
    printing.sort();
    assert_eq!(answers, printing);
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
