//! A fleet in numbers: kinds of GPUs with their cuts, classes of workloads with their options. Whatever is alike
//! is counted once.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::cuts::{Cuts, size};
use super::fleet::{Amount, Fleet, FleetGpu, Use, Workload};
use super::options::Options;
use super::staying::{Stay, bars, worth};
use crate::gpu::layout::Layout;
use crate::gpu::{Device, Gpu};
use crate::units::Bytes;

/// A device that would do for a class.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Choice {
    /// Its place in [`Task::devices`].
    pub(super) device: usize,
    /// What one replica on it is worth.
    pub(super) gives: u64,
    /// Memory of it beyond the smallest device of its card that would do.
    pub(super) beyond: Bytes,
}

/// Workloads that differ in nothing that matters.
#[derive(Clone, Debug)]
pub(super) struct Class {
    /// Their places in the fleet.
    pub(super) workloads: Vec<usize>,
    /// Replicas, or sequences, that are still to be placed.
    pub(super) demand: u64,
    /// Devices that would do, smallest first.
    pub(super) choices: Vec<Choice>,
    /// Whole GPUs of one node for one replica; 1 for any one device.
    pub(super) devices: u64,
    /// Most replicas on one GPU.
    pub(super) per_gpu: u64,
    /// Most replicas on one node.
    pub(super) per_node: Option<u64>,
    /// Classes that share no GPU with it.
    pub(super) apart: Vec<usize>,
    /// The group that shares GPUs with nobody else, 0 for those who share.
    pub(super) island: usize,
}

/// GPUs that differ in nothing that matters.
#[derive(Clone, Debug)]
pub(super) struct Kind<'a> {
    /// The card.
    pub(super) gpu: &'a Gpu,
    /// The node, where it matters on which one a GPU is.
    pub(super) node: Option<usize>,
    /// Their places among all GPUs of the fleet, in its order.
    pub(super) gpus: Vec<usize>,
    /// Whether somebody stays on them: they are in use anyhow.
    pub(super) open: bool,
    /// Classes that may not be put there.
    pub(super) barred: Vec<bool>,
    /// Replicas of each class that stay there.
    pub(super) staying: Vec<u64>,
    /// How they can be cut.
    pub(super) cuts: Rc<Cuts<'a>>,
}

/// A fleet in numbers.
#[derive(Clone, Debug)]
pub(super) struct Task<'a> {
    pub(super) devices: Vec<Device<'a>>,
    pub(super) kinds: Vec<Kind<'a>>,
    pub(super) classes: Vec<Class>,
    /// Replicas of each class that stay on each node.
    pub(super) staying: BTreeMap<(usize, usize), u64>,
    /// GPUs that are in use whatever is decided, those of open kinds included.
    pub(super) taken: u64,
}

impl<'a> Task<'a> {
    pub(super) fn new(fleet: &Fleet<'a>, options: &[Options<'a>], stays: &[Stay<'a>]) -> Task<'a> {
        let devices = devices(options);
        let classes = classes(fleet, options, &devices);
        let by_node = classes.iter().any(|class| class.devices > 1 || class.per_node.is_some());
        let mut task = Task { devices, kinds: Vec::new(), classes, staying: BTreeMap::new(), taken: 0 };
        reduce(fleet, &mut task, stays);
        let mut known = Known::default();
        let gpus = fleet.nodes.iter().enumerate().flat_map(|(at, n)| n.gpus.iter().map(move |gpu| (at, gpu)));
        for (place, ((node, gpu), stay)) in gpus.zip(stays).enumerate() {
            task.add(fleet, place, (node, by_node), gpu, stay, &mut known);
        }
        task
    }

    fn add(
        &mut self,
        fleet: &Fleet<'a>,
        place: usize,
        (node, by_node): (usize, bool),
        gpu: &FleetGpu<'a>,
        stay: &Stay<'a>,
        known: &mut Known<'a>,
    ) {
        let open = stay.whole || !stay.layout.instances().is_empty();
        self.taken += u64::from(open);
        let staying = self.own_classes(stay);
        for (class, count) in staying.iter().enumerate().filter(|(_, count)| **count > 0) {
            *self.staying.entry((node, class)).or_default() += count;
        }
        if stay.whole {
            return;
        }
        let barred: Vec<bool> = self.classes.iter().map(|class| bars(fleet, class, stay)).collect();
        let usage = if open { Use::Sliced } else { gpu.usage };
        let instances: Vec<String> = stay.layout.instances().iter().map(ToString::to_string).collect();
        let node = by_node.then_some(node);
        let shape = (gpu.gpu.key.to_string(), usage, instances);
        let key = (shape.clone(), node, barred.clone(), staying.clone());
        if let Some(kind) = known.kinds.get(&key).and_then(|at| self.kinds.get_mut(*at)) {
            kind.gpus.push(place);
            return;
        }
        let cuts =
            known.cuts.entry(shape).or_insert_with(|| Rc::new(self.cuts(gpu.gpu, usage, &stay.layout)));
        let cuts = Rc::clone(cuts);
        known.kinds.insert(key, self.kinds.len());
        self.kinds.push(Kind { gpu: gpu.gpu, node, gpus: vec![place], open, barred, staying, cuts });
    }

    fn cuts(&self, gpu: &Gpu, usage: Use, base: &Layout<'a>) -> Cuts<'a> {
        let own = self.devices.iter().enumerate().filter(|(_, device)| device.gpu.key == gpu.key);
        let own = own.filter(|(_, device)| match usage {
            Use::Any => true,
            Use::Whole => device.profile.is_none(),
            Use::Sliced => device.profile.is_some(),
        });
        let own: Vec<(usize, Device<'a>)> = own.map(|(at, device)| (at, *device)).collect();
        Cuts::new(base, &own)
    }

    /// Replicas of each class that stay on a GPU; each device of a group counts.
    fn own_classes(&self, stay: &Stay<'_>) -> Vec<u64> {
        let count = |class: &Class| {
            stay.own.iter().filter(|(workload, _)| class.workloads.contains(workload)).count() as u64
        };
        self.classes.iter().map(count).collect()
    }
}

/// What makes two GPUs alike to whoever cuts them: the card, its use, the instances that stay.
type Shape = (String, Use, Vec<String>);

/// What makes two GPUs alike.
type KindKey = (Shape, Option<usize>, Vec<bool>, Vec<u64>);

/// Kinds and cuts by what makes them.
#[derive(Default)]
struct Known<'a> {
    kinds: BTreeMap<KindKey, usize>,
    cuts: BTreeMap<Shape, Rc<Cuts<'a>>>,
}

/// Every device that would do for some workload, in the order of the workloads.
fn devices<'a>(options: &[Options<'a>]) -> Vec<Device<'a>> {
    let mut devices: Vec<Device<'a>> = Vec::new();
    for choice in options.iter().flat_map(|options| &options.choices) {
        let same = |known: &Device<'_>| {
            known.gpu.key == choice.device.gpu.key
                && known.profile.map(|profile| profile.name)
                    == choice.device.profile.map(|profile| profile.name)
        };
        if !devices.iter().any(same) {
            devices.push(choice.device);
        }
    }
    devices.sort_by(|a, b| {
        let key = |device: &Device<'_>| (device.gpu.key.clone(), size(device.gpu, device.profile));
        key(a).cmp(&key(b)).then_with(|| a.label().cmp(&b.label()))
    });
    devices
}

