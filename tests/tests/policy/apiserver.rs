//! A real API server in front of a real policy server, where they are installed: `MIGFIT_KUBE_APISERVER`,
//! `MIGFIT_ETCD` and `MIGFIT_POLICY_SERVER` name the programs, `kubectl` and `openssl` are on the path. Without them
//! the test says so in a line.

use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::kubewarden::{module, native, program};

fn deployment(name: &str, resource: &str) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": pod_spec(resource)}}})
}

fn pod_spec(resource: &str) -> Value {
    let args = ["--model", "meta-llama/Llama-3.1-8B-Instruct", "--max-model-len=16384"];
    json!({"nodeSelector": {"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"}, "containers": [
        {"name": "vllm", "image": "vllm/vllm-openai:v0.33.0", "args": args, "resources": {"limits": {resource: 1}}}]})
}

const SMALL: &str = "nvidia.com/mig-1g.10gb";
const LARGE: &str = "nvidia.com/mig-3g.40gb";

/// The policies: each is named as the namespace that it judges.
fn policies() -> Value {
    let module = format!("file://{}", module().display());
    let pool = json!({"name": "mig", "gpu": "H100-80GB", "devices": ["1g.20gb", "3g.40gb"], "nodeSelector": {"pool": "mig"}});
    json!({
        "refuses": {"module": module, "settings": {"gpus": ["H100-80GB"]}},
        "corrects": {"module": module, "allowedToMutate": true, "settings": {"gpus": ["H100-80GB"], "pools": [pool],
            "mutate": {"rightSize": true, "placement": true, "flags": true}}},
        "asks": {"module": module, "settings": {"lookups": {"nodes": true, "models": {"configMap": "migfit-models"}}},
            "contextAwareResources": [{"apiVersion": "v1", "kind": "Node"}, {"apiVersion": "v1", "kind": "ConfigMap"}],
            "hostCapabilities": ["kubernetes/get_resource", "kubernetes/list_resources_all"]},
    })
}

#[test]
fn an_api_server_refuses_corrects_and_warns_as_the_policy_says() {
    let named = ["MIGFIT_ETCD", "MIGFIT_KUBE_APISERVER", "MIGFIT_POLICY_SERVER"].map(program);
    let [Some(etcd), Some(api), Some(policy)] = named else { return };
    let mut cluster = Cluster::new();
    cluster.serve(&etcd, &api);
    cluster.enforce(&policy, &policies());
    refuses(&cluster);
    corrects(&cluster);
    asks(&cluster);
}

fn refuses(cluster: &Cluster) {
    let object = deployment("small", SMALL);
    let request = json!({"uid": "1", "operation": "CREATE", "namespace": "refuses", "object": object,
        "kind": {"group": "apps", "version": "v1", "kind": "Deployment"}});
    let expected =
        native(&policies()["refuses"]["settings"], &request)["message"].as_str().unwrap().to_owned();
    let denied = "denied the request: ";
    for told in [
        cluster.apply("refuses", &object),
        cluster.output(
            "kubectl",
            &["apply", "-n", "refuses", "--dry-run=server", "-f", "-"],
            &object.to_string(),
        ),
    ] {
        assert!(!told.done);
        assert_eq!(
            told.err.split_once(denied).map(|(_, message)| message),
            Some(expected.as_str()),
            "{told:?}"
        );
    }
    let first = expected.lines().next().unwrap();
    for (kind, version, spec) in [
        ("Pod", "v1", pod_spec(SMALL)),
        ("Job", "batch/v1", json!({"template": {"spec": {"restartPolicy": "Never"}}})),
    ] {
        let mut object =
            json!({"apiVersion": version, "kind": kind, "metadata": {"name": "small"}, "spec": spec});
        if kind == "Job" {
            object["spec"]["template"]["spec"]["containers"] = pod_spec(SMALL)["containers"].clone();
            object["spec"]["template"]["spec"]["nodeSelector"] = pod_spec(SMALL)["nodeSelector"].clone();
        }
        let told = cluster.apply("refuses", &object);
        assert!(!told.done && told.err.contains(first), "{kind}: {told:?}");
    }
    let told = cluster.apply("refuses", &deployment("large", LARGE));
    assert_eq!((told.done, told.out.as_str()), (true, "deployment.apps/large created"));
    assert!(cluster.kubectl("refuses", &["set", "env", "deployment/large", "A=b"]).done);
    let told = cluster.apply("refuses", &deployment("large", SMALL));
    assert!(!told.done && told.err.contains(first), "an update is judged as well: {told:?}");
    assert!(cluster.kubectl("refuses", &["scale", "deployment/large", "--replicas=0"]).done);
    assert!(cluster.kubectl("refuses", &["delete", "deployment/large"]).done);
}

