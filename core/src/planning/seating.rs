//! From counts back to names: which replica sits where.

use std::collections::BTreeMap;

use super::fleet::{Amount, Fleet, Today};
use super::matching_today::Assigned;
use super::outcome::{Holder, Mode, PlannedGpu, Seat};
use super::solve::Solution;
use super::staying::Stay;
use super::task::Task;
use crate::gpu::Device;
use crate::gpu::layout::{Instance, Layout};

/// A replica of a workload of the fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Replica {
    workload: usize,
    number: u64,
    rank: u64,
}

/// How many replicas of each workload sit, and how much of it is still without a seat.
struct Roll<'t, 'a> {
    fleet: &'t Fleet<'a>,
    task: &'t Task<'a>,
    seated: Vec<u64>,
    open: Vec<u64>,
    /// Groups that are not complete, by node, card and class: the replica and its next rank.
    groups: BTreeMap<(usize, String, usize), (Replica, u64)>,
}

/// Every GPU of the fleet with its seats.
pub(super) fn seat<'a>(
    fleet: &Fleet<'a>,
    task: &Task<'a>,
    stays: &[Stay<'a>],
    solution: &Solution,
) -> Vec<PlannedGpu<'a>> {
    let mut assigned = super::matching_today::assign(fleet, task, &solution.placed);
    let mut roll = Roll::new(fleet, task, stays);
    assigned.values_mut().for_each(|own| roll.reserve(own));
    let mut planned = Vec::new();
    let mut place = 0;
    for (node_at, node) in fleet.nodes.iter().enumerate() {
        for (index, own) in node.gpus.iter().enumerate() {
            let mut seats = staying(fleet, own, stays.get(place), &mut roll, node_at);
            let mut layout = stays.get(place).map_or(Layout::empty(own.gpu), |stay| stay.layout.clone());
            if let Some(given) = assigned.get(&place) {
                layout = given.layout.clone().unwrap_or(layout);
                let fresh = new_instances(&layout, stays.get(place));
                seats.extend(new_seats(task, given, fresh, &mut roll, node_at));
            }
            seats.sort_by_key(|seat| seat.start);
            let whole = seats.iter().any(|seat| seat.device.profile.is_none());
            let mode = match (seats.is_empty(), whole) {
                (true, _) => Mode::Unused,
                (false, true) => Mode::Whole,
                (false, false) => Mode::Sliced,
            };
            planned.push(PlannedGpu {
                node: node.name.clone(),
                pool: node.pool.clone(),
                instance_type: node.instance_type.clone(),
                index: u32::try_from(index).unwrap_or(u32::MAX),
                gpu: own.gpu,
                mode,
                leftover: (mode == Mode::Sliced).then(|| layout.leftover()),
                layout,
                seats,
            });
            place += 1;
        }
    }
    planned
}

/// Instances of a layout that did not stand there before.
fn new_instances<'a>(layout: &Layout<'a>, stay: Option<&Stay<'a>>) -> Vec<Instance<'a>> {
    let stood =
        |instance: &&Instance<'a>| stay.is_some_and(|stay| stay.layout.instances().contains(instance));
    layout.instances().iter().filter(|instance| !stood(instance)).copied().collect()
}

/// Seats of those who stay.
fn staying<'a>(
    fleet: &Fleet<'a>,
    gpu: &super::fleet::FleetGpu<'a>,
    stay: Option<&Stay<'a>>,
    roll: &mut Roll<'_, 'a>,
    node: usize,
) -> Vec<Seat<'a>> {
    let Some(stay) = stay else { return Vec::new() };
    let holder = |name: &str, roll: &mut Roll<'_, 'a>| {
        let own = fleet.workloads.iter().position(|workload| workload.name == name);
        own.map_or(Holder::Stranger(name.to_owned()), |own| roll.stays(own, node, &gpu.gpu.key))
    };
    match &gpu.today {
        Today::Whole(held) if stay.whole => {
            vec![Seat { device: Device::whole(gpu.gpu), start: None, holder: holder(&held.name, roll) }]
        }
        Today::Unused | Today::Whole(_) => Vec::new(),
        Today::Cut(standing) => standing
            .iter()
            .filter(|standing| stay.layout.instances().contains(&standing.instance))
            .filter_map(|standing| {
                let device = Device { gpu: gpu.gpu, profile: Some(standing.instance.profile) };
                let holder = holder(&standing.held.as_ref()?.name, roll);
                Some(Seat { device, start: Some(standing.instance.start), holder })
            })
            .collect(),
    }
}

