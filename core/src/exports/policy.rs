//! Settings for our own admission policy.

use super::export::{Export, object};
use super::fleet::Fleet;
use super::tree::{Map, Tree};
use crate::problem::Problem;

/// A ClusterAdmissionPolicy whose settings name the cluster's cards.
pub(super) fn policy(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let mut cards: Vec<String> =
        fleet.machines.iter().map(|machines| machines.gpu.short_name.to_string()).collect();
    cards.sort();
    cards.dedup();
    let rule = |group: &str, resources: Vec<&str>| {
        Map::new()
            .with("apiGroups", vec![group])
            .with("apiVersions", vec!["v1"])
            .with("resources", resources)
            .with("operations", vec!["CREATE", "UPDATE"])
    };
    let rules = vec![
        rule("", vec!["pods", "replicationcontrollers"]),
        rule("apps", vec!["deployments", "replicasets", "statefulsets", "daemonsets"]),
        rule("batch", vec!["jobs", "cronjobs"]),
    ];
    let settings = Map::new()
        .with("gpus", cards)
        .with("unknownModel", "warn")
        .with("unknownDevice", "warn")
        .with("unreadable", "deny")
        .with("parallelOnSlices", Tree::from("deny").why("slices have no path to each other"));
    let labels = Map::new().with("migfit.io/enforce", "true");
    let spec = Map::new()
        .with("module", "registry://ghcr.io/migfit/policies/migfit:v0.1.0")
        .with("mutating", false)
        .with("timeoutSeconds", 3)
        .with(
            "mode",
            Tree::from("monitor")
                .why("writes verdicts down and refuses nothing: set `protect` when they are right"),
        )
        .with("namespaceSelector", Map::new().with("matchLabels", labels))
        .with("rules", rules)
        .with("settings", settings);
    let document =
        object("policies.kubewarden.io/v1", "ClusterAdmissionPolicy", Map::new().with("name", "migfit"))
            .with("spec", spec);
    let notes = vec![
        "holds in namespaces with the label migfit.io/enforce=true".to_owned(),
        "give the configs of models that are not in the catalog under settings.models".to_owned(),
    ];
    Ok(Export::documents("policy", vec![document.into()], notes))
}
