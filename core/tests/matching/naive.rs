//! The slow way: every node an entry of a list, every replica placed one after the other, every rule written out.

use migfit::fleet::pools::{Link, Pool, Sharing, Supply, Support};
use migfit::matching::Verdict;
use migfit::matching::pools::Room;
use migfit::matching::requirement::{Requirement, Topology};

/// One pool as the naive matcher sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Naive {
    pub(crate) pool: usize,
    pub(crate) verdict: Verdict,
    pub(crate) room: Room,
    pub(crate) now: u64,
    pub(crate) most: u64,
    pub(crate) device: Option<String>,
}

/// Free units on every node that there can be.
fn free(pool: &Pool, supply: &Supply) -> Vec<u64> {
    let mut nodes = vec![supply.per_node; pool.max_nodes as usize];
    for placed in pool.placed.iter().filter(|placed| placed.unit == supply.unit.short_name()) {
        if let [count] = placed.on_nodes.as_slice() {
            let mut left = *count;
            for node in &mut nodes {
                let put = left.min(*node);
                *node -= put;
                left -= put;
            }
        } else {
            for (node, count) in nodes.iter_mut().zip(&placed.on_nodes) {
                *node -= (*count).min(*node);
            }
        }
    }
    nodes
}

fn pods(topology: Topology, per_node: u64) -> (u64, u64, bool) {
    match topology {
        Topology::Stated { nodes, units_per_node } => (nodes, units_per_node, true),
        Topology::Ranks { tensor, groups } if groups == 1 || tensor * groups <= per_node => {
            (1, tensor * groups, false)
        }
        Topology::Ranks { tensor, groups } => (groups, tensor, false),
    }
}

/// Places replicas until one finds no room.
fn count(mut nodes: Vec<u64>, (pods, units, apart): (u64, u64, bool)) -> u64 {
    for placed in 0.. {
        let mut used = vec![false; nodes.len()];
        for _ in 0..pods {
            let open = |node: &usize| nodes[*node] >= units && !(apart && used[*node]);
            let best = (0..nodes.len()).filter(open).max_by_key(|node| (nodes[*node], usize::MAX - node));
            let Some(best) = best else { return placed };
            nodes[best] -= units;
            used[best] = true;
        }
    }
    unreachable!()
}

/// 0 fits, 1 tight, 2 unknown, 3 no.
fn judge(requirement: &Requirement<'_>, pool: &Pool, supply: &Supply, most: u64) -> u8 {
    let (unit, floors) = (&supply.unit, &requirement.floors);
    let (pods, units, apart) = pods(requirement.topology, supply.per_node);
    let ranks = pods * units;
    let mut worst = 0;
    let mut at_least = |severity: u8, holds: bool| {
        if holds {
            worst = worst.max(severity);
        }
    };
    let share = unit.memory.floor.get() / unit.sharing.by();
    let seen = unit.memory.seen_mib.iter().map(|mib| u64::from(*mib) << 20);
    let best = seen.chain([unit.memory.best().get()]).max().unwrap() / unit.sharing.by();
    if let Some(need) = floors.memory.map(|need| need.get()) {
        at_least(3, need > best);
        at_least(1, need > share);
    }
    for format in &floors.formats {
        at_least(3, unit.computes_in(*format) == Support::No);
        at_least(2, unit.computes_in(*format) == Support::Unknown);
    }
    if let Some(need) = floors.sms {
        at_least(2, unit.sms.is_none());
        at_least(3, unit.sms.is_some_and(|sms| sms < need));
    }
    if let Some(need) = floors.bandwidth {
        at_least(2, unit.bandwidth.is_none());
        at_least(3, unit.bandwidth.is_some_and(|rate| rate < need));
    }
    at_least(3, ranks > 1 && unit.is_slice());
    let within = match requirement.topology {
        Topology::Ranks { tensor, .. } => tensor,
        Topology::Stated { units_per_node, .. } => units_per_node,
    };
    if let (Some(need), true) = (floors.link, within > 1 && !unit.is_slice()) {
        at_least(2, unit.link.is_none());
        at_least(3, unit.link.is_some_and(|link: Link| link < need));
    }
    at_least(1, matches!(unit.sharing, Sharing::TimeSliced(_) | Sharing::Unstated(_)));
    at_least(3, units > supply.per_node);
    match floors.nvlink_domain {
        Some(need) if need > 1 => {
            at_least(2, pool.nvlink_domain.is_none());
            at_least(3, pool.nvlink_domain.is_some_and(|domain| domain < need));
        }
        _ => at_least(3, !unit.is_slice() && pool.nvlink_domain.is_some_and(|domain| domain < units)),
    }
    let on_one = (supply.per_node / units).max(1);
    let nodes = if apart { pods } else { pods.div_ceil(on_one) };
    if nodes > 1 {
        at_least(2, pool.multi_node.is_none());
        at_least(3, pool.multi_node == Some(false));
    }
    at_least(3, most == 0);
    worst
}

