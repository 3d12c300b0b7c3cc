//! What is exported is read back as the same claim, for every device in every dialect.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use migfit::engine::Serving;
use migfit::exports::{self, Dialect, KINDS, Wish, Workload};
use migfit::gpu::{Device, devices};
use migfit::kubernetes::{Asked, Kind, candidates, launch, pods};
use migfit::matching::Verdict;
use migfit::model::{self, Model};
use serde_json::{Value, json};

/// Small enough for every device of the catalog.
fn small() -> Model {
    let config = json!({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 1024, "intermediate_size": 2816,
        "num_hidden_layers": 8, "num_attention_heads": 16, "num_key_value_heads": 4, "vocab_size": 32000,
        "max_position_embeddings": 8192, "torch_dtype": "bfloat16"
    });
    model::read(&config.to_string()).unwrap()
}

const ID: &str = "example/small-llama";

fn serving() -> Serving {
    Serving {
        max_model_len: Some(2048),
        sequences: 4,
        kv_cache_dtype: "fp8".to_owned(),
        // Leaves room for the CUDA context on a slice of 5 GB.
        gpu_memory_utilization: Some("0.85".parse().unwrap()),
        ..Serving::default()
    }
}

fn is_nvidia(device: &Device<'_>) -> bool {
    !device.gpu.architecture.is_amd()
}

/// Every pair of a device and a dialect that a cluster can have, with the objects for it.
fn every(write: impl Fn(&Workload<'_>, &[Value])) -> usize {
    let (model, serving) = (small(), serving());
    let mut written = 0;
    for device in devices() {
        for dialect in Dialect::ALL {
            let wish = Wish { dialect, ..Wish::default() };
            let work = Workload::new(ID, &model, &serving, *device, wish).unwrap();
            match exports::write(exports::find("pod").unwrap(), exports::From::Workload(&work)) {
                Ok(export) => {
                    write(&work, &export.values());
                    written += 1;
                }
                Err(problems) => {
                    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
                    let known = ["no-such-partition", "not-in-cloud", "no-label", "bad-setting"];
                    assert!(known.contains(&problem.code), "{} {dialect:?}: {problem}", device.label());
                    assert!(
                        !matches!(dialect, Dialect::Mixed | Dialect::DraProfile) || !is_nvidia(device),
                        "{} {dialect:?}: {problem}",
                        device.label()
                    );
                }
            }
        }
    }
    written
}

fn last(documents: &[Value]) -> &serde_json::Map<String, Value> {
    documents.last().unwrap().as_object().unwrap()
}

#[test]
fn a_pod_is_read_back_as_the_same_claim() {
    let exact = std::cell::Cell::new(0);
    let written = every(|work, documents| {
        let object = last(documents);
        let pod = &pods(Kind::of(object).unwrap().unwrap(), object).unwrap()[0];
        let container = &pod.containers[0];
        let read = launch(container).unwrap();
        assert!(read.vllm && read.open.is_empty() && read.quantization.is_none());
        assert_eq!(read.model.as_deref(), Some(ID));
        assert_eq!(read.serving.max_model_len, Some(work.max_model_len));
        assert_eq!(read.serving.kv_cache_dtype, "fp8");
        assert_eq!(read.serving.gpu_memory_utilization, Some(work.offer.share));
        let device = &work.device;
        if work.wish.dialect.claims() || !is_nvidia(device) {
            assert!(container.claims.is_empty());
            return;
        }
        let [claim] = container.claims.as_slice() else {
            panic!("{}: {:?}", device.label(), container.claims);
        };
        assert_eq!(claim.count, 1);
        let by_profile = matches!(claim.asked, Asked::Slice(_));
        let named = matches!(work.wish.dialect, Dialect::Mixed | Dialect::Aks | Dialect::DraExtended);
        assert_eq!(by_profile, named && device.profile.is_some(), "{}", device.label());
        // The one label of these boards is that of two cards.
        if device.gpu.key == "h100-94gb-sxm" {
            return;
        }
        let found = candidates(claim, &pod.node, &[]).unwrap();
        match work.wish.dialect {
            Dialect::Mixed | Dialect::Single | Dialect::Gke if !device.gpu.product_labels.is_empty() => {
                assert_eq!(found.devices, [*device], "{} {:?}", device.label(), work.wish.dialect);
                exact.set(exact.get() + 1);
            }
            Dialect::Hami => assert!(found.devices.iter().all(|one| one.gpu == device.gpu)),
            _ => assert!(found.devices.contains(device), "{} {:?}", device.label(), work.wish.dialect),
        }
    });
    let exact = exact.get();
    assert!(written > 1000 && exact > 300, "{written} written, {exact} exact");
}

/// What is served as exported is judged as it was.
#[test]
fn the_engine_is_told_what_was_reckoned() {
    let model = small();
    every(|work, documents| {
        let object = last(documents);
        let pod = &pods(Kind::Pod, object).unwrap()[0];
        let read = launch(&pod.containers[0]).unwrap();
        let serving = Serving { sequences: work.serving.sequences, ..read.serving };
        let report = migfit::matching::fit(&model, &serving, &[work.device]).unwrap();
        let again = &report.offers[0];
        assert_eq!(again.estimate.total, work.offer.estimate.total, "{}", work.device.label());
        assert_eq!((again.verdict, again.usable), (work.offer.verdict, work.offer.usable));
    });
}

/// The rules that no export breaks, whatever the kind.
#[test]
fn no_export_breaks_a_rule() {
    let (model, serving) = (small(), serving());
    let mut written = 0;
    for device in devices() {
        for dialect in Dialect::ALL {
            let wish = Wish { dialect, replicas: 2, namespace: Some("team-a".to_owned()), ..Wish::default() };
            let work = Workload::new(ID, &model, &serving, *device, wish).unwrap();
            for kind in KINDS {
                let Ok(export) = exports::write(kind, exports::From::Workload(&work)) else { continue };
                for document in export.values() {
                    rules(&document, device, dialect, kind.id);
                    written += 1;
                }
            }
        }
    }
    assert!(written > 10_000, "{written}");
}

fn rules(value: &Value, device: &Device<'_>, dialect: Dialect, kind: &str) {
    let Value::Object(map) = value else {
        if let Value::Array(items) = value {
            items.iter().for_each(|item| rules(item, device, dialect, kind));
        }
        return;
    };
    if let (Some(limits), Some(requests)) = (map.get("limits"), map.get("requests")) {
        assert_eq!(limits, requests, "{kind}");
    }
    for (name, value) in map {
        assert!(!name.starts_with("limits."), "{kind}: {name}");
        if dialect == Dialect::Gke {
            assert!(!name.starts_with("nvidia.com/mig-"), "{kind}: {name} on GKE");
        }
        let counted =
            name.starts_with("nvidia.com/mig-") || (name == "nvidia.com/gpu" && device.profile.is_some());
        if counted && value.is_string() {
            assert_eq!(value, "1", "{kind}: {name}");
        }
        rules(value, device, dialect, kind);
    }
}

#[test]
fn a_claim_by_capacity_asks_for_what_is_needed_and_no_more() {
    let (model, serving) = (small(), serving());
    for device in devices().iter().filter(|device| is_nvidia(device)) {
        let work = Workload::new(ID, &model, &serving, *device, Wish::default()).unwrap();
        let least = work.least_memory();
        assert!(least <= device.memory_floor(), "{}: {least}", device.label());
        assert!(least >= work.offer.estimate.total.min(device.memory_floor()), "{}: {least}", device.label());
        assert_ne!(work.offer.verdict, Verdict::No);
    }
}
