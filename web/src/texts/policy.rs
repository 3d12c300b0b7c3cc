//! Texts of the page that reviews manifests.

use std::collections::BTreeMap;

/// Heading.
pub const TITLE: &str = "What is wrong with this manifest?";
/// What the page does.
pub const ABOUT: &str = "The findings of “migfit check”, object by object, and what the admission policy would answer, word for word.";
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
pub const GPUS_HELP: &str = "Names with commas: H100-80GB, L40S. Empty: any card of the catalog.";
/// Label of the settings.
pub const SETTINGS: &str = "Settings of the policy (optional)";
/// What belongs there.
pub const SETTINGS_HELP: &str = "YAML or JSON: the settings, or the policy object that holds them. ConfigMaps, Nodes and ResourceSlices of the \
    manifest answer its look-ups.";
/// Fills the settings in.
pub const SETTINGS_EXAMPLE: &str = "Try settings that correct it";
/// Label of the mode.
pub const MODE: &str = "Mode";
/// What it does.
pub const MODE_HELP: &str = "In place of the mode in the settings.";
/// The modes.
pub const MODES: [(&str, &str); 4] = [
    ("", "as the settings say"),
    ("enforce", "enforce: refuse"),
    ("warn", "warn: let pass, with warnings"),
    ("monitor", "monitor: audit log alone"),
];
/// Label of the namespace.
pub const NAMESPACE: &str = "Namespace";
/// What belongs there.
pub const NAMESPACE_HELP: &str = "For objects that name none. Empty: default.";
/// Label of the user.
pub const USER: &str = "User who applies it";
/// What belongs there.
pub const USER_HELP: &str = "For exemptions. Empty: kubernetes-admin.";
/// Heading of the policy's answer.
pub const ADMISSION: &str = "The admission policy answers";
/// It lets an object pass.
pub const ACCEPTED: &str = "accepted";
/// It does not.
pub const DENIED: &str = "refused";
/// Before a warning.
pub const WARNING: &str = "warning:";
/// Heading of the changes.
pub const CHANGES: &str = "What it changes in the object";
/// Opens the audit annotations.
pub const AUDIT: &str = "Audit annotations";
/// Title of what the policy says against its settings.
pub const BAD_SETTINGS: &str = "The admission policy cannot be asked with these settings";

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
