//! Every spelling of a device means that device.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use migfit::gpu::{Device, devices};
use migfit::kubernetes::{PodSpec, Spelling, candidates, read};
use serde_json::{Value, json};

/// A pod that asks for `device` in `spelling`, and what stands beside it; `None` where it cannot be spelled so.
fn spelled(device: &Device, spelling: Spelling) -> Option<Vec<Value>> {
    let label = device.gpu.product_labels.first()?;
    let gke = device.gpu.cloud_names.first();
    let on = |labels: Value, resource: &str| {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"nodeSelector": labels,
            "containers": [{"name": "c", "image": "vllm", "resources": {"limits": {resource: 1}}}]}})
    };
    let class = if device.profile.is_some() { "mig.nvidia.com" } else { "gpu.nvidia.com" };
    let dra = |cel: String| {
        let template = json!({"apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaimTemplate", "metadata": {"name": "t"},
            "spec": {"spec": {"devices": {"requests": [{"name": "g", "exactly": {"deviceClassName": class,
                "selectors": [{"cel": {"expression": cel}}]}}]}}}});
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {
            "nodeSelector": {"nvidia.com/gpu.product": label}, "resourceClaims": [{"name": "g", "resourceClaimTemplateName": "t"}],
            "containers": [{"name": "c", "image": "vllm", "resources": {"claims": [{"name": "g"}]}}]}});
        vec![template, pod]
    };
    let profile = device.profile.map(|profile| profile.name);
    match spelling {
        Spelling::Gpu if profile.is_none() => {
            Some(vec![on(json!({"nvidia.com/gpu.product": label}), "nvidia.com/gpu")])
        }
        Spelling::Mixed => {
            Some(vec![on(json!({"nvidia.com/gpu.product": label}), &profile?.resource_name())])
        }
        Spelling::Single => {
            let product = format!("{label}-MIG-{}", profile?);
            Some(vec![on(json!({"nvidia.com/gpu.product": product}), "nvidia.com/gpu")])
        }
        Spelling::Gke => {
            let labels = json!({"cloud.google.com/gke-accelerator": gke?, "cloud.google.com/gke-gpu-partition-size": profile?.to_string()});
            Some(vec![on(labels, "nvidia.com/gpu")])
        }
        Spelling::DraProfile => {
            Some(dra(format!("device.attributes['gpu.nvidia.com'].profile == '{}'", profile?)))
        }
        Spelling::DraCapacity => Some(dra(format!(
            "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('{}')) >= 0",
            device.memory_floor().get()
        ))),
        Spelling::DraExtended => {
            let class = json!({"apiVersion": "resource.k8s.io/v1", "kind": "DeviceClass", "metadata": {"name": "k"}, "spec": {
                "selectors": [{"cel": {"expression": format!("device.attributes['gpu.nvidia.com'].profile == '{}'", profile?)}}]}});
            let pod = on(json!({"nvidia.com/gpu.product": label}), "deviceclass.resource.kubernetes.io/k");
            Some(vec![class, pod])
        }
        Spelling::Gpu
        | Spelling::Kaito
        | Spelling::Kserve
        | Spelling::Nim
        | Spelling::RunAi
        | Spelling::Hami => None,
    }
}

/// The one pod among `documents`.
fn pod(documents: &[Value]) -> PodSpec {
    let reading = read(documents);
    assert_eq!(reading.problems, []);
    reading.workloads[0].pods[0].clone()
}

#[test]
fn every_spelling_of_a_device_means_it() {
    let mut tried = 0;
    for device in devices().iter().filter(|device| !device.gpu.architecture.is_amd()) {
        for spelling in Spelling::ALL {
            let Some(documents) = spelled(device, spelling) else { continue };
            let pod = pod(&documents);
            let [claim] = &pod.containers[0].claims[..] else { panic!("{documents:?}") };
            assert_eq!(claim.spelling, spelling, "{}", device.label());
            assert_eq!(claim.is_slice(), device.profile.is_some(), "{} {spelling:?}", device.label());
            let found = match candidates(claim, &pod.node, &[]) {
                Ok(found) => found.devices,
                // A label or a cloud's name may stand for two cards.
                Err(problem) => {
                    assert_eq!(problem.code, "unknown-gpu", "{problem}");
                    continue;
                }
            };
            assert!(found.contains(device), "{} {spelling:?}", device.label());
            assert!(
                found.len() == 1 || spelling == Spelling::DraCapacity,
                "{} {spelling:?}: {found:?}",
                device.label()
            );
            tried += 1;
        }
    }
    assert!(tried > 800, "{tried}");
}
