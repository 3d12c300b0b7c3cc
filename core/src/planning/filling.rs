//! One GPU: who sits in which device of a cut.

use super::prices::Prices;
use super::task::{Choice, Class, Task};
use crate::units::Bytes;

/// A cut and who sits in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filling {
    /// Place of the cut among those of the kind.
    pub(super) cut: usize,
    /// Class and device of every seat.
    pub(super) seats: Vec<(usize, usize)>,
    /// Memory that nothing can use: out of reach, or beyond the smallest device that does.
    pub(super) stranded: Bytes,
    /// Compute slices of no instance.
    pub(super) idle: u64,
}

/// What is still to be done: units of each class, GPUs of each kind, and how many replicas each node may still take.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rest {
    pub(super) demand: Vec<u64>,
    pub(super) left: Vec<u64>,
    /// Replicas of classes that are limited by node: node, class, how many more.
    pub(super) room: Vec<(usize, usize, u64)>,
}

impl Rest {
    pub(super) fn new(task: &Task<'_>) -> Rest {
        let mut nodes: Vec<usize> = task.kinds.iter().filter_map(|kind| kind.node).collect();
        nodes.dedup();
        let limited =
            task.classes.iter().enumerate().filter_map(|(at, c)| Some((at, c.devices, c.per_node?)));
        let limited: Vec<(usize, u64, u64)> = limited.collect();
        let room = nodes.iter().flat_map(|node| {
            limited.iter().map(|(class, devices, most)| {
                let staying = task.staying.get(&(*node, *class)).copied().unwrap_or(0);
                (*node, *class, most.saturating_sub(staying.checked_div(*devices).unwrap_or(0)))
            })
        });
        Rest {
            demand: task.classes.iter().map(|class| class.demand).collect(),
            left: task.kinds.iter().map(|kind| kind.gpus.len() as u64).collect(),
            room: room.collect(),
        }
    }

    pub(super) fn demand(&self, class: usize) -> u64 {
        self.demand.get(class).copied().unwrap_or(0)
    }

    pub(super) fn left(&self, kind: usize) -> u64 {
        self.left.get(kind).copied().unwrap_or(0)
    }

    /// How many more replicas of a class the node of a kind may take.
    pub(super) fn room(&self, task: &Task<'_>, kind: usize, class: usize) -> u64 {
        let node = task.kinds.get(kind).and_then(|kind| kind.node);
        let own = self.room.iter().find(|(at, limited, _)| Some(*at) == node && *limited == class);
        own.map_or(u64::MAX, |(.., more)| *more)
    }

    /// What is left after `times` GPUs of a kind are filled so.
    pub(super) fn take(&mut self, task: &Task<'_>, kind: usize, filling: &Filling, times: u64) {
        let node = task.kinds.get(kind).and_then(|kind| kind.node);
        for (class, device) in &filling.seats {
            let gives = task.classes.get(*class).map_or(1, |class| class.gives(*device));
            if let Some(demand) = self.demand.get_mut(*class) {
                *demand = demand.saturating_sub(gives.saturating_mul(times));
            }
            for (at, limited, more) in &mut self.room {
                if Some(*at) == node && *limited == *class {
                    *more = more.saturating_sub(times);
                }
            }
        }
        if let Some(left) = self.left.get_mut(kind) {
            *left = left.saturating_sub(times);
        }
    }
}

impl Class {
    /// The choice of a device.
    pub(super) fn choice(&self, device: usize) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.device == device)
    }

    /// What one replica on a device is worth.
    pub(super) fn gives(&self, device: usize) -> u64 {
        self.choice(device).map_or(1, |choice| choice.gives)
    }
}

