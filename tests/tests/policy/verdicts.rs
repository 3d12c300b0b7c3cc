//! What authors are told, word for word.

use serde_json::{Value, json};

use crate::door::{create, granite, models, pod, pod_on, told, update, validate};
use crate::golden::golden;

const H100: &str = "NVIDIA-H100-80GB-HBM3";
const GRANITE: [&str; 2] = ["--model", "ibm-granite/granite-7b-base"];
const LLAMA: [&str; 2] = ["--model", "meta-llama/Llama-3.1-8B-Instruct"];

fn answer(object: &Value) -> String {
    told(&validate(&models(), &create(object)))
}

#[test]
fn a_slice_that_is_too_small_is_refused_with_the_one_that_holds_it() {
    golden("too-small", &answer(&pod_on(H100, "nvidia.com/mig-1g.10gb", &GRANITE)));
}

#[test]
fn a_slice_that_is_large_enough_passes() {
    let response = validate(&models(), &create(&pod_on(H100, "nvidia.com/mig-2g.20gb", &GRANITE)));
    assert_eq!(told(&response), "accepted");
    assert_eq!(response["audit_annotations"]["verdict"], "fits");
    golden("fits-audit", response["audit_annotations"]["containers"].as_str().unwrap());
}

#[test]
fn a_context_that_is_too_long_names_the_longest_that_fits() {
    golden("too-long", &answer(&pod_on(H100, "nvidia.com/mig-2g.20gb", &LLAMA)));
}

#[test]
fn a_shortfall_within_the_error_of_the_estimate_is_no_proof() {
    let with = |length: &str| {
        let args = [LLAMA[0], LLAMA[1], "--max-model-len", length];
        let response = validate(&models(), &create(&pod_on(H100, "nvidia.com/mig-2g.20gb", &args)));
        (response["audit_annotations"]["verdict"].clone(), told(&response))
    };
    let (verdict, told) = with("18432");
    golden("within-error", &told);
    assert_eq!(verdict, "unknown");
    assert_eq!(with("24576").0, "no");
}

#[test]
fn a_claim_that_can_mean_several_cards_is_refused_only_where_none_holds_it() {
    golden("several-cards", &answer(&pod("nvidia.com/mig-1g.10gb", &GRANITE)));
    golden("some-cards", &answer(&pod("nvidia.com/gpu", &[LLAMA[0], LLAMA[1], "--max-model-len", "131072"])));
}

#[test]
fn annotations_name_the_model_or_bring_it_along() {
    let mut object = pod_on(H100, "nvidia.com/mig-1g.10gb", &[]);
    object["metadata"]["annotations"] = json!({"migfit.io/model": "ibm-granite/granite-7b-base"});
    assert!(answer(&object).starts_with("refused\ncontainer vllm: ibm-granite/granite-7b-base needs 15."));
    object["metadata"]["annotations"] = json!({"migfit.io/config": granite().to_string()});
    assert!(answer(&object).starts_with("refused\ncontainer vllm: LlamaForCausalLM needs 15."));
    object["metadata"]["annotations"] = json!({"migfit.io/model.other": "ibm-granite/granite-7b-base"});
    golden("annotation-of-another", &answer(&object));
    object["metadata"]["annotations"] = json!({"migfit.io/config.vllm": "{\"model_type\": \"llama\"}"});
    golden("annotation-of-container", &answer(&object));
}

#[test]
fn every_workload_is_judged_by_its_template() {
    let spec = pod_on(H100, "nvidia.com/mig-1g.10gb", &GRANITE)["spec"].clone();
    for (version, kind, wrap) in [
        ("v1", "ReplicationController", false),
        ("apps/v1", "Deployment", false),
        ("apps/v1", "ReplicaSet", false),
        ("apps/v1", "StatefulSet", false),
        ("apps/v1", "DaemonSet", false),
        ("batch/v1", "Job", false),
        ("batch/v1", "CronJob", true),
    ] {
        let inner = json!({"template": {"metadata": {}, "spec": spec}});
        let outer = if wrap { json!({"jobTemplate": {"spec": inner}}) } else { inner };
        let told =
            answer(&json!({"apiVersion": version, "kind": kind, "metadata": {"name": "m"}, "spec": outer}));
        let path = if wrap { "spec.jobTemplate.spec.template.spec" } else { "spec.template.spec" };
        let line = format!("  at: {path}.containers[0].resources.limits[\"nvidia.com/mig-1g.10gb\"]");
        assert_eq!(told.lines().nth(2), Some(line.as_str()), "{kind}");
    }
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {}, "spec": {}});
    assert_eq!(answer(&service), "accepted\nwarning: migfit does not read objects of kind Service");
}

