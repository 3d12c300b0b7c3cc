//! What a team may use: ResourceQuota.

use std::collections::BTreeSet;

use super::export::{Export, object};
use super::fleet::{Fleet, Team};
use super::tree::{Map, Tree};
use crate::gpu::{Device, ProfileName};
use crate::problem::Problem;

/// One ResourceQuota for each team. Only keys that are enforced: `requests.<resource>` (`limits.<resource>` is accepted
/// and never looked at), with a zero for whatever the team is not promised, since a key that is missing is no limit.
pub(super) fn resource_quotas(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    needs_teams(fleet)?;
    let devices = every(fleet);
    let documents = fleet.teams.iter().map(|team| quota(team, &devices)).collect();
    let notes = vec![
        "enforced when pods are made: a Deployment beyond it is accepted and its ReplicaSet reports `exceeded quota`".to_owned(),
        "where slices are announced as nvidia.com/gpu (strategy single, GKE) no quota tells their sizes apart".to_owned(),
    ];
    Ok(Export::documents("resourcequota", documents, notes))
}

/// # Errors
/// `no-team`.
pub(super) fn needs_teams(fleet: &Fleet<'_>) -> Result<(), Problem> {
    if fleet.teams.is_empty() {
        return Err(Problem::new("no-team", "teams", "nothing", "at least one team and what it may use"));
    }
    Ok(())
}

/// Every device that a pod on these nodes could ask for: whole GPUs, and every profile of their cards.
fn every<'a>(fleet: &Fleet<'a>) -> Vec<Device<'a>> {
    let mut seen: BTreeSet<Option<ProfileName>> = BTreeSet::new();
    let all = fleet.machines.iter().flat_map(|machines| Device::all_of(machines.gpu));
    let mut devices: Vec<Device<'a>> =
        all.filter(|device| seen.insert(device.profile.map(|profile| profile.name))).collect();
    devices.sort_by_key(|device| device.profile.map(|profile| profile.name));
    devices
}

fn quota(team: &Team, devices: &[Device<'_>]) -> Tree {
    let hard = devices.iter().fold(Map::new(), |map, device| {
        let name = device.profile.map(|profile| profile.name);
        let count = team.quota.get(&name).copied().unwrap_or(0);
        map.with(format!("requests.{}", device.resource_name()), count.to_string())
    });
    let slices: u64 = team.quota.iter().filter(|(name, _)| name.is_some()).map(|(_, count)| *count).sum();
    let whole = team.quota.get(&None).copied().unwrap_or(0);
    let claims = [("mig.nvidia.com", slices), ("gpu.nvidia.com", whole)];
    let hard = claims.into_iter().fold(hard, |map, (class, count)| {
        let count = Tree::from(count.to_string()).why("claims of dynamic resource allocation, of any size");
        map.with(format!("{class}.deviceclass.resource.k8s.io/devices"), count)
    });
    let metadata = Map::new().with("name", "gpus").with("namespace", team.namespace());
    object("v1", "ResourceQuota", metadata).with("spec", Map::new().with("hard", hard)).into()
}
