use super::*;
use crate::fleet::pools::{self, Pool};
use crate::gpu::catalog;

fn pools_of(text: Value) -> Vec<Pool> {
    let read = pools::read(catalog(), &[json!({"pools": text})]);
    assert_eq!(read.problems, []);
    read.pools
}

fn with<'a>(config: &'a Value, pools: &'a [Pool]) -> Context<'a> {
    Context { cluster: Cluster { source: "the pools", gpus: Vec::new(), pools }, ..knowing(config) }
}

/// A model of 13.5 GiB, asked for as a GPU: only the pool says that it gets a slice of 10 GB.
#[test]
fn a_gpu_that_is_a_slice_is_judged_as_one() {
    let config = json!({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
        "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
        "vocab_size": 32000, "max_position_embeddings": 4096, "torch_dtype": "bfloat16"});
    let pools = pools_of(json!([{"name": "a", "gpu": "H100-80GB", "gpusPerNode": 1, "nodes": 1,
        "layout": "7x1g.10gb", "resource": "nvidia.com/gpu"}]));
    let object = pod(&vllm("nvidia.com/gpu", "1", &["--model", "opt"]));
    let told = told(&object, &with(&config, &pools));
    assert!(
        told.starts_with(
            "no\nerror does-not-fit\ncontainer main: opt needs 14.8 GiB, nvidia.com/gpu has 8.9 GiB usable"
        ),
        "{told}"
    );
    assert!(told.contains("of H100-80GB 1g.10gb, a floor (the pools)\n"), "{told}");
    assert!(told.ends_with("fix: no device of the pools holds it as it is served"), "{told}");
    let two = pod(&vllm("nvidia.com/gpu", "2", &["--model", "opt", "-tp", "2"]));
    assert_eq!(ids(&two, &with(&config, &pools)).first(), Some(&"parallel-on-slices"));
}

#[test]
fn what_no_pool_has_is_refused() {
    let config = opt();
    let pools = pools_of(json!([
        {"name": "a", "gpu": "H100-80GB", "gpusPerNode": 2, "nodes": 0, "maxNodes": 2, "layout": "7x1g.10gb"},
        {"name": "b", "gpu": "H100-80GB", "gpusPerNode": 2, "nodes": 1, "layout": "4g.40gb 3g.40gb", "labels": {"team": "b"}},
    ]));
    let context = with(&config, &pools);
    let asking = |resource: &str| {
        pod(&vllm(
            resource,
            "1",
            &[
                "--model",
                "opt",
                "--max-num-seqs",
                "8",
                "--max-num-batched-tokens",
                "2048",
                "--gpu-memory-utilization",
                "0.9",
            ],
        ))
    };
    assert_eq!(
        told(&asking("nvidia.com/gpu"), &context),
        "no\n\
         error whole-gpu-on-mig-pool\n\
         container main: the pools announce slices and no nvidia.com/gpu\n  \
         at: spec.containers[0].resources.limits[\"nvidia.com/gpu\"]\n  \
         why: a GPU that is cut does not count as nvidia.com/gpu\n  \
         fix: ask for one of nvidia.com/mig-1g.10gb, nvidia.com/mig-3g.40gb, nvidia.com/mig-4g.40gb"
    );
    assert_eq!(
        told(&asking("nvidia.com/mig-2g.20gb"), &context),
        "no\n\
         error no-such-device\n\
         container main: none of the pools has nvidia.com/mig-2g.20gb\n  \
         at: spec.containers[0].resources.limits[\"nvidia.com/mig-2g.20gb\"]\n  \
         fix: ask for one of nvidia.com/mig-1g.10gb, nvidia.com/mig-3g.40gb, nvidia.com/mig-4g.40gb"
    );
    assert_eq!(ids(&asking("nvidia.com/mig-1g.10gb"), &context), ["pool-at-zero"]);
    assert_eq!(ids(&asking("nvidia.com/mig-3g.40gb"), &context), ["over-provisioned"]);
    let mut elsewhere = asking("nvidia.com/mig-3g.40gb");
    elsewhere["spec"]["nodeSelector"] = json!({"team": "c"});
    assert_eq!(ids(&elsewhere, &context), ["no-such-device"]);
}

#[test]
fn a_quota_that_cannot_tell_slices_from_gpus() {
    let config = opt();
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"},
        "spec": {"hard": {"requests.nvidia.com/gpu": 4}}});
    let cut = |name: &str, layout: &str| {
        json!({"name": name, "gpu": "H100-80GB", "gpusPerNode": 1, "nodes": 1, "layout": layout,
            "resource": "nvidia.com/gpu"})
    };
    let alike = pools_of(json!([cut("a", "7x1g.10gb"), cut("b", "7x1g.10gb")]));
    assert_eq!(told(&quota, &with(&config, &alike)), "-");
    let mixed = pools_of(json!([cut("a", "7x1g.10gb"), cut("b", "4g.40gb 3g.40gb")]));
    let text = told(&quota, &with(&config, &mixed));
    assert!(
        text.starts_with(
            "-\nnote quota-blind-to-slices\nrequests.nvidia.com/gpu counts H100-80GB 1g.10gb and H100-80GB 3g.40gb"
        ),
        "{text}"
    );
}
