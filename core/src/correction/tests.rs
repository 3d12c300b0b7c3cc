//! What is changed, word for word, and the laws of a correction over objects that are made up.

mod again;

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::gpu::{Device, ProfileName, find};
use crate::kubernetes::Kind;
use crate::review::{Cluster, Config, Known};

fn granite() -> Value {
    json!({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
        "intermediate_size": 11008, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
        "vocab_size": 32000, "max_position_embeddings": 4096, "tie_word_embeddings": false, "torch_dtype": "float32"})
}

fn llama() -> Value {
    json!({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
        "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
        "vocab_size": 128_256, "max_position_embeddings": 131_072, "tie_word_embeddings": false, "torch_dtype": "bfloat16"})
}

fn opt() -> Value {
    json!({"architectures": ["OPTForCausalLM"], "model_type": "opt", "hidden_size": 768, "ffn_dim": 3072,
        "num_hidden_layers": 12, "num_attention_heads": 12, "vocab_size": 50272, "max_position_embeddings": 2048,
        "word_embed_proj_dim": 768, "torch_dtype": "float16"})
}

fn pool(name: &str, spelling: Spelling, profiles: &[&str]) -> Pool<'static> {
    let gpu = find("H100-80GB").unwrap();
    let device = |name: &&str| match *name {
        "gpu" => Device::whole(gpu),
        name => Device { gpu, profile: Some(gpu.profile(ProfileName::parse(name).unwrap()).unwrap()) },
    };
    Pool {
        name: name.to_owned(),
        devices: profiles.iter().map(device).collect(),
        spelling,
        selector: BTreeMap::from([("pool".to_owned(), name.to_owned())]),
        tolerations: vec![json!({"effect": "NoSchedule", "key": "nvidia.com/gpu", "operator": "Exists"})],
    }
}

fn mixed() -> Pool<'static> {
    pool("mig", Spelling::Mixed, &["1g.10gb", "2g.20gb", "3g.40gb", "7g.80gb", "gpu"])
}

fn everything(pools: Vec<Pool<'static>>) -> Wish<'static> {
    Wish { right_size: true, placement: true, flags: true, pools, ..Wish::default() }
}

/// The models by the ids `granite`, `llama` and `opt`.
fn with_models<T>(run: impl FnOnce(&Context) -> T) -> T {
    let configs = [("granite", granite()), ("llama", llama()), ("opt", opt())];
    let known =
        |config| Known { source: "settings", place: "settings".to_owned(), config: Config::Json(config) };
    let models = configs.iter().map(|(id, config)| (*id, known(config))).collect();
    let cluster =
        Cluster { source: "the settings", gpus: vec![find("H100-80GB").unwrap()], ..Cluster::default() };
    run(&Context { models, cluster, ..Context::default() })
}

fn pod(resources: &Value, args: &[&str]) -> Map<String, Value> {
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "m"}, "spec": {
        "unknown": [1, null], "containers": [{"name": "vllm", "image": "vllm/vllm-openai:v0.33.0", "args": args,
            "resources": resources, "future": {"field": true}}]}});
    pod.as_object().unwrap().clone()
}

fn corrected(object: &Map<String, Value>, wish: &Wish) -> Option<(Value, Vec<String>)> {
    let correction = with_models(|context| correct(Kind::Pod, object, context, wish))?;
    let told = correction.changes.iter().map(ToString::to_string).collect();
    Some((Value::Object(correction.object), told))
}

#[test]
fn a_slice_that_is_too_large_becomes_the_smallest_that_holds_the_model() {
    let amounts = json!({"nvidia.com/mig-3g.40gb": "1", "cpu": "2"});
    let object = pod(&json!({"limits": amounts, "requests": amounts}), &["--model", "opt"]);
    let (object, told) = corrected(&object, &everything(vec![mixed()])).unwrap();
    assert_eq!(
        told,
        [
            "spec.containers[0].resources: nvidia.com/mig-3g.40gb became nvidia.com/mig-1g.10gb",
            "spec.containers[0].args: --max-model-len=2048 added",
            "spec.containers[0].args: --max-num-seqs=256 added",
            "spec.containers[0].args: --gpu-memory-utilization=0.92 added",
            "spec.nodeSelector[\"pool\"]: mig added",
            "spec.tolerations: {\"key\":\"nvidia.com/gpu\",\"operator\":\"Exists\",\"effect\":\"NoSchedule\"} added",
        ]
    );
    let container = &object["spec"]["containers"][0];
    for side in ["limits", "requests"] {
        assert_eq!(container["resources"][side], json!({"nvidia.com/mig-1g.10gb": "1", "cpu": "2"}));
    }
    assert_eq!(container["future"], json!({"field": true}));
    assert_eq!(object["spec"]["unknown"], json!([1, null]));
}

