//! What is said of every object of the corpus (`manifests/corpus.txt`): verdict and findings.
//!
//! `manifests/verdicts.txt` has them by the id of the row; with `MIGFIT_BLESS` set it is written anew. What each row
//! must come to is held below besides.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use migfit::fleet::pools;
use migfit::kubernetes::Beside;
use migfit::matching::Verdict;
use migfit::review::{Cluster, Config, Context, Known, Subject};
use migfit::{catalog, gpu, yaml};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests")
}

/// The documents of each section, by its id.
fn corpus() -> BTreeMap<String, Vec<Value>> {
    let text = std::fs::read_to_string(folder().join("corpus.txt")).unwrap();
    let section = |part: &str| {
        let (title, rest) = part.split_once('\n').unwrap();
        let (text, _) = rest.split_once("=>\n").unwrap();
        let id = title.split(' ').next().unwrap().to_owned();
        (id, yaml::documents("manifest", text).unwrap_or_default())
    };
    text.split("\n## ").skip(1).map(section).collect()
}

/// One line for each object that is reviewed.
fn told(documents: &[Value], context: &Context) -> Vec<String> {
    let context = Context { beside: Beside::of(documents), ..context.clone() };
    let mut lines = Vec::new();
    for object in documents {
        let Some(map) = object.as_object() else { continue };
        let kind = map.get("kind").and_then(Value::as_str).unwrap_or("no kind");
        let Ok(Some(subject)) = Subject::of(map) else {
            lines.push(format!("{kind}: not looked at"));
            continue;
        };
        let review = subject.review(map, &context);
        let mut line = format!("{kind}: {}", review.verdict.map_or("-", Verdict::word));
        for finding in &review.findings {
            write!(line, " {}({})", finding.lint.id(), finding.severity.word()).unwrap();
        }
        lines.push(line);
    }
    lines
}

/// Models of the corpus that the catalog lacks, by what workloads call them and an entry of the same shape.
const SHAPES: [(&str, &str); 2] = [
    ("intfloat/multilingual-e5-large-instruct", "intfloat/multilingual-e5-large"),
    ("/models/mistral-7b", "mistralai/Mistral-7B-Instruct-v0.1"),
];

fn shapes() -> BTreeMap<&'static str, Value> {
    SHAPES
        .iter()
        .map(|(id, like)| (*id, Value::Object(catalog::find(like).unwrap().config().unwrap())))
        .collect()
}

fn context<'a>(shapes: &'a BTreeMap<&'static str, Value>) -> Context<'a> {
    let known = |config| Known { source: "the test", place: "test".to_owned(), config: Config::Json(config) };
    Context { models: shapes.iter().map(|(id, config)| (*id, known(config))).collect(), ..Context::default() }
}

#[test]
fn every_object_of_the_corpus_has_its_answer() {
    let shapes = shapes();
    let mut answer = String::new();
    for (id, documents) in corpus() {
        for line in told(&documents, &context(&shapes)) {
            writeln!(answer, "{id} {line}").unwrap();
        }
    }
    let path = folder().join("verdicts.txt");
    if std::env::var_os("MIGFIT_BLESS").is_some() {
        std::fs::write(&path, &answer).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(answer, expected, "where this is meant, run with MIGFIT_BLESS=1");
}

/// What rows must come to. The first workload of a row decides.
#[test]
fn rows_come_to_what_a_reader_expects() {
    let (shapes, corpus) = (shapes(), corpus());
    let context = context(&shapes);
    let of = |id: &str| told(&corpus[id], &context);
    let starts =
        |id: &str, start: &str| of(id).iter().any(|line| line.split_once(": ").unwrap().1.starts_with(start));
    let has = |id: &str, finding: &str| of(id).iter().any(|line| line.contains(finding));
    for (id, start) in [
        ("M079", "no"),
        ("M064", "fits"),
        ("M066", "fits"),
        ("M077", "fits"),
        ("M006", "unknown"),
        ("M008", "unknown"),
        ("M009", "unknown"),
        ("M041", "unknown"),
        ("M062", "unknown"),
    ] {
        assert!(starts(id, start), "{id}: {:?}", of(id));
    }
    for (id, finding) in [
        ("M079", "parallel-on-slices(error)"),
        ("M012", "several-slices(warning)"),
        ("M051", "several-slices(warning)"),
        ("M076", "several-slices(warning)"),
        ("M083", "scattered-slices(warning)"),
        ("M087", "quota-not-enforced(warning)"),
        ("M002", "over-provisioned(warning)"),
        ("M003", "over-provisioned(warning)"),
        ("M078", "over-provisioned(warning)"),
        ("M062", "unrendered-template(warning)"),
        ("M072", "selects-nothing(warning)"),
        ("M036", "gpu-beside-mig(warning)"),
    ] {
        assert!(has(id, finding), "{id}: {:?}", of(id));
    }
    for id in ["M006", "M008", "M009", "M041", "M042", "M043"] {
        assert!(!has(id, "(warning)") && !has(id, "(error)"), "{id}: {:?}", of(id));
    }
}

/// A 7B model asks for `nvidia.com/gpu`; that it gets a slice of 10 GB only the pool tells.
#[test]
fn what_only_the_pool_tells() {
    let pools = json!([{"pools": [{"name": "h100", "gpu": "H100-80GB", "gpusPerNode": 1, "nodes": 1,
        "layout": "7x1g.10gb", "resource": "nvidia.com/gpu"}]}]);
    let pools = pools::read(gpu::catalog(), pools.as_array().unwrap());
    assert_eq!(pools.problems, []);
    let shapes = shapes();
    let cluster = Cluster { source: "the pools", gpus: Vec::new(), pools: &pools.pools };
    let known = Context { cluster, ..context(&shapes) };
    let documents = &corpus()["M015"];
    assert_eq!(told(documents, &context(&shapes)), ["Pod: unknown may-not-fit(warning)"]);
    assert_eq!(told(documents, &known), ["Pod: no does-not-fit(error)"]);
}
