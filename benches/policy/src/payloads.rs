//! Requests of the sizes that clusters send.

use serde_json::{Value, json};

/// Names and payloads: a Deployment of 5 KB that fits, one that is refused, one without a device, and one of 20 KB.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("fits", payload("nvidia.com/mig-3g.40gb", 5 << 10)),
        ("refused", payload("nvidia.com/mig-1g.10gb", 5 << 10)),
        ("no device", payload("example.com/none", 5 << 10)),
        ("20 KB", payload("nvidia.com/mig-3g.40gb", 20 << 10)),
    ]
}

fn payload(resource: &str, size: usize) -> Vec<u8> {
    let mut payload = request(resource, 0).to_string();
    let mut variables = 0;
    while payload.len() < size {
        variables += 1;
        payload = request(resource, variables).to_string();
    }
    payload.into_bytes()
}

fn request(resource: &str, variables: usize) -> Value {
    let env: Vec<Value> = (0..variables)
        .map(|number| json!({"name": format!("SETTING_{number}"), "value": format!("value of setting {number}")}))
        .collect();
    let object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "llama", "namespace": "models", "labels": {"app": "llama"}},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "llama"}}, "template": {
            "metadata": {"labels": {"app": "llama"}},
            "spec": {
                "nodeSelector": {"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"},
                "containers": [{
                    "name": "vllm", "image": "vllm/vllm-openai:v0.33.0", "env": env,
                    "args": ["--model", "meta-llama/Llama-3.1-8B-Instruct", "--max-model-len=16384", "--max-num-seqs=64"],
                    "resources": {"limits": {resource: "1", "cpu": "8", "memory": "64Gi"}},
                    "ports": [{"containerPort": 8000}],
                    "readinessProbe": {"httpGet": {"path": "/health", "port": 8000}},
                }],
            },
        }},
    });
    json!({"settings": {"gpus": ["H100-80GB"]}, "request": {
        "uid": "1", "operation": "CREATE", "namespace": "models", "name": "llama",
        "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
        "userInfo": {"username": "jane", "groups": ["system:authenticated"]}, "object": object}})
}
