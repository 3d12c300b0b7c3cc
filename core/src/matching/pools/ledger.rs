//! What is taken, unit by unit: a replica on one slice leaves the other slices of its node free.

use std::cmp::Reverse;

use crate::fleet::pools::Pool;
use crate::matching::requirement::Shape;
use crate::problem::Problem;
use crate::units::grouped;

/// What is taken of every pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// By pool, by supply: units taken on each node, nodes beyond the list being empty.
    taken: Vec<Vec<Vec<u64>>>,
}

/// The nodes of a pool as the units of one supply see them.
#[derive(Clone, Copy)]
pub(super) struct Nodes<'a> {
    per_node: u64,
    taken: &'a [u64],
}

impl Ledger {
    /// What the pools say is placed already, and where they say that more is placed than they have.
    #[must_use]
    pub fn new(pools: &[Pool]) -> (Ledger, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut ledger =
            Ledger { taken: pools.iter().map(|pool| vec![Vec::new(); pool.supplies.len()]).collect() };
        for (pool, taken) in pools.iter().zip(&mut ledger.taken) {
            for placed in &pool.placed {
                let named = pool.supplies.iter().zip(taken.iter_mut());
                let Some((supply, nodes)) =
                    named.into_iter().find(|(supply, _)| supply.unit.short_name() == placed.unit)
                else {
                    continue;
                };
                let left = match placed.on_nodes.as_slice() {
                    [count] => pack(nodes, *count, supply.per_node, pool.max_nodes),
                    list => spread(nodes, list, supply.per_node, pool.max_nodes),
                };
                if left > 0 {
                    let there = supply.per_node.saturating_mul(pool.max_nodes);
                    problems.push(Problem::new(
                        "placed-too-many",
                        format!("pool `{}`: placed", pool.name),
                        format!("{} of {} too many", grouped(left), placed.unit),
                        format!("no more than {} on {} nodes", grouped(there), grouped(pool.max_nodes)),
                    ));
                }
            }
        }
        (ledger, problems)
    }

    /// Units of a supply that are taken.
    #[must_use]
    pub fn taken(&self, pool: usize, supply: usize) -> u64 {
        self.nodes_of(pool, supply).iter().fold(0, |sum, taken| sum.saturating_add(*taken))
    }

    /// Units of a supply that are free on the first `nodes` nodes of `pool`.
    #[must_use]
    pub fn free(&self, pools: &[Pool], pool: usize, supply: usize, nodes: u64) -> u64 {
        let per_node = per_node(pools, pool, supply);
        let nodes_taken = self.nodes_of(pool, supply);
        let listed = (nodes_taken.len() as u64).min(nodes);
        let first = nodes_taken.iter().take(usize::try_from(listed).unwrap_or(usize::MAX));
        let free: u64 = first.map(|taken| per_node.saturating_sub(*taken)).fold(0, u64::saturating_add);
        free.saturating_add(per_node.saturating_mul(nodes.saturating_sub(listed)))
    }

    /// Takes the units of one more replica, on nodes that there are before nodes that there could be, and leaves it
    /// there: a later count may be lower than if all had been placed at once. Changes nothing and answers `false`
    /// where there is no room.
    pub fn charge(&mut self, pools: &[Pool], pool: usize, supply: usize, shape: Shape) -> bool {
        let Some(max) = pools.get(pool).map(|pool| (pool.nodes, pool.max_nodes)) else { return false };
        let per_node = per_node(pools, pool, supply);
        let Some(taken) = self.taken.get_mut(pool).and_then(|pool| pool.get_mut(supply)) else {
            return false;
        };
        let (before, mut used) = (taken.len(), Vec::new());
        for _ in 0..shape.pods {
            let found =
                [max.0, max.1].into_iter().find_map(|nodes| place(taken, per_node, nodes, shape, &used));
            let Some(node) = found else {
                for node in used {
                    if let Some(taken) = taken.get_mut::<usize>(node) {
                        *taken = taken.saturating_sub(shape.units_per_pod);
                    }
                }
                taken.truncate(before);
                return false;
            };
            if taken.len() <= node {
                taken.resize(node.saturating_add(1), 0);
            }
            if let Some(taken) = taken.get_mut(node) {
                *taken = taken.saturating_add(shape.units_per_pod);
            }
            used.push(node);
        }
        true
    }