#[test]
fn an_update_is_judged_where_it_changes_what_is_judged() {
    let small = pod_on(H100, "nvidia.com/mig-1g.10gb", &GRANITE);
    let deployment = |pod: &Value, replicas: u64| {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"annotations": {"revision": replicas.to_string()}},
            "spec": {"replicas": replicas, "template": {"spec": pod["spec"]}}})
    };
    let judge = |old: &Value, new: &Value| validate(&models(), &update(old, new))["accepted"].clone();
    assert_eq!(judge(&deployment(&small, 1), &deployment(&small, 3)), true, "scaled");
    let mut other = small.clone();
    other["spec"]["containers"][0]["image"] = json!("vllm/vllm-openai:v0.12.0");
    assert_eq!(judge(&deployment(&small, 1), &deployment(&other, 1)), false, "a new image makes new pods");
    assert_eq!(judge(&deployment(&small, 1), &deployment(&other, 0)), true, "down to nothing");
    let mut named = small.clone();
    named["metadata"]["annotations"] = json!({"migfit.io/model": "meta-llama/Llama-3.1-8B-Instruct"});
    assert_eq!(judge(&small, &named), false, "another model");
    let mut leaving = other.clone();
    leaving["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(judge(&small, &leaving), true, "on its way out");
}

#[test]
fn what_is_never_judged_passes() {
    let object = pod_on(H100, "nvidia.com/mig-1g.10gb", &GRANITE);
    for (field, value) in [("operation", "DELETE"), ("operation", "CONNECT"), ("subResource", "scale")] {
        let mut request = create(&object);
        request[field] = json!(value);
        assert_eq!(validate(&models(), &request), json!({"accepted": true}), "{value}");
    }
    let mut plain = object;
    plain["spec"]["containers"][0]["resources"] = json!({"limits": {"cpu": "1"}});
    assert_eq!(validate(&models(), &create(&plain)), json!({"accepted": true}));
}

#[test]
fn a_raw_request_is_the_object_itself() {
    let object = pod_on(H100, "nvidia.com/mig-1g.10gb", &GRANITE);
    assert_eq!(validate(&models(), &object), validate(&models(), &create(&object)));
}

#[test]
fn nothing_is_refused_without_proof() {
    let [flag, name] = GRANITE;
    for (file, args) in [
        ("open-flag", vec![flag, name, "--quantization", "fp8"]),
        ("pipeline", vec![flag, name, "-pp", "2"]),
        ("unheard-of", vec!["--model", "unheard/of"]),
        ("no-model", vec![]),
    ] {
        golden(file, &answer(&pod_on(H100, "nvidia.com/mig-1g.10gb", &args)));
    }
    let mut notebook = pod_on(H100, "nvidia.com/mig-1g.10gb", &[]);
    notebook["spec"]["containers"][0]["image"] = json!("jupyter/tensorflow");
    assert_eq!(answer(&notebook), "accepted");
    golden("unknown-gpu", &answer(&pod_on("NVIDIA-Z9", "nvidia.com/gpu", &GRANITE)));
}

#[test]
fn ranks_must_match_devices() {
    let with = |resource: &str, count: &str, args: &[&str]| {
        let mut object = pod_on(H100, resource, &[&GRANITE[..], args].concat());
        object["spec"]["containers"][0]["resources"] = json!({"limits": {resource: count}});
        answer(&object)
    };
    golden("parallel-on-slices", &with("nvidia.com/mig-3g.40gb", "2", &["-tp", "2"]));
    golden("several-slices", &with("nvidia.com/mig-3g.40gb", "2", &[]));
    golden("too-few-gpus", &with("nvidia.com/gpu", "1", &["-tp", "2"]));
    assert_eq!(
        with("nvidia.com/gpu", "1", &["-tp", "2", "--distributed-executor-backend", "ray"]),
        "accepted"
    );
    golden("idle-gpus", &with("nvidia.com/gpu", "4", &["-tp", "2"]));
}

#[test]
fn all_containers_are_reported_at_once() {
    let mut object = pod_on(H100, "nvidia.com/mig-1g.10gb", &GRANITE);
    let mut second = object["spec"]["containers"][0].clone();
    second["name"] = json!("second");
    second["args"] = json!(["--model", "ibm-granite/granite-7b-base", "--max-model-len", "8K"]);
    let mut third = second.clone();
    third["name"] = json!("third");
    third["args"] = json!(["--max-model-len", "much"]);
    object["spec"]["initContainers"] = json!([third]);
    object["spec"]["containers"].as_array_mut().unwrap().push(second);
    golden("three-containers", &answer(&object));
}
