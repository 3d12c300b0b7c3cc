//! How one GPU can be cut for a task: every multiset of devices that has a legal placement, with the placements
//! that strand least. Exact, from all legal layouts.

use std::collections::{BTreeMap, HashMap};

use crate::gpu::layout::{Layout, layouts_beside};
use crate::gpu::{Device, Gpu, Profile};
use crate::units::Bytes;

/// One multiset of devices on one GPU.
#[derive(Clone, Debug)]
pub(super) struct Cut<'a> {
    /// How many of each device, by place in [`Cuts::devices`].
    pub(super) counts: Vec<u8>,
    /// Placements that strand least, what stood there before included; empty for a whole GPU.
    pub(super) layouts: Vec<Layout<'a>>,
    /// Memory that no further instance can have.
    pub(super) stranded: Bytes,
    /// Compute slices of no instance.
    pub(super) idle: u64,
    /// Whether no other cut has all of it and more.
    pub(super) full: bool,
}

/// Every cut of GPUs of one kind.
#[derive(Clone, Debug)]
pub(super) struct Cuts<'a> {
    /// Devices that the counts are of, largest first, as places in the list of the task.
    pub(super) devices: Vec<usize>,
    /// The cuts; the first adds nothing to what stands.
    pub(super) all: Vec<Cut<'a>>,
    by_counts: HashMap<Vec<u8>, usize>,
}

impl<'a> Cuts<'a> {
    /// Cuts of a GPU on which `base` stands and stays, into `devices` of it: their places and what they are. A
    /// whole GPU is a cut only where nothing stands.
    pub(super) fn new(base: &Layout<'a>, devices: &[(usize, Device<'a>)]) -> Cuts<'a> {
        let gpu = base.gpu();
        let mut devices = devices.to_vec();
        devices.sort_by_key(|(place, device)| {
            let (memory, compute) = size(gpu, device.profile);
            (core::cmp::Reverse((memory, compute)), *place)
        });
        let column = |profile: &Profile| {
            devices.iter().position(|(_, d)| d.profile.is_some_and(|p| p.name == profile.name))
        };
        let mut found: BTreeMap<Vec<u8>, Vec<(Bytes, Layout<'a>)>> = BTreeMap::new();
        for layout in layouts_beside(base, |profile| column(profile).is_some()) {
            let mut counts = vec![0_u8; devices.len()];
            let added = layout.instances().iter().filter(|instance| !base.instances().contains(instance));
            for column in added.filter_map(|instance| column(instance.profile)) {
                if let Some(count) = counts.get_mut(column) {
                    *count = count.saturating_add(1);
                }
            }
            found.entry(counts).or_default().push((layout.leftover().stranded, layout));
        }
        let mut all: Vec<Cut<'a>> =
            found.into_iter().filter_map(|(counts, laid)| cut(counts, laid)).collect();
        let whole = devices.iter().position(|(_, device)| device.profile.is_none());
        if let (Some(whole), true) = (whole, base.instances().is_empty()) {
            let counts = (0..devices.len()).map(|column| u8::from(column == whole)).collect();
            all.push(Cut { counts, layouts: Vec::new(), stranded: Bytes::ZERO, idle: 0, full: false });
        }
        mark_full(&mut all);
        let by_counts = all.iter().enumerate().map(|(at, cut)| (cut.counts.clone(), at)).collect();
        Cuts { devices: devices.iter().map(|(place, _)| *place).collect(), all, by_counts }
    }

    /// The cut of exactly these counts.
    pub(super) fn of(&self, counts: &[u8]) -> Option<usize> {
        self.by_counts.get(counts).copied()
    }

    /// The cuts that no other one contains.
    pub(super) fn full(&self) -> impl Iterator<Item = &Cut<'a>> {
        self.all.iter().filter(|cut| cut.full)
    }
}

/// Memory and compute slices; all of a card without slices is 1.
pub(super) fn size(gpu: &Gpu, profile: Option<&Profile>) -> (u8, u8) {
    match profile {
        Some(profile) => (profile.memory_slices, profile.compute_slices),
        None => (gpu.memory_slices.max(1), gpu.compute_slices.max(1)),
    }
}

/// The layouts of one multiset that strand least.
fn cut<'a>(counts: Vec<u8>, laid: Vec<(Bytes, Layout<'a>)>) -> Option<Cut<'a>> {
    let stranded = laid.iter().map(|(stranded, _)| *stranded).min()?;
    let layouts: Vec<Layout<'a>> =
        laid.into_iter().filter(|(own, _)| *own == stranded).map(|(_, layout)| layout).collect();
    let first = layouts.first()?;
    let used = !first.instances().is_empty();
    let idle = if used { first.leftover().idle_compute } else { 0 };
    let stranded = if used { stranded } else { Bytes::ZERO };
    Some(Cut { counts, stranded, idle: idle.into(), layouts, full: false })
}

fn mark_full(all: &mut [Cut<'_>]) {
    let counts: Vec<Vec<u8>> = all.iter().map(|cut| cut.counts.clone()).collect();
    for cut in all {
        let contained = |other: &Vec<u8>| {
            *other != cut.counts && other.iter().zip(&cut.counts).all(|(more, less)| more >= less)
        };
        cut.full = cut.counts.iter().any(|count| *count > 0) && !counts.iter().any(contained);
    }
}
