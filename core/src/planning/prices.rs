//! What a replica of each class is worth in GPUs: the dual of the relaxed plan, in which GPUs may be divided.
//!
//! The relaxed plan says how many GPUs to cut in which way (Gilmore and Gomory's formulation of cutting stock).
//! Whatever prices are used, [`Prices::bound`] holds: it is checked against every cut of every kind, in whole
//! numbers.

use std::rc::Rc;

use super::cuts::Cuts;
use super::simplex::{Optimum, Program};
use super::task::{Class, Task};

/// Prices of classes, over one scale.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    /// What one GPU is worth.
    pub(super) scale: i128,
    /// What one unit of each class is worth.
    pub(super) of: Vec<i128>,
    /// What the best cut of each kind is worth.
    pub(super) best: Vec<i128>,
    /// Whole times that the relaxed plan uses a cut: group of kinds, counts, times.
    pub(super) cuts: Vec<(Vec<usize>, Vec<u8>, u64)>,
}

/// More than the GPUs that one unit can take: its price where it finds no place.
pub(super) const NO_PLACE: u64 = 4096;

/// Largest table that is solved, and pivots given to it.
const MOST_ENTRIES: usize = 300_000;
const MOST_PIVOTS: u32 = 4000;

/// Kinds that are cut alike.
struct Group<'t, 'a> {
    cuts: &'t Rc<Cuts<'a>>,
    open: bool,
    kinds: Vec<usize>,
    left: i128,
}

impl Prices {
    /// Prices for `demand` of the classes that `counted` picks, where `left` GPUs of each kind are.
    pub(super) fn new(
        task: &Task<'_>,
        demand: &[u64],
        left: &[u64],
        counted: impl Fn(&Class) -> bool,
    ) -> Prices {
        let asked: Vec<u64> = task
            .classes
            .iter()
            .zip(demand)
            .map(|(class, demand)| if counted(class) && !class.choices.is_empty() { *demand } else { 0 })
            .collect();
        let groups = groups(task, left);
        let (of, cuts, scale) = match relaxed(task, &asked, &groups) {
            Some((optimum, width)) => {
                let of = optimum.x.get(..width).unwrap_or_default().to_vec();
                let cuts = whole_times(&groups, &optimum);
                (of, cuts, optimum.denominator)
            }
            None => (by_size(task, &asked), Vec::new(), 0),
        };
        Prices::checked(task, of, scale, cuts)
    }

    /// Prices for which one GPU is worth `scale`; where that is 0, as much as the best cut.
    fn checked(task: &Task<'_>, of: Vec<i128>, scale: i128, cuts: Vec<(Vec<usize>, Vec<u8>, u64)>) -> Prices {
        // A replica of several GPUs is worth the same part on each of them.
        let shares = task.classes.iter().map(|class| i128::from(class.devices.max(1))).fold(1, least_common);
        let of: Vec<i128> = of.into_iter().map(|price| price.saturating_mul(shares)).collect();
        let mut prices = Prices { scale: scale.saturating_mul(shares), of, best: Vec::new(), cuts };
        prices.best = (0..task.kinds.len()).map(|kind| prices.best_cut(task, kind)).collect();
        if prices.scale == 0 {
            let new = task.kinds.iter().zip(&prices.best).filter(|(kind, _)| !kind.open);
            prices.scale = new.map(|(_, best)| *best).max().unwrap_or(1).max(1);
        }
        prices
    }

    /// What one device is worth at best on a kind.
    fn best_device(&self, task: &Task<'_>, kind: usize, device: usize) -> i128 {
        let barred = task.kinds.get(kind).map(|kind| kind.barred.as_slice()).unwrap_or_default();
        let classes = task.classes.iter().zip(&self.of).zip(barred).filter(|(_, barred)| !**barred);
        let worth = classes.filter_map(|((class, price), _)| {
            let choice = class.choices.iter().find(|choice| choice.device == device)?;
            let share = price.checked_div(i128::from(class.devices))?;
            Some(share.saturating_mul(i128::from(choice.gives)))
        });
        worth.max().unwrap_or(0)
    }

    fn best_cut(&self, task: &Task<'_>, kind: usize) -> i128 {
        let Some(cuts) = task.kinds.get(kind).map(|kind| &kind.cuts) else { return 0 };
        let worth: Vec<i128> =
            cuts.devices.iter().map(|device| self.best_device(task, kind, *device)).collect();
        let of = |counts: &[u8]| -> i128 {
            counts.iter().zip(&worth).map(|(count, worth)| worth.saturating_mul(i128::from(*count))).sum()
        };
        cuts.full().map(|cut| of(&cut.counts)).max().unwrap_or(0)
    }

    /// What a GPU of a kind is worth beyond its cost, 0 where it is not.
    pub(super) fn fee(&self, task: &Task<'_>, kind: usize) -> i128 {
        let open = task.kinds.get(kind).is_some_and(|kind| kind.open);
        let best = self.best.get(kind).copied().unwrap_or(0);
        (best - if open { 0 } else { self.scale }).max(0)
    }

