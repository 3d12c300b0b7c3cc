//! `migfit match`: issue 53 of Modelplane as it stands, and every other form of pools and workloads.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn run(arguments: &[&str], input: &str) -> Output {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/matching");
    let mut child = Command::new(env!("CARGO_BIN_EXE_migfit"))
        .current_dir(folder)
        .arg("match")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may be gone already.
    _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn answer(arguments: &[&str], input: &str) -> (Value, i32) {
    let output = run(&[&["--json"], arguments].concat(), input);
    let text = String::from_utf8(output.stdout).unwrap();
    let problems = String::from_utf8(output.stderr).unwrap();
    assert_eq!(problems, "");
    let answer: Value = serde_json::from_str(&text).unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schema/match.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> =
        schema.iter_errors(&answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(wrong, Vec::<String>::new());
    (answer, output.status.code().unwrap())
}

fn best(answer: &Value) -> &Value {
    &answer["workloads"][0]["pools"][0]
}

fn expected(pool: &Value) -> Vec<&str> {
    pool["contradictions"].as_array().unwrap().iter().map(|one| one["expected"].as_str().unwrap()).collect()
}

/// A1 to A6: what the issue declares, what the hardware has, and that its own example does not hold.
#[test]
fn issue_53_as_it_declares_itself() {
    let (found, status) = answer(&["--pools", "issue-53-first.yaml", "gemma-declared.yaml"], "");
    let pool = best(&found);
    assert_eq!((&pool["verdict"], &pool["room"], status), (&json!("no"), &json!("after_scaling"), 1));
    let unit = &pool["units"][0];
    assert_eq!(
        (&unit["units_per_node"], &unit["units_now"], &unit["units_most"]),
        (&json!(16), &json!(0), &json!(64))
    );
    assert_eq!((&unit["memory"], &unit["shortfall"]), (&json!(40_192_u64 << 20), &json!(768_u64 << 20)));
    assert_eq!((&unit["sms"], &unit["bandwidth"]), (&json!(60), &json!(1_675_000_000_000_u64)));
    assert_eq!(unit["idle_compute_ten_thousandths"], 1428);
    assert_eq!(
        expected(pool),
        [
            "at most 40,448 MiB, which a H100-80GB 3g.40gb has; 40,192 MiB are counted on",
            "`none`: MIG instances reach each other neither over NVLink nor over PCIe",
        ]
    );
}

#[test]
fn its_second_document_is_asked_for_as_gke_does() {
    let (found, status) = answer(&["--pools", "issue-53-second.yaml", "gemma-estimated.yaml"], "");
    let unit = &best(&found)["units"][0];
    assert_eq!((&unit["resource"], status), (&json!("nvidia.com/gpu"), 0));
    assert_eq!(unit["node_selector"], json!({"cloud.google.com/gke-gpu-partition-size": "3g.40gb"}));
    assert_eq!((&unit["units_per_node"], &unit["units_most"]), (&json!(16), &json!(128)));
}

/// What the issue wants to say: 27B at 8 bits fits such a slice. The need is worked out, not read out of a name.
#[test]
fn gemma_27b_fits_the_slice_by_estimate() {
    let (found, status) = answer(&["--pools", "issue-53-first.yaml", "gemma-estimated.yaml"], "");
    let (pool, unit) = (best(&found), &best(&found)["units"][0]);
    assert_eq!((&pool["verdict"], &pool["room"], status), (&json!("fits"), &json!("after_scaling"), 0));
    assert!(unit["need"].as_u64().unwrap() > 27_000_000_000, "a byte for each parameter at least");
    assert_eq!(unit["replicas_most"], 64);
}

#[test]
fn seven_slices_on_eight_gpus_are_56_units_not_28() {
    let (found, _) = answer(&["--pools", "small-slices.yaml", "gemma-declared.yaml"], "");
    assert_eq!(best(&found)["units"][0]["units_per_node"], 56);
    assert_eq!(expected(best(&found)), ["56: 8 GPUs of 7 1g.10gb each"]);
}

#[test]
fn a_class_and_a_deployment_of_today() {
    let (found, status) = answer(&["--pools", "modelplane.yaml", "deployment.yaml"], "");
    let unit = &best(&found)["units"][0];
    assert_eq!((&unit["verdict"], &unit["resource"], status), (&json!("no"), &json!("mig.nvidia.com"), 1));
    assert_eq!(
        (&unit["units_per_node"], &unit["units_now"], &unit["units_most"]),
        (&json!(16), &json!(16), &json!(64))
    );
    assert_eq!(unit["memory"], 40_320_u64 << 20);
    assert_eq!(
        unit["reasons"],
        json!([{"code": "selector", "severity": "refuses", "text": "the claim's selector \
            `device.capacity[\"gpu.nvidia.com\"].memory.compareTo(quantity(\"40Gi\")) >= 0` does not hold"}])
    );
    assert_eq!(best(&found)["contradictions"], json!([]));
}

#[test]
fn mixed_layouts_are_charged_slice_by_slice() {
    let arguments = ["--pools", "own.yaml", "--together", "gemma-estimated.yaml", "gemma-estimated.yaml"];
    let (found, status) = answer(&arguments, "");
    let placed: Vec<&Value> =
        found["workloads"].as_array().unwrap().iter().map(|one| &one["placed"][0]["device"]).collect();
    assert_eq!((placed, status), (vec![&json!("H100-80GB 4g.40gb"), &json!("H100-80GB 3g.40gb")], 0));
    assert_eq!(best(&found)["units"][0]["replicas_now"], 1, "three of four 4g.40gb are taken");
    assert_eq!(best(&found)["units"][0]["price_per_hour"], "1.25");
}

const DEPLOYMENT: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: llama}
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: vllm
        image: vllm/vllm-openai
        args: ["--model=meta-llama/Llama-3.1-8B-Instruct", "--max-model-len=8192"]
        resources: {limits: {nvidia.com/mig-3g.40gb: 1}}
