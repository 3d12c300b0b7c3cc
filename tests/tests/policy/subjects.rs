//! Objects that make no pods and that devices depend on: quotas, queues, claims, layouts, nodes.

use serde_json::{Value, json};

use crate::door::{create, told, update, validate, validate_settings};
use crate::golden::golden;

fn settings() -> Value {
    json!({"gpus": ["A100-40GB"]})
}

fn quota(keys: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": "team"}, "spec": {"hard": keys}})
}

fn layouts(profiles: &Value) -> Value {
    let config = json!({"version": "v1", "mig-configs": {"ours": [{"devices": "all", "mig-enabled": true, "mig-devices": profiles}]}});
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mig", "namespace": "gpu-operator"},
        "data": {"config.yaml": config.to_string()}})
}

fn node(product: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": {
        "nvidia.com/gpu.product": product, "nvidia.com/mig.config": "ours", "nvidia.com/mig.config.state": "failed"}},
        "status": {"allocatable": {"nvidia.com/gpu": "0"}}})
}

#[test]
fn what_is_set_up_around_workloads_is_judged() {
    let queue = json!({"apiVersion": "kueue.x-k8s.io/v1beta1", "kind": "ClusterQueue", "metadata": {"name": "q"}, "spec": {
        "resourceGroups": [{"coveredResources": ["nvidia.com/mig-9g.90gb"], "flavors": [{"name": "f", "resources": []}]}]}});
    let claim = json!({"apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaimTemplate", "metadata": {"name": "c"}, "spec": {
        "spec": {"devices": {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "mig.nvidia.com", "selectors": [
            {"cel": {"expression": "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40Gi')) >= 0"}}]}}]}}}});
    let answers = [
        quota(&json!({"limits.nvidia.com/mig-1g.5gb": "7", "requests.nvidia.com/mig-3g.20gb": "0"})),
        quota(&json!({"requests.cpu": "4"})),
        queue,
        claim,
        layouts(&json!({"4g.20gb": 2})),
        layouts(&json!({"4g.20gb": 1, "1g.5gb": 3})),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}, "data": {"a": "b"}}),
        node("NVIDIA-A100-SXM4-40GB-MIG-INVALID"),
    ]
    .map(|object| {
        let name =
            format!("{} {}", object["kind"].as_str().unwrap(), object["metadata"]["name"].as_str().unwrap());
        format!("{name}: {}", told(&validate(&settings(), &create(&object))))
    });
    golden("subjects", &answers.join("\n"));
}

#[test]
fn an_update_that_changes_nothing_of_it_passes() {
    let bad = layouts(&json!({"4g.20gb": 2}));
    let mut touched = bad.clone();
    touched["metadata"]["resourceVersion"] = json!("2");
    touched["metadata"]["finalizers"] = json!([]);
    assert_eq!(validate(&settings(), &update(&bad, &touched)), json!({"accepted": true}));
    let worse = layouts(&json!({"3g.20gb": 3}));
    assert_eq!(validate(&settings(), &update(&bad, &worse))["accepted"], false);
    let good = layouts(&json!({"3g.20gb": 2}));
    assert_eq!(validate(&settings(), &update(&bad, &good))["accepted"], true);
}

#[test]
fn a_node_is_never_refused() {
    let mut settings = settings();
    settings["lints"] = json!({"mig-invalid": "deny", "mig-config-failed": "deny"});
    let answer = validate(&settings, &create(&node("NVIDIA-A100-SXM4-40GB-MIG-INVALID")));
    assert_eq!(
        (answer["accepted"].clone(), answer["audit_annotations"]["mode"].clone()),
        (json!(true), json!("warn"))
    );
    assert_eq!(answer["warnings"].as_array().unwrap().len(), 2, "{answer}");
}

#[test]
fn a_quota_is_refused_where_its_finding_is_denied() {
    let dead = quota(&json!({"limits.nvidia.com/mig-1g.5gb": "7"}));
    let with = |lints: Value, more: Value| {
        let mut settings = settings();
        settings["lints"] = lints;
        settings["exemptions"] = more;
        assert_eq!(validate_settings(&settings), json!({"valid": true}));
        let mut request = create(&dead);
        request["object"]["metadata"]["labels"] = json!({"migfit.io/skip": "yes"});
        validate(&settings, &request)
    };
    let denied = with(json!({"quota-not-enforced": "deny"}), json!({}));
    assert_eq!(denied["accepted"], false);
    let exempt = with(json!({"quota-not-enforced": "deny"}), json!({"labels": {"migfit.io/skip": "*"}}));
    assert_eq!(exempt["audit_annotations"]["exempt"], "label migfit.io/skip");
    assert_eq!(with(json!({"quota-not-enforced": "allow"}), json!({}))["warnings"], Value::Null);
}

#[test]
fn a_template_that_was_not_rendered_has_a_setting_of_its_own() {
    let mut pod = crate::door::pod("nvidia.com/mig-1g.5gb", &["--model", "{{ .Values.model }}"]);
    pod["metadata"]["name"] = json!("m");
    let with = |reaction: &str| told(&validate(&json!({"templates": reaction}), &create(&pod)));
    golden("templates", &["allow", "warn", "deny"].map(with).join("\n"));
}
