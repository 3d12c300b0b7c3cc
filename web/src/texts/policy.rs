//! Texts of the page that reviews manifests.

use std::collections::BTreeMap;

/// Heading.
pub const TITLE: &str = "What is wrong with this manifest?";
/// What the page does.
pub const ABOUT: &str =
    "The findings of the admission policy with its usual settings and of “migfit check”, object by object.";
/// Label of the manifest.
pub const MANIFEST: &str = "Manifest, YAML or JSON";
/// Fills the example in.
pub const EXAMPLE: &str = "Try a slice that is too small";
/// Label of the models.
pub const MODELS: &str = "Known models (optional)";
/// What belongs there.
pub const MODELS_HELP: &str = "Configs by the id that the manifest uses, as JSON or YAML: {\"org/name\": {…}}. Models of the catalog are known.";
/// Label of the cards.
pub const GPUS: &str = "GPUs of the cluster (optional)";
/// What belongs there.
pub const GPUS_HELP: &str =
    "Names with commas: H100-80GB, L40S. Without any, each card of the catalog may be meant.";
/// Heading of the answer.
pub const ANSWER: &str = "Findings";
/// Without a manifest.
pub const EMPTY: &str =
    "Paste a manifest, several documents or a list, and every object is reviewed as you type.";
/// While it is reviewed.
pub const DOING: &str = "Reviewing the manifest";
/// Title of what cannot be used.
pub const REFUSED: &str = "This cannot be reviewed";
/// An object without findings.
pub const CLEAN: &str = "Nothing to say against it.";
/// An object that asks for no device.
pub const NO_DEVICE: &str = "asks for no device";
/// Label of the places.
pub const AT: &str = "at: ";
/// Without an object of a kind that is reviewed.
pub const NOTHING: &str = "No object here is of a kind that is reviewed: those that make pods, quotas, nodes, claims, \
    cluster queues, and ConfigMaps with layouts of slices.";

/// Kinds that are not reviewed.
#[must_use]
pub fn others(others: &BTreeMap<String, usize>) -> String {
    let kinds: Vec<String> = others.iter().map(|(kind, number)| format!("{number} × {kind}")).collect();
    format!("Not reviewed: {}.", kinds.join(", "))
}
