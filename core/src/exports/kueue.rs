//! Sharing with Kueue: flavors, queues of a cohort with borrowing, priorities and preemption.

use std::collections::BTreeMap;

use super::export::{Export, object};
use super::fleet::{Fleet, Machines, Team};
use super::quotas::needs_teams;
use super::tree::{Map, Tree};
use crate::gpu::ProfileName;
use crate::problem::Problem;

const VERSION: &str = "kueue.x-k8s.io/v1beta2";
/// The cohort that all queues are in: what one leaves idle another may borrow.
const COHORT: &str = "gpus";
/// The flavor of what is not a device.
const PLAIN: &str = "default";

/// The queue of what no team is promised.
const SPARE: &str = "spare";

/// Priorities, highest first. Serving goes before a burst, a burst before experiments.
const PRIORITIES: [(&str, u64, &str); 3] = [
    ("serving", 1000, "models that answer users"),
    ("burst", 500, "urgent work that borrows beyond its team's share"),
    ("experiments", 100, "gives way first"),
];

/// Flavors, one ClusterQueue and LocalQueue for each team, and priorities.
pub(super) fn kueue(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    needs_teams(fleet)?;
    let mut documents: Vec<Tree> = fleet.machines.iter().map(flavor).collect();
    documents.push(named("ResourceFlavor", PLAIN).into());
    documents.extend(PRIORITIES.iter().map(|(name, value, about)| {
        Tree::from(named("WorkloadPriorityClass", name).with("value", *value).with("description", *about))
    }));
    documents.extend(fleet.teams.iter().map(|team| cluster_queue(fleet, team)));
    let spare = spare(fleet);
    if spare.quota.values().any(|count| *count > 0) {
        documents.push(cluster_queue(fleet, &spare));
    }
    documents.extend(fleet.teams.iter().map(local_queue));
    Ok(Export::documents("kueue", documents, notes(fleet)))
}

fn named(kind: &str, name: &str) -> Map {
    object(VERSION, kind, Map::new().with("name", name))
}

/// What no team is promised: a queue that nobody waits in, so that all may borrow it.
fn spare(fleet: &Fleet<'_>) -> Team {
    let left = |(device, there): (crate::gpu::Device<'_>, u64)| {
        let name = device.profile.map(|profile| profile.name);
        (name, there.saturating_sub(promised(fleet, name)))
    };
    let quota = fleet.supply().into_iter().map(left).collect();
    Team { name: SPARE.to_owned(), namespace: None, quota, borrow: Some(0) }
}

/// What all teams together are promised of one device.
fn promised(fleet: &Fleet<'_>, name: Option<ProfileName>) -> u64 {
    fleet
        .teams
        .iter()
        .filter_map(|team| team.quota.get(&name))
        .fold(0, |sum, count| sum.saturating_add(*count))
}

/// The nodes of one group.
fn flavor(machines: &Machines<'_>) -> Tree {
    let labels = if machines.labels.is_empty() {
        Map::new().with("nvidia.com/mig.config", machines.name.as_str())
    } else {
        machines.labels.iter().fold(Map::new(), |map, (name, value)| map.with(name.as_str(), value.as_str()))
    };
    let toleration =
        Map::new().with("key", "nvidia.com/gpu").with("operator", "Exists").with("effect", "NoSchedule");
    let spec = Map::new().with("nodeLabels", labels).with("tolerations", vec![toleration]);
    named("ResourceFlavor", &machines.name).with("spec", spec).into()
}

fn cluster_queue(fleet: &Fleet<'_>, team: &Team) -> Tree {
    let preemption = Map::new()
        .with(
            "reclaimWithinCohort",
            Tree::from("Any").why("what others borrowed comes back when it is wanted"),
        )
        .with(
            "borrowWithinCohort",
            Map::new().with("policy", "LowerPriority").with(
                "maxPriorityThreshold",
                Tree::from(PRIORITIES[2].1).why("a burst may push out experiments only"),
            ),
        )
        .with("withinClusterQueue", "LowerPriority");
    let namespace =
        Map::new().with("matchLabels", Map::new().with("kubernetes.io/metadata.name", team.namespace()));
    let plain = Map::new().with("name", PLAIN).with(
        "resources",
        vec![
            Map::new().with("name", "cpu").with(
                "nominalQuota",
                Tree::from(1000).why("every resource that pods ask for must be covered: adjust"),
            ),
            Map::new().with("name", "memory").with("nominalQuota", "8Ti"),
        ],
    );
    let mut groups = devices(fleet, team);
    groups.push(Map::new().with("coveredResources", vec!["cpu", "memory"]).with("flavors", vec![plain]));
    let spec = Map::new()
        .with("cohortName", COHORT)
        .with("namespaceSelector", namespace)
        .with("queueingStrategy", "BestEffortFIFO")
        .with("preemption", preemption)
        .with("fairSharing", Map::new().with("weight", "1"))
        .with("resourceGroups", groups);
    named("ClusterQueue", &team.name).with("spec", spec).into()
}

