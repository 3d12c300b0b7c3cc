//! The best measure by trying everything: every legal layout on every GPU, every seat to every workload.

use std::collections::BTreeMap;

use super::super::{Amount, Fleet, FleetGpu, Floors, Need, Node, Score, Spread, Today, Use, Workload};
use crate::gpu::layout::{Layout, Set, layouts};
use crate::gpu::{Device, Profile};
use crate::units::Bytes;

/// Replicas placed, by workload.
type Counts = Vec<u64>;
/// GPUs, stranded memory, idle compute.
type Waste = (u64, Bytes, u64);

/// The best measure that any plan of the fleet has. Needs are in bytes; nothing is kept.
pub(super) fn best(fleet: &Fleet<'_>) -> Score {
    let none = vec![0; fleet.workloads.len()];
    let mut reached = BTreeMap::from([(none, (0, Bytes::ZERO, 0))]);
    for node in &fleet.nodes {
        reached = merge(&reached, &node_ways(fleet, node), &|all| within(fleet, all));
    }
    reached
        .into_iter()
        .map(|(counts, (gpus, stranded, idle_compute))| {
            let missing = wanted(fleet).iter().zip(&counts).map(|(wanted, placed)| wanted - placed).sum();
            Score { missing, gpus, stranded, idle_compute }
        })
        .min()
        .unwrap()
}

fn wanted(fleet: &Fleet<'_>) -> Counts {
    let of = |workload: &Workload<'_>| match workload.amount {
        Amount::Replicas(replicas) => replicas,
        Amount::Sequences(_) => panic!("not asked here"),
    };
    fleet.workloads.iter().map(of).collect()
}

fn within(fleet: &Fleet<'_>, counts: &Counts) -> bool {
    counts.iter().zip(wanted(fleet)).all(|(placed, wanted)| *placed <= wanted)
}

fn merge(
    one: &BTreeMap<Counts, Waste>,
    other: &BTreeMap<Counts, Waste>,
    allowed: &dyn Fn(&Counts) -> bool,
) -> BTreeMap<Counts, Waste> {
    let mut merged = BTreeMap::new();
    for (a, x) in one {
        for (b, y) in other {
            let counts: Counts = a.iter().zip(b).map(|(a, b)| a + b).collect();
            if allowed(&counts) {
                keep(&mut merged, counts, (x.0 + y.0, x.1 + y.1, x.2 + y.2));
            }
        }
    }
    merged
}

fn keep(found: &mut BTreeMap<Counts, Waste>, counts: Counts, waste: Waste) {
    let known = found.entry(counts).or_insert(waste);
    *known = waste.min(*known);
}

/// What one node can hold: groups of whole GPUs take its last unused ones.
fn node_ways(fleet: &Fleet<'_>, node: &Node<'_>) -> BTreeMap<Counts, Waste> {
    let allowed = |counts: &Counts| {
        let spread = fleet.workloads.iter().zip(counts);
        within(fleet, counts)
            && spread.clone().all(|(own, count)| own.spread.per_node.is_none_or(|most| *count <= most))
    };
    let mut all = BTreeMap::new();
    for groups in group_ways(fleet, node) {
        let taken: u64 =
            fleet.workloads.iter().zip(&groups).map(|(own, count)| own.need.devices() * count).sum();
        let mut unused = taken;
        let mut reached = BTreeMap::from([(groups.clone(), (taken, Bytes::ZERO, 0))]);
        for gpu in &node.gpus {
            if unused > 0 && gpu.today == Today::Unused && gpu.usage != Use::Sliced {
                unused -= 1;
            } else {
                reached = merge(&reached, &gpu_ways(fleet, gpu), &allowed);
            }
        }
        if unused == 0 {
            for (counts, waste) in reached.into_iter().filter(|(counts, _)| allowed(counts)) {
                keep(&mut all, counts, waste);
            }
        }
    }
    all
}

/// Every number of groups that the node's unused GPUs can hold.
fn group_ways(fleet: &Fleet<'_>, node: &Node<'_>) -> Vec<Counts> {
    let free = node.gpus.iter().filter(|gpu| gpu.today == Today::Unused && gpu.usage != Use::Sliced);
    let free = free.count() as u64;
    let mut ways = vec![Counts::new()];
    for own in &fleet.workloads {
        let devices = own.need.devices();
        let fits = node.gpus.first().is_some_and(|gpu| does(own, &Device::whole(gpu.gpu)));
        let most = if devices > 1 && fits { free / devices } else { 0 };
        ways = ways
            .into_iter()
            .flat_map(|way| {
                (0..=most).map(move |count| way.iter().copied().chain([count]).collect::<Counts>())
            })
            .collect();
    }
    let devices = |way: &Counts| -> u64 {
        fleet.workloads.iter().zip(way).map(|(own, n)| own.need.devices() * n).sum()
    };
    ways.into_iter().filter(|way| devices(way) <= free).collect()
}

