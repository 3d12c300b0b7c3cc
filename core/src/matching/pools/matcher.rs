//! Every pool for one requirement, best first. What depends on a kind of unit alone is worked out once.

use super::judge::{Judgement, judge};
use super::ledger::Ledger;
use super::question::Question;
use super::report::Share;
use super::why::Why;
use crate::fleet::pools::{Pool, Price, Unit};
use crate::matching::fit::Verdict;
use crate::matching::judged::{Judged, judge as estimate};
use crate::matching::requirement::{Requirement, Shape};
use crate::memory::Target;
use crate::units::Bytes;

/// Pools, ready to be asked many times.
#[derive(Clone, Debug)]
pub struct Matcher<'p> {
    pools: &'p [Pool],
    /// Every kind of unit once.
    kinds: Vec<&'p Unit>,
    /// Memory that estimates are made for, once each.
    targets: Vec<Target>,
    /// The target of each kind.
    target_of: Vec<usize>,
    /// The kind of each supply of each pool.
    kind_of: Vec<Vec<usize>>,
    /// Each pool's place in the order of names.
    name_order: Vec<usize>,
}

/// Whether there is room for all replicas that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Room {
    /// On the nodes that there are.
    Now,
    /// After nodes are added.
    AfterScaling,
    /// For some of them.
    Partly,
    /// For none.
    Never,
}

/// Every pool for one requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer for each kind of unit.
    pub kinds: Vec<Judgement>,
    /// Every pool once, best first.
    pub ranked: Vec<Placement>,
}

/// One pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Its place in the list of pools.
    pub pool: usize,
    /// The best of `choices`; `no` without any.
    pub verdict: Verdict,
    /// Its room.
    pub room: Room,
    /// One for each kind of unit of the pool, best first.
    pub choices: Vec<Choice>,
    /// Reasons that hold for the pool whatever the unit.
    pub whys: Vec<Why>,
}

/// One kind of unit of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its place among the supplies of the pool.
    pub supply: usize,
    /// Its place among the kinds of the answer.
    pub kind: usize,
    /// The verdict, with everything that concerns the pool.
    pub verdict: Verdict,
    /// The room.
    pub room: Room,
    /// The pods of one replica.
    pub shape: Shape,
    /// Replicas that there is room for on the nodes that there are.
    pub now: u64,
    /// Replicas that there is room for with every node.
    pub most: u64,
    /// Memory of one replica's units that it does not need.
    pub stranded: Bytes,
    /// Compute slices that no instance has, in ten-thousandths of those of the GPUs that carry the unit; `None`
    /// where how they are cut is not known.
    pub idle: Option<u64>,
    /// The price of an hour of one replica.
    pub price: Option<Price>,
    /// Reasons that concern the pool; those of the unit stand with its kind.
    pub whys: Vec<Why>,
}

impl<'p> Matcher<'p> {
    /// Sorts the units of `pools` into kinds.
    #[must_use]
    pub fn new(pools: &'p [Pool]) -> Matcher<'p> {
        let mut matcher = Matcher {
            pools,
            kinds: Vec::new(),
            targets: Vec::new(),
            target_of: Vec::new(),
            kind_of: Vec::new(),
            name_order: order_of_names(pools),
        };
        for pool in pools {
            let kinds = pool.supplies.iter().map(|supply| matcher.kind(&supply.unit)).collect();
            matcher.kind_of.push(kinds);
        }
        matcher
    }

    fn kind(&mut self, unit: &'p Unit) -> usize {
        if let Some(known) = self.kinds.iter().position(|kind| *kind == unit) {
            return known;
        }
        let is_a100 = unit.card.as_deref().is_some_and(|key| key.starts_with("a100"));
        let target = Target { memory: unit.promised(), is_a100 };
        let place = self.targets.iter().position(|known| *known == target).unwrap_or_else(|| {
            self.targets.push(target);
            self.targets.len() - 1
        });
        self.target_of.push(place);
        self.kinds.push(unit);
        self.kinds.len() - 1
    }

    /// The pools.
    #[must_use]
    pub const fn pools(&self) -> &'p [Pool] {
        self.pools
    }