/// One group of resources: every kind of device of the nodes, with what the team is promised of each on each group of
/// nodes. A promise is laid out over the groups in their order, no group being promised more than it has to one team.
fn devices(fleet: &Fleet<'_>, team: &Team) -> Vec<Map> {
    let mut left: BTreeMap<Option<ProfileName>, u64> = team.quota.clone();
    let supply = fleet.supply();
    let covered: Vec<String> = supply.iter().map(|(device, _)| device.resource_name()).collect();
    if covered.is_empty() {
        return Vec::new();
    }
    let flavors: Vec<Map> = fleet
        .machines
        .iter()
        .map(|machines| {
            let own = machines.devices();
            let resources: Vec<Map> = supply
                .iter()
                .map(|(device, _)| {
                    let name = device.profile.map(|profile| profile.name);
                    let has = own.iter().find(|(own, _)| own.profile.map(|profile| profile.name) == name);
                    let has = has.map_or(0, |(_, count)| count.saturating_mul(machines.nodes));
                    let wanted = left.entry(name).or_insert(0);
                    let given = has.min(*wanted);
                    *wanted = wanted.saturating_sub(given);
                    resource(&device.resource_name(), given, team, has > 0)
                })
                .collect();
            Map::new().with("name", machines.name.as_str()).with("resources", resources)
        })
        .collect();
    vec![Map::new().with("coveredResources", covered).with("flavors", flavors)]
}

fn resource(name: &str, given: u64, team: &Team, there: bool) -> Map {
    let row = Map::new().with("name", name).with("nominalQuota", given);
    if there { row.with_some("borrowingLimit", team.borrow) } else { row.with("borrowingLimit", 0) }
}

fn local_queue(team: &Team) -> Tree {
    let metadata = Map::new().with("name", team.name.as_str()).with("namespace", team.namespace());
    object(VERSION, "LocalQueue", metadata)
        .with("spec", Map::new().with("clusterQueue", team.name.as_str()))
        .into()
}

fn notes(fleet: &Fleet<'_>) -> Vec<String> {
    let mut notes = vec![
        "a workload waits in its team's queue by the label kueue.x-k8s.io/queue-name and has its priority by \
         kueue.x-k8s.io/priority-class: `migfit export deployment --queue TEAM --priority serving`"
            .to_owned(),
        "quota is arithmetic: it does not know whether the slices that are left can stand together on a GPU".to_owned(),
        "fair sharing must be switched on in Kueue's configuration".to_owned(),
    ];
    for (device, there) in fleet.supply() {
        let name = device.profile.map(|profile| profile.name);
        let promised = promised(fleet, name);
        if promised > there {
            notes.push(format!(
                "{promised} of {} are promised and {there} are there: not all of it can be had at once",
                device.resource_name()
            ));
        }
    }
    notes
}

/// Kueue's configuration for a quota of memory and compute that spans profiles.
pub(super) fn transformations(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let slices: Vec<Map> = fleet
        .supply()
        .into_iter()
        .filter_map(|(device, _)| {
            let profile = device.profile?;
            let memory = format!("{}Mi", device.memory_floor().whole_mib());
            let outputs = Map::new()
                .with("migfit.io/accelerator-memory", memory)
                .with("migfit.io/accelerator-compute", u64::from(profile.compute_slices).to_string());
            Some(
                Map::new()
                    .with("input", device.resource_name())
                    .with("strategy", "Replace")
                    .with("outputs", outputs),
            )
        })
        .collect();
    if slices.is_empty() {
        return Err(Problem::new("no-such-device", "nodes", "whole GPUs only", "at least one slice"));
    }
    let document = Map::new()
        .with("apiVersion", "config.kueue.x-k8s.io/v1beta2")
        .with("kind", "Configuration")
        .with("resources", Map::new().with("transformations", slices));
    let notes = vec![
        "goes into the ConfigMap kueue-manager-config; queues then cover migfit.io/accelerator-memory and -compute".to_owned(),
        "memory is what a slice really has, not the number in its name".to_owned(),
    ];
    Ok(Export::documents("kueue-transformations", vec![document.into()], notes))
}