/// Whether a device does for one device of a workload.
fn does(workload: &Workload<'_>, device: &Device<'_>) -> bool {
    let Need::Declared { memory, .. } = workload.need else { panic!("not asked here") };
    let Floors { compute_slices, .. } = workload.floors;
    let whole = if device.gpu.has_mig() { device.gpu.compute_slices } else { u8::MAX };
    let compute = device.profile.map_or(whole, |profile| profile.compute_slices);
    device.memory_floor() >= memory && compute_slices.is_none_or(|wanted| compute >= wanted)
}

/// Memory beyond the smallest device of the card that does.
fn beyond(workload: &Workload<'_>, device: &Device<'_>) -> Bytes {
    let slices = |device: &Device<'_>| {
        u64::from(device.profile.map_or(device.gpu.memory_slices.max(1), |p| p.memory_slices))
    };
    let plain =
        |device: &Device<'_>| device.profile.is_none_or(|profile| Set::Plain.has(device.gpu, profile));
    let all = Device::all_of(device.gpu).filter(|other| plain(other) && does(workload, other));
    let least = all.map(|other| slices(&other)).min().unwrap();
    device.gpu.memory.floor.share(slices(device) - least, device.gpu.memory_slices.max(1).into())
}

/// Everything that one GPU can hold.
fn gpu_ways(fleet: &Fleet<'_>, gpu: &FleetGpu<'_>) -> BTreeMap<Counts, Waste> {
    let none: Counts = vec![0; fleet.workloads.len()];
    let mut found = BTreeMap::new();
    let strangers: Vec<(String, Option<String>)> = match &gpu.today {
        Today::Unused => {
            keep(&mut found, none.clone(), (0, Bytes::ZERO, 0));
            Vec::new()
        }
        Today::Whole(_) => return BTreeMap::from([(none, (1, Bytes::ZERO, 0))]),
        Today::Cut(standing) => {
            standing.iter().filter_map(|s| s.held.clone()).map(|held| (held.name, held.tenant)).collect()
        }
    };
    let may = |counts: &Counts| legal(fleet, counts, &strangers);
    if gpu.today == Today::Unused && gpu.usage != Use::Sliced {
        for (at, own) in fleet.workloads.iter().enumerate() {
            let device = Device::whole(gpu.gpu);
            let mut counts = none.clone();
            counts[at] = 1;
            if own.need.devices() == 1 && does(own, &device) && may(&counts) {
                keep(&mut found, counts, (1, beyond(own, &device), 0));
            }
        }
    }
    if gpu.usage == Use::Whole {
        return found;
    }
    let stands = gpu.layout();
    for layout in layouts(gpu.gpu, Set::Plain) {
        if layout.instances().is_empty() || !stands.instances().iter().all(|i| layout.instances().contains(i))
        {
            continue;
        }
        let fresh: Vec<&Profile> = layout
            .instances()
            .iter()
            .filter(|i| !stands.instances().contains(i))
            .map(|i| i.profile)
            .collect();
        seat(fleet, &layout, &fresh, &mut none.clone(), Bytes::ZERO, &may, &mut found);
    }
    found
}

fn seat(
    fleet: &Fleet<'_>,
    layout: &Layout<'_>,
    fresh: &[&Profile],
    counts: &mut Counts,
    over: Bytes,
    may: &dyn Fn(&Counts) -> bool,
    found: &mut BTreeMap<Counts, Waste>,
) {
    let Some((profile, rest)) = fresh.split_first() else {
        let left = layout.leftover();
        keep(found, counts.clone(), (1, left.stranded + over, left.idle_compute.into()));
        return;
    };
    for (at, own) in fleet.workloads.iter().enumerate() {
        let device = Device { gpu: layout.gpu(), profile: Some(profile) };
        if own.need.devices() > 1 || !does(own, &device) {
            continue;
        }
        counts[at] += 1;
        if may(counts) {
            seat(fleet, layout, rest, counts, over + beyond(own, &device), may, found);
        }
        counts[at] -= 1;
    }
}

/// Whether these replicas may share a GPU with each other and with the strangers there.
fn legal(fleet: &Fleet<'_>, counts: &Counts, strangers: &[(String, Option<String>)]) -> bool {
    let here: Vec<(&Workload<'_>, u64)> =
        fleet.workloads.iter().zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect();
    let spread = |(own, count): &(&Workload<'_>, u64)| {
        let Spread { per_gpu, .. } = own.spread;
        per_gpu.is_none_or(|most| *count <= most)
    };
    let alone = |tenant: &Option<String>| tenant.as_ref().is_some_and(|tenant| fleet.alone.contains(tenant));
    let friends = |(own, _): &(&Workload<'_>, u64)| {
        let others = here.iter().map(|(other, _)| (&other.name, &other.tenant));
        others.chain(strangers.iter().map(|(name, tenant)| (name, tenant))).all(|(name, tenant)| {
            !own.apart.contains(name) && (*tenant == own.tenant || !(alone(tenant) || alone(&own.tenant)))
        })
    };
    within(fleet, counts) && here.iter().all(|own| spread(own) && friends(own))
}