fn choices(options: &Options<'_>, devices: &[Device<'_>]) -> Vec<Choice> {
    let slices = |device: &Device<'_>| u64::from(size(device.gpu, device.profile).0);
    let mut choices: Vec<Choice> = Vec::new();
    for choice in &options.choices {
        let Some(device) = devices.iter().position(|device| *device == choice.device) else { continue };
        let same_card = options.choices.iter().filter(|other| other.device.gpu.key == choice.device.gpu.key);
        let least = same_card.map(|other| slices(&other.device)).min().unwrap_or(0);
        let all = u64::from(choice.device.gpu.memory_slices.max(1));
        let beyond = choice.device.gpu.memory.floor.share(slices(&choice.device).saturating_sub(least), all);
        choices.push(Choice { device, gives: choice.gives, beyond });
    }
    choices
}

/// What makes two workloads alike.
type ClassKey = (Vec<Choice>, u64, usize, Option<usize>);

fn classes(fleet: &Fleet<'_>, options: &[Options<'_>], devices: &[Device<'_>]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    let mut known: BTreeMap<ClassKey, usize> = BTreeMap::new();
    for (at, (workload, options)) in fleet.workloads.iter().zip(options).enumerate() {
        let choices = choices(options, devices);
        let island = island(fleet, workload);
        let named = fleet.workloads.iter().any(|other| other.apart.contains(&workload.name));
        let single = named
            || !workload.apart.is_empty()
            || workload.spread != Default::default()
            || matches!(workload.amount, Amount::Sequences(_));
        let key = (choices.clone(), workload.need.devices(), island, single.then_some(at));
        let demand = match workload.amount {
            Amount::Replicas(amount) | Amount::Sequences(amount) => amount,
        };
        if let Some(class) = known.get(&key).and_then(|class| classes.get_mut(*class)) {
            class.workloads.push(at);
            class.demand = class.demand.saturating_add(demand);
            continue;
        }
        known.insert(key, classes.len());
        classes.push(Class {
            workloads: vec![at],
            demand,
            choices,
            devices: workload.need.devices(),
            per_gpu: workload.spread.per_gpu.unwrap_or(u64::MAX),
            per_node: workload.spread.per_node,
            apart: Vec::new(),
            island,
        });
    }
    let apart: Vec<Vec<usize>> = classes.iter().map(|class| apart(fleet, class, &classes)).collect();
    for (class, apart) in classes.iter_mut().zip(apart) {
        class.apart = apart;
    }
    classes
}

/// 0 for a workload that shares GPUs with others, else 1 and the place of its tenant among those who do not.
fn island(fleet: &Fleet<'_>, workload: &Workload<'_>) -> usize {
    let tenant = workload.tenant.as_ref();
    tenant.and_then(|tenant| fleet.alone.iter().position(|alone| alone == tenant)).map_or(0, |at| at + 1)
}

/// Classes that may share no GPU with `class`.
fn apart(fleet: &Fleet<'_>, class: &Class, classes: &[Class]) -> Vec<usize> {
    let of = |class: &Class| class.workloads.first().and_then(|at| fleet.workloads.get(*at));
    let Some(own) = of(class) else { return Vec::new() };
    let is_apart = |other: &Class| {
        let named =
            of(other).is_some_and(|other| own.apart.contains(&other.name) || other.apart.contains(&own.name));
        named || other.island != class.island
    };
    classes.iter().enumerate().filter(|(_, other)| is_apart(other)).map(|(at, _)| at).collect()
}

/// Takes what stays off the demand.
fn reduce(fleet: &Fleet<'_>, task: &mut Task<'_>, stays: &[Stay<'_>]) {
    for at in 0..fleet.workloads.len() {
        let worth = worth(fleet, task, stays, at);
        if let Some(class) = task.classes.iter_mut().find(|class| class.workloads.contains(&at)) {
            class.demand = class.demand.saturating_sub(worth);
        }
    }
}
