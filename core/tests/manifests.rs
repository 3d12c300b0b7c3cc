//! Manifests as people write them, and what is read of each, word by word.
//!
//! Sections of a file begin with `## NAME`, hold YAML, and behind `=>` what must be read of it. With `MIGFIT_BLESS`
//! set that part is written anew.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use migfit::engine::Serving;
use migfit::kubernetes::{
    Asked, Beside, Claim, Container, Launch, NodeWish, PodSpec, Reading, Server, Sharing, candidates, launch,
    read, requested,
};
use migfit::problem::Problem;
use migfit::yaml;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests")
}

/// One section: its title, the YAML, and what is expected of it.
struct Section {
    title: String,
    text: String,
    expected: String,
}

/// What stands before the first section, and the sections.
fn sections(file: &str) -> (String, Vec<Section>) {
    let text = std::fs::read_to_string(folder().join(file)).unwrap();
    let mut parts = text.split("\n## ");
    let head = parts.next().unwrap().to_owned();
    let section = |part: &str| {
        let (title, rest) = part.split_once('\n').unwrap();
        let (text, expected) =
            rest.split_once("=>\n").unwrap_or_else(|| panic!("{title}: nothing is expected"));
        Section { title: title.to_owned(), text: text.to_owned(), expected: expected.trim_end().to_owned() }
    };
    (head, parts.map(section).collect())
}

fn problem(problem: &Problem) -> String {
    format!("{}: {problem}", problem.code)
}

fn told(documents: &[Value]) -> String {
    let Reading { workloads, others, problems } = read(documents);
    let mut text = String::new();
    for workload in workloads {
        writeln!(text, "{} {}", workload.kind.name(), workload.name).unwrap();
        for pod in &workload.pods {
            tell_pod(&mut text, pod);
        }
    }
    let beside = Beside::of(documents);
    for other in others {
        writeln!(text, "other: {other}").unwrap();
        let (kind, name) = other.split_once(' ').unwrap_or((&other, ""));
        let same = |one: &&Value| one["kind"] == kind && one["metadata"]["name"] == name;
        if kind.starts_with("ResourceClaim") {
            let claims =
                requested(documents.iter().find(same).unwrap().as_object().unwrap(), &beside).unwrap();
            claims.iter().for_each(|claim| tell_claim(&mut text, claim, &NodeWish::default()));
        }
    }
    for one in &problems {
        writeln!(text, "problem {}", problem(one)).unwrap();
    }
    text.trim_end().to_owned()
}

fn tell_pod(text: &mut String, pod: &PodSpec) {
    let replicas = pod.replicas.map_or_else(|| "some".to_owned(), |count| count.to_string());
    if !pod.role.is_empty() || replicas != "1" || pod.nodes != 1 {
        writeln!(text, "  {} x{replicas}, {} together", pod.role, pod.nodes).unwrap();
    }
    for container in &pod.containers {
        writeln!(text, "  {}: {}", container.path, tell_launch(container)).unwrap();
        container.claims.iter().for_each(|claim| tell_claim(text, claim, &pod.node));
    }
}

fn tell_launch(container: &Container) -> String {
    match launch(container) {
        Ok(launch) => {
            let server = launch.server.map_or("no server", Server::name);
            let version = launch.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            let model = match (&launch.model, &launch.hidden) {
                (Some(model), None) => format!("model {model}"),
                (_, Some(hidden)) => problem(hidden),
                (None, None) => "no model and no reason".to_owned(),
            };
            format!("{server}{version}; {model}{}", settings(&launch))
        }
        Err(problems) => problems.iter().map(problem).collect::<Vec<_>>().join("; "),
    }
}

/// The settings that are not the default.
fn settings(launch: &Launch) -> String {
    // Sorted, because a feature of serde_json that another package turns on keeps the order of the fields.
    let value = |serving: &Serving| -> BTreeMap<String, Value> {
        serde_json::from_value(serde_json::to_value(serving).unwrap()).unwrap()
    };
    let (own, plain) = (value(&launch.serving), value(&Serving::default()));
    let mut text = String::new();
    for (name, value) in own {
        if plain[&name] != value {
            write!(text, "; {name} {value}").unwrap();
        }
    }
    if let Some(method) = &launch.quantization {
        write!(text, "; quantization {method}").unwrap();
    }
    if launch.pipeline_parallel > 1 || launch.data_parallel > 1 || launch.several_nodes {
        let (pipeline, data) = (launch.pipeline_parallel, launch.data_parallel);
        write!(text, "; pipeline {pipeline}, data {data}, several nodes {}", launch.several_nodes).unwrap();
    }
    if !launch.open.is_empty() {
        write!(text, "; open {:?}", launch.open).unwrap();
    }
    text
}

