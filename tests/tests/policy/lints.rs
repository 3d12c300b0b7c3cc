//! Every lint through the module: an object that has it, and what the settings make of it.

use migfit::review::Lint;
use serde_json::{Value, json};

use crate::door::{create, models, pod, pod_on, told, validate};
use crate::golden::golden;

const H100: &str = "NVIDIA-H100-80GB-HBM3";
const GRANITE: [&str; 2] = ["--model", "ibm-granite/granite-7b-base"];
const LLAMA: [&str; 2] = ["--model", "meta-llama/Llama-3.1-8B-Instruct"];

/// What nothing but a pool without a node has; the policy knows of pools by their nodes, or by its settings.
const NEVER: [Lint; 1] = [Lint::PoolAtZero];

fn on(resource: &str, model: [&str; 2], args: &[&str]) -> Value {
    pod_on(H100, resource, &[&model[..], args].concat())
}

fn several(resource: &str, count: &str, args: &[&str]) -> Value {
    let mut pod = on(resource, GRANITE, args);
    pod["spec"]["containers"][0]["resources"] = json!({"limits": {resource: count}});
    pod
}

/// `object` with `value` in place of what stands at `pointer`, or as something new there.
fn with(mut object: Value, pointer: &str, value: Value) -> Value {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    object.pointer_mut(parent).unwrap()[last] = value;
    object
}

fn deployment(replicas: u64) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "m"}, "spec": {"replicas": replicas,
        "template": {"spec": {"resourceClaims": [{"name": "gpu", "resourceClaimTemplateName": "slice"}],
            "containers": [{"name": "vllm", "image": "vllm/vllm-openai:v0.33.0", "args": GRANITE,
                "resources": {"claims": [{"name": "gpu"}]}}]}}}})
}

fn claim(selectors: &[&str]) -> Value {
    let selectors: Vec<Value> = selectors.iter().map(|text| json!({"cel": {"expression": text}})).collect();
    json!({"apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaimTemplate", "metadata": {"name": "c"}, "spec": {
        "spec": {"devices": {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "mig.nvidia.com", "selectors": selectors}}]}}}})
}

fn quota(keys: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"}, "spec": {"hard": keys}})
}

fn layouts(profiles: Value) -> Value {
    let config = json!({"version": "v1", "mig-configs": {"ours": [{"devices": "all", "mig-enabled": true, "mig-devices": profiles}]}});
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mig"}, "data": {"config.yaml": config.to_string()}})
}

fn node(labels: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": labels}, "status": {"allocatable": {"nvidia.com/gpu": "0"}}})
}

fn pool(spelling: &str, devices: &[&str]) -> Value {
    json!({"gpus": null, "pools": [{"name": "p", "gpu": "A100-40GB", "devices": devices, "spelling": spelling}]})
}

