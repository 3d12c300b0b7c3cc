//! Every object of the corpus of real manifests through the module: what it answers are the findings of the review,
//! and `migfit check` with the same settings says the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use migfit::kubernetes::Beside;
use migfit::review::{Context, Finding, Review, Severity, Subject};
use migfit::yaml;
use migfit_tests::cluster::Cluster;
use migfit_tests::{doors, reference};
use serde_json::{Value, json};

use crate::door::{create, models, validate_in};

/// The documents of each section of a file of `core/tests/manifests`, by its id.
fn sections(file: &str) -> BTreeMap<String, Vec<Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/manifests").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let section = |part: &str| {
        let (title, rest) = part.split_once('\n').unwrap();
        let (text, _) = rest.split_once("=>\n").unwrap();
        let id = title.split(' ').next().unwrap().to_owned();
        (id, yaml::documents("manifest", text).unwrap_or_default())
    };
    text.split("\n## ").skip(1).map(section).collect()
}

/// Both files, the sections numbered where two have one id.
fn all() -> Vec<(String, Vec<Value>)> {
    let kinds = sections("kinds.txt").into_iter().map(|(id, documents)| (format!("kinds {id}"), documents));
    let all = sections("corpus.txt").into_iter().chain(kinds);
    all.map(|(id, documents)| (id, documents.into_iter().flat_map(items).collect())).collect()
}

/// What a list has in it, or the object itself.
fn items(document: Value) -> Vec<Value> {
    match document["items"].as_array() {
        Some(items) if document["kind"].as_str().is_some_and(|kind| kind.ends_with("List")) => items.clone(),
        _ => vec![document],
    }
}

/// `object` in the namespace that a request for it names.
fn stored(object: &Value) -> Value {
    let mut request = create(object);
    let spread = ["Node", "ClusterQueue"].iter().any(|kind| object["kind"] == *kind);
    let own = object["metadata"]["namespace"].as_str().unwrap_or(if spread { "" } else { "default" });
    request["namespace"] = json!(own);
    request
}

/// The files of a section as a cluster that stores each object in its namespace.
fn cluster(documents: &[Value]) -> Cluster {
    let named = documents.iter().filter(|object| object["metadata"].is_object()).map(|object| {
        let mut object = object.clone();
        let spread = ["DeviceClass", "ClusterServingRuntime", "Node", "ResourceSlice"];
        if !spread.iter().any(|kind| object["kind"] == *kind) && object["metadata"]["namespace"].is_null() {
            object["metadata"]["namespace"] = json!("default");
        }
        object
    });
    Cluster::new(named.collect()).saying("not among the files")
}

fn settings() -> Value {
    let mut settings = models();
    settings["lookups"] = json!({"claims": true, "runtimes": true});
    settings
}

/// The first lines of what a review says: errors for the message, warnings for themselves.
fn expected(review: &Review) -> (Vec<String>, Vec<String>) {
    let of = |severity| review.of(severity).map(Finding::summary).collect();
    (of(Severity::Error), of(Severity::Warning))
}

fn is_stored(object: &Value) -> bool {
    let map = object.as_object();
    map.is_some_and(|map| map.contains_key("apiVersion") && matches!(Subject::of(map), Ok(Some(_))))
}

#[test]
fn the_module_says_of_every_object_what_the_review_finds() {
    let settings = json!({"lookups": {"claims": true, "runtimes": true}});
    let mut judged = 0;
    for (id, documents) in all() {
        let cluster = Arc::new(cluster(&documents));
        for object in documents.iter().filter(|object| is_stored(object)) {
            let answer = validate_in(&cluster, &settings, &stored(object));
            let map = object.as_object().unwrap();
            let context = Context { beside: Beside::of(&documents), ..Context::default() };
            let review = Subject::of(map).unwrap().unwrap().review(map, &context);
            let (errors, warnings) = expected(&review);
            let node = object["kind"] == "Node";
            assert_eq!(answer["accepted"], errors.is_empty() || node, "{id}: {answer}");
            let message = answer["message"].as_str().unwrap_or_default();
            let lines: Vec<&str> = message.lines().filter(|line| !line.starts_with("  ")).collect();
            assert_eq!(lines, errors, "{id}");
            let told: Vec<&str> =
                answer["warnings"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            assert_eq!(told.len(), warnings.len(), "{id}: {told:?} {warnings:?}");
            for (told, warning) in told.iter().zip(&warnings) {
                // Why a claim is not there, only whoever looked for it knows.
                let start = warning.split(", which is not given").next().unwrap();
                let start = start.split(", expected a class").next().unwrap();
                let start: String = start.chars().take(200).collect();
                assert!(told.starts_with(start.trim_end()), "{id}: {told} is not {warning}");
            }
            judged += 1;
        }
    }
    assert!(judged > 80, "only {judged} objects");
}

/// The rows are listed outside the repository; each has its section.
#[test]
fn every_row_of_the_reference_is_judged() {
    let Some(folder) = reference::folder() else { return };
    let rows = std::fs::read_to_string(folder.join("reference/manifests.tsv")).unwrap();
    let corpus = sections("corpus.txt");
    let missing: Vec<&str> = rows
        .lines()
        .skip(1)
        .filter_map(|row| row.split('\t').next())
        .filter(|id| !corpus.contains_key(*id))
        .collect();
    assert_eq!(missing, [""; 0]);
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What `migfit check --settings` says of the documents, one response for each object that is judged.
fn checked(folder: &Folder, settings: &Value, documents: &[Value]) -> Vec<Value> {
    let (file, own) = (folder.0.join("objects.yaml"), folder.0.join("settings.yaml"));
    let texts: Vec<String> = documents.iter().map(Value::to_string).collect();
    std::fs::write(&file, texts.join("\n---\n")).unwrap();
    std::fs::write(&own, settings.to_string()).unwrap();
    let mut command = Command::new(doors::built("migfit"));
    let output = command.arg("check").arg(&file).arg("--settings").arg(&own).arg("--json").output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let objects = answer["objects"].as_array().unwrap().iter();
    objects.map(|object| object["admission"]["response"].clone()).collect()
}

#[test]
fn the_terminal_answers_as_the_module_does() {
    let folder = Folder(std::env::temp_dir().join(format!("migfit-check-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).unwrap();
    let pools = json!([{"name": "mig", "gpu": "A100-40GB", "devices": ["1g.5gb", "3g.20gb"], "nodeSelector": {"pool": "mig"}}]);
    let several = [
        settings(),
        json!({"mode": "warn", "unknownModel": "deny", "minimum": {"context": 8192}, "headroom": "20%"}),
        json!({"mutate": {"rightSize": true, "placement": true, "flags": true}, "pools": pools, "templates": "deny"}),
        json!({"mode": "monitor", "namespaces": [{"names": ["def*"], "mode": "enforce", "profiles": ["1g.10gb"]}],
            "exemptions": {"images": ["quay.io/*"]}, "lookups": {"nodes": true, "claims": true}}),
    ];
    for (id, documents) in all() {
        let judged: Vec<&Value> = documents.iter().filter(|object| is_stored(object)).collect();
        if judged.is_empty() {
            continue;
        }
        for settings in &several {
            let cluster = Arc::new(cluster(&documents));
            let module: Vec<Value> =
                judged.iter().map(|object| validate_in(&cluster, settings, &stored(object))).collect();
            let told = checked(&folder, settings, &documents);
            assert_eq!(told, module, "{id}: {settings}");
        }
    }
}
