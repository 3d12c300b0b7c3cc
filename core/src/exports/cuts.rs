//! Fleets out of declared pools and out of a plan.

use std::collections::{BTreeMap, btree_map::Entry};

use super::fleet::{Fleet, Machines};
use crate::fleet::pools::{Pool, Pools, Sharing};
use crate::gpu::layout::Layout;
use crate::gpu::{Gpu, Profile};
use crate::planning::Plan;
use crate::problem::Problem;

/// More than any machine has.
const MOST_GPUS: usize = 64;

impl<'a> Fleet<'a> {
    /// The nodes of declared pools, without teams. Where a pool says which instances there are and not where, large
    /// ones go as high as they can.
    ///
    /// # Errors
    /// Every reason at once: what was wrong with the file, `no-cuts` for a pool that counts units only, `shared`,
    /// `several-cards`, `no-placement`, `too-many-gpus` for a node with more than any machine has.
    pub fn of_pools(cards: &'a [Gpu], pools: &Pools) -> Result<Fleet<'a>, Vec<Problem>> {
        let mut problems = pools.problems.clone();
        let mut machines = Vec::new();
        for pool in &pools.pools {
            match of_pool(cards, pool) {
                Ok(one) => machines.push(one),
                // What could not be read of the pool is why there are none.
                Err(problem) if problem.code == "no-cuts" && !pool.contradictions.is_empty() => {
                    problems.extend(pool.contradictions.iter().cloned());
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(Fleet { machines, teams: Vec::new() }) } else { Err(problems) }
    }

    /// The nodes of a plan, without teams: those of one pool that are cut alike together, under the pool's name, with a
    /// number behind it where the pool is cut in several ways: `pool-cut-1`.
    ///
    /// # Errors
    /// `several-cards` for a node with GPUs of two kinds.
    pub fn of_plan(plan: &Plan<'a>) -> Result<Fleet<'a>, Vec<Problem>> {
        let mut groups: Vec<Machines<'a>> = Vec::new();
        for node in nodes(plan)? {
            let alike = |group: &&mut Machines<'a>| group.name == node.name && group.layouts == node.layouts;
            match groups.iter_mut().find(alike) {
                Some(group) => {
                    group.nodes = group.nodes.saturating_add(1);
                    group.names.extend(node.names);
                }
                None => groups.push(node),
            }
        }
        number(&mut groups);
        Ok(Fleet { machines: groups, teams: Vec::new() })
    }
}

fn of_pool<'a>(cards: &'a [Gpu], pool: &Pool) -> Result<Machines<'a>, Problem> {
    let subject = || format!("pool {}", pool.name);
    let Some(first) = pool.cuts.first() else {
        let expected = "how each GPU is cut, as in `layouts` of our own form";
        return Err(Problem::new("no-cuts", subject(), "units only", expected));
    };
    if pool.supplies.iter().any(|supply| supply.unit.sharing != Sharing::Exclusive) {
        let expected = "units that a container has to itself: no export says how they are shared";
        return Err(Problem::new("shared", subject(), "shared units", expected));
    }
    let gpu = cards.iter().find(|gpu| gpu.key == first.card);
    let gpu = gpu.filter(|_| pool.cuts.iter().all(|cut| cut.card == first.card));
    let gpu = gpu.ok_or_else(|| several_cards(subject()))?;
    let mut layouts = Vec::new();
    for cut in &pool.cuts {
        let profiles: Result<Vec<&Profile>, Problem> =
            cut.layout.iter().map(|name| gpu.profile(*name)).collect();
        let layout = Layout::empty(gpu).place(&profiles?).ok_or_else(|| {
            let names: Vec<String> = cut.layout.iter().map(ToString::to_string).collect();
            Problem::new("no-placement", subject(), names.join(", "), "instances that go together on one GPU")
        })?;
        let gpus = usize::try_from(cut.gpus).ok().filter(|gpus| *gpus <= MOST_GPUS);
        let gpus = gpus.ok_or_else(|| {
            let expected = format!("at most {MOST_GPUS} on a node");
            Problem::new("too-many-gpus", subject(), format!("{} GPUs", cut.gpus), expected)
        })?;
        layouts.extend(std::iter::repeat_n(layout, gpus));
    }
    Ok(Machines {
        name: pool.name.clone(),
        gpu,
        nodes: pool.nodes,
        names: Vec::new(),
        labels: pool.labels.clone(),
        layouts,
        instance_type: None,
    })
}

/// Each node of the plan on its own, named after its pool.
fn nodes<'a>(plan: &Plan<'a>) -> Result<Vec<Machines<'a>>, Vec<Problem>> {
    let mut nodes: BTreeMap<&str, Machines<'a>> = BTreeMap::new();
    let mut problems = Vec::new();
    for planned in &plan.gpus {
        match nodes.entry(&planned.node) {
            Entry::Vacant(empty) => {
                empty.insert(Machines {
                    name: planned.pool.clone(),
                    gpu: planned.gpu,
                    nodes: 1,
                    names: vec![planned.node.clone()],
                    labels: BTreeMap::new(),
                    layouts: vec![planned.layout.clone()],
                    instance_type: planned.instance_type.clone(),
                });
            }
            Entry::Occupied(mut node) if node.get().gpu == planned.gpu => {
                node.get_mut().layouts.push(planned.layout.clone());
            }
            Entry::Occupied(_) => problems.push(several_cards(format!("node {}", planned.node))),
        }
    }
    if problems.is_empty() { Ok(nodes.into_values().collect()) } else { Err(problems) }
}

/// Pools that are cut in several ways become several groups: `pool-cut-1`, `pool-cut-2`. A plain
/// number would read as the name of a node.
fn number(groups: &mut [Machines<'_>]) {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for group in groups.iter() {
        *counts.entry(group.name.clone()).or_insert(0) += 1;
    }
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for group in groups {
        if counts.get(&group.name).is_some_and(|count| *count > 1) {
            let number = seen.entry(group.name.clone()).or_insert(0);
            *number += 1;
            group.name = format!("{}-cut-{number}", group.name);
        }
    }
}

fn several_cards(subject: String) -> Problem {
    Problem::new("several-cards", subject, "GPUs of several kinds", "GPUs of one kind on a node")
}
