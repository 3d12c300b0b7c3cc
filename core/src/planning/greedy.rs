//! A fast plan: groups of whole GPUs first, then the cuts that the relaxed plan uses, then GPU by GPU whatever is
//! worth most (sequential value correction).

use super::filling::{Filling, Rest};
use super::outcome::Score;
use super::prices::Prices;
use super::task::Task;
use crate::units::Bytes;

/// `times` GPUs of a kind filled alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) kind: usize,
    pub(super) times: u64,
    pub(super) filling: Filling,
}

/// A plan in the making.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) rest: Rest,
    pub(super) placed: Vec<Placed>,
}

impl Draft {
    pub(super) fn put(&mut self, task: &Task<'_>, kind: usize, filling: Filling, times: u64) {
        self.rest.take(task, kind, &filling, times);
        self.placed.push(Placed { kind, times, filling });
    }

    /// The measure of the draft, what stays included.
    pub(super) fn score(&self, task: &Task<'_>) -> Score {
        let mut score = task.base_score();
        score.missing = self.rest.demand.iter().sum();
        for placed in &self.placed {
            score = task.after(score, placed.kind, &placed.filling, placed.times);
        }
        score
    }
}

impl Task<'_> {
    /// The measure before anything is placed.
    pub(super) fn base_score(&self) -> Score {
        let (mut stranded, mut idle_compute) = (Bytes::ZERO, 0);
        for kind in self.kinds.iter().filter(|kind| kind.open) {
            if let Some(base) = kind.cuts.all.first() {
                stranded = stranded + base.stranded.times(kind.gpus.len() as u64);
                idle_compute += base.idle * kind.gpus.len() as u64;
            }
        }
        Score { missing: 0, gpus: self.taken, stranded, idle_compute }
    }

    /// The measure after `times` GPUs of a kind are filled; what stood there is counted already.
    pub(super) fn after(&self, mut score: Score, kind: usize, filling: &Filling, times: u64) -> Score {
        let Some(kind) = self.kinds.get(kind) else { return score };
        match kind.cuts.all.first().filter(|_| kind.open) {
            Some(base) => {
                score.stranded = score.stranded.minus(base.stranded.times(times));
                score.idle_compute = score.idle_compute.saturating_sub(base.idle * times);
            }
            None => score.gpus += times,
        }
        score.stranded = score.stranded + filling.stranded.times(times);
        score.idle_compute += filling.idle * times;
        score
    }
}

/// The fast plan.
pub(super) fn greedy(task: &Task<'_>, prices: &Prices) -> Draft {
    let mut draft = Draft { rest: Rest::new(task), placed: Vec::new() };
    place_groups(task, &mut draft);
    place_whole_times(task, prices, &mut draft);
    fill(task, prices, &mut draft);
    draft
}

/// Puts every replica of several GPUs on the node that has least room beyond it, large groups first.
fn place_groups(task: &Task<'_>, draft: &mut Draft) {
    let mut groups: Vec<usize> =
        (0..task.classes.len()).filter(|at| task.classes.get(*at).is_some_and(|c| c.devices > 1)).collect();
    groups.sort_by_key(|at| core::cmp::Reverse(task.classes.get(*at).map_or(0, |class| class.devices)));
    for class in groups {
        while draft.rest.demand(class) > 0 {
            let sites = sites(task, &draft.rest, class);
            let Some(site) = sites.into_iter().min_by_key(|site| (site.rank, site.free)) else { break };
            put_group(task, draft, class, &site);
        }
    }
}

/// Where a replica of several GPUs can go: one card of one node.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// Kinds to take GPUs from, and how many.
    pub(super) takes: Vec<(usize, u64)>,
    /// The device there.
    pub(super) device: usize,
    /// Place of the device among the choices of the class.
    pub(super) rank: usize,
    /// Whole GPUs of that card that are free there.
    pub(super) free: u64,
}

/// Every site that a replica of `class` can go to.
pub(super) fn sites(task: &Task<'_>, rest: &Rest, class: usize) -> Vec<Site> {
    let Some(own) = task.classes.get(class) else { return Vec::new() };
    let mut sites: Vec<(Option<usize>, Site)> = Vec::new();
    for (at, kind) in task.kinds.iter().enumerate() {
        let Some(device) = task.whole(at).filter(|_| !kind.barred.get(class).copied().unwrap_or(true)) else {
            continue;
        };
        let Some(rank) = own.choices.iter().position(|choice| choice.device == device) else { continue };
        let left = rest.left(at);
        if left == 0 || rest.room(task, at, class) == 0 {
            continue;
        }
        match sites.iter_mut().find(|(node, site)| *node == kind.node && site.device == device) {
            Some((_, site)) => {
                site.takes.push((at, left));
                site.free += left;
            }
            None => sites.push((kind.node, Site { takes: vec![(at, left)], device, rank, free: left })),
        }
    }
    let mut found: Vec<Site> =
        sites.into_iter().map(|(_, site)| site).filter(|site| site.free >= own.devices).collect();
    for site in &mut found {
        // GPUs that can only be used whole go first.
        site.takes
            .sort_by_key(|(kind, _)| task.kinds.get(*kind).is_some_and(|kind| kind.cuts.devices.len() > 1));
        let mut wanted = own.devices;
        for (_, take) in &mut site.takes {
            *take = (*take).min(wanted);
            wanted -= *take;
        }
        site.takes.retain(|(_, take)| *take > 0);
    }
    found
}

