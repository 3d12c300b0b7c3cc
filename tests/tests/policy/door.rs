//! Both doors of the policy at once.

use std::sync::{Arc, OnceLock};

use migfit_policy::Host;
use migfit_tests::cluster::Cluster;
use migfit_tests::wapc::{Answer, Policy};
use serde_json::{Value, json};

/// The module, loaded once.
pub(crate) fn module() -> &'static Policy {
    static MODULE: OnceLock<Policy> = OnceLock::new();
    MODULE.get_or_init(|| Policy::load().unwrap_or_else(|why| panic!("{why}")))
}

/// Calls the module.
pub(crate) fn call(operation: &str, payload: &[u8]) -> Answer {
    let shown = || String::from_utf8_lossy(payload).chars().take(2000).collect::<String>();
    module().call(operation, payload).unwrap_or_else(|trap| panic!("{trap:?} on {operation} {}", shown()))
}

/// `validate` natively and through the module; panics where they differ.
pub(crate) fn validate(settings: &Value, request: &Value) -> Value {
    validate_in(&Arc::new(Cluster::default()), settings, request)
}

/// As [`validate`], in a cluster that answers look-ups.
pub(crate) fn validate_in(cluster: &Arc<Cluster>, settings: &Value, request: &Value) -> Value {
    let payload = json!({"settings": settings, "request": request}).to_string().into_bytes();
    let twin = cluster.twin();
    let ask = |operation: &str, payload: &[u8]| twin.answer(operation, payload);
    let native = migfit_policy::validate(&payload, Host::new(&ask));
    let host = Arc::clone(cluster);
    let answer = module().call_with(
        "validate",
        &payload,
        Arc::new(move |binding, namespace, operation, payload| {
            assert_eq!((binding, namespace), ("kubewarden", "kubernetes"));
            host.answer(operation, payload)
        }),
    );
    let shipped = answer.expect("an answer").result.expect("a response");
    assert_eq!(String::from_utf8_lossy(&native), String::from_utf8_lossy(&shipped), "the two doors differ");
    serde_json::from_slice(&native).expect("a response is JSON")
}

/// `validate_settings`, likewise.
pub(crate) fn validate_settings(settings: &Value) -> Value {
    let payload = settings.to_string().into_bytes();
    let native = migfit_policy::validate_settings(&payload);
    let shipped = call("validate_settings", &payload).result.expect("a response");
    assert_eq!(String::from_utf8_lossy(&native), String::from_utf8_lossy(&shipped), "the two doors differ");
    serde_json::from_slice(&native).expect("a response is JSON")
}

/// The creation of `object` as an API server sends it.
pub(crate) fn create(object: &Value) -> Value {
    let version = object["apiVersion"].as_str().unwrap();
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    json!({
        "uid": "1", "operation": "CREATE", "namespace": "models", "name": "m",
        "kind": {"group": group, "version": version, "kind": object["kind"]},
        "object": object,
    })
}

/// The replacement of `old` by `new`.
pub(crate) fn update(old: &Value, new: &Value) -> Value {
    let mut request = create(new);
    request["operation"] = json!("UPDATE");
    request["oldObject"] = old.clone();
    request
}

/// A pod with one vLLM container that asks for one `resource`.
pub(crate) fn pod(resource: &str, args: &[&str]) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "m", "namespace": "models"}, "spec": {
        "containers": [{"name": "vllm", "image": "vllm/vllm-openai:v0.33.0", "args": args,
            "resources": {"limits": {resource: "1"}, "requests": {resource: "1"}}}]}})
}

/// As [`pod`], on a node with this GPU.
pub(crate) fn pod_on(product: &str, resource: &str, args: &[&str]) -> Value {
    let mut pod = pod(resource, args);
    pod["spec"]["nodeSelector"] = json!({"nvidia.com/gpu.product": product});
    pod
}

/// Settings with the two models of the tests.
pub(crate) fn models() -> Value {
    json!({"models": {
        "ibm-granite/granite-7b-base": {"config": granite()},
        "meta-llama/Llama-3.1-8B-Instruct": {"config": llama()},
    }})
}

/// The fields of granite-7b-base.
pub(crate) fn granite() -> Value {
    json!({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
        "intermediate_size": 11008, "num_hidden_layers": 32, "num_attention_heads": 32,
        "num_key_value_heads": 32, "vocab_size": 32000, "max_position_embeddings": 4096,
        "tie_word_embeddings": false, "torch_dtype": "float32"})
}

/// The fields of Llama-3.1-8B.
pub(crate) fn llama() -> Value {
    json!({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
        "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
        "num_key_value_heads": 8, "vocab_size": 128_256, "max_position_embeddings": 131_072,
        "tie_word_embeddings": false, "torch_dtype": "bfloat16"})
}

/// What a request is answered with, in a few lines: accepted or refused, the message, the warnings.
pub(crate) fn told(response: &Value) -> String {
    let mut lines = vec![if response["accepted"] == true { "accepted" } else { "refused" }.to_owned()];
    lines.extend(response["message"].as_str().map(str::to_owned));
    let warnings = response["warnings"].as_array().into_iter().flatten();
    lines.extend(warnings.map(|warning| format!("warning: {}", warning.as_str().unwrap())));
    lines.join("\n")
}
