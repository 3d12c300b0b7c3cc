//! Objects as people write them, read to the word.

use serde_json::{Value, json};

use super::*;
use crate::gpu::{Gpu, find};

fn read(kind: Kind, object: &Value) -> Result<Vec<PodSpec>, Vec<String>> {
    pods(kind, object.as_object().unwrap())
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn container(value: Value) -> Container {
    let pod = json!({"spec": {"containers": [value]}});
    read(Kind::Pod, &pod).unwrap().remove(0).containers.remove(0)
}

fn vllm(args: &[&str]) -> Launch {
    launch(&container(json!({"name": "c", "image": "vllm/vllm-openai:v0.11.0", "args": args}))).unwrap()
}

#[test]
fn reads_the_template_of_every_kind() {
    let template = json!({"metadata": {"annotations": {"a": "template"}}, "spec": {
        "nodeSelector": {"nvidia.com/gpu.product": "NVIDIA-A30"},
        "containers": [{"name": "c"}]}});
    for kind in Kind::ALL {
        assert_eq!(Kind::find(kind.group(), kind.name()), Some(kind));
        assert!(!kind.versions().is_empty() && kind.versions().is_sorted(), "{kind:?}");
        let super::kind::Shape::Template(steps) = kind.shape() else { continue };
        let mut object = template.clone();
        for step in steps.iter().rev() {
            object = json!({*step: object});
        }
        object["metadata"]["annotations"]["b"] = json!("object");
        let pod = read(kind, &object).unwrap().remove(0);
        assert_eq!(pod.annotations.get("a").map(String::as_str), Some("template"), "{kind:?}");
        assert_eq!(pod.annotations.get("b").map(String::as_str), Some("object"), "{kind:?}");
        assert!(pod.node.values("nvidia.com/gpu.product").eq(["NVIDIA-A30"]));
        assert_eq!(pod.containers[0].path, format!("{}.containers[0]", pod.path));
    }
}

#[test]
fn names_every_part_that_cannot_be_read() {
    let pod = json!({"metadata": {"annotations": {"a": 1}}, "spec": {
    "nodeSelector": ["x"],
    "initContainers": {},
    "containers": [
        {"image": 3, "args": ["a", 2], "env": [{}]},
        {"name": "c", "resources": {"limits": {"nvidia.com/gpu": "half", "nvidia.com/mig1g.5gb": 1}}},
        7
    ]}});
    assert_eq!(
        read(Kind::Pod, &pod).unwrap_err(),
        [
            "metadata.annotations[\"a\"]: found a number, expected a text",
            "spec.nodeSelector: found a list, expected an object",
            "spec.initContainers: found an object, expected a list",
            "spec.containers[0].name: found nothing, expected a text",
            "spec.containers[0].image: found a number, expected a text",
            "spec.containers[0].args[1]: found a number, expected a text",
            "spec.containers[0].env[0].name: found nothing, expected a text",
            "spec.containers[1].resources.limits[\"nvidia.com/gpu\"]: found \"half\", expected a whole number of devices",
            "spec.containers[1].resources.limits[\"nvidia.com/mig1g.5gb\"]: found `nvidia.com/mig1g.5gb`, expected a name such as `nvidia.com/mig-3g.40gb`",
            "spec.containers[2]: found a number, expected an object",
        ]
    );
    assert_eq!(
        read(Kind::CronJob, &json!({"spec": {}})).unwrap_err(),
        ["spec.jobTemplate: found nothing, expected an object"]
    );
}

#[test]
fn a_claim_is_a_limit_or_a_request_and_never_zero() {
    let read = container(json!({"name": "c", "resources": {
        "limits": {"nvidia.com/gpu": "0", "nvidia.com/mig-1g.10gb": "1", "cpu": "4"},
        "requests": {"nvidia.com/mig-1g.10gb": "1", "nvidia.com/mig-1g.5gb.shared": 2}}}));
    let claims: Vec<String> = read
        .claims
        .iter()
        .map(|claim| format!("{} x{} {:?} at {}", claim.resource, claim.count, claim.sharing, claim.path))
        .collect();
    assert_eq!(
        claims,
        [
            "nvidia.com/mig-1g.10gb x1 Alone at spec.containers[0].resources.limits[\"nvidia.com/mig-1g.10gb\"]",
            "nvidia.com/mig-1g.5gb.shared x2 Unsaid at spec.containers[0].resources.requests[\"nvidia.com/mig-1g.5gb.shared\"]",
        ]
    );
}

#[test]
fn reads_flags_in_every_spelling() {
    let read = vllm(&[
        "--model",
        "a/b",
        "--max_model_len=8K",
        "--max-num-seqs",
        "16",
        "--gpu-memory-utilization",
        "0.8",
        "--kv-cache-dtype=fp8",
        "-tp",
        "2",
        "--enforce-eager",
        "--pipeline-parallel-size",
        "2",
        "--port",
        "80",
    ]);
    assert_eq!(read.model.as_deref(), Some("a/b"));
    assert_eq!(read.serving.max_model_len, Some(8192));
    assert_eq!(read.serving.max_num_seqs, Some(16));
    assert_eq!(read.serving.gpu_memory_utilization.unwrap().to_string(), "0.80");
    assert_eq!(read.serving.kv_cache_dtype, "fp8");
    assert_eq!(read.serving.tensor_parallel, 2);
    assert!(read.serving.enforce_eager);
    assert_eq!(read.pipeline_parallel, 2);
    assert!(read.open.is_empty());
}

#[test]
fn what_is_not_worked_out_or_not_yet_known_is_open() {
    let read = vllm(&[
        "serve",
        "a/b",
        "--quantization",
        "fp8",
        "--max-model-len",
        "auto",
        "--kv-cache-dtype",
        "fp8_inc",
    ]);
    assert_eq!(read.model.as_deref(), Some("a/b"));
    assert_eq!(read.quantization.as_deref(), Some("fp8"));
    assert_eq!(read.open, ["--kv-cache-dtype fp8_inc"]);
    assert_eq!(read.serving.max_model_len, Some(1));
    let read = launch(&container(
        json!({"name": "c", "image": "vllm", "args": ["--model", "$(MODEL)", "--max-model-len=$(LEN)", "$(MORE)"],
        "env": [{"name": "MODEL", "value": "a/b"}, {"name": "LEN", "valueFrom": {}}, {"name": "MORE", "valueFrom": {}}]}),
    ));
    let read = read.unwrap();
    assert_eq!(read.model.as_deref(), Some("a/b"));
    assert_eq!(read.open, ["--max-model-len (known only at run time)", "\"\" (known only at run time)"]);
}

#[test]
fn a_flag_that_the_engine_would_refuse_is_a_problem() {
    let read = container(
        json!({"name": "c", "image": "vllm", "args": ["--max-model-len", "long", "--gpu-memory-utilization=1.2"]}),
    );
    let texts: Vec<String> = launch(&read).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "spec.containers[0]: --max-model-len: found \"long\", expected a whole number",
            "spec.containers[0]: --gpu-memory-utilization: found \"1.2\", expected a number above 0 and at most 1, such as 0.92",
        ]
    );
}

