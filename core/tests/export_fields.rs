//! Every field of every export against what the schema of its kind says of it: `tests/schemas/fields.tsv`, which
//! `tests/schemas/check.py --facts` writes from the published schemas. A field that stands nowhere there, or has another
//! type, or is missing where it must be, fails here without a network.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};

use migfit::engine::Serving;
use migfit::exports::{
    self, Dialect, Fleet, From, KINDS, Machines, Needs, Team, Wish, Workload, read_layout,
};
use migfit::gpu::layout::Layout;
use migfit::gpu::{Device, find};
use migfit::model;
use serde_json::{Value, json};

/// Kinds that nothing is published of: an idea of an issue.
const WITHOUT: [&str; 1] = ["InferenceEnvironment"];

/// Types of a field, and whether it must be there.
type Fact = (&'static str, bool);

/// Facts by kind (API version and kind), and by field.
fn facts() -> BTreeMap<(&'static str, &'static str), BTreeMap<&'static str, Fact>> {
    let mut facts: BTreeMap<_, BTreeMap<_, Fact>> = BTreeMap::new();
    for line in include_str!("../../tests/schemas/fields.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [version, kind, field, types, needed] = line.split('\t').collect::<Vec<&str>>()[..] else {
            panic!("{line:?}")
        };
        facts.entry((version, kind)).or_default().insert(field, (types, needed == "required"));
    }
    facts
}

