//! Placement rules.

use serde::Serialize;

use crate::planning::online::{Blocked, Measure, States};

/// How a GPU and a start are chosen for an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The first GPU that has room, the lowest start.
    FirstFit,
    /// The first GPU that has room, the highest start, as the driver is taken to choose.
    LastFit,
    /// The GPU with the fewest free memory slices, the lowest start.
    BestFit,
    /// The GPU with the most free memory slices, the lowest start.
    Spread,
    /// Where the published measure of fragmentation grows least; of equals the GPU with the fewest free slices.
    PublishedFragmentation,
    /// Where those who may still come lose least: the rule of this planner.
    LeastLoss,
}

impl Rule {
    /// Every rule, this planner's last.
    pub const ALL: [Rule; 6] = [
        Rule::FirstFit,
        Rule::LastFit,
        Rule::BestFit,
        Rule::Spread,
        Rule::PublishedFragmentation,
        Rule::LeastLoss,
    ];

    /// `first-fit`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Rule::FirstFit => "first-fit",
            Rule::LastFit => "last-fit",
            Rule::BestFit => "best-fit",
            Rule::Spread => "spread",
            Rule::PublishedFragmentation => "published-fragmentation",
            Rule::LeastLoss => "least-loss",
        }
    }
}

/// A GPU, a place on it, and the state that follows.
pub(super) type Chosen = (usize, usize, u32);

/// What the rules look at.
pub(super) struct Desk<'s, 'a> {
    pub(super) states: &'s States<'a>,
    pub(super) blocked: Blocked,
    pub(super) measure: Measure,
}

impl Desk<'_, '_> {
    /// The GPU, the place and the next state that a rule chooses for a profile; the first of those that are equal.
    pub(super) fn choose(&self, rule: Rule, gpus: &[u32], profile: usize) -> Option<Chosen> {
        let mut best: Option<((i64, i64), Chosen)> = None;
        // GPUs in the same state are alike; the first one stands for them.
        let mut seen: Vec<u32> = Vec::new();
        for (gpu, state) in gpus.iter().enumerate() {
            if seen.contains(state) {
                continue;
            }
            seen.push(*state);
            let free = i64::from(self.states.free.get(*state as usize).copied().unwrap_or(0));
            for (order, (place, next)) in self.states.placements(*state, profile).enumerate() {
                let low = i64::try_from(order).unwrap_or(i64::MAX);
                let first = i64::try_from(gpu).unwrap_or(i64::MAX);
                let key = match rule {
                    Rule::FirstFit => (first, low),
                    Rule::LastFit => (first, -low),
                    Rule::BestFit => (free, low),
                    Rule::Spread => (-free, low),
                    Rule::PublishedFragmentation => (self.blocked.growth(*state, next), free),
                    Rule::LeastLoss => (self.measure.loss(*state, next), free),
                };
                if best.is_none_or(|(least, _)| key < least) {
                    best = Some((key, (gpu, place, next)));
                }
            }
        }
        best.map(|(_, choice)| choice)
    }
}
