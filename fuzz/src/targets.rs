//! What each target reads, and what must hold of an answer. Each says whether it understood its input.

use migfit::fleet::selector::{Properties, Selector};
use migfit::fleet::{inventory, pools as fleet_pools};
use migfit::gpu::layout::Layout;
use migfit::gpu::{self, ProfileName, catalog};
use migfit::inspect::inspect;
use migfit::kubernetes::{self, Kind};
use migfit::matching::requirement::Workload;
use migfit::memory::Log;
use migfit::model::adapter::Adapter;
use migfit::model::{self, Model};
use migfit::planning::Document;
use migfit::{matching, yaml as text_yaml};
use serde_json::Value;

/// The text of `data`; bytes that are no text are replaced, as a door would refuse them before.
fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}

fn value(data: &[u8]) -> Option<Value> {
    serde_json::from_slice(data).ok()
}

/// A `config.json`: what is counted holds together, on a device as well.
pub fn config(data: &[u8]) -> bool {
    let Ok(model) = model::read(&text(data)) else { return false };
    holds_together(&model);
    true
}

fn holds_together(model: &Model) {
    let found = inspect(model);
    let groups =
        found.parameters.groups.iter().fold(0_u64, |sum, group| sum.saturating_add(group.parameters));
    assert_eq!(groups, found.parameters.total, "groups do not add up to the total");
    assert!(found.parameters.active <= found.parameters.total, "more are active than there are");
    for name in ["H100-80GB 1g.10gb", "H200-141GB"] {
        let Ok(device) = gpu::device(name) else { return };
        let Ok(report) = matching::fit(model, &migfit::engine::Serving::default(), &[device]) else { return };
        for offer in report.offers {
            assert!(offer.usable <= offer.memory, "more is usable than there is");
            assert!(offer.spare.get() == 0 || offer.shortfall.get() == 0, "both spare and short");
        }
    }
}

/// A `config.json` whose quantization is broken.
pub fn quantization(data: &[u8]) -> bool {
    let Some(found) = value(data) else { return false };
    let Some(entry) = migfit::catalog::find("meta-llama/Llama-3.1-8B-Instruct").ok() else { return false };
    let Ok(mut config) = entry.config() else { return false };
    config.insert("quantization_config".to_owned(), found);
    let Ok(model) = model::read_object(&config) else { return false };
    holds_together(&model);
    true
}

/// ModelOpt's file beside a config.
pub fn side_file(data: &[u8]) -> bool {
    model::quantization::read_side_file(&text(data)).is_ok()
}

/// An index, the Hub's metadata, or the header of a `.safetensors` file.
pub fn evidence(data: &[u8]) -> bool {
    model::evidence::read(data).is_ok()
}

/// The config of a LoRA adapter.
pub fn adapter(data: &[u8]) -> bool {
    Adapter::read(&text(data)).is_ok()
}

/// Cards of one's own.
pub fn cards(data: &[u8]) -> bool {
    let Some(own) = value(data) else { return false };
    let Ok(cards) = gpu::catalog_with(&own) else { return false };
    assert!(cards.len() >= catalog().len(), "own cards took others away");
    true
}

/// Names of profiles, resources, cards and devices; what is understood is printed and read as the same.
pub fn names(data: &[u8]) -> bool {
    let text = text(data);
    let mut known = false;
    if let Ok(name) = ProfileName::parse(&text) {
        assert_eq!(ProfileName::parse(&name.to_string()), Ok(name), "a name does not read back");
        known = true;
    }
    if let Ok(name) = ProfileName::from_resource_name(&text) {
        let resource = name.resource_name();
        assert_eq!(ProfileName::from_resource_name(&resource), Ok(name), "a resource does not read back");
        known = true;
    }
    known |= gpu::find(&text).is_ok();
    if let Ok(device) = gpu::device(&text) {
        assert_eq!(gpu::device(&device.label()), Ok(device), "a device does not read back");
        known = true;
    }
    known |= migfit::catalog::find(&text).is_ok();
    known | inventory::quantity(&text).is_ok()
}

/// A layout as a person writes it.
pub fn layout(data: &[u8]) -> bool {
    let text = text(data);
    let mut known = false;
    for card in catalog().iter().filter(|card| card.has_mig()) {
        if let Ok(layout) = Layout::parse(card, &text) {
            let again = Layout::parse(card, &layout.to_string());
            assert_eq!(again.as_ref(), Ok(&layout), "a layout does not read back");
            known = true;
        }
    }
    known
}

/// Nodes, resource slices and mig-parted files as values.
pub fn inventory(data: &[u8]) -> bool {
    let Some(value) = value(data) else { return false };
    let nodes = inventory::from_nodes(catalog(), &value).nodes;
    let slices = inventory::from_resource_slices(catalog(), &value).nodes;
    let parted = inventory::from_mig_parted(catalog(), &value, "all-balanced", "H100-80GB", 8);
    !nodes.is_empty() || !slices.is_empty() || parted.is_ok()
}