#[test]
fn a_slice_that_is_too_small_becomes_the_smallest_that_holds_the_model() {
    let object = pod(&json!({"limits": {"nvidia.com/mig-1g.10gb": 1}}), &["--model", "granite"]);
    let wish = Wish { right_size: true, pools: vec![mixed()], ..Wish::default() };
    let (object, told) = corrected(&object, &wish).unwrap();
    assert_eq!(told, ["spec.containers[0].resources: nvidia.com/mig-1g.10gb became nvidia.com/mig-2g.20gb"]);
    assert_eq!(
        object["spec"]["containers"][0]["resources"],
        json!({"limits": {"nvidia.com/mig-2g.20gb": 1}}),
        "requests that are absent stay absent"
    );
}

#[test]
fn a_context_is_cut_only_where_a_shorter_one_is_enough() {
    let object = pod(&json!({"limits": {"nvidia.com/mig-2g.20gb": 1}}), &["--model", "llama"]);
    let wish = Wish { flags: true, ..Wish::default() };
    assert_eq!(corrected(&object, &wish), None);
    let (_, told) = corrected(&object, &Wish { context: Some(8192), ..wish.clone() }).unwrap();
    assert_eq!(
        told,
        [
            "spec.containers[0].args: --max-model-len=11264 added",
            "spec.containers[0].args: --max-num-seqs=256 added",
            "spec.containers[0].args: --gpu-memory-utilization=0.92 added",
        ]
    );
    assert_eq!(corrected(&object, &Wish { context: Some(32_768), ..wish }), None, "it does not hold that");
}

#[test]
fn each_cluster_has_its_spelling() {
    let gke = pool("gke", Spelling::Gke, &["1g.10gb", "2g.20gb"]);
    let single = pool("one", Spelling::Single, &["2g.20gb"]);
    for (pool, label, value) in [
        (gke, "cloud.google.com/gke-gpu-partition-size", "2g.20gb"),
        (single, "nvidia.com/gpu.product", "NVIDIA-H100-80GB-HBM3-MIG-2g.20gb"),
    ] {
        let object = pod(&json!({"limits": {"nvidia.com/mig-1g.10gb": 1}}), &["--model", "granite"]);
        let (object, _) = corrected(&object, &Wish { flags: false, ..everything(vec![pool]) }).unwrap();
        assert_eq!(object["spec"]["nodeSelector"][label], value);
        let resources = &object["spec"]["containers"][0]["resources"];
        assert_eq!(*resources, json!({"limits": {"nvidia.com/gpu": 1}}));
    }
}

#[test]
fn what_the_author_says_of_nodes_is_not_contradicted() {
    let mut object = pod(&json!({"limits": {"nvidia.com/mig-1g.10gb": 1}}), &["--model", "granite"]);
    object["spec"]["nodeSelector"] = json!({"pool": "another"});
    assert_eq!(corrected(&object, &everything(vec![mixed()])), None);
    object["spec"]["nodeSelector"] = json!({"pool": "mig"});
    object["spec"]["tolerations"] = json!([{"operator": "Exists"}]);
    let (object, told) = corrected(&object, &Wish { flags: false, ..everything(vec![mixed()]) }).unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(object["spec"]["tolerations"], json!([{"operator": "Exists"}]));
}

#[test]
fn what_is_not_known_is_left_alone() {
    let slice = json!({"limits": {"nvidia.com/mig-1g.10gb": 1}});
    let two = json!({"limits": {"nvidia.com/mig-1g.10gb": 2}});
    for (resources, args) in [
        (&slice, &["--model", "unheard/of"][..]),
        (&slice, &["--model", "granite", "--quantization", "fp8"]),
        (&slice, &["--model", "granite", "--max-model-len", "$(LENGTH)", "--max-num-seqs", "many"]),
        (&slice, &["--model", "granite", "-tp", "2"]),
        (&two, &["--model", "granite"]),
    ] {
        assert_eq!(corrected(&pod(resources, args), &everything(vec![mixed()])), None, "{args:?}");
    }
    let mut script = pod(&slice, &[]);
    script["spec"]["containers"][0]["command"] = json!(["sh", "-c", "exec vllm serve granite"]);
    let (_, told) = corrected(&script, &everything(vec![mixed()])).unwrap();
    assert!(told.iter().all(|change| !change.contains("args")), "a script is not edited: {told:?}");
}