/// Seats of those who are placed: those who run there today on their own instances, each other one on the lowest
/// instance of its device that is still free.
fn new_seats<'a>(
    task: &Task<'a>,
    given: &Assigned<'_, 'a>,
    mut fresh: Vec<Instance<'a>>,
    roll: &mut Roll<'_, 'a>,
    node: usize,
) -> Vec<Seat<'a>> {
    let mut found = Vec::new();
    let mut seats = given.filling.seats.clone();
    for (start, workload) in &given.kept {
        let is_own = |(class, device): &(usize, usize)| {
            let at = fresh.iter().position(|own| Some(own.start) == *start);
            let profile = at.and_then(|at| fresh.get(at)).map(|own| own.profile);
            task.classes.get(*class).is_some_and(|class| class.workloads.contains(workload))
                && task.devices.get(*device).is_some_and(|device| device.profile == profile)
        };
        let Some(at) = seats.iter().position(is_own) else { continue };
        let (_, device) = seats.remove(at);
        fresh.retain(|own| Some(own.start) != *start);
        if let Some(device) = task.devices.get(device) {
            found.push(Seat { device: *device, start: *start, holder: roll.numbered(*workload) });
        }
    }
    for (class, device) in &seats {
        let Some(own) = task.devices.get(*device) else { continue };
        let at = fresh.iter().position(|instance| Some(instance.profile) == own.profile);
        let start = at.map(|at| fresh.remove(at).start);
        let gives = task.classes.get(*class).map_or(1, |class| class.gives(*device));
        let card = task.kinds.get(given.kind).map_or_else(String::new, |kind| kind.gpu.key.to_string());
        let holder = roll.sits(*class, gives, node, card);
        found.push(Seat { device: *own, start, holder });
    }
    found
}

impl<'t, 'a> Roll<'t, 'a> {
    fn new(fleet: &'t Fleet<'a>, task: &'t Task<'a>, stays: &[Stay<'a>]) -> Roll<'t, 'a> {
        let open = fleet.workloads.iter().enumerate().map(|(at, workload)| {
            let (Amount::Replicas(all) | Amount::Sequences(all)) = workload.amount;
            all.saturating_sub(super::staying::worth(fleet, task, stays, at))
        });
        let open = open.collect();
        Roll { fleet, task, seated: vec![0; fleet.workloads.len()], open, groups: BTreeMap::new() }
    }

    /// Counts those who keep their instance as seated; those of whom no more are wanted do not keep it.
    fn reserve(&mut self, given: &mut Assigned<'_, '_>) {
        let mut kept = core::mem::take(&mut given.kept);
        kept.retain(|(start, workload)| {
            let stood = |device: &usize| {
                let own = self.task.devices.get(*device).and_then(|device| device.profile);
                let laid = given.layout.as_ref().and_then(|layout| {
                    layout.instances().iter().find(|own| Some(own.start) == *start).map(|own| own.profile)
                });
                own == laid
            };
            let class = self.task.classes.iter().find(|class| class.workloads.contains(workload));
            let choice = class.and_then(|class| class.choices.iter().find(|choice| stood(&choice.device)));
            let (Some(choice), Some(open)) = (choice, self.open.get_mut(*workload)) else { return false };
            let wanted = *open > 0;
            *open = open.saturating_sub(choice.gives);
            wanted
        });
        given.kept = kept;
    }

    /// The next replica of a workload of one device.
    fn numbered(&mut self, workload: usize) -> Holder {
        self.next(workload, 1, (usize::MAX, String::new(), workload))
    }

    /// The next replica of a workload that stays.
    fn stays(&mut self, workload: usize, node: usize, card: &str) -> Holder {
        let devices = self.fleet.workloads.get(workload).map_or(1, |workload| workload.need.devices());
        // Staying groups are told from placed ones by their key.
        self.next(workload, devices, (node, format!("{card} stays"), workload))
    }

    /// The next replica of a class that is placed.
    fn sits(&mut self, class: usize, gives: u64, node: usize, card: String) -> Holder {
        let Some(own) = self.task.classes.get(class) else { return Holder::Nobody };
        let key = (node, card, class);
        if let Some((replica, _)) = self.groups.get(&key) {
            let workload = replica.workload;
            return self.next(workload, own.devices, key);
        }
        let waiting = |at: &&usize| self.open.get(**at).is_some_and(|open| *open > 0);
        let Some(workload) = own.workloads.iter().find(waiting).copied() else { return Holder::Nobody };
        if let Some(open) = self.open.get_mut(workload) {
            *open = open.saturating_sub(gives);
        }
        self.next(workload, own.devices, key)
    }

    /// One device more of the group that is open under `key`, else of a new replica.
    fn next(&mut self, workload: usize, devices: u64, key: (usize, String, usize)) -> Holder {
        let (replica, rank) = match self.groups.remove(&key) {
            Some((replica, rank)) => (replica, rank),
            None => {
                let seated = self.seated.get_mut(workload);
                let number = seated.map_or(0, |seated| {
                    *seated += 1;
                    *seated - 1
                });
                (Replica { workload, number, rank: 0 }, 0)
            }
        };
        if rank + 1 < devices {
            self.groups.insert(key, (replica, rank + 1));
        }
        let name = self.fleet.workloads.get(workload).map(|workload| workload.name.clone());
        Holder::Replica { workload: name.unwrap_or_default(), number: replica.number, rank }
    }
}
