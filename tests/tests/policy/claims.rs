//! Claims of dynamic resource allocation: what a workload refers to is fetched from the cluster, and where it cannot
//! be had, nothing is refused.

use std::sync::Arc;

use migfit_tests::cluster::Cluster;
use serde_json::{Value, json};

use crate::door::{create, models, told, validate_in};
use crate::golden::golden;

const GRANITE: [&str; 2] = ["--model", "ibm-granite/granite-7b-base"];

/// A Deployment whose container takes its device from the template `slice`.
fn deployment(template: &str) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "m"}, "spec": {"template": {"spec": {
        "resourceClaims": [{"name": "gpu", "resourceClaimTemplateName": template}],
        "containers": [{"name": "vllm", "image": "vllm/vllm-openai:v0.33.0", "args": GRANITE,
            "resources": {"claims": [{"name": "gpu"}]}}]}}}})
}

fn template(class: &str, profile: &str) -> Value {
    let cel = format!("device.attributes['gpu.nvidia.com'].profile == '{profile}'");
    json!({"apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaimTemplate",
        "metadata": {"name": "slice", "namespace": "models", "managedFields": ["much"]},
        "spec": {"spec": {"devices": {"requests": [{"name": "gpu", "exactly": {
            "deviceClassName": class, "selectors": [{"cel": {"expression": cel}}]}}]}}}})
}

fn class(name: &str, resource: Option<&str>) -> Value {
    let cel = "device.driver == 'gpu.nvidia.com' && device.attributes['gpu.nvidia.com'].type == 'mig'";
    let mut class = json!({"apiVersion": "resource.k8s.io/v1", "kind": "DeviceClass", "metadata": {"name": name},
        "spec": {"selectors": [{"cel": {"expression": cel}}]}});
    if let Some(resource) = resource {
        class["spec"]["extendedResourceName"] = json!(resource);
    }
    class
}

fn settings() -> Value {
    let mut settings = models();
    settings["gpus"] = json!(["H100-80GB"]);
    settings["lookups"] = json!({"claims": true});
    settings
}

fn sources(answer: &Value) -> &str {
    answer["audit_annotations"]["sources"].as_str().unwrap_or("none")
}

#[test]
fn a_template_and_its_class_are_fetched() {
    let cluster = Arc::new(Cluster::new(vec![template("slices", "1g.10gb"), class("slices", None)]));
    let answer = validate_in(&cluster, &settings(), &create(&deployment("slice")));
    golden("claim-too-small", &told(&answer));
    assert_eq!(sources(&answer), "ResourceClaimTemplate models/slice; DeviceClass slices");
    assert_eq!(
        cluster.asked(),
        [
            "get_resource resource.k8s.io/v1 ResourceClaimTemplate models/slice",
            "get_resource resource.k8s.io/v1 DeviceClass slices"
        ]
    );
    let large = Arc::new(Cluster::new(vec![template("mig.nvidia.com", "2g.20gb")]));
    let answer = validate_in(&large, &settings(), &create(&deployment("slice")));
    assert_eq!(told(&answer), "accepted");
    assert_eq!(answer["audit_annotations"]["verdict"], "fits");
    assert_eq!(sources(&answer), "ResourceClaimTemplate models/slice");
    let missing = answer["audit_annotations"]["lookups"].as_str().unwrap();
    assert_eq!(
        missing,
        "DeviceClass mig.nvidia.com: Cannot find DeviceClass named 'mig.nvidia.com' inside of namespace"
    );
}

