//! Which GPU gets which filling: so that as many replicas as possible stay where they run today.

use std::collections::BTreeMap;

use super::assignment::cheapest;
use super::filling::Filling;
use super::fleet::{Fleet, FleetGpu, Today};
use super::greedy::Placed;
use super::task::{Kind, Task};
use crate::gpu::Profile;
use crate::gpu::layout::Layout;

/// What a GPU gets.
#[derive(Clone, Debug)]
pub(super) struct Assigned<'p, 'a> {
    pub(super) kind: usize,
    pub(super) filling: &'p Filling,
    /// The instances, none for a whole GPU.
    pub(super) layout: Option<Layout<'a>>,
    /// Workloads that run there today and stay: the start of the instance, none for a whole GPU, and the workload.
    pub(super) kept: Vec<(Option<u8>, usize)>,
}

/// GPUs and fillings up to which the best assignment is computed; beyond, each GPU in turn takes what suits it best.
const MOST_PAIRS: usize = 250_000;

/// A replica that stays counts more than every idle instance that need not be created anew.
const REPLICA: i64 = 1000;

/// Gives every filling a GPU of its kind, by place in the fleet.
pub(super) fn assign<'p, 'a>(
    fleet: &Fleet<'a>,
    task: &Task<'a>,
    placed: &'p [Placed],
) -> BTreeMap<usize, Assigned<'p, 'a>> {
    let gpus: Vec<&FleetGpu<'a>> = fleet.nodes.iter().flat_map(|node| &node.gpus).collect();
    let mut assigned = BTreeMap::new();
    for (at, kind) in task.kinds.iter().enumerate() {
        let mut fillings: Vec<(&Filling, u64)> = Vec::new();
        for placed in placed.iter().filter(|placed| placed.kind == at) {
            fillings.push((&placed.filling, placed.times));
        }
        let today = |place: &usize| gpus.get(*place).is_some_and(|gpu| gpu.today != Today::Unused);
        let (used, fresh): (Vec<usize>, Vec<usize>) = kind.gpus.iter().copied().partition(today);
        let view = View { fleet, task, kind };
        let chosen = match_used(&view, &gpus, &used, &fillings);
        let mut give = |place: usize, filling: usize| {
            let Some((own, times)) = fillings.get_mut(filling) else { return };
            *times -= 1;
            let suit = gpus.get(place).and_then(|gpu| view.suit(gpu, own));
            let (_, layout, kept) = suit.unwrap_or_default();
            assigned.insert(place, Assigned { kind: at, filling: own, layout, kept });
        };
        let mut unmatched: Vec<usize> = fresh;
        for (place, filling) in used.iter().zip(chosen) {
            match filling {
                Some(filling) => give(*place, filling),
                None => unmatched.push(*place),
            }
        }
        let mut unmatched = unmatched.into_iter();
        let left: Vec<usize> = fillings
            .iter()
            .enumerate()
            .flat_map(|(at, (_, n))| std::iter::repeat_n(at, *n as usize))
            .collect();
        for filling in left {
            let Some(place) = unmatched.next() else { break };
            let Some((own, _)) = fillings.get(filling) else { break };
            let suit = gpus.get(place).and_then(|gpu| view.suit(gpu, own));
            let (_, layout, kept) = suit.unwrap_or_default();
            assigned.insert(place, Assigned { kind: at, filling: own, layout, kept });
        }
    }
    assigned
}

