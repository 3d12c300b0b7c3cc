//! Texts of what is written for a cluster.

use migfit_errands::Source;

/// Label of the kind.
pub const KIND: &str = "What to write";
/// Label of the spelling.
pub const SPELLING: &str = "How the cluster is asked for the device";
/// Label of the id.
pub const ID: &str = "Model id";
/// What belongs there.
pub const ID_HELP: &str = "As the engine fetches it: organisation/name, or a path in the image.";
/// Label of the name.
pub const NAME: &str = "Name of the objects";
/// What belongs there.
pub const NAME_HELP: &str = "Empty: from the model's id.";
/// Label of the namespace.
pub const NAMESPACE: &str = "Namespace";
/// What belongs there.
pub const NAMESPACE_HELP: &str = "Empty: where they are applied.";
/// Label of the copies.
pub const REPLICAS: &str = "Copies of the model";
/// What belongs there.
pub const REPLICAS_HELP: &str = "From 1 to 100,000. Empty: 1.";
/// Label of the nodes.
pub const NODES: &str = "Nodes";
/// What belongs there.
pub const NODES_HELP: &str = "Nodes that are cut alike, from 1. Empty: 1.";
/// Label of the GPUs.
pub const GPUS: &str = "GPUs of each node";
/// What belongs there.
pub const GPUS_HELP: &str =
    "From 1 to 64. Each is cut as the card below shows it, else into as many of the device as it holds.";
/// Label of the teams.
pub const TEAMS: &str = "Teams, one a line";
/// What belongs there.
pub const TEAMS_HELP: &str = "A name and what it is promised: team-alpha: 1g.10gb=4, gpu=1";
/// Saves the file.
pub const DOWNLOAD: &str = "Download";
/// While it is being written.
pub const WRITING: &str = "Writing it";
/// Title of what cannot be written.
pub const REFUSED: &str = "This cannot be written";

/// Opens the panel.
#[must_use]
pub fn title(device: &str) -> String {
    format!("YAML and commands for {device}")
}

/// Heads of the groups in the list of kinds.
#[must_use]
pub const fn group(source: Source) -> &'static str {
    match source {
        Source::Workload => "The model on this device",
        Source::Nodes => "Nodes that offer this device",
        Source::Teams => "Teams that share it",
    }
}
