//! In which order instances have to be created, and the commands for it.
//!
//! Where no start is given, each instance goes to its highest free start. That rule is **inferred**:
//! it reproduces all four outcomes that the NVIDIA MIG User Guide (R580) prints for A100, and is not
//! documented. Commands with a start do not depend on it.

use std::collections::BTreeSet;

use super::{Instance, Layout};
use crate::gpu::{Gpu, Profile, ProfileName};
use crate::source::{Confidence, Source};

/// The rule by which the driver is taken to choose a start.
pub const HIGHEST_FREE_START: Source = Source {
    title: "each instance goes to its highest free start",
    version: "inferred from the four outcomes printed in the NVIDIA MIG User Guide, R580",
    confidence: Confidence::Estimate,
};

impl<'a> Layout<'a> {
    /// The layout after `profile` is created without a start, or `None` where none is free.
    #[must_use]
    pub fn create(&self, profile: &'a Profile) -> Option<Layout<'a>> {
        let starts = profile.placements.starts.iter().rev();
        starts.copied().find_map(|start| self.with(Instance { profile, start }))
    }

    /// An order in which creating the instances without starts gives exactly this layout, large ones
    /// first where there is a choice; `None` where only explicit starts lead here.
    #[must_use]
    pub fn creation_order(&self) -> Option<Vec<Instance<'a>>> {
        let mut left = self.instances.clone();
        left.sort_by_key(|i| {
            let Profile { memory_slices, compute_slices, name, .. } = i.profile;
            (*memory_slices, *compute_slices, *name, i.start)
        });
        left.reverse();
        let mut order = Vec::new();
        reach(&Layout::empty(self.gpu), &left, &mut order, &mut Seen::new()).then_some(order)
    }

    /// An order of the same profiles that gets stuck when created without starts, up to and with the
    /// one that finds no place; `None` where every order works.
    #[must_use]
    pub fn failing_order(&self) -> Option<Vec<&'a Profile>> {
        let mut left: Vec<&Profile> = self.instances.iter().map(|instance| instance.profile).collect();
        left.sort_by_key(|profile| (profile.memory_slices, profile.compute_slices, profile.name));
        let mut order = Vec::new();
        stick(&Layout::empty(self.gpu), &left, &mut order, &mut Seen::new()).then_some(order)
    }

    /// The command that creates this layout on an empty GPU `index` in MIG mode, with explicit starts
    /// and a compute instance in each: `nvidia-smi mig -i 0 -cgi 14:0,9:4 -C`. A profile whose number
    /// no source gives is named instead. Empty for an empty layout.
    #[must_use]
    pub fn command(&self, index: u32) -> String {
        let of = |i: &Instance<'_>| format!("{}:{}", argument(i.profile), i.start);
        cgi(index, self.instances.iter().map(of).collect())
    }
}

/// The command that creates `profiles` in this order, leaving the starts to the driver.
#[must_use]
pub fn command_without_starts<'a>(index: u32, profiles: impl IntoIterator<Item = &'a Profile>) -> String {
    cgi(index, profiles.into_iter().map(argument).collect())
}

/// What clears a GPU and switches MIG mode on: the commands that come before the first layout.
#[must_use]
pub fn preparation(gpu: &Gpu, index: u32) -> Vec<String> {
    let Some(mode) = gpu.mig_mode else {
        return Vec::new();
    };
    let mut commands = vec![format!("nvidia-smi -i {index} -mig 1")];
    if mode.reset_to_toggle {
        commands.push(format!("nvidia-smi -i {index} --gpu-reset"));
    }
    commands.push(format!("nvidia-smi mig -i {index} -dci"));
    commands.push(format!("nvidia-smi mig -i {index} -dgi"));
    commands
}

fn argument(profile: &Profile) -> String {
    match profile.smi_id {
        Some(id) => id.to_string(),
        None => profile.name.to_string(),
    }
}

fn cgi(index: u32, arguments: Vec<String>) -> String {
    if arguments.is_empty() {
        return String::new();
    }
    format!("nvidia-smi mig -i {index} -cgi {} -C", arguments.join(","))
}

/// Layouts from which the search has come back: what is left follows from what stands.
type Seen = BTreeSet<Vec<(u8, ProfileName)>>;

fn is_new(layout: &Layout<'_>, seen: &mut Seen) -> bool {
    seen.insert(layout.instances.iter().map(|instance| (instance.start, instance.profile.name)).collect())
}

/// Creates one of `left` after another wherever the driver's choice is the start wanted.
fn reach<'a>(
    layout: &Layout<'a>,
    left: &[Instance<'a>],
    order: &mut Vec<Instance<'a>>,
    seen: &mut Seen,
) -> bool {
    if left.is_empty() {
        return true;
    }
    for (position, wanted) in left.iter().enumerate() {
        let Some(next) = layout.create(wanted.profile) else { continue };
        if !next.instances.contains(wanted) || !is_new(&next, seen) {
            continue;
        }
        order.push(*wanted);
        if reach(&next, &without(left, position), order, seen) {
            return true;
        }
        order.pop();
    }
    false
}

/// Tries every order of distinct profiles until one finds no place.
fn stick<'a>(
    layout: &Layout<'a>,
    left: &[&'a Profile],
    order: &mut Vec<&'a Profile>,
    seen: &mut Seen,
) -> bool {
    let mut tried = None;
    for (position, profile) in left.iter().enumerate() {
        if tried.replace(profile.name) == Some(profile.name) {
            continue;
        }
        order.push(profile);
        let stuck = match layout.create(profile) {
            Some(next) => is_new(&next, seen) && stick(&next, &without(left, position), order, seen),
            None => true,
        };
        if stuck {
            return true;
        }
        order.pop();
    }
    false
}

fn without<T: Copy>(list: &[T], position: usize) -> Vec<T> {
    list.iter().enumerate().filter(|(i, _)| *i != position).map(|(_, item)| *item).collect()
}
