//! How the GPUs of a node are cut, and the units that this makes.

use serde::Serialize;

use super::pool::Supply;
use super::unit::{Sharing, Unit};
use crate::gpu::layout::Layout;
use crate::gpu::{Device, Gpu, Profile, ProfileName};
use crate::problem::Problem;

/// GPUs of one node that are cut alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// Key of the card in the catalog.
    pub card: String,
    /// How many GPUs of a node.
    pub gpus: u64,
    /// The instances of each, empty for whole GPUs.
    pub layout: Vec<ProfileName>,
}

/// As many instances of `profile` as a GPU takes.
pub(super) fn uniform(gpu: &Gpu, gpus: u64, profile: &Profile) -> Cut {
    let layout = vec![profile.name; profile.max_instances.into()];
    Cut { card: gpu.key.to_string(), gpus, layout }
}

/// GPUs that are not cut.
pub(super) fn whole(gpu: &Gpu, gpus: u64) -> Cut {
    Cut { card: gpu.key.to_string(), gpus, layout: Vec::new() }
}

/// The layout that `text` describes, as a person writes it: `4g.40gb, 3g.40gb`.
pub(super) fn described(gpu: &Gpu, gpus: u64, text: &str) -> Result<Cut, Problem> {
    let layout = match text.trim() {
        "" | "whole" => Vec::new(),
        text => placed(gpu, text)?,
    };
    Ok(Cut { card: gpu.key.to_string(), gpus, layout })
}

/// A pool says which instances there are, not in which order they were created: without starts any order will do.
fn placed(gpu: &Gpu, text: &str) -> Result<Vec<ProfileName>, Problem> {
    let layout = Layout::parse(gpu, text).or_else(|problem| any_order(gpu, text).ok_or(problem))?;
    Ok(layout.instances().iter().map(|instance| instance.profile.name).collect())
}

fn any_order<'a>(gpu: &'a Gpu, text: &str) -> Option<Layout<'a>> {
    if text.contains('@') {
        return None;
    }
    let mut wanted = Vec::new();
    for item in text.split([',', ' ', '\n']).filter(|item| !item.is_empty()) {
        let one = Layout::parse(gpu, item).ok()?;
        wanted.extend(one.instances().iter().map(|instance| instance.profile));
    }
    Layout::empty(gpu).place(&wanted)
}

/// The units that `cuts` of `gpu` make on one node.
pub(super) fn supplies(gpu: &Gpu, cuts: &[Cut], sharing: Sharing) -> Vec<Supply> {
    let mut supplies: Vec<Supply> = Vec::new();
    for cut in cuts {
        if cut.layout.is_empty() {
            let supply = Supply { all_compute: cut.gpus, ..of(&Device::whole(gpu), cut.gpus, sharing) };
            add(&mut supplies, supply);
            continue;
        }
        let profiles: Vec<&Profile> = cut.layout.iter().filter_map(|name| gpu.profile(*name).ok()).collect();
        let used: u64 = profiles.iter().map(|profile| u64::from(profile.compute_slices)).sum();
        let idle = u64::from(gpu.compute_slices).saturating_sub(used);
        let mut seen: Vec<ProfileName> = Vec::new();
        for profile in &profiles {
            if seen.contains(&profile.name) {
                continue;
            }
            seen.push(profile.name);
            let count = profiles.iter().filter(|other| other.name == profile.name).count() as u64;
            let device = Device { gpu, profile: Some(profile) };
            let supply = Supply {
                idle_compute: idle.saturating_mul(cut.gpus),
                all_compute: u64::from(gpu.compute_slices).saturating_mul(cut.gpus),
                ..of(&device, count.saturating_mul(cut.gpus), sharing)
            };
            add(&mut supplies, supply);
        }
    }
    supplies
}

fn of(device: &Device<'_>, count: u64, sharing: Sharing) -> Supply {
    let unit = Unit { sharing, ..Unit::of(device) };
    Supply::plain(unit, count.saturating_mul(sharing.by()))
}

fn add(supplies: &mut Vec<Supply>, supply: Supply) {
    match supplies.iter_mut().find(|known| known.unit == supply.unit) {
        Some(known) => {
            known.per_node = known.per_node.saturating_add(supply.per_node);
            known.idle_compute = known.idle_compute.saturating_add(supply.idle_compute);
            known.all_compute = known.all_compute.saturating_add(supply.all_compute);
        }
        None => supplies.push(supply),
    }
}