#[test]
fn a_claim_of_its_own_is_fetched() {
    let mut claim = template("mig.nvidia.com", "1g.10gb");
    claim["kind"] = json!("ResourceClaim");
    claim["spec"] = claim["spec"]["spec"].clone();
    let mut pod = deployment("slice")["spec"]["template"].clone();
    pod["apiVersion"] = json!("v1");
    pod["kind"] = json!("Pod");
    pod["metadata"] = json!({"name": "m", "namespace": "models"});
    pod["spec"]["resourceClaims"] = json!([{"name": "gpu", "resourceClaimName": "slice"}]);
    let cluster = Arc::new(Cluster::new(vec![claim]));
    let answer = validate_in(&cluster, &settings(), &create(&pod));
    assert!(told(&answer).starts_with("refused\ncontainer vllm: ibm-granite/granite-7b-base needs"));
    assert_eq!(sources(&answer), "ResourceClaim models/slice");
}

#[test]
fn what_cannot_be_had_refuses_nothing() {
    let ask = |cluster: Cluster, settings: &Value| {
        let cluster = Arc::new(cluster);
        let answer = validate_in(&cluster, settings, &create(&deployment("slice")));
        let missing = answer["audit_annotations"]["lookups"].as_str().unwrap_or("nothing").to_owned();
        format!("{}\nlookups: {missing}", told(&answer))
    };
    let there = || Cluster::new(vec![template("slices", "1g.10gb"), class("slices", None)]);
    let answers = [
        ask(Cluster::default(), &settings()),
        ask(there().refusing("ResourceClaimTemplate"), &settings()),
        ask(there().refusing("DeviceClass"), &settings()),
        ask(there(), &models()),
    ];
    golden("claim-not-to-be-had", &answers.join("\n\n"));
}

#[test]
fn a_template_of_another_namespace_is_none() {
    let mut other = template("mig.nvidia.com", "1g.10gb");
    other["metadata"]["namespace"] = json!("elsewhere");
    let cluster = Arc::new(Cluster::new(vec![other]));
    let answer = validate_in(&cluster, &settings(), &create(&deployment("slice")));
    assert_eq!((answer["accepted"].clone(), sources(&answer)), (json!(true), "none"));
}

#[test]
fn a_resource_may_stand_for_a_device_class() {
    let mut pod = crate::door::pod("example.com/small", &GRANITE);
    let cluster =
        Arc::new(Cluster::new(vec![class("slices", Some("example.com/small")), class("other", None)]));
    let answer = validate_in(&cluster, &settings(), &create(&pod));
    assert_eq!(cluster.asked(), ["list_resources_all resource.k8s.io/v1 DeviceClass"]);
    assert_eq!(answer["audit_annotations"]["verdict"], "unknown", "any slice may be given: {answer}");
    pod["spec"]["containers"][0]["resources"] =
        json!({"limits": {"cpu": "1", "nvidia.com/mig-1g.10gb": "1"}});
    let plain = Arc::new(Cluster::default());
    validate_in(&plain, &settings(), &create(&pod));
    assert_eq!(plain.asked(), [""; 0], "what is known is not asked for");
}

#[test]
fn a_serving_runtime_is_fetched() {
    let service = json!({"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "metadata": {"name": "m"},
        "spec": {"predictor": {"model": {"modelFormat": {"name": "vLLM"}, "runtime": "vllm", "storageUri": "hf://ibm-granite/granite-7b-base",
            "resources": {"limits": {"nvidia.com/mig-1g.10gb": "1"}}}}}});
    let runtime = json!({"apiVersion": "serving.kserve.io/v1alpha1", "kind": "ClusterServingRuntime", "metadata": {"name": "vllm"},
        "spec": {"containers": [{"name": "kserve-container", "image": "vllm/vllm-openai:v0.33.0", "args": ["--max-model-len=2048"]}]}});
    let mut settings = settings();
    settings["lookups"] = json!({"runtimes": true});
    let cluster = Arc::new(Cluster::new(vec![runtime]));
    let answer = validate_in(&cluster, &settings, &create(&service));
    assert_eq!(sources(&answer), "ClusterServingRuntime vllm");
    let containers = answer["audit_annotations"]["containers"].as_str().unwrap();
    assert!(containers.contains("\"max_model_len\":2048"), "{containers}");
    assert_eq!(answer["accepted"], false);
}