    fn nodes_of(&self, pool: usize, supply: usize) -> &[u64] {
        self.taken.get(pool).and_then(|pool| pool.get(supply)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn nodes(&self, pool: usize, supply: usize, per_node: u64) -> Nodes<'_> {
        Nodes { per_node, taken: self.nodes_of(pool, supply) }
    }
}

impl Nodes<'_> {
    /// How many replicas of `shape` go on the first `nodes` nodes.
    pub(super) fn replicas(self, shape: Shape, nodes: u64) -> u64 {
        let Some(empty) = self.per_node.checked_div(shape.units_per_pod) else { return 0 };
        let listed = self.taken.iter().take(usize::try_from(nodes).unwrap_or(usize::MAX));
        let rooms: Vec<u64> = listed
            .map(|taken| self.per_node.saturating_sub(*taken).checked_div(shape.units_per_pod).unwrap_or(0))
            .collect();
        let others = nodes.saturating_sub(rooms.len() as u64);
        let sum = |most: u64| {
            let listed = rooms.iter().map(|room| (*room).min(most)).fold(0, u64::saturating_add);
            listed.saturating_add(others.saturating_mul(empty.min(most)))
        };
        let all = sum(u64::MAX).checked_div(shape.pods).unwrap_or(0);
        if !shape.apart || shape.pods == 1 {
            return all;
        }
        // `count` replicas with their pods apart take at most `count` pods of a node: these must add up.
        let (mut low, mut high) = (0, all);
        while low < high {
            let middle = high - (high - low) / 2;
            if sum(middle) >= shape.pods.saturating_mul(middle) { low = middle } else { high = middle - 1 }
        }
        low
    }
}

fn per_node(pools: &[Pool], pool: usize, supply: usize) -> u64 {
    pools.get(pool).and_then(|pool| pool.supplies.get(supply)).map_or(0, |supply| supply.per_node)
}

/// The node for one more pod: pods that stand apart go where most is free, which leaves room for most others; all
/// others where least is left over.
fn place(taken: &[u64], per_node: u64, nodes: u64, shape: Shape, used: &[usize]) -> Option<usize> {
    let listed = usize::try_from(nodes).unwrap_or(usize::MAX).min(taken.len());
    let first_empty = (taken.len() as u64) < nodes;
    let all = taken.iter().copied().take(listed).chain(first_empty.then_some(0)).enumerate();
    let free = all.filter_map(|(node, taken)| {
        let free = per_node.checked_sub(taken).filter(|free| *free >= shape.units_per_pod)?;
        (!shape.apart || !used.contains(&node)).then_some((node, free))
    });
    match shape.apart {
        true => free.min_by_key(|(node, free)| (Reverse(*free), *node)).map(|(node, _)| node),
        false => free.min_by_key(|(node, free)| (*free, *node)).map(|(node, _)| node),
    }
}

/// Puts `count` units on as few nodes as it goes; what is left over finds no room.
fn pack(taken: &mut Vec<u64>, count: u64, per_node: u64, nodes: u64) -> u64 {
    let mut left = count;
    let mut node = 0;
    while left > 0 && (node as u64) < nodes && per_node > 0 {
        if taken.len() <= node {
            taken.push(0);
        }
        if let Some(taken) = taken.get_mut(node) {
            let put = per_node.saturating_sub(*taken).min(left);
            *taken = taken.saturating_add(put);
            left = left.saturating_sub(put);
        }
        node = node.saturating_add(1);
    }
    left
}