fn tell_claim(text: &mut String, claim: &Claim, node: &NodeWish) {
    let Claim { count, resource, spelling, sharing, .. } = claim;
    let shared = if *sharing == Sharing::Alone { String::new() } else { format!(", {sharing:?}") };
    let part = match &claim.asked {
        Asked::Part(part) => format!(", {part:?}"),
        _ => String::new(),
    };
    let slice = if claim.is_slice() { ", a slice" } else { "" };
    let devices = match candidates(claim, node, &[]) {
        Ok(found) => {
            let cut = found.cut(claim);
            let labels: Vec<String> = match &cut {
                Some(cut) => cut.iter().map(|gpu| gpu.short_name.to_string()).collect(),
                None => found.devices.iter().map(|device| device.label()).collect(),
            };
            match labels.len() {
                0..=12 => labels.join(", "),
                several => format!("{several} devices, {} to {}", labels[0], labels[several - 1]),
            }
        }
        Err(one) => problem(&one),
    };
    writeln!(text, "    {count} x {resource}, {}{shared}{part}{slice}: {devices}", spelling.word()).unwrap();
}

fn check(file: &str) {
    let (head, sections) = sections(file);
    let mut wrong = Vec::new();
    let mut blessed = head;
    for section in sections {
        let told = match yaml::documents("manifest", &section.text) {
            Ok(documents) => told(&documents),
            Err(one) => format!("problem {}", problem(&one)),
        };
        write!(blessed, "\n## {}\n{}=>\n{told}\n", section.title, section.text).unwrap();
        if told != section.expected {
            wrong.push(format!("## {}\nread:\n{told}\nexpected:\n{}", section.title, section.expected));
        }
    }
    if std::env::var_os("MIGFIT_BLESS").is_some() {
        std::fs::write(folder().join(file), blessed).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{file}:\n{}", wrong.join("\n\n"));
}

#[test]
fn the_corpus_is_read() {
    check("corpus.txt");
}

#[test]
fn every_kind_and_server_is_read() {
    check("kinds.txt");
}

/// The folder of the reference data, which lies outside the repository.
fn reference(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("MIGFIT_REFERENCE")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = folder.join("reference").join(name);
    if !path.exists() {
        println!("reference data absent: set MIGFIT_REFERENCE");
        return None;
    }
    Some(path)
}

#[test]
fn every_row_of_the_reference_is_rebuilt() {
    let Some(path) = reference("manifests.tsv") else { return };
    let (_, sections) = sections("corpus.txt");
    let rebuilt: Vec<&str> = sections.iter().filter_map(|section| section.title.split(' ').next()).collect();
    let rows = std::fs::read_to_string(path).unwrap();
    let ids: Vec<&str> = rows.lines().skip(1).filter_map(|row| row.split('\t').next()).collect();
    assert!(ids.len() >= 48, "{} rows", ids.len());
    assert_eq!(rebuilt, ids);
}

/// Objects as a real API server sends them. `reviews.txt` has what is read of each, by the name of its file.
#[test]
fn what_an_api_server_sends_is_read() {
    let Some(folder) = reference("admission-reviews") else { return };
    let (head, sections) = sections("reviews.txt");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut blessed = head;
    let mut expected = blessed.clone();
    sections.iter().for_each(|one| write!(expected, "\n## {}\n=>\n{}\n", one.title, one.expected).unwrap());
    for file in files {
        let review: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let sides = ["object", "oldObject"].map(|side| review["request"][side].clone());
        let told: Vec<String> = sides
            .iter()
            .filter(|side| !side.is_null())
            .map(|side| told(std::slice::from_ref(side)))
            .collect();
        let name = file.file_name().unwrap().to_string_lossy();
        write!(blessed, "\n## {name}\n=>\n{}\n", told.join("\n---\n")).unwrap();
    }
    if std::env::var_os("MIGFIT_BLESS").is_some() {
        std::fs::write(self::folder().join("reviews.txt"), &blessed).unwrap();
        return;
    }
    assert_eq!(blessed, expected);
}
