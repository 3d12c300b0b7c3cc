//! Why something found no place: every reason that is known, the plainest first.

use super::fleet::Fleet;
use super::options::Options;
use super::solve::Solution;
use super::task::{Class, Task};
use crate::units::grouped;

/// Why a workload of a class is short.
pub(super) fn reasons(
    fleet: &Fleet<'_>,
    task: &Task<'_>,
    solution: &Solution,
    (class, workload): (usize, usize),
    options: &Options<'_>,
    named: usize,
) -> Vec<String> {
    if options.choices.is_empty() {
        let refusals = options.refusals.iter().take(named);
        let mut reasons = vec!["no device of the fleet does for it".to_owned()];
        reasons.extend(refusals.map(|refusal| format!("{}: {}", refusal.device, refusal.reason)));
        return reasons;
    }
    let Some(own) = task.classes.get(class) else { return Vec::new() };
    let mut reasons = Vec::new();
    reasons.extend(group(task, own));
    reasons.extend(spread(fleet, task, own, workload));
    reasons.extend(barred(task, class));
    reasons.extend(crowded(fleet, task, solution));
    if reasons.is_empty() {
        reasons.push("what is placed leaves no legal place for it".to_owned());
    }
    reasons
}

/// A replica of several GPUs needs a node that has as many.
fn group(task: &Task<'_>, own: &Class) -> Option<String> {
    let most = (0..task.kinds.len())
        .filter(|kind| task.whole(*kind).is_some_and(|device| own.choice(device).is_some()));
    let mut nodes = std::collections::BTreeMap::<Option<usize>, u64>::new();
    for kind in most {
        if let Some(kind) = task.kinds.get(kind) {
            *nodes.entry(kind.node).or_default() += kind.gpus.len() as u64;
        }
    }
    let most = nodes.values().max().copied().unwrap_or(0);
    (own.devices > 1 && most < own.devices).then(|| {
        format!(
            "one replica takes {} whole GPUs of one node; no node has more than {most} free ones",
            own.devices
        )
    })
}

fn spread(fleet: &Fleet<'_>, task: &Task<'_>, own: &Class, workload: usize) -> Vec<String> {
    let mut reasons = Vec::new();
    let Some(spread) = fleet.workloads.get(workload).map(|workload| workload.spread) else { return reasons };
    let gpus: u64 = task.kinds.iter().map(|kind| kind.gpus.len() as u64).sum();
    if let Some(most) = spread.per_gpu.filter(|most| most.saturating_mul(gpus) < own.demand) {
        let places = grouped(most.saturating_mul(gpus));
        reasons.push(format!("at most {most} on one GPU makes {places} places on {} GPUs", grouped(gpus)));
    }
    let nodes = fleet.nodes.len() as u64;
    if let Some(most) = spread.per_node.filter(|most| most.saturating_mul(nodes) < own.demand) {
        let places = grouped(most.saturating_mul(nodes));
        reasons.push(format!("at most {most} on one node makes {places} places on {} nodes", grouped(nodes)));
    }
    reasons
}

fn barred(task: &Task<'_>, class: usize) -> Option<String> {
    let kinds = task.kinds.iter().filter(|kind| kind.barred.get(class).copied().unwrap_or(false));
    let gpus: u64 = kinds.map(|kind| kind.gpus.len() as u64).sum();
    (gpus > 0).then(|| format!("{} are held by others that it may not share a GPU with", count(gpus, "GPU")))
}

/// What all of it takes at least, against what there is.
fn crowded(fleet: &Fleet<'_>, task: &Task<'_>, solution: &Solution) -> Option<String> {
    let all: u64 = fleet.nodes.iter().map(|node| node.gpus.len() as u64).sum();
    let used = solution.score.gpus;
    if used >= all {
        return Some(format!("all {} of the fleet are in use", count(all, "GPU")));
    }
    let open = task.kinds.iter().filter(|kind| !kind.open && kind.cuts.all.len() > 1).count();
    (open == 0).then(|| "no GPU of the fleet is free for new instances".to_owned())
}

fn count(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}