/// Puts units on the nodes that are named; what is left over finds no room there.
fn spread(taken: &mut Vec<u64>, list: &[u64], per_node: u64, nodes: u64) -> u64 {
    let mut left: u64 = 0;
    for (node, count) in list.iter().enumerate() {
        let room = if (node as u64) < nodes { per_node } else { 0 };
        if taken.len() <= node && room > 0 {
            taken.resize(node.saturating_add(1), 0);
        }
        let put = match taken.get_mut(node) {
            Some(taken) => {
                let put = room.saturating_sub(*taken).min(*count);
                *taken = taken.saturating_add(put);
                put
            }
            None => 0,
        };
        left = left.saturating_add(count.saturating_sub(put));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(before: &[u64], count: u64, per_node: u64, nodes: u64) -> (u64, Vec<u64>) {
        let mut taken = before.to_vec();
        (pack(&mut taken, count, per_node, nodes), taken)
    }

    #[test]
    fn what_is_packed_touches_no_node_more_than_it_needs() {
        assert_eq!(packed(&[], 3, 2, 100), (0, vec![2, 1]));
        assert_eq!(packed(&[1, 2], 3, 2, 3), (0, vec![2, 2, 2]));
        assert_eq!(packed(&[], 5, 2, 2), (1, vec![2, 2]));
        assert_eq!(packed(&[], 5, 0, 10), (5, vec![]));
        assert_eq!(packed(&[], 0, 2, 10), (0, vec![]));
    }

    #[test]
    fn what_is_spread_stays_on_the_nodes_that_are_named() {
        let spread = |before: &[u64], list: &[u64], per_node, nodes| {
            let mut taken = before.to_vec();
            (spread(&mut taken, list, per_node, nodes), taken)
        };
        assert_eq!(spread(&[], &[1, 5, 2], 4, 2), (3, vec![1, 4]));
        assert_eq!(spread(&[3], &[2, 0, 1], 4, 9), (1, vec![4, 0, 1]));
        assert_eq!(spread(&[], &[1, 1], 0, 2), (2, vec![]));
        assert_eq!(spread(&[], &[1, 1], 4, 2), (0, vec![1, 1]));
    }

    const fn pods(pods: u64, units_per_pod: u64, apart: bool) -> Shape {
        Shape { pods, units_per_pod, apart }
    }

    #[test]
    fn pods_may_share_a_node_unless_they_stand_apart() {
        let on = |shape, nodes| Nodes { per_node: 8, taken: &[6, 1] }.replicas(shape, nodes);
        assert_eq!([on(pods(4, 2, false), 1), on(pods(4, 2, false), 2), on(pods(4, 2, false), 3)], [0, 1, 2]);
        assert_eq!([on(pods(2, 2, true), 1), on(pods(2, 2, true), 2), on(pods(2, 2, true), 3)], [0, 1, 4]);
        assert_eq!([on(pods(1, 2, true), 2), on(pods(0, 2, true), 2), on(pods(1, 0, true), 2)], [4, 0, 0]);
    }

    /// Apart: where most is free, each elsewhere. Otherwise where least is left over, as often as it goes.
    #[test]
    fn a_pod_finds_the_node_that_leaves_most_to_others() {
        let find = |shape, used: &[usize]| place(&[5, 1, 4], 8, 4, shape, used);
        assert_eq!(find(pods(2, 2, true), &[]), Some(3));
        assert_eq!(find(pods(2, 2, true), &[3]), Some(1));
        assert_eq!(find(pods(2, 2, true), &[3, 1]), Some(2));
        assert_eq!(find(pods(2, 2, false), &[]), Some(0));
        assert_eq!(find(pods(2, 2, false), &[0]), Some(0));
        assert_eq!(find(pods(2, 4, false), &[]), Some(2));
        assert_eq!(find(pods(1, 9, false), &[]), None);
    }
}
