//! A run: arrivals, departures, and what was accepted.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use oorandom::Rand32;
use serde::Serialize;

use super::dice::{exponential, pick};
use super::mix::Mix;
use super::rule::{Desk, Rule};
use crate::gpu::layout::Set;
use crate::gpu::{Gpu, Profile, ProfileName};
use crate::planning::online::{Blocked, Measure, States};
use crate::planning::outcome::Score;
use crate::planning::watch::{Progress, Stage, Watch};

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Simulation<'a> {
    /// The card.
    pub gpu: &'a Gpu,
    /// How many of it.
    pub gpus: usize,
    /// Offered load in percent of all memory slices.
    pub load_percent: u64,
    /// Arrivals that are counted in one run, after as many lifetimes as fill the fleet.
    pub arrivals: u64,
    /// The sizes.
    pub mix: Mix,
    /// Shares of the user's own in place of the mix; profiles that are not named are never asked for.
    pub shares: Vec<(ProfileName, u64)>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// Runs, seeded from 0.
    pub seeds: u64,
}

/// How one rule fared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The rule.
    pub rule: Rule,
    /// Accepted memory slices in millionths of those offered, by seed.
    pub accepted: Vec<i64>,
}

/// How all rules fared on the same arrivals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// One for each rule, in the order asked.
    pub outcomes: Vec<Outcome>,
}

/// Runs every rule on the same arrivals; stops between runs where the watcher says so.
pub fn compare(simulation: &Simulation<'_>, watch: &mut Watch<'_>) -> Comparison {
    let states = States::new(simulation.gpu, |profile| Set::Plain.has(simulation.gpu, profile));
    let shares = simulation.shares(&states.profiles);
    let desk = Desk { states: &states, blocked: Blocked::new(&states), measure: Measure::new(&states) };
    let mut outcomes: Vec<Outcome> =
        simulation.rules.iter().map(|rule| Outcome { rule: *rule, accepted: Vec::new() }).collect();
    for seed in 0..simulation.seeds {
        let progress =
            Progress { stage: Stage::Simulating, done: seed, of: simulation.seeds, best: Score::default() };
        if watch(&progress).is_break() {
            break;
        }
        for outcome in &mut outcomes {
            outcome.accepted.push(run(simulation, &desk, &shares, outcome.rule, seed));
        }
    }
    Comparison { outcomes }
}

impl Simulation<'_> {
    fn shares(&self, profiles: &[&Profile]) -> Vec<u64> {
        if self.shares.is_empty() {
            return self.mix.shares(self.gpu, profiles);
        }
        let own = |profile: &&Profile| self.shares.iter().find(|(name, _)| *name == profile.name);
        profiles.iter().map(|profile| own(profile).map_or(0, |(_, share)| *share)).collect()
    }
}

/// Time between arrivals on average.
const STEP: u64 = 1 << 10;

/// Accepted memory slices in millionths of those offered.
fn run(simulation: &Simulation<'_>, desk: &Desk<'_, '_>, shares: &[u64], rule: Rule, seed: u64) -> i64 {
    let slices: Vec<u64> = desk.states.profiles.iter().map(|p| u64::from(p.memory_slices)).collect();
    let all: u64 = shares.iter().sum();
    let offered_each: u64 = shares.iter().zip(&slices).map(|(share, slices)| share * slices).sum();
    let capacity = u64::from(simulation.gpu.memory_slices) * simulation.gpus as u64;
    // Little's law: load = slices of one arrival * time it stays / time between arrivals / capacity.
    let stay = capacity * simulation.load_percent * STEP * all / (100 * offered_each.max(1));
    let warm_up = 5 * stay / STEP;
    let mut dice = Rand32::new(seed);
    let mut gpus = vec![0_u32; simulation.gpus];
    let mut leaving: BinaryHeap<Reverse<(u64, u64, usize, usize)>> = BinaryHeap::new();
    let (mut now, mut offered, mut accepted) = (0, 0, 0);
    for arrival in 0..warm_up + simulation.arrivals {
        now += exponential(&mut dice, STEP);
        let (profile, ends) = (pick(&mut dice, shares), now + exponential(&mut dice, stay).max(1));
        while let Some(Reverse((end, _, gpu, place))) =
            leaving.peek().copied().filter(|Reverse(l)| l.0 <= now)
        {
            _ = (leaving.pop(), end);
            if let Some(state) = gpus.get_mut(gpu) {
                *state = desk.states.give_back(*state, place);
            }
        }
        let size = slices.get(profile).copied().unwrap_or(0);
        let counts = arrival >= warm_up;
        offered += if counts { size } else { 0 };
        if let Some((gpu, place, next)) = desk.choose(rule, &gpus, profile) {
            accepted += if counts { size } else { 0 };
            if let Some(state) = gpus.get_mut(gpu) {
                *state = next;
            }
            leaving.push(Reverse((ends, arrival, gpu, place)));
        }
    }
    i64::try_from(accepted * 1_000_000 / offered.max(1)).unwrap_or(i64::MAX)
}
