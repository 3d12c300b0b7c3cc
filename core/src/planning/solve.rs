//! From a task to the best plan that is found, with its bound.

use super::exact::{Budget, search};
use super::filling::Rest;
use super::greedy::{Draft, Placed, greedy};
use super::outcome::{Bound, Score};
use super::prices::{NO_PLACE, Prices};
use super::task::Task;
use super::watch::{Progress, Stage, Watch};

/// For a whole task: beyond this the answer is the best found, not the best there is.
const WHOLE: Budget = Budget { patterns: 4000, steps: 400_000 };
/// For a few GPUs of a large task.
const PART: Budget = Budget { patterns: 1500, steps: 60_000 };
/// GPUs of the fast plan up to which the whole task is searched.
const SMALL: u64 = 24;
/// GPUs that are planned anew at a time, and how often.
const WINDOW: usize = 5;
const ROUNDS: usize = 10;

/// A plan in numbers.
pub(super) struct Solution {
    pub(super) placed: Vec<Placed>,
    /// Units of each class without a place.
    pub(super) missing: Vec<u64>,
    pub(super) score: Score,
    pub(super) bound: Bound,
}

/// The best plan that is found before the budget or the watcher's patience ends.
pub(super) fn solve(task: &Task<'_>, watch: &mut Watch<'_>) -> Solution {
    let start = Rest::new(task);
    let prices = Prices::new(task, &start.demand, &start.left, |_| true);
    let mut draft = greedy(task, &prices);
    let mut proved = false;
    if draft.placed.iter().map(|placed| placed.times).sum::<u64>() <= SMALL {
        let scores = (task.base_score(), draft.score(task));
        let found = search(task, &prices, &start, scores, WHOLE, watch);
        proved = found.complete;
        if let Some(placed) = found.better {
            draft = retake(task, placed);
        }
    }
    if !proved {
        improve(task, &prices, &mut draft, watch);
    }
    let score = draft.score(task);
    let bound = if proved {
        Bound { gpus: score.gpus, missing: score.missing, proved }
    } else {
        Bound { gpus: bound(task, &draft.rest), missing: missing(task, &prices, &start), proved }
    };
    Solution { placed: draft.placed, missing: draft.rest.demand, score, bound }
}

/// The draft of these placements.
fn retake(task: &Task<'_>, placed: Vec<Placed>) -> Draft {
    let mut rest = Rest::new(task);
    let mut groups: Vec<(usize, u64)> = Vec::new();
    for placed in &placed {
        let group = placed.filling.seats.first().filter(|(class, _)| is_group(task, *class));
        match group {
            None => rest.take(task, placed.kind, &placed.filling, placed.times),
            Some((class, _)) => {
                // The replica counts with the first of its GPUs.
                let devices = task.classes.get(*class).map_or(1, |class| class.devices);
                let open = groups.iter_mut().find(|(own, left)| own == class && *left > 0);
                let first = open.is_none();
                match open {
                    Some((_, left)) => *left = left.saturating_sub(placed.times),
                    None => groups.push((*class, devices.saturating_sub(placed.times))),
                }
                rest.take_group(task, (placed.kind, placed.times), *class, first);
            }
        }
    }
    Draft { rest, placed }
}

fn is_group(task: &Task<'_>, class: usize) -> bool {
    task.classes.get(class).is_some_and(|class| class.devices > 1)
}

/// Plans a few GPUs anew at a time, those that lose most first.
fn improve(task: &Task<'_>, prices: &Prices, draft: &mut Draft, watch: &mut Watch<'_>) {
    let mut skip = 0;
    for round in 0..ROUNDS {
        let best = draft.score(task);
        let progress = Progress { stage: Stage::Improving, done: round as u64, of: ROUNDS as u64, best };
        if watch(&progress).is_break() {
            return;
        }
        let (kept, window) = split(task, prices, &draft.placed, skip);
        if window.is_empty() {
            return;
        }
        let kept = retake(task, kept);
        let mut rest = kept.rest.clone();
        // GPUs beside the window stay as they are: only one of each kind may join.
        for (kind, left) in rest.left.iter_mut().enumerate() {
            let own = window.iter().filter(|placed| placed.kind == kind).count() as u64;
            *left = (*left).min(own + 1);
        }
        let scores = (Score { missing: 0, ..kept.score(task) }, best);
        let found = search(task, prices, &rest, scores, PART, watch);
        match found.better {
            Some(better) => {
                let mut placed = kept.placed;
                placed.extend(better);
                *draft = retake(task, placed);
                skip = 0;
            }
            None => skip += WINDOW / 2 + 1,
        }
    }
}

