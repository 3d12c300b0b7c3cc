//! The laws.

use migfit::fleet::pools::{Pool, Support};
use migfit::matching::Verdict;
use migfit::matching::pools::{Answer, Choice, Ledger, Matcher, Room};
use migfit::matching::requirement::Requirement;
use proptest::prelude::*;

use super::naive::{Naive, naive};
use super::worlds::{fleet, requirement};

fn answer(pools: &[Pool], requirement: &Requirement<'_>) -> Answer {
    Matcher::new(pools).answer(requirement, &Ledger::new(pools).0)
}

/// Better first.
fn rank(answer: &Answer) -> Option<(u8, Room)> {
    let rank = |verdict| match verdict {
        Verdict::Fits => 0,
        Verdict::Tight => 1,
        Verdict::Unknown => 2,
        Verdict::No => 3,
    };
    answer.ranked.first().map(|best| (rank(best.verdict), best.room))
}

fn holding(answer: &Answer) -> impl Iterator<Item = (usize, &Choice)> {
    let all = answer
        .ranked
        .iter()
        .flat_map(|placement| placement.choices.iter().map(|choice| (placement.pool, choice)));
    all.filter(|(_, choice)| matches!(choice.verdict, Verdict::Fits | Verdict::Tight))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_naive_matcher_agrees(pools in fleet(), requirement in requirement()) {
        let answer = answer(&pools, &requirement);
        let found: Vec<Naive> = answer.ranked.iter().map(|placement| {
            let best = placement.choices.first();
            Naive {
                pool: placement.pool,
                verdict: placement.verdict,
                room: placement.room,
                now: best.map_or(0, |best| best.now),
                most: best.map_or(0, |best| best.most),
                device: best.map(|best| pools[placement.pool].supplies[best.supply].unit.device.clone()),
            }
        }).collect();
        prop_assert_eq!(found, naive(&requirement, &pools));
    }

    #[test]
    fn a_match_never_offers_less_than_required(pools in fleet(), requirement in requirement()) {
        let answer = answer(&pools, &requirement);
        for (pool, choice) in holding(&answer) {
            let supply = &pools[pool].supplies[choice.supply];
            let (unit, floors) = (&supply.unit, &requirement.floors);
            let seen = unit.memory.seen_mib.iter().map(|mib| u64::from(*mib) << 20);
            let most = seen.chain([unit.memory.best().get()]).max().unwrap() / unit.sharing.by();
            let memory = if choice.verdict == Verdict::Fits { unit.promised().get() } else { most };
            prop_assert!(floors.memory.is_none_or(|need| need.get() <= memory));
            prop_assert!(floors.formats.iter().all(|format| unit.computes_in(*format) == Support::Yes));
            prop_assert!(floors.sms.is_none_or(|need| unit.sms.unwrap() >= need));
            prop_assert!(floors.bandwidth.is_none_or(|need| unit.bandwidth.unwrap() >= need));
            prop_assert!(requirement.topology.units() == 1 || !unit.is_slice());
            prop_assert_eq!(choice.shape.units(), requirement.topology.units());
            prop_assert!(choice.shape.units_per_pod <= supply.per_node);
            let units = choice.most * choice.shape.units();
            prop_assert!(units <= supply.per_node * pools[pool].max_nodes);
            prop_assert!(choice.now <= choice.most && choice.most > 0);
        }
    }

    #[test]
    fn removing_a_pool_never_improves_the_answer(pools in fleet(), requirement in requirement(), gone: prop::sample::Index) {
        let all = answer(&pools, &requirement);
        let mut fewer = pools.clone();
        fewer.remove(gone.index(pools.len()));
        let less = answer(&fewer, &requirement);
        if let (Some(all), Some(less)) = (rank(&all), rank(&less)) {
            prop_assert!(all <= less);
        }
        // What is left keeps its order and its answers.
        let name = |pools: &[Pool], answer: &Answer| -> Vec<(Option<String>, Verdict, Room)> {
            answer.ranked.iter().map(|one| (pools[one.pool].cluster.clone(), one.verdict, one.room)).collect()
        };
        let removed = &pools[gone.index(pools.len())].cluster;
        let kept: Vec<_> = name(&pools, &all).into_iter().filter(|(cluster, ..)| cluster != removed).collect();
        prop_assert_eq!(kept, name(&fewer, &less));
    }

    #[test]
    fn the_ranking_is_a_permutation(pools in fleet(), requirement in requirement(), turn: prop::sample::Index) {
        let found = answer(&pools, &requirement);
        let mut places: Vec<usize> = found.ranked.iter().map(|one| one.pool).collect();
        places.sort_unstable();
        prop_assert_eq!(places, (0..pools.len()).collect::<Vec<_>>());
        for one in &found.ranked {
            prop_assert_eq!(one.choices.len(), pools[one.pool].supplies.len());
        }
        // It does not depend on the order in which pools are given.
        let mut turned = pools.clone();
        turned.rotate_left(turn.index(pools.len()));
        let again = answer(&turned, &requirement);
        let clusters = |pools: &[Pool], answer: &Answer| -> Vec<Option<String>> {
            answer.ranked.iter().map(|one| pools[one.pool].cluster.clone()).collect()
        };
        prop_assert_eq!(clusters(&pools, &found), clusters(&turned, &again));
    }

    /// A replica can be charged exactly as long as one is promised, those promised now on the nodes that there are,
    /// and no unit is ever taken twice.
    #[test]
    fn the_ledger_holds_what_was_promised(pools in fleet(), requirement in requirement()) {
        let matcher = Matcher::new(&pools);
        let (mut ledger, _) = Ledger::new(&pools);
        let found = matcher.answer(&requirement, &ledger);
        for (one, choice) in found.ranked.iter().flat_map(|one| one.choices.iter().map(move |choice| (one, choice))) {
            let (pool, supply) = (&pools[one.pool], choice.supply);
            let (before, there) = (ledger.taken(one.pool, supply), pool.supplies[supply].per_node * pool.max_nodes);
            let mut now = choice.now;
            for placed in 1.. {
                let promised = promise(&matcher.answer(&requirement, &ledger), one.pool, supply);
                let free = ledger.free(&pools, one.pool, supply, pool.nodes);
                let full = ledger.clone();
                let charged = ledger.charge(&pools, one.pool, supply, choice.shape);
                prop_assert_eq!(charged, promised > 0);
                if !charged {
                    prop_assert_eq!(&full, &ledger);
                    break;
                }
                let taken = ledger.taken(one.pool, supply);
                prop_assert_eq!(taken, before + placed * choice.shape.units());
                prop_assert_eq!(ledger.free(&pools, one.pool, supply, pool.max_nodes), there - taken);
                if now > 0 {
                    now -= 1;
                    let left = ledger.free(&pools, one.pool, supply, pool.nodes);
                    prop_assert_eq!(left, free - choice.shape.units());
                }
            }
            prop_assert_eq!(now, 0);
        }
    }
}

fn promise(answer: &Answer, pool: usize, supply: usize) -> u64 {
    let one = answer.ranked.iter().find(|one| one.pool == pool).unwrap();
    one.choices.iter().find(|choice| choice.supply == supply).unwrap().most
}
