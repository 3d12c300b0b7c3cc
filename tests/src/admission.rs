//! The door of the policy: a scenario as a pod that a cluster is asked to admit.

use std::collections::BTreeMap;

use migfit::gpu;
use serde_json::{Value, json};

use crate::scenario::Scenario;
use crate::wapc::Policy;

/// What the policy says of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Whether the pod may be created.
    pub accepted: bool,
    /// The verdict, need and usable bytes of the audit log.
    pub figures: (String, u64, u64),
}

/// Asks the module to admit the scenario's model on each of its devices.
///
/// # Errors
/// Where a device is unknown, the module traps or an answer is not the documented JSON.
pub fn ask(policy: &Policy, scenario: &Scenario) -> Result<BTreeMap<String, Admission>, String> {
    let mut said = BTreeMap::new();
    for label in scenario.answers.keys() {
        let request = request(scenario, label)?;
        let payload = json!({"settings": {}, "request": request}).to_string();
        let answer = policy.call("validate", payload.as_bytes()).map_err(|trap| format!("{trap:?}"))?;
        let answer: Value = serde_json::from_slice(&answer.result?).map_err(|error| error.to_string())?;
        said.insert(label.clone(), admission(&answer).ok_or_else(|| format!("{label}: {answer}"))?);
    }
    Ok(said)
}

fn admission(answer: &Value) -> Option<Admission> {
    let audit = answer["audit_annotations"].as_object()?.values().next()?.as_str()?;
    let audit: Value = serde_json::from_str(audit).ok()?;
    let one = audit.as_array().and_then(|list| list.first()).unwrap_or(&audit);
    Some(Admission {
        accepted: answer["accepted"].as_bool()?,
        figures: (one["verdict"].as_str()?.to_owned(), one["need"].as_u64()?, one["usable"].as_u64()?),
    })
}

/// The creation of a pod that serves the scenario's model on the device called `label`.
fn request(scenario: &Scenario, label: &str) -> Result<Value, String> {
    let device = gpu::device(label).map_err(|problem| problem.to_string())?;
    let product = device.gpu.product_labels.first().ok_or_else(|| format!("{label} has no product label"))?;
    let resource = device.resource_name();
    Ok(json!({
        "uid": "1", "operation": "CREATE", "namespace": "models", "name": "m",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "object": {
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {
                "name": "m", "namespace": "models",
                "annotations": {"migfit.io/config": scenario.config.to_string()},
            },
            "spec": {
                "nodeSelector": {"nvidia.com/gpu.product": product},
                "containers": [{
                    "name": "vllm", "image": "vllm/vllm-openai:v0.33.0", "args": arguments(scenario),
                    "resources": {"limits": {resource.clone(): "1"}, "requests": {resource: "1"}},
                }],
            },
        },
    }))
}

fn arguments(scenario: &Scenario) -> Vec<String> {
    let serving = &scenario.serving;
    let mut arguments = vec!["--model".to_owned(), "/models/m".to_owned()];
    let mut flag = |name: &str, value: Option<String>| {
        arguments.extend(value.map(|value| format!("--{name}={value}")));
    };
    flag("max-model-len", serving.max_model_len.map(|n| n.to_string()));
    flag("max-num-seqs", serving.max_num_seqs.map(|n| n.to_string()));
    flag("max-num-batched-tokens", serving.max_num_batched_tokens.map(|n| n.to_string()));
    flag("gpu-memory-utilization", serving.gpu_memory_utilization.map(|share| share.to_string()));
    flag("kv-cache-dtype", Some(serving.kv_cache_dtype.clone()).filter(|dtype| dtype != "auto"));
    flag("dtype", Some(serving.dtype.clone()).filter(|dtype| dtype != "auto"));
    arguments
}