fn resource() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "nvidia.com/gpu",
        "nvidia.com/mig-1g.10gb",
        "nvidia.com/mig-2g.20gb",
        "nvidia.com/mig-3g.40gb",
        "nvidia.com/mig-7g.80gb",
    ])
}

fn arguments() -> impl Strategy<Value = Vec<String>> {
    let model = prop::sample::select(vec!["granite", "llama", "opt"]);
    let optional = |name: &'static str, values: Vec<&'static str>| {
        prop::option::of(prop::sample::select(values))
            .prop_map(move |value| value.map(|v| format!("--{name}={v}")))
    };
    (
        model,
        optional("max-model-len", vec!["512", "2048", "16k"]),
        optional("max-num-seqs", vec!["4", "300"]),
        optional("gpu-memory-utilization", vec!["0.8", "0.97"]),
        optional("kv-cache-dtype", vec!["fp8"]),
    )
        .prop_map(|(model, a, b, c, d)| {
            ["--model".to_owned(), model.to_owned()]
                .into_iter()
                .chain([a, b, c, d].into_iter().flatten())
                .collect()
        })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    let selector = prop::option::of(prop::sample::select(vec!["mig", "gke", "elsewhere"]));
    let both = any::<bool>();
    (prop::collection::vec((resource(), arguments(), both), 1..3), selector).prop_map(
        |(containers, selector)| {
            let container = |(place, (resource, args, both)): (usize, (&str, Vec<String>, bool))| {
                let amounts = json!({"cpu": "1", resource: "1", "memory": "4Gi"});
                let requests = if both { amounts.clone() } else { Value::Null };
                json!({"name": format!("c{place}"), "image": "vllm/vllm-openai", "args": args, "x": place,
                "resources": {"limits": amounts, "requests": requests}})
            };
            let containers: Vec<Value> = containers.into_iter().enumerate().map(container).collect();
            let mut spec = json!({"containers": containers, "priority": 7});
            if let Some(value) = selector {
                spec["nodeSelector"] = json!({"pool": value});
            }
            json!({"metadata": {"name": "m"}, "spec": spec}).as_object().unwrap().clone()
        },
    )
}

fn wish() -> impl Strategy<Value = Wish<'static>> {
    let pools = vec![mixed(), pool("gke", Spelling::Gke, &["1g.20gb", "3g.40gb"])];
    let pools = prop::sample::subsequence(pools, 0..=2);
    let context = prop::sample::select(vec![None, Some(4096), Some(16_384)]);
    (any::<[bool; 3]>(), pools, context, 1_u64..3).prop_map(
        |([right_size, placement, flags], pools, context, sequences)| Wish {
            right_size,
            placement,
            flags,
            pools,
            context,
            sequences,
            headroom: Bytes::ZERO,
        },
    )
}

/// `object` without what a correction may touch.
fn untouched(object: &Map<String, Value>) -> Value {
    let mut object = Value::Object(object.clone());
    let spec = object["spec"].as_object_mut().unwrap();
    spec.remove("nodeSelector");
    spec.remove("tolerations");
    for container in spec["containers"].as_array_mut().unwrap() {
        let container = container.as_object_mut().unwrap();
        container.remove("args");
        for side in ["limits", "requests"] {
            if let Some(amounts) = container["resources"][side].as_object_mut() {
                amounts.retain(|name, _| !name.starts_with("nvidia.com/"));
            }
        }
    }
    object
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_correction_is_accepted_minimal_and_made_once(object in object(), wish in wish()) {
        with_models(|context| {
            let Some(correction) = correct(Kind::Pod, &object, context, &wish) else { return Ok(()) };
            let review = review(Kind::Pod, &correction.object, context);
            prop_assert!(review.of(Severity::Error).next().is_none());
            prop_assert_eq!(untouched(&object), untouched(&correction.object));
            let again = correct(Kind::Pod, &correction.object, context, &wish);
            prop_assert_eq!(again.map(|again| again.changes), None);
            for (old, new) in containers(&object).zip(containers(&correction.object)) {
                let (old, new) = (&old["args"].as_array().unwrap(), new["args"].as_array().unwrap());
                prop_assert!(new.starts_with(old), "arguments are only added");
            }
            for container in containers(&correction.object) {
                let device = |side: &str| {
                    let amounts = container["resources"][side].as_object().into_iter().flatten();
                    amounts.filter(|(name, _)| name.starts_with("nvidia.com/")).collect::<Vec<_>>()
                };
                prop_assert!(device("requests").is_empty() || device("requests") == device("limits"));
            }
            Ok(())
        })?;
    }
}

fn containers(object: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    object["spec"]["containers"].as_array().unwrap().iter()
}