/// Every pool, best first.
pub(crate) fn naive(requirement: &Requirement<'_>, pools: &[Pool]) -> Vec<Naive> {
    let mut rows = Vec::new();
    for (place, pool) in pools.iter().enumerate() {
        let mut choices = Vec::new();
        for (at, supply) in pool.supplies.iter().enumerate() {
            let shape = pods(requirement.topology, supply.per_node);
            let nodes = free(pool, supply);
            let most = count(nodes.clone(), shape);
            let now = count(nodes[..pool.nodes as usize].to_vec(), shape);
            let room = match requirement.replicas {
                need if now >= need => Room::Now,
                need if most >= need => Room::AfterScaling,
                _ if most > 0 => Room::Partly,
                _ => Room::Never,
            };
            let severity = judge(requirement, pool, supply, most);
            let memory = supply.unit.memory.floor.get() / supply.unit.sharing.by();
            let need = requirement.floors.memory.map_or(0, |need| need.get());
            let short = if severity == 3 { need.saturating_sub(memory) } else { 0 };
            let best = supply.unit.memory.best().get() / supply.unit.sharing.by();
            let short = if need > best { short } else { 0 };
            let stranded = memory.saturating_sub(need) * shape.0 * shape.1;
            let idle = (supply.all_compute > 0).then(|| supply.idle_compute * 10_000 / supply.all_compute);
            let price = pool.price_of(&supply.unit).map(|price| price.times(shape.0 * shape.1));
            let key = (severity, room, short, stranded, (idle.is_none(), idle), (price.is_none(), price), at);
            choices.push((key, now, most, supply.unit.device.clone()));
        }
        choices.sort();
        let best = choices.into_iter().next();
        rows.push((best, pool.name.clone(), pool.cluster.clone(), place));
    }
    rows.sort_by(|(a, name_a, cluster_a, _), (b, name_b, cluster_b, _)| {
        let key = |best: &Option<(_, u64, u64, String)>| best.as_ref().map(|(key, ..)| without_place(key));
        let (one, other) = (key(a), key(b));
        one.is_none()
            .cmp(&other.is_none())
            .then(one.cmp(&other))
            .then((name_a, cluster_a).cmp(&(name_b, cluster_b)))
    });
    rows.into_iter().map(|(best, _, _, pool)| row(pool, best)).collect()
}

type Key = (u8, Room, u64, u64, (bool, Option<u64>), (bool, Option<migfit::fleet::pools::Price>), usize);

fn without_place(key: &Key) -> Key {
    let mut key = *key;
    key.6 = 0;
    key
}

fn row(pool: usize, best: Option<(Key, u64, u64, String)>) -> Naive {
    let verdict = match best.as_ref().map(|(key, ..)| key.0) {
        Some(0) => Verdict::Fits,
        Some(1) => Verdict::Tight,
        Some(2) => Verdict::Unknown,
        Some(_) | None => Verdict::No,
    };
    match best {
        Some((key, now, most, device)) => {
            Naive { pool, verdict, room: key.1, now, most, device: Some(device) }
        }
        None => Naive { pool, verdict, room: Room::Never, now: 0, most: 0, device: None },
    }
}
