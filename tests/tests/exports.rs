//! What is exported is read back as the same claim, for every device in every dialect and every kind of workload.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeMap;

use migfit::engine::Serving;
use migfit::exports::{self, Dialect, Export, KINDS, Kind, Needs, Wish, Workload};
use migfit::gpu::{Device, devices};
use migfit::kubernetes::{self, Container, Spelling, candidates, launch};
use migfit::matching::{self, Verdict};
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

/// Values of charts and claims alone make no pods that could be read.
fn makes_pods(kind: &Kind) -> bool {
    kind.needs == Needs::Workload && !kind.id.ends_with("-values") && kind.id != "resourceclaimtemplate"
}

/// Every device in every dialect as a pod, and every fourth as every other kind of workload that can say it.
fn every(write: impl Fn(&Workload<'_>, &Kind, &Export)) -> usize {
    let (model, serving) = (small(), serving());
    let mut written = 0;
    for (place, device) in devices().iter().enumerate() {
        let kinds = KINDS.iter().filter(|kind| kind.needs == Needs::Workload);
        let kinds: Vec<&Kind> = kinds.filter(|kind| kind.id == "pod" || place % 4 == 0).collect();
        let mut work = Workload::new(ID, &model, &serving, *device, Wish::default()).unwrap();
        for dialect in Dialect::ALL {
            work.wish =
                Wish { dialect, replicas: 2, namespace: Some("team-a".to_owned()), ..Wish::default() };
            for kind in &kinds {
                match exports::write(kind, exports::From::Workload(&work)) {
                    Ok(export) => {
                        write(&work, kind, &export);
                        written += 1;
                    }
                    Err(problems) => refused(&work, kind, &problems),
                }
            }
        }
    }
    written
}

/// What a cluster does not have is refused with one reason, and the plainest dialects have everything.
fn refused(work: &Workload<'_>, kind: &Kind, problems: &[migfit::problem::Problem]) {
    let place = format!("{} as {:?} {}", work.device.label(), work.wish.dialect, kind.id);
    let [problem] = problems else { panic!("{place}: {problems:?}") };
    let known = ["no-such-partition", "not-in-cloud", "no-label", "bad-setting"];
    assert!(known.contains(&problem.code), "{place}: {problem}");
    let plain = matches!(work.wish.dialect, Dialect::Mixed | Dialect::DraExtended);
    assert!(!plain || work.device.gpu.architecture.is_amd(), "{place}: {problem}");
}

/// The container that serves, of the one workload among the documents.
fn served(export: &Export) -> (kubernetes::NodeWish, Container) {
    let reading = kubernetes::read(&export.values());
    assert_eq!(reading.problems, [], "{}", export.text().unwrap());
    let [workload] = reading.workloads.as_slice() else { panic!("{}", export.text().unwrap()) };
    let pod = workload.pods.first().unwrap();
    assert_eq!(workload.namespace, "team-a");
    (
        pod.node.clone(),
        pod.containers.iter().find(|one| !one.claims.is_empty()).unwrap_or(&pod.containers[0]).clone(),
    )
}

/// What a claim says in each dialect, as the reader calls it.
fn spelled(work: &Workload<'_>, kind: &Kind) -> Spelling {
    let slice = work.device.profile.is_some();
    match (kind.id, work.wish.dialect) {
        ("kaito-workspace", _) if slice => Spelling::Kaito,
        ("kaito-workspace", _) => Spelling::Gpu,
        ("nimservice", dialect) if dialect.claims() => Spelling::Nim,
        ("kserve-llminferenceservice", Dialect::DraProfile | Dialect::DraCapacity) => Spelling::Kserve,
        (_, Dialect::DraProfile) if slice => Spelling::DraProfile,
        (_, Dialect::DraFirstAvailable) if slice => Spelling::DraProfile,
        (_, dialect) if dialect.claims() => Spelling::DraCapacity,
        (_, Dialect::DraExtended) if slice => Spelling::DraExtended,
        (_, Dialect::Mixed | Dialect::Aks | Dialect::DraExtended) if slice => Spelling::Mixed,
        (_, Dialect::Single) if slice => Spelling::Single,
        (_, Dialect::Gke) if slice => Spelling::Gke,
        (_, Dialect::Hami) if slice => Spelling::Hami,
        _ => Spelling::Gpu,
    }
}

#[test]
fn a_workload_is_read_back_as_the_same_claim() {
    let exact = std::cell::RefCell::new(BTreeMap::new());
    let wrong = std::cell::RefCell::new(BTreeMap::new());
    every(|work, kind, export| {
        let device = &work.device;
        if !makes_pods(kind) || device.gpu.architecture.is_amd() || kind.id == "modelplane-modeldeployment" {
            return;
        }
        // Of KAITO's partitions the reader knows slices.
        if kind.id == "kaito-workspace" && device.profile.is_none() {
            return;
        }
        let (node, container) = served(export);
        let place = format!("{} as {:?} {}", device.label(), work.wish.dialect, kind.id);
        let [claim] = container.claims.as_slice() else { panic!("{place}: {:?}", container.claims) };
        assert_eq!(claim.count, 1, "{place}");
        if claim.spelling != spelled(work, kind) {
            wrong.borrow_mut().insert(
                (format!("{:?} {}", work.wish.dialect, kind.id), device.profile.is_some()),
                (claim.spelling, spelled(work, kind)),
            );
            return;
        }
        // The one label of these boards is that of two cards.
        if device.gpu.key == "h100-94gb-sxm" {
            return;
        }
        let found = candidates(claim, &node, &[]).unwrap_or_else(|problem| panic!("{place}: {problem}"));
        assert!(found.devices.contains(device), "{place}: {:?}", found.basis);
        if found.devices == [*device] {
            *exact.borrow_mut().entry(work.wish.dialect.id()).or_insert(0) += 1;
        }
    });
    assert_eq!(wrong.into_inner(), BTreeMap::new());
    let exact = exact.into_inner();
    for dialect in ["mixed", "single", "gke", "aks"] {
        assert!(exact.get(dialect).is_some_and(|count| *count > 50), "{exact:?}");
    }
}

/// Whatever device such a claim is given holds the model.
#[test]
fn every_device_that_a_claim_by_capacity_admits_holds_the_model() {
    let (model, serving) = (small(), serving());
    let mut admitted = 0;
    for device in devices().iter().filter(|device| !device.gpu.architecture.is_amd()) {
        let wish =
            Wish { dialect: Dialect::DraCapacity, namespace: Some("team-a".to_owned()), ..Wish::default() };
        let work = Workload::new(ID, &model, &serving, *device, wish).unwrap();
        assert!(work.least_memory() <= device.memory_floor(), "{}", device.label());
        let export = exports::write(exports::find("pod").unwrap(), exports::From::Workload(&work)).unwrap();
        let (node, container) = served(&export);
        let found = candidates(&container.claims[0], &node, &[]).unwrap();
        let report = matching::fit(&model, &serving, &found.devices).unwrap();
        for offer in &report.offers {
            assert_ne!(offer.verdict, Verdict::No, "{} admits {}", device.label(), offer.device);
            admitted += 1;
        }
    }
    assert!(admitted > 1000, "{admitted}");
}

/// What is served as exported is judged as it was.
#[test]
fn the_engine_is_told_what_was_reckoned() {
    let model = small();
    every(|work, kind, export| {
        let told =
            ["pod", "deployment", "leaderworkerset", "kserve-llminferenceservice", "kserve-inferenceservice"];
        if !told.contains(&kind.id) || work.wish.dialect != Dialect::Mixed {
            return;
        }
        let (_, container) = served(export);
        let read = launch(&container).unwrap();
        assert!(read.open.is_empty() && read.quantization.is_none(), "{}: {:?}", kind.id, read.open);
        assert_eq!(read.model.as_deref(), Some(ID), "{}", kind.id);
        let serving = Serving {
            sequences: work.serving.sequences,
            engine: work.serving.engine.clone(),
            ..read.serving
        };
        let report = matching::fit(&model, &serving, &[work.device]).unwrap();
        let again = &report.offers[0];
        assert_eq!(again.estimate.total, work.offer.estimate.total, "{} {}", work.device.label(), kind.id);
        assert_eq!((again.verdict, again.usable), (work.offer.verdict, work.offer.usable));
    });
}

/// The rules that no export breaks, whatever the kind.
#[test]
fn no_export_breaks_a_rule() {
    let written = every(|work, kind, export| {
        for document in export.values() {
            rules(&document, &work.device, work.wish.dialect, kind.id);
        }
    });
    assert!(written > 4000, "{written}");
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
        let slice =
            name.starts_with("nvidia.com/mig-") || (name == "nvidia.com/gpu" && device.profile.is_some());
        if slice && value.is_string() {
            assert_eq!(value, "1", "{kind}: {name}");
        }
        rules(value, device, dialect, kind);
    }
}
