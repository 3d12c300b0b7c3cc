//! The best plan of a small task, by dynamic programming over what is left to be done, cut off by the bound.
//!
//! In each step the first class that is not done gets a GPU of some kind, filled in some way that serves it; two
//! ways to the same rest are told apart only by their measure. So the order of GPUs is never searched.

use std::collections::BTreeMap;

use super::filling::Rest;
use super::greedy::{Draft, Placed, sites};
use super::outcome::Score;
use super::patterns::{Pattern, patterns};
use super::prices::{NO_PLACE, Prices};
use super::task::Task;
use super::watch::{Progress, Stage, Watch};

/// How far the search goes before it gives up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// Patterns of one kind.
    pub(super) patterns: usize,
    /// Steps tried.
    pub(super) steps: u64,
}

/// The answer of a search.
pub(super) struct Found {
    /// What is better than what was known.
    pub(super) better: Option<Vec<Placed>>,
    /// Whether nothing is better than that.
    pub(super) complete: bool,
}

/// One rest that was reached, and how.
#[derive(Clone, Debug)]
struct Reached {
    score: Score,
    /// Place of the step before in the log.
    before: usize,
}

/// One step: where it came from and what it placed.
struct Step {
    before: usize,
    placed: Vec<Placed>,
}

struct Search<'t, 'a, 'w> {
    task: &'t Task<'a>,
    prices: &'t Prices,
    fees: Vec<i128>,
    patterns: Vec<Vec<Pattern>>,
    order: Vec<usize>,
    /// Nothing that is not better than this is of interest.
    known: Score,
    best: Option<usize>,
    log: Vec<Step>,
    steps: u64,
    most: u64,
    watch: &'w mut Watch<'w>,
}

type Layer = BTreeMap<Rest, Reached>;

/// Looks for a plan of `start` that is better than `known`, where `so_far` is counted already.
pub(super) fn search<'w>(
    task: &Task<'_>,
    prices: &Prices,
    start: &Rest,
    (so_far, known): (Score, Score),
    budget: Budget,
    watch: &'w mut Watch<'w>,
) -> Found {
    let Some(patterns) = all_patterns(task, start, budget.patterns) else {
        return Found { better: None, complete: false };
    };
    let mut order: Vec<usize> = (0..task.classes.len()).collect();
    order.sort_by_key(|at| {
        let devices = task.classes.get(*at).map_or(1, |class| class.devices);
        (core::cmp::Reverse((devices, prices.of.get(*at).copied().unwrap_or(0))), *at)
    });
    let mut search = Search {
        task,
        prices,
        fees: (0..task.kinds.len()).map(|kind| prices.fee(task, kind)).collect(),
        patterns,
        order,
        known,
        best: None,
        log: Vec::new(),
        steps: 0,
        most: budget.steps,
        watch,
    };
    let complete = search.run(start, so_far);
    Found { better: search.best.map(|at| search.path(at)), complete }
}

/// Patterns of every kind of which GPUs are left. Kinds that are alike share theirs.
fn all_patterns(task: &Task<'_>, start: &Rest, most: usize) -> Option<Vec<Vec<Pattern>>> {
    let mut all: Vec<Vec<Pattern>> = Vec::new();
    for (at, kind) in task.kinds.iter().enumerate() {
        let alike = task.kinds.iter().take(at).position(|other| {
            std::rc::Rc::ptr_eq(&other.cuts, &kind.cuts)
                && other.barred == kind.barred
                && other.staying == kind.staying
                && other.open == kind.open
        });
        let alike = alike.filter(|other| start.left(*other) > 0).and_then(|other| all.get(other).cloned());
        all.push(match alike {
            _ if start.left(at) == 0 => Vec::new(),
            Some(patterns) => patterns,
            None => patterns(task, at, &start.demand, most)?,
        });
    }
    Some(all)
}