#[test]
fn reads_the_command_that_starts_the_engine_out_of_a_script() {
    let script = "set -e; MODEL='a/b'  # the model\npip install -q x --model no\n\
        exec vllm serve \"$MODEL\" \\\n --max-model-len ${LEN} --max-num-seqs $UNSET $MORE \"$@\"\necho --model late";
    let read = launch(&container(
        json!({"name": "c", "image": "python", "command": ["/bin/bash", "-lc", script, "name", "--dtype", "half"],
        "env": [{"name": "LEN", "value": "4096"}, {"name": "MORE", "value": "--enforce-eager -tp 2"}]}),
    ));
    let read = read.unwrap();
    assert!(read.is_vllm());
    assert_eq!(read.model.as_deref(), Some("a/b"));
    assert_eq!(read.serving.max_model_len, Some(4096));
    assert_eq!(read.serving.tensor_parallel, 2);
    assert_eq!(read.serving.dtype, "half");
    assert!(read.serving.enforce_eager);
    assert_eq!(read.open, ["--max-num-seqs (known only at run time)"]);
}

#[test]
fn another_engine_is_not_read_as_vllm() {
    let read = launch(&container(
        json!({"name": "c", "image": "ghcr.io/huggingface/text-generation-inference", "args": ["--model-id", "a/b", "--max-model-len", "x"]}),
    ));
    let read = read.unwrap();
    assert_eq!(read.server, Some(Server::Tgi));
    assert_eq!(read.model.as_deref(), Some("a/b"));
}

fn labels(resource: &str, spec: &Value, pool: &[&Gpu]) -> Result<Vec<String>, String> {
    let mut spec = spec.clone();
    spec["containers"] = json!([{"name": "c", "resources": {"limits": {resource: 1}}}]);
    let pod = read(Kind::Pod, &json!({"spec": spec})).unwrap().remove(0);
    match candidates(&pod.containers[0].claims[0], &pod.node, pool) {
        Ok(found) => Ok(found.devices.iter().map(crate::gpu::Device::label).collect()),
        Err(problem) => Err(format!("{} {problem}", problem.code)),
    }
}