/// Placements that stay, and those of the GPUs that lose most against the prices but for the first `skip`.
fn split(task: &Task<'_>, prices: &Prices, placed: &[Placed], skip: usize) -> (Vec<Placed>, Vec<Placed>) {
    let mut losses: Vec<(i128, usize)> = Vec::new();
    for (at, placed) in placed.iter().enumerate() {
        if placed.filling.seats.first().is_some_and(|(class, _)| is_group(task, *class)) {
            continue;
        }
        let worth: i128 = placed.filling.seats.iter().map(|seat| task.worth(*seat, prices)).sum();
        let open = task.kinds.get(placed.kind).is_some_and(|kind| kind.open);
        let loss = prices.fee(task, placed.kind) + if open { 0 } else { prices.scale } - worth;
        let most = usize::try_from(placed.times).unwrap_or(WINDOW).min(WINDOW);
        losses.extend(std::iter::repeat_n((loss, at), most));
    }
    losses.sort_by_key(|(loss, at)| (core::cmp::Reverse(*loss), *at));
    let chosen: Vec<usize> = losses.into_iter().skip(skip).take(WINDOW).map(|(_, at)| at).collect();
    let (mut kept, mut window) = (Vec::new(), Vec::new());
    for (at, placed) in placed.iter().enumerate() {
        let out = chosen.iter().filter(|chosen| **chosen == at).count() as u64;
        let one = Placed { times: 1, ..placed.clone() };
        window.extend((0..out).map(|_| one.clone()));
        if placed.times > out {
            kept.push(Placed { times: placed.times - out, ..placed.clone() });
        }
    }
    (kept, window)
}

/// The fewest GPUs that can hold what was placed. Those who share with nobody are counted for themselves.
fn bound(task: &Task<'_>, rest: &Rest) -> u64 {
    let start = Rest::new(task);
    let placed: Vec<u64> =
        start.demand.iter().zip(&rest.demand).map(|(all, missing)| all.saturating_sub(*missing)).collect();
    let mut islands: Vec<usize> = task.classes.iter().map(|class| class.island).collect();
    islands.sort_unstable();
    islands.dedup();
    let of = |counted: &dyn Fn(usize) -> bool| {
        let prices = Prices::new(task, &placed, &start.left, |class| counted(class.island));
        let fees: Vec<i128> = (0..task.kinds.len()).map(|kind| prices.fee(task, kind)).collect();
        prices.bound(&placed, &fees, &start.left)
    };
    let together = of(&|_| true);
    let apart = if islands.len() > 1 {
        islands.iter().map(|island| of(&|own| own == *island)).fold(0, u64::saturating_add)
    } else {
        0
    };
    task.taken.saturating_add(together.max(apart).max(spread(task, &placed)))
}

/// The fewest units without a place: what the price of all of them is beyond that of all GPUs.
fn missing(task: &Task<'_>, prices: &Prices, start: &Rest) -> u64 {
    let fees: Vec<i128> = (0..task.kinds.len()).map(|kind| prices.fee(task, kind)).collect();
    let new = task.kinds.iter().filter(|kind| !kind.open).map(|kind| kind.gpus.len() as u64).sum();
    let impossible = task.classes.iter().filter(|class| class.choices.is_empty()).map(|class| class.demand);
    let beyond = prices.bound(&start.demand, &fees, &start.left).saturating_sub(new);
    impossible.sum::<u64>().saturating_add(beyond.div_ceil(NO_PLACE))
}

/// What the most widely spread class needs by itself, beside GPUs that are open.
fn spread(task: &Task<'_>, placed: &[u64]) -> u64 {
    let open: u64 = task.kinds.iter().filter(|kind| kind.open).map(|kind| kind.gpus.len() as u64).sum();
    let limited = task.classes.iter().zip(placed).filter(|(class, _)| class.per_gpu < u64::MAX);
    let needs = limited.map(|(class, placed)| {
        let gives = class.choices.iter().map(|choice| choice.gives).max().unwrap_or(1).max(1);
        placed.div_ceil(gives).div_ceil(class.per_gpu.max(1))
    });
    needs.max().unwrap_or(0).saturating_sub(open)
}
