//! What must hold of reading, whatever is read.
#![allow(clippy::unwrap_used, reason = "a test")]

mod anything;

use std::path::Path;
use std::sync::LazyLock;

use migfit::fleet::selector::Selector;
use migfit::gpu::devices;
use migfit::kubernetes::{Asked, Beside, Kind, Reading, candidates, launch, pods, read, requested};
use migfit::yaml;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use anything::value;

/// The manifests of the other tests, section by section.
fn manifests() -> Vec<Vec<Value>> {
    static READ: LazyLock<Vec<Vec<Value>>> =
        LazyLock::new(|| texts().iter().filter_map(|text| yaml::documents("manifest", text).ok()).collect());
    READ.clone()
}

fn texts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let files = ["corpus.txt", "kinds.txt"].map(|name| std::fs::read_to_string(folder.join(name)).unwrap());
    let section = |part: &str| Some(part.split_once('\n')?.1.split_once("=>\n")?.0.to_owned());
    files.iter().flat_map(|file| file.split("\n## ").filter_map(section).collect::<Vec<_>>()).collect()
}

/// Everything that can be asked of what was read.
fn ask(documents: &[Value]) -> Reading {
    let reading = read(documents);
    for pod in reading.workloads.iter().flat_map(|workload| &workload.pods) {
        for container in &pod.containers {
            let _ = launch(container);
            for claim in &container.claims {
                assert!(claim.count > 0, "{claim:?}");
                let found = candidates(claim, &pod.node, &[]);
                assert!(found.as_ref().map_or(true, |found| !found.devices.is_empty()), "{claim:?}");
                let _ = found.map(|found| found.cut(claim));
                assert!(!matches!(claim.asked, Asked::Open(_)) || !claim.is_slice());
            }
        }
    }
    let beside = Beside::of(documents);
    for object in documents.iter().filter_map(Value::as_object) {
        let _ = requested(object, &beside);
    }
    reading
}

/// The places of a document, by their steps.
fn places(value: &Value, here: &mut Vec<Value>, all: &mut Vec<Vec<Value>>) {
    all.push(here.clone());
    let steps: Vec<(Value, &Value)> = match value {
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (json!(at), item)).collect(),
        Value::Object(map) => map.iter().map(|(key, item)| (json!(key), item)).collect(),
        _ => Vec::new(),
    };
    for (step, item) in steps {
        here.push(step);
        places(item, here, all);
        here.pop();
    }
}

fn at<'a>(value: &'a mut Value, steps: &[Value]) -> &'a mut Value {
    steps.iter().fold(value, |value, step| match step {
        Value::Number(place) => &mut value[usize::try_from(place.as_u64().unwrap()).unwrap()],
        other => &mut value[other.as_str().unwrap()],
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_on_anything(values in prop::collection::vec(value(), 0..4)) {
        ask(&values);
    }

    #[test]
    fn no_kind_panics_on_any_spec(kind in select(&Kind::ALL[..]), value in value(), spec in value()) {
        let mut object = value.as_object().cloned().unwrap_or_default();
        object.insert("spec".to_owned(), spec);
        object.insert("kind".to_owned(), json!(kind.name()));
        object.insert("apiVersion".to_owned(), json!(format!("{}/{}", kind.group(), kind.versions()[0])));
        let _ = pods(kind, &object);
        ask(&[Value::Object(object)]);
    }

    #[test]
    fn a_manifest_with_something_else_in_one_place_is_read_or_refused(
        which in any::<Index>(), place in any::<Index>(), new in value(),
    ) {
        let manifests = manifests();
        let mut documents = which.get(&manifests).clone();
        let mut all = Vec::new();
        places(&Value::Array(documents.clone()), &mut Vec::new(), &mut all);
        let steps = place.get(&all).clone();
        let mut whole = Value::Array(documents);
        *at(&mut whole, &steps) = new;
        documents = whole.as_array().cloned().unwrap_or_default();
        ask(&documents);
    }

    #[test]
    fn any_text_is_yaml_or_a_problem(text in "([a-z:\\-\\[\\]{}&*!|>'\"#,?% \\n]{0,40}|.{0,40})") {
        let _ = yaml::documents("text", &text);
    }

    #[test]
    fn json_is_read_as_json(value in value()) {
        let text = value.to_string();
        let expected: Vec<Value> = Some(serde_json::from_str(&text).unwrap()).into_iter().filter(|value: &Value| !value.is_null()).collect();
        if matches!(value, Value::Array(_) | Value::Object(_)) {
            prop_assert_eq!(yaml::documents("text", &text), Ok(expected));
        }
    }

    #[test]
    fn any_script_is_split(script in "([a-z$'\"`\\\\ \\n<>&|;(){}#@=\\-]{0,60}|.{0,60})") {
        let pod = json!({"kind": "Pod", "apiVersion": "v1", "spec": {"containers": [
            {"name": "c", "image": "vllm", "command": ["sh", "-c", script.clone()]},
            {"name": "d", "image": "vllm", "args": [script]},
        ]}});
        ask(&[pod]);
    }

    #[test]
    fn any_selector_is_read_or_refused(words in prop::collection::vec(select(&[
        "device", ".attributes", ".capacity", "['gpu.nvidia.com']", ".memory", ".type", "==", "'mig'", "&&", "||", "!",
        "(", ")", "[", "]", "quantity('1Gi')", ".compareTo(", ".isGreaterThan(", "in", "0", ">=", "has(", ",", " ",
    ][..]), 0..24)) {
        if let Ok(selector) = Selector::parse(&words.concat()) {
            for device in devices() {
                let properties = migfit::fleet::selector::Properties::of(device);
                prop_assert_eq!(selector.admits(&properties), selector.admits(&properties));
            }
        }
    }
}

/// The same values with the keys of every object in the opposite order, as text.
fn turned(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<String> =
                map.iter().map(|(key, value)| format!("{}:{}", json!(key), turned(value))).collect();
            pairs.reverse();
            format!("{{{}}}", pairs.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(turned).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[test]
fn the_order_of_keys_says_nothing() {
    for documents in manifests() {
        let text: Vec<String> = documents.iter().map(turned).collect();
        let again = yaml::documents("turned", &text.join("\n")).unwrap();
        assert_eq!(read(&documents), read(&again));
    }
}

#[test]
fn the_order_of_documents_says_nothing_of_a_workload() {
    for documents in manifests() {
        let turned: Vec<Value> = documents.iter().rev().cloned().collect();
        let mut again = read(&turned).workloads;
        again.reverse();
        assert_eq!(read(&documents).workloads, again);
    }
}

#[test]
fn a_list_is_what_it_lists() {
    for documents in manifests().into_iter().filter(|all| all.iter().all(|one| one["kind"] != "List")) {
        let list = json!({"apiVersion": "v1", "kind": "List", "items": documents});
        assert_eq!(read(&documents), read(&[list]));
    }
}

/// Another reader of YAML: it takes `yes` for a text, so manifests that hold such words would differ.
#[test]
fn another_reader_of_yaml_reads_the_same() {
    let mut same = 0;
    for text in texts() {
        let other: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap_or_default();
        let own = yaml::documents("manifest", &text).unwrap();
        if !other.is_empty() {
            assert_eq!(own, other, "{text}");
            same += 1;
        }
    }
    assert!(same > 60, "{same}");
}
