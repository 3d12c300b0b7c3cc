use super::*;

#[test]
fn requests_follow_limits() {
    let with = |requests: Value| {
        let mut container = vllm("nvidia.com/mig-1g.10gb", "1", &[]);
        container["resources"]["requests"] = requests;
        told(&pod(&container), &Context::default())
    };
    assert!(!with(json!({"nvidia.com/mig-1g.10gb": 1})).contains("differ"));
    assert!(with(json!({"nvidia.com/mig-1g.10gb": "2"})).starts_with(
        "no\n\
         error requests-differ-from-limits\n\
         container main: nvidia.com/mig-1g.10gb is requested 2 times and limited to 1\n  \
         at: spec.containers[0].resources.requests[\"nvidia.com/mig-1g.10gb\"]\n  \
         why: devices cannot be overcommitted: the API server refuses the pod\n  \
         fix: set nvidia.com/mig-1g.10gb under limits alone; requests follow it\n"
    ));
    assert!(
        with(json!({"nvidia.com/gpu": 1})).contains("main: nvidia.com/gpu is requested without a limit\n")
    );
    assert!(!with(json!({"nvidia.com/gpu": "0", "cpu": "4"})).contains("differ"));
}

#[test]
fn whole_gpus_beside_slices() {
    let with = |gpus: &str| {
        let mut container = vllm("nvidia.com/mig-1g.10gb", "1", &[]);
        container["resources"]["limits"]["nvidia.com/gpu"] = json!(gpus);
        ids(&pod(&container), &Context::default())
    };
    assert_eq!(with("1"), ["unknown-model", "gpu-beside-mig"]);
    assert_eq!(with("0"), ["unknown-model"]);
}

#[test]
fn slices_have_another_name_on_google_kubernetes_engine() {
    let with = |labels: Value| {
        let mut object = pod(&vllm("nvidia.com/mig-3g.40gb", "1", &[]));
        object["spec"]["nodeSelector"] = labels;
        let found = reviewed(&object, &Context::default()).findings;
        let found = found.into_iter().find(|finding| finding.lint.id() == "mig-key-on-gke")?;
        Some((found.severity.word(), found.lines().join("\n")))
    };
    let (severity, text) = with(json!({"cloud.google.com/gke-accelerator": "nvidia-h100-80gb"})).unwrap();
    assert_eq!(severity, "warning");
    assert_eq!(
        text,
        "container main: nvidia.com/mig-3g.40gb is not announced by nodes of Google Kubernetes Engine\n  \
         at: spec.containers[0].resources.limits[\"nvidia.com/mig-3g.40gb\"]\n  \
         why: the pod asks for nodes with the label cloud.google.com/gke-accelerator; their slices are named nvidia.com/gpu\n  \
         fix: ask for nvidia.com/gpu and the node label cloud.google.com/gke-gpu-partition-size: 3g.40gb"
    );
    let (severity, _) = with(json!({"cloud.google.com/gke-gpu-partition-size": "3g.40gb"})).unwrap();
    assert_eq!(severity, "error");
    assert_eq!(with(json!({"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"})), None);
}

#[test]
fn a_toleration_does_not_draw() {
    let with = |tolerations: Value, container: &Value| {
        let mut object = pod(container);
        object["spec"]["tolerations"] = tolerations;
        object
    };
    let nginx = json!({"image": "nginx"});
    let gpu = json!([{"operator": "Exists", "key": "x"}, {"key": "nvidia.com/gpu", "operator": "Exists"}]);
    let alone = with(gpu.clone(), &nginx);
    assert_eq!(
        told(&alone, &Context::default()),
        "-\n\
         warning toleration-alone\n\
         the pod tolerates nvidia.com/gpu and asks for no device and no node: nothing leads it to a GPU\n  \
         at: spec.tolerations[1]\n  \
         why: a toleration lets a pod onto tainted nodes and does not draw it there\n  \
         fix: ask for the device, as in nvidia.com/gpu: 1 under limits"
    );
    assert!(
        !ids(&with(gpu, &vllm("nvidia.com/gpu", "1", &[])), &Context::default())
            .contains(&"toleration-alone")
    );
    let sliced = json!([{"key": "workload", "operator": "Equal", "value": "mig-3g.40gb"}]);
    assert!(
        ids(&with(sliced.clone(), &vllm("nvidia.com/gpu", "1", &[])), &Context::default())
            .contains(&"toleration-alone")
    );
    assert!(
        !ids(&with(sliced, &vllm("nvidia.com/mig-3g.40gb", "1", &[])), &Context::default())
            .contains(&"toleration-alone")
    );
    let every = json!([{"operator": "Exists"}]);
    assert_eq!(told(&with(every, &nginx), &Context::default()), "-");
    let mut selected = alone.clone();
    selected["spec"]["nodeSelector"] = json!({"pool": "gpu"});
    assert_eq!(told(&selected, &Context::default()), "-");
    let daemons = json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "d"},
        "spec": {"template": {"spec": alone["spec"]}}});
    assert_eq!(told(&daemons, &Context::default()), "-");
}