"#;

#[test]
fn a_deployment_goes_where_its_resource_is() {
    let (found, status) = answer(&["--pools", "own.yaml", "-"], DEPLOYMENT);
    let unit = &best(&found)["units"][0];
    assert_eq!((&unit["device"], &unit["verdict"], status), (&json!("H100-80GB 3g.40gb"), &json!("fits"), 0));
    assert_eq!(best(&found)["units"][1]["reasons"][0]["code"], "other-resource");
    let elsewhere = &found["workloads"][0]["pools"][1]["units"][0];
    assert_eq!(elsewhere["reasons"][0]["code"], "other-resource");
}

/// A leader and a worker: two nodes of eight GPUs, and the estimate for one of sixteen ranks.
#[test]
fn an_engine_over_two_nodes_is_asked_for_once() {
    let member = |role: &str| {
        format!(
            r#"{{"role": "{role}", "nodeSelector": {{"devices": [{{"name": "gpu", "count": 8, "selectors": [{{"cel":
            "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('70Gi')) >= 0"}}]}}]}}, "template": {{"spec":
            {{"containers": [{{"name": "engine", "image": "vllm/vllm-openai:v0.23.0", "args": ["--model=openai/gpt-oss-120b",
            "--tensor-parallel-size=8", "--pipeline-parallel-size=2", "--max-model-len=32768"]}}]}}}}}}"#
        )
    };
    let deployment = format!(
        r#"{{"apiVersion": "modelplane.ai/v1alpha1", "kind": "ModelDeployment", "metadata": {{"name": "big"}}, "spec":
        {{"replicas": 1, "template": {{"spec": {{"engines": [{{"name": "e", "members": [{}, {}]}}]}}}}}}}}"#,
        member("Leader"),
        member("Worker")
    );
    let (found, status) = answer(&["--pools", "own.yaml", "-"], &deployment);
    assert_eq!((found["workloads"].as_array().unwrap().len(), status), (1, 0));
    assert_eq!(found["workloads"][0]["topology"], json!({"kind": "stated", "nodes": 2, "units_per_node": 8}));
    let (pool, unit) = (best(&found), &best(&found)["units"][0]);
    assert_eq!(
        (&pool["pool"], &pool["verdict"], &unit["replicas_now"]),
        (&json!("whole"), &json!("fits"), &json!(1))
    );
    let slices = &found["workloads"][0]["pools"][1]["units"];
    let told = |unit: &Value, code: &str| {
        unit["reasons"].as_array().unwrap().iter().any(|reason| reason["code"] == code)
    };
    let sliced =
        slices.as_array().unwrap().iter().find(|unit| unit["device"] == "H100-80GB 3g.40gb").unwrap();
    assert!(told(sliced, "parallelism-across-slices") && told(sliced, "selector"));
}

