//! Context-aware calls: each answer says where its facts come from, and nothing that is missing stops a judgment.

use std::sync::Arc;

use migfit_tests::cluster::Cluster;
use serde_json::{Value, json};

use crate::door::{create, granite, llama, pod, pod_on, told, validate_in};
use crate::golden::golden;

const H100: &str = "NVIDIA-H100-80GB-HBM3";
const ARGS: [&str; 2] = ["--model", "our/own"];

fn map(namespace: &str, config: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "migfit-models", "namespace": namespace},
        "data": {"our__own.json": config.to_string()}})
}

fn node(name: &str, product: &str, resources: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": {"nvidia.com/gpu.product": product}},
        "status": {"allocatable": resources, "images": ["much"]}})
}

fn lookups(what: &Value) -> Value {
    json!({"lookups": what})
}

fn models() -> Value {
    lookups(&json!({"models": {"configMap": "migfit-models", "sharedNamespace": "shared"}}))
}

fn source(answer: &Value) -> String {
    let audit = answer["audit_annotations"]["containers"].as_str().unwrap();
    let audit: Value = serde_json::from_str(audit).unwrap();
    audit[0]["source"].as_str().unwrap_or("none").to_owned()
}

#[test]
fn a_model_is_looked_up_where_the_object_and_the_settings_do_not_know_it() {
    let object = pod_on(H100, "nvidia.com/mig-2g.20gb", &ARGS);
    let ask = |objects: Vec<Value>, settings: &Value, object: &Value| {
        let cluster = Arc::new(Cluster::new(objects));
        let answer = validate_in(&cluster, settings, &create(object));
        (answer, cluster.asked())
    };
    let own = "get_resource v1 ConfigMap models/migfit-models".to_owned();
    let shared = "get_resource v1 ConfigMap shared/migfit-models".to_owned();

    let both = vec![map("models", &granite()), map("shared", &llama())];
    let (answer, asked) = ask(both, &models(), &object);
    assert_eq!((source(&answer), asked), ("ConfigMap models/migfit-models".to_owned(), vec![own.clone()]));

    let (answer, asked) = ask(vec![map("shared", &granite())], &models(), &object);
    assert_eq!(
        (source(&answer), asked),
        ("ConfigMap shared/migfit-models".to_owned(), vec![own.clone(), shared.clone()])
    );
    assert_eq!(
        answer["audit_annotations"]["lookups"],
        "models: ConfigMap migfit-models: Cannot find ConfigMap named 'migfit-models' inside of namespace"
    );

    let mut settings = models();
    settings["models"] = json!({"our/own": {"config": granite()}});
    let (answer, asked) = ask(Vec::new(), &settings, &object);
    assert_eq!((source(&answer), asked), ("settings".to_owned(), Vec::new()));

    let mut annotated = object.clone();
    annotated["metadata"]["annotations"] = json!({"migfit.io/config": granite().to_string()});
    let (answer, asked) = ask(Vec::new(), &models(), &annotated);
    assert_eq!((source(&answer), asked), ("annotation migfit.io/config".to_owned(), Vec::new()));

    let known = pod_on(H100, "nvidia.com/mig-3g.40gb", &["--model", "meta-llama/Llama-3.1-8B-Instruct"]);
    let (answer, asked) = ask(Vec::new(), &models(), &known);
    assert_eq!((source(&answer), asked), ("the catalog".to_owned(), vec![own.clone(), shared.clone()]));

    let (answer, asked) = ask(Vec::new(), &json!({}), &object);
    assert!(told(&answer).starts_with("accepted\nwarning: container vllm: nothing is known of its model"));
    assert_eq!(asked, [""; 0], "nothing is looked up unless it is asked for");
}

#[test]
fn a_config_in_a_config_map_that_cannot_be_read_is_named_with_its_place() {
    let cluster =
        Arc::new(Cluster::new(vec![map("models", &json!({"model_type": "llama", "hidden_size": "wide"}))]));
    let object = pod_on(H100, "nvidia.com/mig-2g.20gb", &ARGS);
    golden("config-map-unreadable", &told(&validate_in(&cluster, &models(), &create(&object))));
}

#[test]
fn nodes_say_which_cards_there_are_and_what_they_offer() {
    let cluster = Arc::new(Cluster::new(vec![
        node("a", H100, &json!({"nvidia.com/mig-1g.10gb": "7", "cpu": "4"})),
        node("b", "NVIDIA-A30", &json!({"nvidia.com/gpu": "1"})),
    ]));
    let settings = json!({"lookups": {"nodes": true}, "models": {"our/own": {"config": granite()}}, "gpus": ["H200-141GB"]});
    let too_small = validate_in(&cluster, &settings, &create(&pod("nvidia.com/mig-1g.10gb", &ARGS)));
    golden("nodes-too-small", &told(&too_small));
    assert_eq!(cluster.asked(), ["list_resources_all v1 Node"]);
    let other = validate_in(&cluster, &settings, &create(&pod("nvidia.com/mig-2g.20gb", &ARGS)));
    golden("nodes-not-offered", &told(&other));
    let plain = pod("cpu", &ARGS);
    validate_in(&cluster, &settings, &create(&plain));
    assert_eq!(cluster.asked().len(), 2, "a pod without devices asks nothing");
}

#[test]
fn resource_slices_say_which_cards_there_are() {
    let slice = json!({"apiVersion": "resource.k8s.io/v1", "kind": "ResourceSlice", "metadata": {"name": "a"}, "spec": {
        "driver": "gpu.nvidia.com", "nodeName": "a", "pool": {"name": "a"}, "devices": [{"name": "gpu-0",
            "attributes": {"type": {"string": "gpu"}, "productName": {"string": "NVIDIA H100 80GB HBM3"}},
            "capacity": {"memory": {"value": "81559Mi"}}}]}});
    let cluster = Arc::new(Cluster::new(vec![slice]));
    let settings = json!({"lookups": {"resourceSlices": true}, "models": {"our/own": {"config": granite()}}});
    let answer = told(&validate_in(&cluster, &settings, &create(&pod("nvidia.com/mig-1g.10gb", &ARGS))));
    assert!(answer.contains("of H100-80GB 1g.10gb, a floor (the nodes of the cluster)"), "{answer}");
    assert_eq!(cluster.asked(), ["list_resources_all resource.k8s.io/v1 ResourceSlice"]);
}

#[test]
fn a_host_that_refuses_leaves_the_settings_to_answer() {
    let settings = json!({"lookups": {"nodes": true, "resourceSlices": true}, "gpus": ["H100-80GB"],
        "models": {"our/own": {"config": granite()}}});
    let nothing = Arc::new(Cluster::default());
    let answer = validate_in(&nothing, &settings, &create(&pod("nvidia.com/mig-1g.10gb", &ARGS)));
    assert_eq!(answer["accepted"], false);
    assert!(answer["message"].as_str().unwrap().contains("the GPUs in the policy's settings"));
}
