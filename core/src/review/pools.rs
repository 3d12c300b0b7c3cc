//! What of the cluster's pools a claim can get.

use super::context::Cluster;
use super::finding::{Finding, Severity};
use super::lint::Lint;
use crate::fleet::pools::{Origin, Pool, Supply};
use crate::gpu::{Device, ProfileName, find};
use crate::kubernetes::{Alternative, Asked, Basis, Candidates, Claim, NodeWish, Sharing, Spelling};
use crate::order;

/// Label of GPU feature discovery.
const PRODUCT: &str = "nvidia.com/gpu.product";

/// What pools give for a claim.
#[derive(Debug)]
pub(super) enum Pooled<'a> {
    /// Nothing is known of the pools, or of the units that are meant.
    Silent,
    /// These devices, and what is to be said of them.
    Devices(Candidates<'a>, Vec<Finding>),
    /// None, and why.
    Nothing(Box<Finding>),
}

/// What `claim` of a pod that wants `node` gets from the pools of `cluster`.
pub(super) fn pooled<'a>(claim: &Claim, node: &NodeWish, cluster: &Cluster<'a>) -> Pooled<'a> {
    if cluster.pools.is_empty() {
        return Pooled::Silent;
    }
    match &claim.asked {
        Asked::Gpu | Asked::Slice(_) => {}
        Asked::Selected(alternatives) => return selected(claim, alternatives, cluster),
        Asked::Part(_) | Asked::Open(_) => return Pooled::Silent,
    }
    let open: Vec<&Pool> = cluster.pools.iter().filter(|pool| admits(pool, node)).collect();
    let offering: Vec<(&Pool, &Supply)> = open
        .iter()
        .flat_map(|pool| pool.supplies.iter().map(move |supply| (*pool, supply)))
        .filter(|(_, supply)| means(claim, supply))
        .collect();
    if offering.is_empty() {
        return Pooled::Nothing(Box::new(none(claim, &open, cluster)));
    }
    let mut devices: Vec<Device<'a>> = Vec::new();
    for (_, supply) in &offering {
        match device(supply) {
            Some(device) if devices.contains(&device) => {}
            Some(device) => devices.push(device),
            // A unit of which only its memory is known: the catalog says what the claim can mean.
            None => return Pooled::Silent,
        }
    }
    Pooled::Devices(Candidates { devices, basis: Basis::Pool }, remarks(claim, &offering))
}

/// Whether a unit is what the claim is written for. By its resource; a form that names none by the profile.
fn means(claim: &Claim, supply: &Supply) -> bool {
    match (&claim.asked, claim.spelling) {
        (Asked::Slice(profile), Spelling::Kaito | Spelling::RunAi) => supply.unit.profile == Some(*profile),
        _ => supply.unit.resource == claim.resource,
    }
}

/// What a claim by selectors gets: any unit that they admit.
fn selected<'a>(claim: &Claim, alternatives: &[Alternative], cluster: &Cluster<'a>) -> Pooled<'a> {
    let all = offered(cluster);
    let admitted = |device: &Device| alternatives.iter().any(|one| one.admits(device));
    let devices: Vec<Device> = all.iter().map(|(device, _)| *device).filter(admitted).collect();
    if !devices.is_empty() {
        return Pooled::Devices(Candidates { devices, basis: Basis::Pool }, Vec::new());
    }
    if cluster.pools.iter().flat_map(|pool| &pool.supplies).any(|supply| device(supply).is_none()) {
        return Pooled::Silent;
    }
    let labels: Vec<String> = all.iter().map(|(device, _)| device.label()).collect();
    let text = format!("none of {} satisfies what the claim selects", cluster.source);
    let have = format!("there are {}", labels.join(", "));
    let finding = Finding::new(Lint::SelectsNothing, text).at(&claim.path).why(have);
    let severity = if live(cluster) { Severity::Warning } else { finding.severity };
    Pooled::Nothing(Box::new(Finding { severity, ..finding }))
}

/// The devices that pools give, each once, with the resource that stands for it.
pub(super) fn offered<'a>(cluster: &Cluster<'a>) -> Vec<(Device<'a>, &'a str)> {
    let mut all: Vec<(Device<'a>, &'a str)> = Vec::new();
    for supply in cluster.pools.iter().flat_map(|pool| &pool.supplies) {
        if let Some(device) = device(supply)
            && !all.iter().any(|(known, _)| *known == device)
        {
            all.push((device, supply.unit.resource.as_str()));
        }
    }
    all
}