impl Search<'_, '_, '_> {
    /// Layer by layer, each with one placement more; `false` where the budget or the user's patience ended.
    fn run(&mut self, start: &Rest, so_far: Score) -> bool {
        let mut layer = Layer::from([(start.clone(), Reached { score: so_far, before: usize::MAX })]);
        while !layer.is_empty() {
            let mut next = Layer::new();
            for (rest, reached) in layer {
                if !self.expand(&rest, &reached, &mut next) {
                    return false;
                }
            }
            layer = next;
        }
        true
    }

    fn expand(&mut self, rest: &Rest, reached: &Reached, next: &mut Layer) -> bool {
        let open = |at: &&usize| rest.demand(**at) > 0;
        let Some(class) = self.order.iter().find(open).copied() else {
            self.finish(reached);
            return true;
        };
        self.steps += 1;
        if self.steps.is_multiple_of(1024) && !self.tick() {
            return false;
        }
        if self.task.classes.get(class).is_some_and(|own| own.devices > 1) {
            self.place_group(rest, reached, class, next);
        } else {
            for kind in 0..self.task.kinds.len() {
                if rest.left(kind) > 0 && !self.fill(rest, reached, (class, kind), next) {
                    return false;
                }
            }
        }
        self.give_up(rest, reached, class, next);
        self.steps < self.most
    }

    fn tick(&mut self) -> bool {
        let progress = Progress { stage: Stage::Proving, done: self.steps, of: self.most, best: self.known };
        (self.watch)(&progress).is_continue()
    }

    fn finish(&mut self, reached: &Reached) {
        if reached.score < self.known {
            self.known = reached.score;
            self.best = Some(reached.before);
        }
    }

    /// Every pattern of a kind that serves the class and goes beyond nobody's demand.
    fn fill(
        &mut self,
        rest: &Rest,
        reached: &Reached,
        (class, kind): (usize, usize),
        next: &mut Layer,
    ) -> bool {
        let patterns = self.patterns.get_mut(kind).map(core::mem::take).unwrap_or_default();
        for pattern in &patterns {
            if !serves(self.task, rest, kind, pattern, class) {
                continue;
            }
            self.steps += 1;
            let score = self.task.after(reached.score, kind, &pattern.filling, 1);
            let mut left = rest.clone();
            left.take(self.task, kind, &pattern.filling, 1);
            if self.steps >= self.most {
                break;
            }
            let placed = || vec![Placed { kind, times: 1, filling: pattern.filling.clone() }];
            self.reach(left, score, reached.before, placed, next);
        }
        if let Some(own) = self.patterns.get_mut(kind) {
            *own = patterns;
        }
        self.steps < self.most
    }

    fn place_group(&mut self, rest: &Rest, reached: &Reached, class: usize, next: &mut Layer) {
        for site in sites(self.task, rest, class) {
            let mut draft = Draft { rest: rest.clone(), placed: Vec::new() };
            super::greedy::put_group(self.task, &mut draft, class, &site);
            let mut score = reached.score;
            for placed in &draft.placed {
                score = self.task.after(score, placed.kind, &placed.filling, placed.times);
            }
            self.reach(draft.rest, score, reached.before, || draft.placed.clone(), next);
        }
    }

    /// One unit of the class stays without a place. Only of interest where a place may be lacking.
    fn give_up(&mut self, rest: &Rest, reached: &Reached, class: usize, next: &mut Layer) {
        if self.known.missing > reached.score.missing {
            let mut left = rest.clone();
            if let Some(demand) = left.demand.get_mut(class) {
                *demand -= 1;
            }
            let score = Score { missing: reached.score.missing + 1, ..reached.score };
            self.reach(left, score, reached.before, Vec::new, next);
        }
    }

    /// Notes a rest unless it is known by a better way, or nothing better can come of it.
    fn reach(
        &mut self,
        rest: Rest,
        score: Score,
        before: usize,
        placed: impl FnOnce() -> Vec<Placed>,
        next: &mut Layer,
    ) {
        if self.is_hopeless(&rest, score) || next.get(&rest).is_some_and(|known| known.score <= score) {
            return;
        }
        self.log.push(Step { before, placed: placed() });
        next.insert(rest, Reached { score, before: self.log.len() - 1 });
    }

    /// Whether nothing better than what is known can come of it: GPUs and missing replicas by the bound, stranded
    /// memory because it only grows. Idle compute may shrink on a GPU that is open.
    fn is_hopeless(&self, rest: &Rest, score: Score) -> bool {
        let more = self.prices.bound(&rest.demand, &self.fees, &rest.left);
        let (least, known) = (weight(score).saturating_add(more), weight(self.known));
        (least, score.stranded) > (known, self.known.stranded)
    }

    fn path(&self, last: usize) -> Vec<Placed> {
        let mut placed = Vec::new();
        let mut at = last;
        while let Some(step) = self.log.get(at) {
            placed.extend(step.placed.iter().cloned());
            at = step.before;
        }
        placed
    }
}

/// GPUs, where a unit without a place counts as many as its price may be at most.
fn weight(score: Score) -> u64 {
    score.missing.saturating_mul(NO_PLACE).saturating_add(score.gpus)
}

/// Whether a pattern serves the class, stays within what nodes may take, and puts no replica where none is wanted.
fn serves(task: &Task<'_>, rest: &Rest, kind: usize, pattern: &Pattern, class: usize) -> bool {
    let wanted = |(at, units): &(usize, u64)| {
        let gives = || {
            let of = |(own, device): &(usize, usize)| {
                (own == at).then(|| task.classes.get(*own).map_or(1, |class| class.gives(*device)))
            };
            pattern.filling.seats.iter().filter_map(of).min().unwrap_or(1)
        };
        // The last replica may be worth more than is still asked for.
        rest.demand(*at) > 0 && (*units <= rest.demand(*at) || units - gives() < rest.demand(*at))
    };
    pattern.units.iter().any(|(at, _)| *at == class)
        && pattern.units.iter().all(wanted)
        && pattern.replicas.iter().all(|(at, count)| *count <= rest.room(task, kind, *at))
}