/// The filling of each GPU that is in use today, none where it stays empty.
fn match_used(
    view: &View<'_, '_>,
    gpus: &[&FleetGpu<'_>],
    used: &[usize],
    fillings: &[(&Filling, u64)],
) -> Vec<Option<usize>> {
    let suits = |place: &usize, filling: &Filling| {
        let suit = gpus.get(*place).and_then(|gpu| view.suit(gpu, filling));
        suit.map_or(0, |(worth, ..)| worth)
    };
    let mut columns: Vec<usize> = Vec::new();
    for (at, (_, times)) in fillings.iter().enumerate() {
        let copies = usize::try_from(*times).unwrap_or(usize::MAX).min(used.len());
        columns.extend(std::iter::repeat_n(at, copies));
    }
    if used.len().saturating_mul(columns.len() + used.len()) > MOST_PAIRS {
        return in_turn(used, fillings, &suits);
    }
    let worth: Vec<Vec<i64>> = used
        .iter()
        .map(|place| fillings.iter().map(|(filling, _)| suits(place, filling)).collect())
        .collect();
    let cost = |row: usize, column: usize| -> i64 {
        let filling = columns.get(column);
        -filling.and_then(|filling| worth.get(row)?.get(*filling).copied()).unwrap_or(0)
    };
    // As many columns beyond the fillings as there are GPUs: each may stay empty.
    let chosen = cheapest(used.len(), columns.len() + used.len(), cost);
    let of = |(row, column): (usize, usize)| {
        let filling = columns.get(column).copied()?;
        (cost(row, column) < 0).then_some(filling)
    };
    chosen.into_iter().enumerate().map(of).collect()
}

fn in_turn(
    used: &[usize],
    fillings: &[(&Filling, u64)],
    suits: &dyn Fn(&usize, &Filling) -> i64,
) -> Vec<Option<usize>> {
    let mut left: Vec<u64> = fillings.iter().map(|(_, times)| *times).collect();
    let mut chosen = Vec::new();
    for place in used {
        let open = fillings.iter().enumerate().filter(|(at, _)| left.get(*at).is_some_and(|left| *left > 0));
        let best = open.map(|(at, (filling, _))| (suits(place, filling), core::cmp::Reverse(at))).max();
        let best = best.filter(|(worth, _)| *worth > 0).map(|(_, core::cmp::Reverse(at))| at);
        if let Some(left) = best.and_then(|at| left.get_mut(at)) {
            *left -= 1;
        }
        chosen.push(best);
    }
    chosen
}

struct View<'v, 'a> {
    fleet: &'v Fleet<'a>,
    task: &'v Task<'a>,
    kind: &'v Kind<'a>,
}

/// What it is worth, the layout, and who stays.
type Suit<'a> = (i64, Option<Layout<'a>>, Vec<(Option<u8>, usize)>);

impl<'a> View<'_, 'a> {
    /// How well a filling suits what stands on a GPU today, with the layout that suits best.
    fn suit(&self, gpu: &FleetGpu<'a>, filling: &Filling) -> Option<Suit<'a>> {
        let cut = self.kind.cuts.all.get(filling.cut)?;
        if cut.layouts.is_empty() {
            return Some(self.suit_whole(gpu, filling));
        }
        let suits = cut.layouts.iter().map(|layout| self.suit_layout(gpu, filling, layout));
        suits.reduce(|best, other| if other.0 > best.0 { other } else { best })
    }

    fn suit_whole(&self, gpu: &FleetGpu<'a>, filling: &Filling) -> Suit<'a> {
        let Today::Whole(held) = &gpu.today else { return Suit::default() };
        let own = self
            .workload(&held.name)
            .filter(|own| filling.seats.iter().any(|(class, _)| self.is_of(*own, *class)));
        own.map_or_else(Suit::default, |own| (REPLICA, None, vec![(None, own)]))
    }

    fn suit_layout(&self, gpu: &FleetGpu<'a>, filling: &Filling, layout: &Layout<'a>) -> Suit<'a> {
        let mut suit = (0, Some(layout.clone()), Vec::new());
        let Today::Cut(standing) = &gpu.today else { return suit };
        let mut seats = filling.seats.clone();
        for own in standing.iter().filter(|own| layout.instances().contains(&own.instance)) {
            let workload = own.held.as_ref().and_then(|held| self.workload(&held.name));
            let seat = workload.and_then(|workload| {
                seats.iter().position(|(class, device)| {
                    self.is_of(workload, *class) && self.is_profile(*device, own.instance.profile)
                })
            });
            match (workload, seat) {
                (Some(workload), Some(seat)) => {
                    seats.remove(seat);
                    suit.0 += REPLICA;
                    suit.2.push((Some(own.instance.start), workload));
                }
                (Some(_), None) | (None, _) => suit.0 += 1,
            }
        }
        suit
    }

    fn workload(&self, name: &str) -> Option<usize> {
        self.fleet.workloads.iter().position(|workload| workload.name == name)
    }

    fn is_of(&self, workload: usize, class: usize) -> bool {
        self.task.classes.get(class).is_some_and(|class| class.workloads.contains(&workload))
    }

    fn is_profile(&self, device: usize, profile: &Profile) -> bool {
        let device = self.task.devices.get(device).and_then(|device| device.profile);
        device.is_some_and(|own| own.name == profile.name)
    }
}