    /// A number of GPUs, beside the open ones, below which `demand` cannot be placed where `left` GPUs of each
    /// kind are.
    pub(super) fn bound(&self, demand: &[u64], fees: &[i128], left: &[u64]) -> u64 {
        let worth: i128 = demand
            .iter()
            .zip(&self.of)
            .map(|(demand, price)| i128::from(*demand).saturating_mul(*price))
            .fold(0, i128::saturating_add);
        let paid: i128 = fees
            .iter()
            .zip(left)
            .map(|(fee, left)| fee.saturating_mul(i128::from(*left)))
            .fold(0, i128::saturating_add);
        let scale = self.scale.max(1);
        u64::try_from((worth - paid + scale - 1).max(0) / scale).unwrap_or(u64::MAX)
    }
}

fn least_common(a: i128, b: i128) -> i128 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x.max(1)).saturating_mul(b)
}

fn groups<'t, 'a>(task: &'t Task<'a>, left: &[u64]) -> Vec<Group<'t, 'a>> {
    let mut groups: Vec<Group<'t, 'a>> = Vec::new();
    for (at, (kind, left)) in task.kinds.iter().zip(left).enumerate().filter(|(_, (_, left))| **left > 0) {
        let same = groups.iter_mut().find(|g| Rc::ptr_eq(g.cuts, &kind.cuts) && g.open == kind.open);
        match same {
            Some(group) => {
                group.kinds.push(at);
                group.left += i128::from(*left);
            }
            None => groups.push(Group {
                cuts: &kind.cuts,
                open: kind.open,
                kinds: vec![at],
                left: i128::from(*left),
            }),
        }
    }
    groups
}

/// The dual of the relaxed plan: prices of classes, then of devices, then of the scarcity of each group.
fn relaxed(task: &Task<'_>, asked: &[u64], groups: &[Group<'_, '_>]) -> Option<(Optimum, usize)> {
    let (classes, devices) = (task.classes.len(), task.devices.len());
    let width = classes + devices + groups.len();
    let mut objective: Vec<i128> = asked.iter().map(|asked| i128::from(*asked)).collect();
    objective.resize(classes + devices, 0);
    objective.extend(groups.iter().map(|group| -group.left));
    let mut rows = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        for cut in group.cuts.full() {
            let mut row = vec![0; width];
            for (device, count) in group.cuts.devices.iter().zip(&cut.counts) {
                *row.get_mut(classes + device)? = i128::from(*count);
            }
            *row.get_mut(classes + devices + at)? = -1;
            rows.push((row, i128::from(!group.open)));
        }
    }
    for (at, (class, _)) in task.classes.iter().zip(asked).enumerate().filter(|(_, (_, d))| **d > 0) {
        for choice in &class.choices {
            let mut row = vec![0; width];
            *row.get_mut(at)? = i128::from(choice.gives);
            *row.get_mut(classes + choice.device)? = -i128::from(class.devices);
            rows.push((row, 0));
        }
        let mut row = vec![0; width];
        *row.get_mut(at)? = 1;
        rows.push((row, NO_PLACE.into()));
    }
    if rows.len().saturating_mul(width) > MOST_ENTRIES {
        return None;
    }
    Program { objective, rows }.solve(MOST_PIVOTS).map(|optimum| (optimum, classes))
}

/// How often the relaxed plan uses each cut, rounded down: the prices of the rows, in their order.
fn whole_times(groups: &[Group<'_, '_>], optimum: &Optimum) -> Vec<(Vec<usize>, Vec<u8>, u64)> {
    let cuts = groups.iter().flat_map(|group| group.cuts.full().map(move |cut| (group, cut)));
    cuts.zip(&optimum.prices)
        .filter_map(|((group, cut), price)| {
            let times = price.checked_div(optimum.denominator).and_then(|times| u64::try_from(times).ok())?;
            (times > 0).then(|| (group.kinds.clone(), cut.counts.clone(), times))
        })
        .collect()
}

/// Prices by the smallest share of a card's memory that a class can do with, for tables too large to be solved.
fn by_size(task: &Task<'_>, asked: &[u64]) -> Vec<i128> {
    const CARD: u64 = 1 << 20;
    let price = |class: &Class| {
        let shares = class.choices.iter().filter_map(|choice| {
            let device = task.devices.get(choice.device)?;
            let slices = u64::from(super::cuts::size(device.gpu, device.profile).0);
            let whole = u64::from(device.gpu.memory_slices.max(1)).saturating_mul(choice.gives);
            CARD.saturating_mul(slices).saturating_mul(class.devices).checked_div(whole)
        });
        i128::from(shares.min().unwrap_or(0))
    };
    task.classes.iter().zip(asked).map(|(class, asked)| if *asked > 0 { price(class) } else { 0 }).collect()
}
