//! What each target reads, and what must hold of an answer.

use migfit::fleet::{inventory, pools as fleet_pools};
use migfit::gpu::layout::Layout;
use migfit::gpu::{self, ProfileName, catalog};
use migfit::inspect::inspect;
use migfit::kubernetes::{self, Kind};
use migfit::memory::Log;
use migfit::model::adapter::Adapter;
use migfit::model::{self, Model};
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
pub fn config(data: &[u8]) {
    let Ok(model) = model::read(&text(data)) else { return };
    holds_together(&model);
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
pub fn quantization(data: &[u8]) {
    let Some(found) = value(data) else { return };
    let Some(entry) = migfit::catalog::find("meta-llama/Llama-3.1-8B-Instruct").ok() else { return };
    let Ok(mut config) = entry.config() else { return };
    config.insert("quantization_config".to_owned(), found);
    if let Ok(model) = model::read_object(&config) {
        holds_together(&model);
    }
}

/// ModelOpt's file beside a config.
pub fn side_file(data: &[u8]) {
    _ = model::quantization::read_side_file(&text(data));
}

/// An index, the Hub's metadata, or the header of a `.safetensors` file.
pub fn evidence(data: &[u8]) {
    _ = model::evidence::read(data);
}

/// The config of a LoRA adapter.
pub fn adapter(data: &[u8]) {
    _ = Adapter::read(&text(data));
}

/// Cards of one's own.
pub fn cards(data: &[u8]) {
    let Some(own) = value(data) else { return };
    if let Ok(cards) = gpu::catalog_with(&own) {
        assert!(cards.len() >= catalog().len(), "own cards took others away");
    }
}

/// Names of profiles, resources, cards and devices; what is understood is printed and read as the same.
pub fn names(data: &[u8]) {
    let text = text(data);
    if let Ok(name) = ProfileName::parse(&text) {
        assert_eq!(ProfileName::parse(&name.to_string()), Ok(name), "a name does not read back");
    }
    if let Ok(name) = ProfileName::from_resource_name(&text) {
        let resource = name.resource_name();
        assert_eq!(ProfileName::from_resource_name(&resource), Ok(name), "a resource does not read back");
    }
    _ = gpu::find(&text);
    if let Ok(device) = gpu::device(&text) {
        assert_eq!(gpu::device(&device.label()), Ok(device), "a device does not read back");
    }
    _ = migfit::catalog::find(&text);
    _ = inventory::quantity(&text);
}

/// A layout as a person writes it.
pub fn layout(data: &[u8]) {
    let text = text(data);
    for card in catalog().iter().filter(|card| card.has_mig()) {
        if let Ok(layout) = Layout::parse(card, &text) {
            let again = Layout::parse(card, &layout.to_string());
            assert_eq!(again.as_ref(), Ok(&layout), "a layout does not read back");
        }
    }
}

/// Nodes, resource slices and mig-parted files as values.
pub fn inventory(data: &[u8]) {
    let Some(value) = value(data) else { return };
    _ = inventory::from_nodes(catalog(), &value);
    _ = inventory::from_resource_slices(catalog(), &value);
    _ = inventory::from_mig_parted(catalog(), &value, "all-balanced", "H100-80GB", 8);
}

/// What `nvidia-smi` prints.
pub fn smi(data: &[u8]) {
    _ = inventory::from_smi(catalog(), "node", &text(data));
}

/// Pools in every form.
pub fn pools(data: &[u8]) {
    let Ok(documents) = text_yaml::documents("pools", &text(data)) else { return };
    _ = fleet_pools::read(catalog(), &documents);
}

/// An engine's log.
pub fn log(data: &[u8]) {
    _ = Log::read(&text(data));
}

/// A Kubernetes object, its pods, their claims and command lines.
pub fn workload(data: &[u8]) {
    let Some(Value::Object(object)) = value(data) else { return };
    let Ok(Some(kind)) = Kind::of(&object) else { return };
    let Ok(pods) = kubernetes::pods(kind, &object) else { return };
    for pod in &pods {
        for container in &pod.containers {
            _ = kubernetes::launch(container);
            for claim in &container.claims {
                _ = kubernetes::candidates(claim, &pod.node, &[]);
            }
        }
    }
}

/// YAML as `kubectl` takes it; what is read is JSON and reads back as the same.
pub fn yaml(data: &[u8]) {
    let Ok(documents) = text_yaml::documents("text", &text(data)) else { return };
    for document in documents {
        let written = document.to_string();
        let again = text_yaml::documents("text", &written).unwrap_or_default();
        assert!(document.is_null() || again == [document], "a document does not read back: {written}");
    }
}

/// An admission request with its settings: always an answer, and never "accepted" for what is no JSON.
pub fn request(data: &[u8]) {
    let answer = migfit_policy::validate(data, migfit_policy::Host::default());
    let answer = value(&answer).unwrap_or_default();
    let accepted = answer["accepted"].as_bool();
    assert!(accepted.is_some(), "no answer");
    assert!(value(data).is_some() || accepted == Some(false), "accepted what is no JSON");
}

/// Settings of the policy: always an answer.
pub fn settings(data: &[u8]) {
    let answer = value(&migfit_policy::validate_settings(data)).unwrap_or_default();
    let valid = answer["valid"].as_bool();
    assert!(valid.is_some(), "no answer");
    assert!(valid == Some(true) || answer["message"].is_string(), "refused without a reason");
}

/// The part of a link behind `#`. What is read may be written another way (keys in order, say), and then always that.
pub fn link(data: &[u8]) {
    use migfit_web::state::link::{read, write};
    let Ok(state) = read(&text(data)) else { return };
    let written = write(&state).fragment;
    let again = read(&written).map(|state| write(&state).fragment);
    assert_eq!(again, Ok(written), "a link does not read back");
}
