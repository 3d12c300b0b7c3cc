//! `Node`: what it announces, and whether its last change of layout came through.

use serde_json::{Map, Value};

use super::place::part;
use crate::fleet::inventory::from_nodes;
use crate::gpu::catalog;
use crate::review::finding::Finding;
use crate::review::lint::Lint;

/// The label in which NVIDIA's MIG manager says how far a change of layout is.
const STATE: &str = "nvidia.com/mig.config.state";
const CHOICE: &str = "nvidia.com/mig.config";

/// What is wrong with a node.
pub(in crate::review) fn node(object: &Map<String, Value>) -> Vec<Finding> {
    let mut found = Vec::new();
    for problem in from_nodes(catalog(), &Value::Object(object.clone())).problems {
        let lint = match problem.code {
            "mig-invalid" => Lint::MigInvalid,
            "unknown-device" => Lint::UnknownDevice,
            _ => Lint::Unreadable,
        };
        found.push(Finding::of(lint, &problem).at("metadata.labels"));
    }
    let labels = part(object, "metadata.labels");
    let label = |name: &str| labels.get(name).and_then(Value::as_str);
    if label(STATE) == Some("failed") {
        let wanted = label(CHOICE).unwrap_or("the layout");
        let text = format!("the node was to be cut as {wanted}, and that failed");
        found.push(
            Finding::new(Lint::MigConfigFailed, text)
                .at(format!("metadata.labels[{STATE:?}]"))
                .why("what it announces is left over from before; processes on the GPUs stop a change")
                .fix("see the log of its mig-manager, stop what runs on the GPUs, and set the label again"),
        );
    }
    found
}