fn device(supply: &Supply) -> Option<Device<'static>> {
    let gpu = find(supply.unit.card.as_deref()?).ok()?;
    let of = |name: ProfileName| gpu.profile(name).ok();
    match supply.unit.profile {
        None => Some(Device::whole(gpu)),
        Some(name) => of(name).map(|profile| Device { gpu, profile: Some(profile) }),
    }
}

/// Whether nothing that is known of the nodes of `pool` keeps the pod off them.
fn admits(pool: &Pool, node: &NodeWish) -> bool {
    node.labels.iter().all(|(label, values)| match pool.labels.get(label) {
        Some(value) => values.contains(value),
        None if label == PRODUCT => values.iter().any(|value| has_product(pool, value)),
        None => true,
    })
}

/// Whether a card of the pool is labelled so, however it is cut.
fn has_product(pool: &Pool, value: &str) -> bool {
    let card = value.split_once("-MIG-").map_or(value, |(card, _)| card);
    let card = card.strip_suffix("-SHARED").unwrap_or(card);
    pool.supplies.iter().any(|supply| match supply.unit.card.as_deref().map(find) {
        Some(Ok(gpu)) => {
            gpu.product_labels.iter().any(|label| label == card || format!("NVIDIA-{card}") == *label)
        }
        Some(Err(_)) | None => true,
    })
}

/// Whether all that is known are nodes that run now, which says nothing of those that an autoscaler may add.
fn live(cluster: &Cluster) -> bool {
    cluster.pools.iter().all(|pool| pool.origin == Origin::Inventory)
}

fn none(claim: &Claim, open: &[&Pool], cluster: &Cluster) -> Finding {
    let mut resources: Vec<&str> =
        open.iter().flat_map(|pool| &pool.supplies).map(|supply| supply.unit.resource.as_str()).collect();
    order::sort(&mut resources);
    resources.dedup();
    let slices = resources.iter().any(|name| name.starts_with("nvidia.com/mig-"));
    let finding = if open.is_empty() {
        let text = format!("none of {} has the labels that the pod asks of its node", cluster.source);
        Finding::new(Lint::NoSuchDevice, text)
    } else if claim.asked == Asked::Gpu && slices {
        let text = format!("{} announce slices and no {}", cluster.source, claim.resource);
        Finding::new(Lint::WholeGpuOnMigPool, text).why("a GPU that is cut does not count as nvidia.com/gpu")
    } else {
        let text = format!("none of {} has {}", cluster.source, claim.resource);
        Finding::new(Lint::NoSuchDevice, text)
    };
    let finding = match resources.is_empty() {
        true => finding,
        false => finding.fix(format!("ask for one of {}", resources.join(", "))),
    };
    let severity = if live(cluster) { Severity::Warning } else { finding.severity };
    Finding { severity, ..finding.at(&claim.path) }
}

fn remarks(claim: &Claim, offering: &[(&Pool, &Supply)]) -> Vec<Finding> {
    let mut found = Vec::new();
    let names = || {
        let mut names: Vec<&str> = offering.iter().map(|(pool, _)| pool.name.as_str()).collect();
        names.dedup();
        names.join(", ")
    };
    if claim.asked != Asked::Gpu && offering.iter().all(|(pool, _)| pool.nodes == 0) {
        found.push(
            Finding::new(
                Lint::PoolAtZero,
                format!("{} is only in pools without a node: {}", claim.resource, names()),
            )
            .at(&claim.path)
            .why("the cluster autoscaler does not know which slices an absent node would have")
            .fix("keep one node, or give the node group its cloud's hint of what a node has"),
        );
    }
    let shared = offering.iter().map(|(_, supply)| supply.unit.sharing.by()).min().unwrap_or(1);
    if shared > 1 && claim.sharing == Sharing::Alone {
        let text = format!("{} of {} is one device for {shared} containers", claim.resource, names());
        found.push(
            Finding::new(Lint::SharedDevice, text)
                .at(&claim.path)
                .why("the memory of the device is shared with the neighbours")
                .fix("ask for a MIG slice, whose memory is its own, or set --gpu-memory-utilization to a share"),
        );
    }
    found
}