/// Two things that one pod of a table has: more settings, and the object.
fn row(lint: Lint) -> (Value, Value) {
    let slice = "nvidia.com/mig-2g.20gb";
    let first = |name: &str| format!("/spec/containers/0/{name}");
    let a100 = json!({"gpus": ["A100-40GB"]});
    let plain = || with(pod("cpu", &[]), &first("resources"), json!({}));
    match lint {
        Lint::DoesNotFit => (json!({}), on("nvidia.com/mig-1g.10gb", GRANITE, &[])),
        Lint::TightFit => (json!({}), tight()),
        Lint::MayNotFit => (json!({}), on(slice, LLAMA, &["--max-model-len", "18432"])),
        Lint::UnknownModel => (json!({}), on(slice, ["--model", "unheard/of"], &[])),
        Lint::UnknownDevice => (json!({}), pod_on("NVIDIA-Z9", "nvidia.com/gpu", &GRANITE)),
        Lint::NoSuchDevice => (json!({}), pod_on("NVIDIA-A30", "nvidia.com/mig-3g.40gb", &GRANITE)),
        Lint::Unreadable => (json!({}), with(on(slice, GRANITE, &[]), &first("args"), json!("--model"))),
        Lint::UnrenderedTemplate => (json!({}), on(slice, ["--model", "{{ .Values.model }}"], &[])),
        Lint::BadCommandLine => (json!({}), on(slice, GRANITE, &["--max-model-len", "much"])),
        Lint::BadModel => {
            let config =
                json!({"migfit.io/config": "{\"model_type\": \"llama\", \"hidden_size\": \"wide\"}"});
            (json!({}), with(on(slice, GRANITE, &[]), "/metadata/annotations", config))
        }
        Lint::TooMany => {
            let one = on(slice, GRANITE, &[])["spec"]["containers"][0].clone();
            (json!({}), with(on(slice, GRANITE, &[]), "/spec/containers", json!(vec![one; 65])))
        }
        Lint::ParallelOnSlices => (json!({}), several("nvidia.com/mig-3g.40gb", "2", &["-tp", "2"])),
        Lint::TooFewDevices => (json!({}), several("nvidia.com/gpu", "1", &["-tp", "2"])),
        Lint::IdleDevices => (json!({}), several("nvidia.com/gpu", "4", &["-tp", "2"])),
        Lint::SeveralSlices => (json!({}), several(slice, "2", &[])),
        Lint::SmallShm => (json!({}), several("nvidia.com/gpu", "2", &["-tp", "2"])),
        Lint::GpuBesideMig => {
            let both = json!({"limits": {"nvidia.com/gpu": "1", slice: "1"}});
            (json!({}), with(on(slice, GRANITE, &[]), &first("resources"), both))
        }
        Lint::WholeGpuOnMigPool => (pool("mixed", &["3g.20gb"]), pod("nvidia.com/gpu", &GRANITE)),
        Lint::MigKeyOnGke => {
            let label = json!({"cloud.google.com/gke-accelerator": "nvidia-h100-80gb"});
            (json!({}), with(on(slice, GRANITE, &[]), "/spec/nodeSelector", label))
        }
        Lint::RequestsDifferFromLimits => {
            let differ = json!({"limits": {slice: "1"}, "requests": {slice: "2"}});
            (json!({}), with(on(slice, GRANITE, &[]), &first("resources"), differ))
        }
        Lint::SharedDevice => (json!({}), on("nvidia.com/gpu.shared", GRANITE, &[])),
        Lint::OverProvisioned => {
            (json!({}), on("nvidia.com/mig-3g.40gb", LLAMA, &["--max-model-len=16384", "--max-num-seqs=64"]))
        }
        Lint::NoEngineLimits => (json!({}), on(slice, GRANITE, &[])),
        Lint::GpuWithoutRequest => {
            let visible = json!([{"name": "NVIDIA_VISIBLE_DEVICES", "value": "all"}]);
            (json!({}), with(plain(), &first("env"), visible))
        }
        Lint::TolerationAlone => {
            let toleration = json!([{"key": "nvidia.com/gpu", "operator": "Exists"}]);
            (json!({}), with(plain(), "/spec/tolerations", toleration))
        }
        Lint::PoolAtZero => (json!({}), Value::Null),
        Lint::ClaimNotFound => (json!({}), deployment(1)),
        Lint::SelectsNothing => {
            (json!({}), claim(&["device.attributes['gpu.nvidia.com'].profile == '9g.90gb'"]))
        }
        Lint::AnySlice => (json!({}), claim(&[])),
        Lint::ScatteredSlices => (json!({}), deployment(3)),
        Lint::NameIsNotGib => {
            let cel = "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40Gi')) >= 0";
            (json!({}), claim(&[cel]))
        }
        Lint::QuotaNotEnforced => (a100, quota(json!({"limits.nvidia.com/mig-1g.5gb": "7"}))),
        Lint::QuotaLeavesOpen => (a100, quota(json!({"requests.nvidia.com/mig-1g.5gb": "7"}))),
        Lint::QuotaBlindToSlices => {
            (pool("gke", &["1g.5gb", "3g.20gb"]), quota(json!({"requests.nvidia.com/gpu": "7"})))
        }
        Lint::QueueLeavesUncovered => {
            let flavor = json!({"name": "f", "resources": [{"name": "nvidia.com/gpu", "nominalQuota": 1}]});
            let group = json!([{"coveredResources": ["nvidia.com/gpu"], "flavors": [flavor]}]);
            (
                json!({}),
                json!({"apiVersion": "kueue.x-k8s.io/v1beta1", "kind": "ClusterQueue",
                "metadata": {"name": "q"}, "spec": {"resourceGroups": group}}),
            )
        }
        Lint::MigInvalid => {
            (json!({}), node(json!({"nvidia.com/gpu.product": "NVIDIA-A100-SXM4-40GB-MIG-INVALID"})))
        }
        Lint::ImpossibleLayout => (a100, layouts(json!({"4g.20gb": 2}))),
        Lint::IdleCompute => (a100, layouts(json!({"3g.20gb": 2}))),
        Lint::MigConfigFailed => (json!({}), node(json!({"nvidia.com/mig.config.state": "failed"}))),
        Lint::NotAllowed => {
            (json!({"namespaces": [{"names": ["models"], "profiles": ["1g.10gb"]}]}), on(slice, GRANITE, &[]))
        }
        Lint::BelowMinimum => (json!({"minimum": {"context": 8192}}), on(slice, GRANITE, &[])),
        Lint::LittleHeadroom => (json!({"headroom": "40%"}), on(slice, GRANITE, &[])),
    }
}

/// A pod that fits by less than the error of the estimate.
fn tight() -> Value {
    let pods = (1..128).map(|number| {
        let length = (number * 256).to_string();
        on("nvidia.com/mig-2g.20gb", LLAMA, &["--max-model-len", &length, "--max-num-seqs", "8"])
    });
    let verdict = |pod: &Value| validate(&models(), &create(pod))["audit_annotations"]["verdict"].clone();
    pods.into_iter().find(|pod| verdict(pod) == "tight").expect("one of them fits tightly")
}

/// The answer where `lint` is to be treated with `reaction`.
fn answer(lint: Lint, reaction: &str) -> Value {
    let (more, object) = row(lint);
    let mut settings = models();
    settings["lints"] = json!({lint.id(): reaction});
    for (name, value) in more.as_object().unwrap() {
        settings[name] = value.clone();
    }
    validate(&settings, &create(&object))
}

#[test]
fn every_lint_is_found_and_obeys_its_setting() {
    let mut lines = Vec::new();
    for lint in Lint::all().filter(|lint| !NEVER.contains(lint)) {
        let (denied, allowed) = (told(&answer(lint, "deny")), told(&answer(lint, "allow")));
        let silent: Vec<&str> = allowed.lines().collect();
        let found = denied.lines().skip(1).find(|line| !line.starts_with(' ') && !silent.contains(line));
        let found = found.unwrap_or_else(|| panic!("{} is not found: {denied}\n{allowed}", lint.id()));
        // Nodes are warned about.
        let node = matches!(lint, Lint::MigInvalid | Lint::MigConfigFailed);
        assert_eq!(denied.starts_with("refused"), !node, "{}: {denied}", lint.id());
        lines.push(format!("{}: {found}", lint.id()));
    }
    golden("lints", &lines.join("\n"));
}
