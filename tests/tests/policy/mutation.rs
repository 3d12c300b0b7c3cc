//! Corrections: opt-in, minimal, in order, and never where they would do harm.

use serde_json::{Value, json};

use crate::door::{call, create, granite, told, update, validate};
use crate::golden::golden;

fn settings() -> Value {
    json!({
        "models": {"g": {"config": granite()}},
        "mutate": {"rightSize": true, "placement": true, "flags": true},
        "pools": [{
            "name": "mig", "gpu": "H100-80GB", "devices": ["1g.10gb", "2g.20gb", "3g.40gb"],
            "nodeSelector": {"pool": "mig"},
            "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}],
        }],
    })
}

fn pod() -> Value {
    let amounts = json!({"zeta": "1", "nvidia.com/mig-1g.10gb": "1", "alpha": "2"});
    json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "m"}, "spec": {
        "zz": true, "containers": [{"name": "vllm", "image": "vllm/vllm-openai:v0.33.0", "args": ["--model", "g"],
            "resources": {"requests": amounts, "limits": amounts}, "aa": {"unknown": 1.50}}]}})
}

#[test]
fn a_pod_is_corrected_in_place_and_in_order() {
    let answer = validate(&settings(), &create(&pod()));
    golden(
        "mutated",
        &format!("{}\n{}", told(&answer), serde_json::to_string_pretty(&answer["mutated_object"]).unwrap()),
    );
    assert_eq!(answer["audit_annotations"]["verdict"], "fits");
    let again = validate(&settings(), &create(&answer["mutated_object"]));
    assert_eq!(told(&again), "accepted");
    assert!(again["mutated_object"].is_null(), "made once");
}

#[test]
fn a_policy_that_only_validates_changes_nothing() {
    let mut settings = settings();
    settings.as_object_mut().unwrap().remove("mutate");
    let answer = validate(&settings, &create(&pod()));
    assert_eq!(answer["accepted"], false);
    assert!(answer["mutated_object"].is_null());
}

#[test]
fn what_exists_is_not_corrected_where_it_may_not_change() {
    let mut old = pod();
    old["spec"]["containers"][0]["image"] = json!("vllm/vllm-openai:v0.32.0");
    let answer = validate(&settings(), &update(&old, &pod()));
    assert_eq!((answer["accepted"].clone(), answer["mutated_object"].clone()), (json!(false), Value::Null));
    let workload = |kind: &str, version: &str, pod: &Value| json!({"apiVersion": version, "kind": kind, "metadata": {"name": "m"}, "spec": {"template": {"spec": pod["spec"]}}});
    for (kind, version, corrected) in [("Deployment", "apps/v1", true), ("Job", "batch/v1", false)] {
        let request = update(&workload(kind, version, &old), &workload(kind, version, &pod()));
        let answer = validate(&settings(), &request);
        assert_eq!(answer["mutated_object"].is_object(), corrected, "{kind}");
        let created = validate(&settings(), &create(&workload(kind, version, &pod())));
        assert!(created["mutated_object"].is_object(), "{kind}");
    }
    let mut deletion = create(&pod());
    deletion["operation"] = json!("DELETE");
    assert_eq!(validate(&settings(), &deletion), json!({"accepted": true}));
}

#[test]
fn a_dry_run_gets_the_same_answer() {
    let mut request = create(&pod());
    let real = validate(&settings(), &request);
    request["dryRun"] = json!(true);
    assert_eq!(validate(&settings(), &request), real);
}

#[test]
fn a_correction_that_still_lacks_something_is_none() {
    let mut settings = settings();
    settings["headroom"] = json!("30%");
    let answer = validate(&settings, &create(&pod()));
    assert_eq!(answer["accepted"], false);
    assert!(answer["mutated_object"].is_null());
}

/// An object of more than a megabyte: much text that nobody reads, and a device at the end.
#[test]
fn a_large_object_is_corrected_like_a_small_one() {
    let mut object = pod();
    object["metadata"]["annotations"] = json!({"big": "x".repeat(1_000_000)});
    object["spec"]["volumes"] = json!(vec![json!({"name": "v", "emptyDir": {}}); 10_000]);
    let payload = json!({"settings": settings(), "request": create(&object)}).to_string();
    assert!(payload.len() > 1_250_000);
    let answer = call("validate", payload.as_bytes());
    println!("{} fuel, {} bytes of memory", answer.fuel, answer.memory);
    assert!(
        answer.fuel < 550_000_000 && answer.memory < 48 << 20,
        "{} fuel, {} bytes",
        answer.fuel,
        answer.memory
    );
    let answer: Value = serde_json::from_slice(&answer.result.unwrap()).unwrap();
    assert_eq!(answer["mutated_object"]["spec"]["containers"][0]["args"][2], "--max-model-len=4096");
    assert_eq!(answer["mutated_object"]["spec"]["volumes"], object["spec"]["volumes"]);
}
