//! Who is refused, who is warned and who is left alone.

use serde_json::{Value, json};

use crate::door::{create, granite, pod, pod_on, told, validate, validate_settings};
use crate::golden::golden;

const H100: &str = "NVIDIA-H100-80GB-HBM3";

fn settings(more: &Value) -> Value {
    let mut settings = json!({"models": {"g": {"config": granite()}}});
    for (name, value) in more.as_object().unwrap() {
        settings[name] = value.clone();
    }
    settings
}

fn small() -> Value {
    pod_on(H100, "nvidia.com/mig-1g.10gb", &["--model", "g"])
}

fn in_namespace(namespace: &str, object: &Value) -> Value {
    let mut request = create(object);
    request["namespace"] = json!(namespace);
    request
}

#[test]
fn a_mode_says_what_becomes_of_a_refusal() {
    let with = |mode: &str| validate(&settings(&json!({"mode": mode})), &create(&small()));
    golden("mode-warn", &told(&with("warn")));
    let monitored = with("monitor");
    assert_eq!(told(&monitored), "accepted");
    let audit = &monitored["audit_annotations"];
    assert_eq!(audit["mode"], "monitor");
    assert_eq!(audit["verdict"], "no");
    assert_eq!(audit["refusal"], with("enforce")["message"]);
    assert_eq!(with("enforce"), validate(&settings(&json!({})), &create(&small())));
}

#[test]
fn the_first_rule_that_names_a_namespace_holds() {
    let settings = settings(&json!({"mode": "monitor", "namespaces": [
        {"names": ["prod-*"], "mode": "enforce"}, {"names": ["dev", "prod"], "mode": "warn"}]}));
    let accepted = |namespace: &str| {
        let answer = validate(&settings, &in_namespace(namespace, &small()));
        (answer["accepted"].as_bool().unwrap(), answer["warnings"].is_array())
    };
    assert_eq!(accepted("prod-eu"), (false, false));
    assert_eq!(accepted("prod"), (true, true));
    assert_eq!(accepted("other"), (true, false));
}

#[test]
fn a_namespace_may_allow_some_devices_alone() {
    let settings =
        settings(&json!({"namespaces": [{"names": ["team"], "profiles": ["1g.10gb", "2g.20gb"]}]}));
    let ask = |resource: &str| {
        told(&validate(&settings, &in_namespace("team", &pod_on(H100, resource, &["--model", "g"]))))
    };
    assert_eq!(ask("nvidia.com/mig-2g.20gb"), "accepted");
    golden("not-allowed", &ask("nvidia.com/mig-3g.40gb"));
    assert!(ask("nvidia.com/gpu").contains("container vllm: gpu is not allowed in the namespace team"));
    let elsewhere =
        validate(&settings, &in_namespace("other", &pod_on(H100, "nvidia.com/gpu", &["--model", "g"])));
    assert_eq!(told(&elsewhere), "accepted");
}

#[test]
fn more_may_be_demanded_than_that_it_fits() {
    let object = pod_on(H100, "nvidia.com/mig-2g.20gb", &["--model", "g", "--max-model-len", "2048"]);
    let with = |more: &Value| told(&validate(&settings(more), &create(&object)));
    assert_eq!(with(&json!({"headroom": "1Gi", "minimum": {"context": 2048, "sequences": 1}})), "accepted");
    golden(
        "demands",
        &[
            with(&json!({"headroom": "20%"})),
            with(&json!({"headroom": "4Gi"})),
            with(&json!({"minimum": {"context": 4096}})),
            with(&json!({"minimum": {"sequences": 16}})),
        ]
        .join("\n"),
    );
}

#[test]
fn whoever_is_exempt_is_left_alone_and_noted() {
    let mut object = small();
    object["metadata"]["labels"] = json!({"migfit.io/skip": "yes"});
    let mut request = create(&object);
    request["userInfo"] = json!({"username": "system:serviceaccount:ci:deployer", "groups": ["system:authenticated", "platform"]});
    let with = |exemptions: &Value| {
        let answer = validate(&settings(&json!({"exemptions": exemptions})), &request);
        let why = answer["audit_annotations"]["exempt"].as_str().unwrap_or("no").to_owned();
        assert_eq!(answer["accepted"].as_bool().unwrap(), why != "no");
        why
    };
    assert_eq!(with(&json!({"labels": {"migfit.io/skip": "*"}})), "label migfit.io/skip");
    assert_eq!(with(&json!({"labels": {"migfit.io/skip": "no"}})), "no");
    assert_eq!(with(&json!({"images": ["vllm/*:v0.33.0"]})), "image vllm/vllm-openai:v0.33.0");
    assert_eq!(with(&json!({"images": ["vllm/*:latest"]})), "no");
    assert_eq!(
        with(&json!({"users": ["system:serviceaccount:ci:*"]})),
        "user system:serviceaccount:ci:deployer"
    );
    assert_eq!(with(&json!({"groups": ["plat*"]})), "group platform");
    assert_eq!(with(&json!({"groups": ["admins"], "users": ["root"]})), "no");
}

#[test]
fn what_contradicts_itself_is_refused() {
    let with =
        |settings: &Value| validate_settings(settings)["message"].as_str().unwrap_or("valid").to_owned();
    let pools = json!([{"name": "mig", "gpu": "H100-80GB"}]);
    golden(
        "settings-contradictions",
        &[
            json!({"mutate": {"rightSize": true}}),
            json!({"mutate": {"placement": true, "flags": true}}),
            json!({"mode": "monitor", "mutate": {"flags": true}}),
            json!({"gpus": ["A30"], "pools": pools}),
            json!({"namespaces": [{"names": ["a*"]}, {"names": ["ab", "b"]}, {"mode": "warn"}]}),
            json!({"exemptions": {"users": ["*"]}}),
            json!({"version": 2, "headroom": "much", "minimum": {"context": 0}}),
            json!({"pools": [{"name": "a", "gpu": "H100-80GB", "spelling": "single", "devices": ["1g.10gb", "9g.90gb"]}, {"name": "a"}]}),
            json!({"lookups": {"models": {}}, "mutate": {"flag": true}}),
            json!({"models": {"a": {"catalog": "no/such"}, "b": {"catalog": "Qwen/Qwen3-8B", "config": {}}}}),
        ]
        .map(|settings| format!("{settings}\n{}", with(&settings)))
        .join("\n"),
    );
    assert_eq!(with(&json!({"version": 1, "pools": pools, "mutate": {"rightSize": true}})), "valid");
}

#[test]
fn a_model_may_be_known_by_another_name() {
    let settings = json!({"models": {"our/name": {"catalog": "meta-llama/Llama-3.1-8B-Instruct"}}});
    let object = pod("nvidia.com/mig-1g.10gb", &["--model", "our/name"]);
    let answer = told(&validate(&settings, &create(&object)));
    assert!(answer.contains("model from settings, by the catalog"), "{answer}");
}