#[test]
fn gpus_that_nobody_asked_for() {
    let visible = json!({"image": "a", "env": [{"name": "NVIDIA_VISIBLE_DEVICES", "value": "all"}]});
    assert_eq!(
        told(&pod(&visible), &Context::default()),
        "-\n\
         warning gpu-without-request\n\
         container main: NVIDIA_VISIBLE_DEVICES is all and no device is asked for\n  \
         at: spec.containers[0].env\n  \
         why: the scheduler does not know of it, so the GPU is given to somebody else as well\n  \
         fix: remove NVIDIA_VISIBLE_DEVICES and ask for nvidia.com/gpu or a slice"
    );
    for harmless in ["void", "none", ""] {
        let mut container = visible.clone();
        container["env"][0]["value"] = json!(harmless);
        assert_eq!(told(&pod(&container), &Context::default()), "-", "{harmless}");
    }
    let mut privileged = pod(&json!({"image": "a", "securityContext": {"privileged": true}}));
    assert_eq!(told(&privileged, &Context::default()), "-");
    privileged["spec"]["runtimeClassName"] = json!("nvidia");
    assert_eq!(ids(&privileged, &Context::default()), ["gpu-without-request"]);
}

#[test]
fn ranks_need_shared_memory() {
    let container = vllm("nvidia.com/gpu", "2", &["--model", "opt", "-tp", "2"]);
    assert!(ids(&pod(&container), &Context::default()).contains(&"small-shm"));
    let mut mounted = container.clone();
    mounted["volumeMounts"] = json!([{"name": "shm", "mountPath": "/dev/shm/"}]);
    assert!(!ids(&pod(&mounted), &Context::default()).contains(&"small-shm"));
    let mut host = pod(&container);
    host["spec"]["hostIPC"] = json!(true);
    assert!(!ids(&host, &Context::default()).contains(&"small-shm"));
}

#[test]
fn a_smaller_slice_would_do() {
    let config = opt();
    let context = knowing(&config);
    let object = |resource: &str| pod(&vllm(resource, "1", &["--model", "opt"]));
    assert_eq!(
        told(&object("nvidia.com/mig-3g.20gb"), &context),
        "fits\n\
         warning over-provisioned\n\
         container main: opt needs 841.3 MiB of the 17.9 GiB usable of A100-40GB 3g.20gb; nvidia.com/mig-1g.10gb holds it too\n  \
         why: sequences of the longest context: 115 at once there, 244 at once here\n  \
         fix: ask for nvidia.com/mig-1g.10gb (8.9 GiB usable on A100-40GB 1g.10gb)\n\
         note no-engine-limits\n\
         container main: on a slice the engine chooses --max-num-seqs, --max-num-batched-tokens, --gpu-memory-utilization itself\n  \
         why: inside a slice NVML is often denied, or reports the whole GPU: defaults are then those of another card\n  \
         fix: set --max-num-seqs, --max-num-batched-tokens, --gpu-memory-utilization"
    );
    assert_eq!(ids(&object("nvidia.com/mig-1g.10gb"), &context), ["no-engine-limits"]);
    let mut whole = object("nvidia.com/gpu");
    whole["spec"]["nodeSelector"] = json!({"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"});
    let review = reviewed(&whole, &context);
    let found: Vec<_> = review.findings.iter().map(|one| (one.severity.word(), one.lint.id())).collect();
    assert_eq!(found, [("note", "over-provisioned")]);
}

#[test]
fn proof_makes_the_verdict() {
    let config = opt();
    let context = knowing(&config);
    let object = pod(&vllm("nvidia.com/mig-3g.20gb", "2", &["--model", "opt", "-tp", "2"]));
    let review = reviewed(&object, &context);
    assert_eq!(review.verdict.unwrap().word(), "no");
    assert_eq!(review.findings.first().unwrap().lint.id(), "parallel-on-slices");
    let unknown = pod(&vllm("nvidia.com/mig-3g.20gb", "2", &["--model", "?", "-tp", "2"]));
    assert_eq!(ids(&unknown, &context).first(), Some(&"parallel-on-slices"));
    let notebook = pod(&json!({"image": "jupyter", "resources": {"limits": {"nvidia.com/mig-1g.5gb": 7}}}));
    assert_eq!(
        told(&notebook, &context),
        "unknown\nwarning several-slices\ncontainer main: CUDA uses one of 7 MIG slices in a container\n  fix: one slice for each container, and more replicas"
    );
}

#[test]
fn settings_change_the_severity() {
    use super::super::{Lint, Reaction, Reactions};
    let with = |reaction| {
        let lints = [(Lint::SeveralSlices, reaction)].into();
        let context =
            Context { reactions: Reactions { lints, ..Reactions::default() }, ..Context::default() };
        let object = pod(&json!({"resources": {"limits": {"nvidia.com/mig-1g.5gb": 2}}}));
        let review = reviewed(&object, &context);
        (review.verdict.unwrap().word(), review.findings.len())
    };
    assert_eq!(with(Reaction::Allow), ("unknown", 0));
    assert_eq!(with(Reaction::Warn), ("unknown", 1));
    assert_eq!(with(Reaction::Deny), ("no", 1));
}

/// The figures of the engine's share alone would say that it fits.
#[test]
fn what_has_no_room_beside_the_share_of_the_engine_is_named() {
    let config = json!({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 2048,
        "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8,
        "vocab_size": 128_256, "max_position_embeddings": 131_072, "tie_word_embeddings": true, "torch_dtype": "bfloat16"});
    let mut context = knowing(&config);
    context.cluster.gpus = vec![gpu::find("A100-40GB").unwrap()];
    let pod = pod(&vllm("nvidia.com/mig-1g.5gb", "1", &["--model", "opt", "--max-model-len=16384"]));
    assert_eq!(
        told(&pod, &context),
        "unknown\nwarning may-not-fit\ncontainer main: opt may not fit A100-40GB 1g.5gb: the CUDA context takes about \
         614.4 MiB outside the engine's share, 389.1 MiB are left there at a utilization of 0.92; what is missing is \
         less than the error of the estimate"
    );
}