#[test]
fn a_node_label_says_which_device_a_claim_means() {
    let product = |value: &str| json!({"nodeSelector": {"nvidia.com/gpu.product": value}});
    let one = |label: &str| Ok(vec![label.to_owned()]);
    let (gpu, slice) = ("nvidia.com/gpu", "nvidia.com/mig-1g.10gb");
    assert_eq!(labels(slice, &product("NVIDIA-H100-80GB-HBM3"), &[]), one("H100-80GB 1g.10gb"));
    assert_eq!(labels(gpu, &product("NVIDIA-H100-80GB-HBM3"), &[]), one("H100-80GB"));
    assert_eq!(labels(gpu, &product("A100-SXM4-40GB-MIG-1g.5gb"), &[]), one("A100-40GB 1g.5gb"));
    assert_eq!(labels(gpu, &product("NVIDIA-H100-80GB-HBM3-SHARED"), &[]), one("H100-80GB"));
    assert_eq!(
        labels(gpu, &product("NVIDIA-H100-80GB-HBM3-MIG-INVALID"), &[]).unwrap_err(),
        "no-such-device node label nvidia.com/gpu.product: found \"NVIDIA-H100-80GB-HBM3-MIG-INVALID\", expected a node that announces its slices"
    );
    assert_eq!(
        labels(gpu, &product("Quadro"), &[]).unwrap_err(),
        "unknown-gpu node label nvidia.com/gpu.product: found \"Quadro\", expected a GPU of the catalog"
    );
    let gke = json!({"nodeSelector": {"cloud.google.com/gke-accelerator": "nvidia-h100-80gb", "cloud.google.com/gke-gpu-partition-size": "3g.40gb"}});
    assert_eq!(labels(gpu, &gke, &[]), one("H100-80GB 3g.40gb"));
    assert_eq!(
        labels("nvidia.com/mig-1g.5gb", &product("NVIDIA-A30"), &[]).unwrap_err(),
        "no-such-device spec.containers[0].resources.limits[\"nvidia.com/mig-1g.5gb\"]: found \"nvidia.com/mig-1g.5gb\", \
         expected a slice of A30-24GB: nvidia.com/mig-1g.6gb, nvidia.com/mig-1g.6gb.me, nvidia.com/mig-2g.12gb, nvidia.com/mig-2g.12gb.me, nvidia.com/mig-4g.24gb"
    );
}

#[test]
fn alternatives_of_an_affinity_add_up() {
    let term = |values: &[&str]| json!({"matchExpressions": [{"key": "nvidia.com/gpu.product", "operator": "In", "values": values}]});
    let affinity = |terms: Value| json!({"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}});
    let both = affinity(json!([term(&["NVIDIA-H100-PCIe"]), term(&["NVIDIA-A100-SXM4-80GB"])]));
    assert_eq!(
        labels("nvidia.com/mig-3g.40gb", &both, &[]).unwrap(),
        ["A100-80GB 3g.40gb", "H100-80GB-PCIe 3g.40gb"]
    );
    let open = affinity(json!([term(&["NVIDIA-H100-PCIe"]), {}]));
    let pool = [find("h200").unwrap()];
    assert_eq!(labels("nvidia.com/gpu", &open, &pool).unwrap(), ["H200-141GB"]);
}

#[test]
fn without_a_label_the_pool_and_then_the_catalog_answer() {
    let pool = [find("A100-40GB").unwrap(), find("H100-80GB").unwrap()];
    assert_eq!(
        labels("nvidia.com/mig-1g.10gb", &json!({}), &pool).unwrap(),
        ["A100-40GB 1g.10gb", "H100-80GB 1g.10gb"]
    );
    assert!(labels("nvidia.com/mig-1g.10gb", &json!({}), &[]).unwrap().len() > 2);
    assert!(labels("nvidia.com/gpu", &json!({}), &[]).unwrap().iter().all(|label| !label.starts_with("MI")));
    assert_eq!(
        labels("nvidia.com/mig-6g.66gb", &json!({}), &[]).unwrap_err(),
        "unknown-gpu spec.containers[0].resources.limits[\"nvidia.com/mig-6g.66gb\"]: found \"nvidia.com/mig-6g.66gb\", expected a profile of a GPU in the catalog"
    );
}

#[test]
fn adapters_count_only_where_they_are_switched_on() {
    let on = vllm(&["--max-loras", "4", "--enable-lora", "--max-lora-rank=32"]);
    assert_eq!((on.serving.max_loras, on.serving.max_lora_rank), (Some(4), Some(32)));
    let plain = vllm(&["--enable-lora"]);
    assert_eq!((plain.serving.max_loras, plain.serving.max_lora_rank), (Some(1), None));
    let off = vllm(&["--max-loras", "4", "--max-lora-rank", "32"]);
    assert_eq!((off.serving.max_loras, off.serving.max_lora_rank), (None, None));
}

#[test]
fn an_image_that_a_command_runs_states_the_version_too() {
    let script = "docker run --gpus all vllm/vllm-openai:v0.11.0 --model a/b";
    let mut read = container(json!({"name": "c", "command": ["sh", "-c", script]}));
    read.stated.server = Some(Server::Vllm);
    let read = launch(&read).unwrap();
    assert_eq!((read.version.as_deref(), read.serving.engine.as_str()), (Some("0.11.0"), "vllm-0.9"));
}
