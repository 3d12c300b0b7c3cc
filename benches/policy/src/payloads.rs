//! Requests of the sizes that clusters send.

use serde_json::{Value, json};

/// What is timed: a Deployment of 5 KB that fits, one that is refused, one without a device, and one of 20 KB.
pub fn timed() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("fits", payload("nvidia.com/mig-3g.40gb", 5 << 10)),
        ("refused", payload("nvidia.com/mig-1g.10gb", 5 << 10)),
        ("no device", payload("example.com/none", 5 << 10)),
        ("20 KB", payload("nvidia.com/mig-3g.40gb", 20 << 10)),
    ]
}

/// What a cluster sends on a mixed day: what is timed, what is corrected, what is not known, what is broken.
pub fn mixed() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = timed();
    let with = |resource: &str, settings: Value| {
        let mut whole = request(resource, 12);
        whole["settings"] = settings;
        whole
    };
    let mig = "nvidia.com/mig-1g.10gb";
    let mut pool = json!({"gpus": ["H100-80GB"], "mutate": {"rightSize": true, "placement": true, "flags": true}});
    pool["pools"] = json!([{"name": "mig", "gpu": "H100-80GB", "devices": ["1g.20gb", "3g.40gb"],
        "nodeSelector": {"pool": "mig"}}]);
    let unknown = |word: &str| {
        let mut whole = with(mig, json!({"gpus": ["H100-80GB"], "unknownModel": word}));
        whole["request"]["object"]["spec"]["template"]["spec"]["containers"][0]["args"][1] = json!("own/unheard-of");
        whole
    };
    let mut deleted = with(mig, json!({}));
    deleted["request"]["operation"] = json!("DELETE");
    deleted["request"]["oldObject"] = deleted["request"]["object"].take();
    let mut misplaced = with(mig, json!({}));
    misplaced["request"]["object"]["spec"]["template"]["spec"]["containers"] = json!("none");
    let mut flag = with(mig, json!({}));
    flag["request"]["object"]["spec"]["template"]["spec"]["containers"][0]["args"] =
        json!(["--model", "meta-llama/Llama-3.1-8B-Instruct", "--max-model-len=many"]);
    for (name, value) in [
        ("corrected", with("nvidia.com/mig-3g.40gb", pool.clone())),
        ("corrected upwards", with("nvidia.com/mig-1g.20gb", pool)),
        ("any card", with(mig, json!({}))),
        ("unknown model, refused", unknown("deny")),
        ("unknown model, warned of", unknown("warn")),
        ("deleted", deleted),
        ("containers that are none", misplaced),
        ("a flag with a bad value", flag),
        ("settings that are wrong", with(mig, json!({"gpus": ["H900"], "denyy": true}))),
        ("no request", json!({"settings": {}})),
    ] {
        all.push((name, value.to_string().into_bytes()));
    }
    let whole = request(mig, 4).to_string().into_bytes();
    all.push(("cut in the middle", whole[..whole.len() / 2].to_vec()));
    all.push(("no text", vec![0xff; 64]));
    all.push(("nothing", Vec::new()));
    all
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