    /// Every pool for `requirement`, beside what `ledger` says is taken.
    #[must_use]
    pub fn answer(&self, requirement: &Requirement<'_>, ledger: &Ledger) -> Answer {
        let estimates: Vec<Judged> = match &requirement.plan {
            Some(plan) => self.targets.iter().map(|target| estimate(plan, *target)).collect(),
            None => Vec::new(),
        };
        let kinds: Vec<Judgement> = self
            .kinds
            .iter()
            .zip(&self.target_of)
            .map(|(unit, target)| judge(requirement, unit, estimates.get(*target)))
            .collect();
        let pools = self.pools.iter().enumerate().zip(&self.kind_of);
        let mut placements: Vec<Option<Placement>> = pools
            .map(|((place, pool), own)| Question { requirement, pool, place, ledger }.placement(&kinds, own))
            .map(Some)
            .collect();
        // Placements are wide: what is sorted is their keys.
        let keys = placements.iter().flatten().map(|placement| {
            let name = self.name_order.get(placement.pool).copied().unwrap_or(usize::MAX);
            (placement.choices.first().map_or(LAST, |best| best.key(&kinds)), name, placement.pool)
        });
        let mut keys: Vec<(Key, usize, usize)> = keys.collect();
        keys.sort_unstable();
        let ranked = keys
            .into_iter()
            .filter_map(|(.., place)| placements.get_mut(place).and_then(Option::take))
            .collect();
        Answer { kinds, ranked }
    }

    /// Puts the replicas of `requirement` where `answer` ranks them first, pool by pool, and charges `ledger` for
    /// their units. What finds no room, or only a pool that is not proved to hold it, is left out.
    pub fn place(&self, requirement: &Requirement<'_>, answer: &Answer, ledger: &mut Ledger) -> Vec<Share> {
        let (mut left, mut shares) = (requirement.replicas, Vec::new());
        for placement in &answer.ranked {
            let Some(pool) = self.pools.get(placement.pool) else { continue };
            for choice in &placement.choices {
                let holds = matches!(choice.verdict, Verdict::Fits | Verdict::Tight);
                let mut replicas = 0;
                while holds
                    && left > 0
                    && ledger.charge(self.pools, placement.pool, choice.supply, choice.shape)
                {
                    (replicas, left) = (replicas + 1, left - 1);
                }
                if let (Some(supply), 1..) = (pool.supplies.get(choice.supply), replicas) {
                    let (pool, cluster) = (pool.name.clone(), pool.cluster.clone());
                    shares.push(Share { pool, cluster, device: supply.unit.device.clone(), replicas });
                }
            }
        }
        shares
    }
}

fn order_of_names(pools: &[Pool]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..pools.len()).collect();
    let key = |place: &usize| pools.get(*place).map(|pool| (&pool.name, &pool.cluster, *place));
    places.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut order = vec![0; pools.len()];
    for (rank, place) in places.into_iter().enumerate() {
        if let Some(slot) = order.get_mut(place) {
            *slot = rank;
        }
    }
    order
}

/// The documented order, names aside: verdict, room, shortfall, memory stranded, compute idle, price.
pub(super) type Key = (u8, Room, Bytes, Bytes, u64, u64);

/// Behind every choice: a pool without units.
const LAST: Key = (u8::MAX, Room::Never, Bytes::MAX, Bytes::MAX, u64::MAX, u64::MAX);

impl Choice {
    /// Its place in the documented order, names aside: the less the better. What is not known comes last.
    pub(super) fn key(&self, kinds: &[Judgement]) -> Key {
        let shortfall = match self.verdict {
            Verdict::No => kinds.get(self.kind).map_or(Bytes::MAX, |kind| kind.shortfall),
            Verdict::Fits | Verdict::Tight | Verdict::Unknown => Bytes::ZERO,
        };
        let price = self.price.map_or(u64::MAX, Price::millionths);
        (rank(self.verdict), self.room, shortfall, self.stranded, self.idle.unwrap_or(u64::MAX), price)
    }
}

/// Better first.
const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fits => 0,
        Verdict::Tight => 1,
        Verdict::Unknown => 2,
        Verdict::No => 3,
    }
}