impl Task<'_> {
    /// Whether one replica more of `class` may join `seats` on a GPU of `kind`.
    pub(super) fn may_join(&self, kind: usize, seats: &[(usize, usize)], class: usize) -> bool {
        let (Some(kind), Some(own)) = (self.kinds.get(kind), self.classes.get(class)) else { return false };
        let staying = kind.staying.get(class).copied().unwrap_or(0);
        let here = seats.iter().filter(|(other, _)| *other == class).count() as u64 + staying;
        own.devices == 1
            && here < own.per_gpu
            && !kind.barred.get(class).copied().unwrap_or(true)
            && !seats.iter().any(|(other, _)| own.apart.contains(other))
    }

    /// The filling of these seats, on the cut that is just theirs.
    pub(super) fn filling(&self, kind: usize, seats: Vec<(usize, usize)>) -> Option<Filling> {
        let cuts = &self.kinds.get(kind)?.cuts;
        let count = |device: &usize| seats.iter().filter(|(_, own)| own == device).count();
        let counts: Vec<u8> = cuts.devices.iter().map(|device| count(device) as u8).collect();
        let at = cuts.of(&counts)?;
        let cut = cuts.all.get(at)?;
        let beyond = |(class, device): &(usize, usize)| {
            self.classes.get(*class).and_then(|class| class.choice(*device)).map_or(Bytes::ZERO, |c| c.beyond)
        };
        let stranded = cut.stranded + seats.iter().map(beyond).sum();
        Some(Filling { cut: at, idle: cut.idle, stranded, seats })
    }

    /// The best filling of one GPU of a kind by `prices`, and what it is worth.
    pub(super) fn best_filling(&self, kind: usize, rest: &Rest, prices: &Prices) -> Option<(i128, Filling)> {
        let cuts = &self.kinds.get(kind)?.cuts;
        let offers: Vec<Vec<usize>> =
            cuts.devices.iter().map(|device| self.by_worth(*device, prices)).collect();
        let mut best: Option<(i128, Filling)> = None;
        for cut in cuts.full() {
            let seats = self.seats(kind, rest, &cut.counts, &offers);
            if seats.is_empty() {
                continue;
            }
            let worth = seats.iter().map(|seat| self.worth(*seat, prices)).sum();
            let Some(filling) = self.filling(kind, seats) else { continue };
            let better = best.as_ref().is_none_or(|(most, known)| {
                let own = (worth, core::cmp::Reverse((filling.stranded, filling.idle)));
                own > (*most, core::cmp::Reverse((known.stranded, known.idle)))
            });
            if better {
                best = Some((worth, filling));
            }
        }
        best
    }

    /// The filling of just this cut, if every seat of it is taken.
    pub(super) fn full_filling(
        &self,
        kind: usize,
        rest: &Rest,
        prices: &Prices,
        counts: &[u8],
    ) -> Option<Filling> {
        let cuts = &self.kinds.get(kind)?.cuts;
        let offers: Vec<Vec<usize>> =
            cuts.devices.iter().map(|device| self.by_worth(*device, prices)).collect();
        let seats = self.seats(kind, rest, counts, &offers);
        let wanted: usize = counts.iter().map(|count| usize::from(*count)).sum();
        if seats.len() == wanted { self.filling(kind, seats) } else { None }
    }

    /// What a seat is worth.
    pub(super) fn worth(&self, (class, device): (usize, usize), prices: &Prices) -> i128 {
        let gives = self.classes.get(class).map_or(1, |class| class.gives(device));
        prices.of.get(class).copied().unwrap_or(0).saturating_mul(gives.into())
    }

    /// Classes of one device that a device would do for, the one that is worth most first; of equals the one that
    /// wastes least there, then the one that has fewest other devices to go to.
    fn by_worth(&self, device: usize, prices: &Prices) -> Vec<usize> {
        let mut classes: Vec<(core::cmp::Reverse<i128>, Bytes, usize, usize)> = Vec::new();
        for (at, class) in self.classes.iter().enumerate().filter(|(_, class)| class.devices == 1) {
            if let Some(choice) = class.choice(device) {
                let worth = core::cmp::Reverse(self.worth((at, device), prices));
                classes.push((worth, choice.beyond, class.choices.len(), at));
            }
        }
        classes.sort_unstable();
        classes.into_iter().map(|(.., at)| at).collect()
    }

    /// Seats of a cut, device by device, each given to the class that is worth most.
    fn seats(&self, kind: usize, rest: &Rest, counts: &[u8], offers: &[Vec<usize>]) -> Vec<(usize, usize)> {
        let devices = self.kinds.get(kind).map(|kind| kind.cuts.devices.as_slice()).unwrap_or_default();
        let mut seats: Vec<(usize, usize)> = Vec::new();
        let mut given = vec![0_u64; self.classes.len()];
        for ((device, count), offers) in devices.iter().zip(counts).zip(offers) {
            for _ in 0..*count {
                let wanted = offers.iter().copied().find(|class| {
                    let (given, here) = (
                        given.get(*class).copied().unwrap_or(0),
                        seats.iter().filter(|(own, _)| own == class).count() as u64,
                    );
                    given < rest.demand(*class)
                        && here < rest.room(self, kind, *class)
                        && self.may_join(kind, &seats, *class)
                });
                let Some(class) = wanted else { break };
                seats.push((class, *device));
                let gives = self.classes.get(class).map_or(1, |class| class.gives(*device));
                if let Some(given) = given.get_mut(class) {
                    *given = given.saturating_add(gives);
                }
            }
        }
        seats
    }

    /// The place of the whole GPU among the devices of a kind, where it may be used whole.
    pub(super) fn whole(&self, kind: usize) -> Option<usize> {
        let kind = self.kinds.get(kind)?;
        if kind.open {
            return None;
        }
        let is_whole = |device: &&usize| self.devices.get(**device).is_some_and(|d| d.profile.is_none());
        kind.cuts.devices.iter().find(is_whole).copied()
    }
}