/// What `nvidia-smi` prints.
pub fn smi(data: &[u8]) -> bool {
    !inventory::from_smi(catalog(), "node", &text(data)).nodes.is_empty()
}

/// Pools in every form.
pub fn pools(data: &[u8]) -> bool {
    let Ok(documents) = text_yaml::documents("pools", &text(data)) else { return false };
    let read = fleet_pools::read(catalog(), &documents);
    !read.pools.is_empty() && read.problems.is_empty()
}

/// A workload that says itself what it requires.
pub fn declared(data: &[u8]) -> bool {
    let Ok(documents) = text_yaml::documents("workload", &text(data)) else { return false };
    let each = documents.iter().map(|document| match Workload::read(document, "workload") {
        Ok(workload) => workload.requirement(None).is_ok(),
        Err(problems) => {
            assert!(!problems.is_empty(), "refused without a reason");
            false
        }
    });
    // Every one is read, whatever became of those before it.
    each.fold(true, |all, one| all & one)
}

/// A fleet to plan; what is read becomes machines or a reason.
pub fn fleet(data: &[u8]) -> bool {
    let Ok(documents) = text_yaml::documents("fleet", &text(data)) else { return false };
    let each = documents.iter().map(|document| {
        let machines =
            Document::read(document).and_then(|read| read.machines(catalog()).map(|made| made.len()));
        assert!(
            machines.as_ref().err().is_none_or(|problems| !problems.is_empty()),
            "refused without a reason"
        );
        machines.is_ok()
    });
    each.fold(true, |all, one| all & one)
}

/// A selector of a device claim, over real devices.
pub fn selector(data: &[u8]) -> bool {
    let Ok(selector) = Selector::parse(&text(data)) else { return false };
    for device in gpu::devices().iter().take(20) {
        _ = selector.admits(&Properties::of(device));
    }
    true
}

/// An engine's log.
pub fn log(data: &[u8]) -> bool {
    Log::read(&text(data)).is_ok()
}

/// A Kubernetes object, its pods, their claims and command lines.
pub fn workload(data: &[u8]) -> bool {
    let Some(Value::Object(object)) = value(data) else { return false };
    let Ok(Some(kind)) = Kind::of(&object) else { return false };
    let Ok(pods) = kubernetes::pods(kind, &object) else { return false };
    for pod in &pods {
        for container in &pod.containers {
            _ = kubernetes::launch(container);
            for claim in &container.claims {
                _ = kubernetes::candidates(claim, &pod.node, &[]);
            }
        }
    }
    true
}

/// YAML as `kubectl` takes it; what is read is JSON and reads back as the same.
pub fn yaml(data: &[u8]) -> bool {
    let Ok(documents) = text_yaml::documents("text", &text(data)) else { return false };
    for document in documents {
        let written = document.to_string();
        let again = text_yaml::documents("text", &written).unwrap_or_default();
        let back = matches!(again.as_slice(), [only] if same(only, &document));
        assert!(document.is_null() || back, "a document does not read back: {written}");
    }
    true
}

/// Whether two values are the same, numbers to the last of their places: JSON's reader takes the fast way, which finds
/// the nearest number for up to fifteen digits and its neighbour for some of more.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Number(one), Value::Number(other)) if one.is_f64() && other.is_f64() => {
            let bits = |number: &serde_json::Number| number.as_f64().unwrap_or_default().to_bits();
            bits(one).abs_diff(bits(other)) <= 1
        }
        (one, other) => one == other,
    }
}

/// An admission request with its settings: always an answer, and never "accepted" for what is no JSON.
pub fn request(data: &[u8]) -> bool {
    let answer = migfit_policy::validate(data, migfit_policy::Host::default());
    let answer = value(&answer).unwrap_or_default();
    let accepted = answer["accepted"].as_bool();
    assert!(accepted.is_some(), "no answer");
    assert!(value(data).is_some() || accepted == Some(false), "accepted what is no JSON");
    // A refusal of a workload is an answer; one of the question is not.
    let message = answer["message"].as_str().unwrap_or_default();
    !["payload", "request", "settings"].iter().any(|part| message.starts_with(part))
}

/// Settings of the policy: always an answer.
pub fn settings(data: &[u8]) -> bool {
    let answer = value(&migfit_policy::validate_settings(data)).unwrap_or_default();
    let valid = answer["valid"].as_bool();
    assert!(valid.is_some(), "no answer");
    assert!(valid == Some(true) || answer["message"].is_string(), "refused without a reason");
    valid == Some(true)
}

/// The part of a link behind `#`. What is read may be written another way (keys in order, say), and then always that.
pub fn link(data: &[u8]) -> bool {
    use migfit_web::state::link::{read, write};
    let Ok(state) = read(&text(data)) else { return false };
    let written = write(&state).fragment;
    let again = read(&written).map(|state| write(&state).fragment);
    assert_eq!(again, Ok(written), "a link does not read back");
    true
}