/// What is wrong with `value`, which stands at `place`.
fn wrong(value: &Value, place: &str, facts: &BTreeMap<&str, Fact>, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let before =
                |field: &str| if place.is_empty() { field.to_owned() } else { format!("{place}.{field}") };
            for (field, (_, needed)) in facts {
                let own = field.rsplit_once('.').map_or(("", *field), |(before, own)| (before, own));
                if *needed && own.0 == place && !fields.contains_key(own.1) {
                    found.insert(format!("{field} is missing"));
                }
            }
            for (name, value) in fields {
                let own = before(name);
                let any = format!("{place}{{}}");
                let field = if facts.contains_key(own.as_str()) { own } else { any };
                one(value, &field, name, facts, found);
            }
        }
        Value::Array(items) => {
            let field = format!("{place}[]");
            items.iter().for_each(|item| one(item, &field, "", facts, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn one(value: &Value, field: &str, name: &str, facts: &BTreeMap<&str, Fact>, found: &mut BTreeSet<String>) {
    let Some((types, _)) = facts.get(field) else {
        found.insert(format!("{field} {name} is not known"));
        return;
    };
    let own = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Null => "null",
    };
    let whole = own == "integer" && types.split('|').any(|one| one == "number");
    if *types != "any" && !whole && !types.split('|').any(|one| one == own) {
        found.insert(format!("{field} is {own}, not {types}"));
    }
    // Beneath a field that may be anything nothing is said, unless something is.
    let inside = [format!("{field}."), format!("{field}[]"), format!("{field}{{}}")];
    if inside.iter().any(|start| facts.keys().any(|known| known.starts_with(start.as_str()))) {
        wrong(value, field, facts, found);
    }
}

/// Holds every document of an export to the facts of its kind; the kinds that were seen.
fn held(kind: &str, documents: &[Value], seen: &mut BTreeMap<String, u64>, found: &mut BTreeSet<String>) {
    let facts = facts();
    for document in documents {
        let version = document.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
        let name = if version.is_empty() { kind } else { document["kind"].as_str().unwrap() };
        if WITHOUT.contains(&name) {
            continue;
        }
        *seen.entry(name.to_owned()).or_default() += 1;
        let mut own = BTreeSet::new();
        match facts.get(&(version, name)) {
            Some(facts) => wrong(document, "", facts, &mut own),
            None => _ = own.insert("no facts".to_owned()),
        }
        found.extend(own.into_iter().map(|problem| format!("{kind}: {version} {name}: {problem}")));
    }
}

fn workloads(seen: &mut BTreeMap<String, u64>, found: &mut BTreeSet<String>) {
    let config = json!({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 1024, "intermediate_size": 2816,
        "num_hidden_layers": 8, "num_attention_heads": 16, "num_key_value_heads": 4, "vocab_size": 32000,
        "max_position_embeddings": 8192, "torch_dtype": "bfloat16"
    });
    let model = model::read(&config.to_string()).unwrap();
    let serving = Serving {
        max_model_len: Some(2048),
        gpu_memory_utilization: Some("0.85".parse().unwrap()),
        ..Serving::default()
    };
    for gpu in ["A100-40GB", "A30", "H100-80GB", "L4"] {
        for device in Device::all_of(find(gpu).unwrap()) {
            for dialect in Dialect::ALL {
                let wish = Wish {
                    dialect,
                    namespace: Some("team-a".to_owned()),
                    replicas: 2,
                    queue: Some("team-a".to_owned()),
                    priority: Some("serving".to_owned()),
                    ..Wish::default()
                };
                let work = Workload::new("example/small-llama", &model, &serving, device, wish).unwrap();
                for kind in KINDS.iter().filter(|kind| kind.needs == Needs::Workload) {
                    if let Ok(export) = exports::write(kind, From::Workload(&work)) {
                        held(kind.id, &export.values(), seen, found);
                    }
                }
            }
        }
    }
}

fn fleets(seen: &mut BTreeMap<String, u64>, found: &mut BTreeSet<String>) {
    for (gpu, layouts) in [
        ("H100-80GB", vec!["4g.40gb 3g.40gb", "3x2g.20gb 1g.10gb", ""]),
        ("H100-80GB", vec!["7x1g.10gb"; 8]),
        ("A30", vec!["2g.12gb 1g.6gb+me 1g.6gb"]),
        ("H200-141GB", vec![""; 8]),
    ] {
        let gpu = find(gpu).unwrap();
        let layout =
            |text: &&str| if text.is_empty() { Layout::empty(gpu) } else { read_layout(gpu, text).unwrap() };
        let machines = Machines {
            name: "sliced".to_owned(),
            gpu,
            nodes: 2,
            names: Vec::new(),
            labels: BTreeMap::new(),
            layouts: layouts.iter().map(layout).collect(),
            instance_type: None,
        };
        let team = |name: &str| Team { name: name.to_owned(), quota: [(None, 0)].into(), ..Team::default() };
        let fleet = Fleet { machines: vec![machines], teams: vec![team("team-a"), team("team-b")] };
        for kind in KINDS.iter().filter(|kind| kind.needs != Needs::Workload) {
            if let Ok(export) = exports::write(kind, From::Fleet(&fleet)) {
                held(kind.id, &export.values(), seen, found);
            }
        }
    }
}

#[test]
fn every_field_is_one_that_its_schema_knows() {
    let (mut seen, mut found) = (BTreeMap::new(), BTreeSet::new());
    workloads(&mut seen, &mut found);
    fleets(&mut seen, &mut found);
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "see tests/schemas/README.md:\n{}", found.join("\n"));
    for (_, kind) in facts().keys() {
        assert!(seen.contains_key(*kind), "no export writes {kind}, of which there are facts");
    }
}

/// A check that cannot fail is a defect.
#[test]
fn what_the_schema_does_not_know_is_found() {
    let facts = facts();
    let pod = &facts[&("v1", "Pod")];
    let mut found = BTreeSet::new();
    let bad = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": 5}, "spec": {"surprise": 1, "containers": [
        {"image": "x", "ports": {}}]}});
    wrong(&bad, "", pod, &mut found);
    let found: Vec<String> = found.into_iter().collect();
    assert_eq!(
        found,
        [
            "metadata.name is integer, not string",
            "spec.containers[].name is missing",
            "spec.containers[].ports is object, not array",
            "spec{} surprise is not known",
        ]
    );
}