/// Puts one replica of a class on a site.
pub(super) fn put_group(task: &Task<'_>, draft: &mut Draft, class: usize, site: &Site) {
    for (at, (kind, take)) in site.takes.iter().enumerate() {
        let Some(filling) = task.filling(*kind, vec![(class, site.device)]) else { continue };
        draft.placed.push(Placed { kind: *kind, times: *take, filling });
        draft.rest.take_group(task, (*kind, *take), class, at == 0);
    }
}

impl Rest {
    /// Takes GPUs of a kind for a replica of several; the replica itself counts once.
    pub(super) fn take_group(
        &mut self,
        task: &Task<'_>,
        (kind, take): (usize, u64),
        class: usize,
        counts: bool,
    ) {
        if let Some(left) = self.left.get_mut(kind) {
            *left = left.saturating_sub(take);
        }
        if !counts {
            return;
        }
        let gives = task.whole(kind).and_then(|device| Some(task.classes.get(class)?.gives(device)));
        if let Some(demand) = self.demand.get_mut(class) {
            *demand = demand.saturating_sub(gives.unwrap_or(1));
        }
        let node = task.kinds.get(kind).and_then(|kind| kind.node);
        for (at, limited, more) in &mut self.room {
            if Some(*at) == node && *limited == class {
                *more = more.saturating_sub(1);
            }
        }
    }
}

/// Cuts GPUs as the relaxed plan does, as far as each cut is filled to the last seat.
fn place_whole_times(task: &Task<'_>, prices: &Prices, draft: &mut Draft) {
    for (kinds, counts, times) in &prices.cuts {
        let mut times = *times;
        for kind in kinds {
            while times > 0 && draft.rest.left(*kind) > 0 {
                let Some(filling) = task.full_filling(*kind, &draft.rest, prices, counts) else { break };
                let put = times.min(task.repeats(*kind, &draft.rest, &filling));
                draft.put(task, *kind, filling, put);
                times -= put;
            }
        }
    }
}

/// Fills one GPU after another with whatever loses least against the prices, until nothing more finds a place.
pub(super) fn fill(task: &Task<'_>, prices: &Prices, draft: &mut Draft) {
    let fees: Vec<i128> = (0..task.kinds.len()).map(|kind| prices.fee(task, kind)).collect();
    while draft.rest.demand.iter().any(|demand| *demand > 0) {
        let mut best: Option<(i128, usize, Filling)> = None;
        for (kind, fee) in fees.iter().enumerate().filter(|(kind, _)| draft.rest.left(*kind) > 0) {
            let Some((worth, filling)) = task.best_filling(kind, &draft.rest, prices) else { continue };
            let open = task.kinds.get(kind).is_some_and(|kind| kind.open);
            let loss = fee + if open { 0 } else { prices.scale } - worth;
            let better = best.as_ref().is_none_or(|(least, _, known)| {
                (loss, filling.stranded, filling.idle) < (*least, known.stranded, known.idle)
            });
            if better {
                best = Some((loss, kind, filling));
            }
        }
        let Some((_, kind, filling)) = best else { break };
        let times = task.repeats(kind, &draft.rest, &filling);
        draft.put(task, kind, filling, times);
    }
}

impl Task<'_> {
    /// How many GPUs of a kind can be filled so before something runs out; at least one.
    fn repeats(&self, kind: usize, rest: &Rest, filling: &Filling) -> u64 {
        let mut times = rest.left(kind);
        for (class, _) in &filling.seats {
            let own = || filling.seats.iter().filter(|(other, _)| other == class);
            let gives =
                |(class, device): &(usize, usize)| self.classes.get(*class).map_or(1, |c| c.gives(*device));
            let units: u64 = own().map(gives).sum();
            times = times.min(rest.demand(*class).checked_div(units).unwrap_or(0));
            times = times.min(rest.room(self, kind, *class).checked_div(own().count() as u64).unwrap_or(0));
        }
        times.max(1)
    }
}
