//! What every state of a card is worth, and what a placement takes of that.

use super::states::States;

/// What the states of a card are worth to those who may still come: the memory slices that a GPU in this state
/// will serve beyond those of an empty one, where everything that has a place is accepted. Relative value iteration over all
/// states of one GPU; whole numbers, so that every platform chooses alike.
#[derive(Clone, Debug)]
pub(in crate::planning) struct Measure {
    value: Vec<i64>,
}

/// How much more is asked for than the GPU has: high, because room is only worth something where it is scarce.
/// Chosen by trial between 1 and 8; `docs/planning.md` has the figures.
const LOAD: i64 = 3;
/// One memory slice.
const SLICE: i64 = 1 << 24;
/// Rounds, and how many steps they may take together.
const ROUNDS: usize = 400;
const LEAST_ROUNDS: usize = 40;
const STEPS: usize = 12_000_000;

impl Measure {
    /// The measure where every profile is asked for equally often: nothing is assumed about the mix.
    pub(in crate::planning) fn new(states: &States<'_>) -> Measure {
        let slices: Vec<i64> = states.profiles.iter().map(|p| i64::from(p.memory_slices)).collect();
        let most = states.layouts.iter().map(|layout| layout.instances().len()).max().unwrap_or(0);
        // Per unit of time: each profile arrives `LOAD * slices of the card` times, an instance leaves as often as
        // all profiles have slices; together that is `LOAD` times the card.
        let arrives = LOAD * i64::from(states.gpu.memory_slices);
        let leaves: i64 = slices.iter().sum();
        let rate = (arrives * slices.len() as i64 + leaves * most as i64).max(1);
        let work = states.layouts.len().saturating_mul(states.places.len()).max(1);
        let rounds = (STEPS / work).clamp(LEAST_ROUNDS, ROUNDS);
        let mut value = vec![0_i64; states.layouts.len()];
        for _ in 0..rounds {
            let mut next: Vec<i64> = Vec::with_capacity(value.len());
            for state in 0..value.len() {
                next.push(once(states, &value, state, (arrives, leaves, most as i64), &slices) / rate);
            }
            let empty = next.first().copied().unwrap_or(0);
            value = next.into_iter().map(|own| own - empty).collect();
        }
        Measure { value }
    }

    /// What a step from one state to another costs those who may still come.
    pub(in crate::planning) fn loss(&self, from: u32, to: u32) -> i64 {
        let of = |state: u32| self.value.get(state as usize).copied().unwrap_or(0);
        of(from) - of(to)
    }

    /// As [`Measure::loss`], in thousandths of a memory slice.
    pub(in crate::planning) fn loss_in_thousandths(&self, from: u32, to: u32) -> i64 {
        self.loss(from, to).saturating_mul(1000) / SLICE
    }
}

/// The value of a state one event later, times the rate of events.
fn once(
    states: &States<'_>,
    value: &[i64],
    state: usize,
    (arrives, leaves, most): (i64, i64, i64),
    slices: &[i64],
) -> i64 {
    let of = |state: u32| value.get(state as usize).copied().unwrap_or(0);
    let own = value.get(state).copied().unwrap_or(0);
    let at = u32::try_from(state).unwrap_or(u32::MAX);
    let mut sum = 0;
    for (profile, slices) in slices.iter().enumerate() {
        let best = states.placements(at, profile).map(|(_, next)| of(next)).max();
        sum += arrives * best.map_or(own, |best| slices * SLICE + best);
    }
    let mut standing = 0;
    for before in states.without_one(at) {
        sum += leaves * of(before);
        standing += 1;
    }
    sum + leaves * (most - standing) * own
}

/// Fragmentation as a published scheduler counts it (Zambianco et al., An Online Fragmentation-Aware GPU Scheduler for
/// Multi-Tenant MIG-based Clouds, arXiv 2511.18906). What was at hand is its abstract: a measure of fragmentation,
/// and the placement that lets it grow least. Here: for every profile for which enough memory slices are free, its
/// placements that are blocked, each with its slices.
#[derive(Clone, Debug)]
pub(in crate::planning) struct Blocked {
    score: Vec<i64>,
}

impl Blocked {
    pub(in crate::planning) fn new(states: &States<'_>) -> Blocked {
        let score = states.layouts.iter().zip(&states.free).map(|(layout, free)| {
            let taken = |slice: u8| {
                let on = |start: u8, size: u8| (start..start.saturating_add(size)).contains(&slice);
                layout.instances().iter().any(|i| on(i.start, i.profile.placements.size))
            };
            let blocked = states.places.iter().map(|place| {
                let (profile, start) = (place.instance.profile, place.instance.start);
                let mut slices = start..start.saturating_add(profile.placements.size);
                let counts = profile.memory_slices <= *free && slices.any(taken);
                if counts { i64::from(profile.memory_slices) } else { 0 }
            });
            blocked.sum()
        });
        Blocked { score: score.collect() }
    }

    pub(in crate::planning) fn growth(&self, from: u32, to: u32) -> i64 {
        let of = |state: u32| self.score.get(state as usize).copied().unwrap_or(0);
        of(to) - of(from)
    }
}