fn corrects(cluster: &Cluster) {
    let told = cluster.apply("corrects", &deployment("small", SMALL));
    let place = "Warning: migfit changed spec.template.spec";
    let warnings = [
        format!("{place}.containers[0].resources: {SMALL} became nvidia.com/mig-1g.20gb"),
        format!("{place}.containers[0].args: --max-num-seqs=64 added"),
        format!("{place}.containers[0].args: --gpu-memory-utilization=0.92 added"),
        format!("{place}.nodeSelector[\"pool\"]: mig added"),
    ];
    assert_eq!((told.done, told.err), (true, warnings.join("\n")));
    let spec = || cluster.get("corrects", &["deployment/small"])["spec"]["template"]["spec"].clone();
    let first = spec();
    assert_eq!(first["containers"][0]["resources"], json!({"limits": {"nvidia.com/mig-1g.20gb": "1"}}));
    assert_eq!(first["nodeSelector"]["pool"], "mig");
    // kubectl puts back what its author wrote beside what it does not know of.
    let told = cluster.apply("corrects", &deployment("small", SMALL));
    assert!(told.done, "{told:?}");
    assert_eq!(spec(), first, "{told:?}");
    assert!(cluster.kubectl("corrects", &["scale", "deployment/small", "--replicas=3"]).done);
    assert_eq!(spec(), first);
}

fn asks(cluster: &Cluster) {
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "gpu", "labels":
        {"nvidia.com/gpu.product": "NVIDIA-A100-SXM4-40GB", "nvidia.com/mig.strategy": "mixed", "nvidia.com/gpu.count": "1"}}});
    assert!(cluster.apply("asks", &node).done);
    let amounts = json!({"nvidia.com/mig-1g.5gb": "3", "nvidia.com/mig-3g.20gb": "1", "cpu": "32"});
    let status = json!({"status": {"capacity": amounts, "allocatable": amounts}}).to_string();
    let patch = ["patch", "node", "gpu", "--subresource=status", "--type=merge", "-p", &status];
    assert!(cluster.kubectl("asks", &patch).done);
    let config = json!({"model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128_256, "tie_word_embeddings": true,
        "max_position_embeddings": 131_072, "architectures": ["LlamaForCausalLM"], "torch_dtype": "bfloat16"});
    let models = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "migfit-models"},
        "data": {"own__one": config.to_string()}});
    assert!(cluster.apply("asks", &models).done);
    let of = |name: &str, resource: &str, model: &str| {
        let mut object = deployment(name, resource);
        let spec = &mut object["spec"]["template"]["spec"];
        spec.as_object_mut().unwrap().remove("nodeSelector");
        spec["containers"][0]["args"][1] = json!(model);
        cluster.apply("asks", &object)
    };
    let told = of("fits", "nvidia.com/mig-3g.20gb", "own/one");
    assert_eq!((told.done, told.err.as_str()), (true, ""));
    let told = of("nowhere", "nvidia.com/mig-2g.10gb", "own/one");
    let nowhere = "Warning: container vllm: none of the nodes of the cluster has nvidia.com/mig-2g.10gb; \
                   fix: ask for one of nvidia.com/mig-1g.5gb, nvidia.com/mig-3g.20gb";
    assert_eq!((told.done, told.err.as_str()), (true, nowhere));
    let told = of("misfit", "nvidia.com/mig-1g.5gb", "meta-llama/Llama-3.1-8B-Instruct");
    assert!(!told.done && told.err.contains("have: 0.92 of the 4.8 GiB of A100-40GB 1g.5gb"), "{told:?}");
}