#[test]
fn a_claim_alone_is_judged_by_its_selectors() {
    let claim = r#"
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: {name: slice}
spec: {spec: {devices: {requests: [{name: gpu, exactly: {deviceClassName: mig.nvidia.com, selectors: [
  {cel: {expression: "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('39Gi')) >= 0"}}]}}]}}}
"#;
    let (found, status) = answer(&["--pools", "own.yaml", "-"], claim);
    let units = best(&found)["units"].as_array().unwrap();
    let verdicts: Vec<(&str, &str)> = units
        .iter()
        .map(|unit| (unit["device"].as_str().unwrap(), unit["verdict"].as_str().unwrap()))
        .collect();
    assert_eq!(status, 0);
    assert_eq!(
        verdicts,
        [
            ("H100-80GB 4g.40gb", "fits"),
            ("H100-80GB 3g.40gb", "fits"),
            ("H100-80GB 1g.10gb", "no"),
            ("H100-80GB 2g.20gb", "no"),
            ("H100-80GB", "no"),
        ]
    );
    assert_eq!(units[0]["reasons"][0]["code"], "needs-dra-driver");
}

#[test]
fn nothing_is_promised_of_a_model_that_is_not_known() {
    let hidden = DEPLOYMENT.replace("meta-llama/Llama-3.1-8B-Instruct", "/mnt/models");
    let (found, status) = answer(&["--pools", "own.yaml", "-"], &hidden);
    let unit = &best(&found)["units"][0];
    assert_eq!(
        (&unit["device"], &unit["verdict"], status),
        (&json!("H100-80GB 3g.40gb"), &json!("unknown"), 2)
    );
    assert_eq!(unit["reasons"][0]["code"], "open");
}

#[test]
fn what_cannot_be_said_is_2() {
    let unknown = DEPLOYMENT
        .replace("    spec:\n      containers", "    spec:\n      nodeSelector: {a: b}\n      containers");
    let (found, status) = answer(&["--pools", "own.yaml", "-"], &unknown);
    assert_eq!((&best(&found)["verdict"], status), (&json!("unknown"), 2));
}

#[test]
fn bad_input_is_named_and_2() {
    let said = |arguments: &[&str], input: &str| {
        let output = run(arguments, input);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(output.stdout, b"");
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(
        said(&["--pools", "gemma-declared.yaml", "gemma-declared.yaml"], ""),
        "error: gemma-declared.yaml: pools: found neither `kind` nor `pools`, expected InferenceEnvironment, \
         InferenceClass, InferenceCluster, Node, ResourceSlice, or a list `pools`\n"
    );
    let unread = said(&["--pools", "own.yaml", "-"], "{model: [}");
    assert!(
        unread.starts_with("error: -: file: found text that is neither (") && unread.contains("line 1"),
        "{unread}"
    );
    assert_eq!(
        said(&["--pools", "own.yaml", "-"], "kind: Service\napiVersion: v1\nmetadata: {name: a}\n"),
        "error: -: workload: found Service a, expected an object with a container that asks for a GPU or a slice, or a \
         claim\n"
    );
    assert_eq!(
        said(&["--pools", "own.yaml", "-"], ""),
        "error: -: workload: found nothing, expected at least one document\n"
    );
}

/// The examples of pools and workloads follow the schemas that describe the two forms.
#[test]
fn the_forms_are_those_of_the_schemas() {
    let validator = |name: &str| {
        let file = format!("{}/../docs/schema/{name}.json", env!("CARGO_MANIFEST_DIR"));
        jsonschema::validator_for(&serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
            .unwrap()
    };
    let example = |name: &str| {
        let text =
            std::fs::read_to_string(format!("{}/tests/matching/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        migfit::yaml::documents(name, &text).unwrap().remove(0)
    };
    let (pools, workload) = (validator("pools"), validator("workload"));
    assert!(pools.is_valid(&example("own.yaml")));
    assert!(
        workload.is_valid(&example("gemma-declared.yaml"))
            && workload.is_valid(&example("gemma-estimated.yaml"))
    );
    assert!(!pools.is_valid(&json!({"pools": [{"name": "a", "gpu": "L4", "node": 1}]})));
    assert!(!workload.is_valid(&json!({"model": "a", "replica": 1})));
}
