//! A fleet in, a plan out.

use std::collections::{BTreeMap, BTreeSet};

use super::fleet::{Amount, Fleet, Need, Today};
use super::options::{Options, options};
use super::outcome::{DeviceOf, Holder, Mode, Plan, PlannedGpu, Served, Unplaced};
use super::seating::seat;
use super::solve::{Solution, solve};
use super::staying::stays;
use super::task::Task;
use super::watch::Watch;
use crate::fleet::pools::Price;
use crate::gpu::Gpu;
use crate::problem::Problem;
use crate::units::{Bytes, grouped};

/// Refusals that a reason names.
const NAMED: usize = 3;

/// Who sits where, so that as few GPUs as possible are used, then as little memory as possible is stranded, then
/// as little compute as possible is idle.
///
/// # Errors
/// Everything that is inconsistent about the fleet, at once. What finds no place is no error: it stands in
/// [`Plan::unplaced`] with its reasons.
pub fn plan<'a>(fleet: &Fleet<'a>, watch: &mut Watch<'_>) -> Result<Plan<'a>, Vec<Problem>> {
    let cards = cards(fleet);
    let mut problems = check(fleet);
    let mut found: Vec<Options<'a>> = Vec::new();
    for workload in &fleet.workloads {
        match options(workload, &cards) {
            Ok(options) => found.push(options),
            Err(own) => problems.extend(own.into_iter().map(|problem| of(&workload.name, problem))),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let stays = stays(fleet);
    let task = Task::new(fleet, &found, &stays);
    let solution = solve(&task, watch);
    let gpus = seat(fleet, &task, &stays, &solution);
    Ok(Plan {
        served: served(fleet, &found, &gpus),
        unplaced: unplaced(fleet, &found, &task, &solution),
        price: price(fleet, &gpus),
        score: solution.score,
        bound: solution.bound,
        gpus,
    })
}

/// Every card of the fleet once, in its order.
fn cards<'a>(fleet: &Fleet<'a>) -> Vec<&'a Gpu> {
    let mut cards: Vec<&Gpu> = Vec::new();
    for gpu in fleet.nodes.iter().flat_map(|node| &node.gpus) {
        if !cards.iter().any(|known| known.key == gpu.gpu.key) {
            cards.push(gpu.gpu);
        }
    }
    cards
}

fn of(workload: &str, problem: Problem) -> Problem {
    let subject = format!("workload `{workload}`: {}", problem.subject);
    problem.about(subject)
}

/// Everything that does not hold together.
fn check(fleet: &Fleet<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut names = BTreeMap::<&str, u64>::new();
    for workload in &fleet.workloads {
        *names.entry(&workload.name).or_default() += 1;
    }
    for (name, _) in names.iter().filter(|(_, count)| **count > 1) {
        let expected = "a name of one workload";
        problems.push(Problem::new("name-twice", format!("workload `{name}`"), "the name twice", expected));
    }
    let mut nodes = BTreeMap::<&str, u64>::new();
    for node in &fleet.nodes {
        *nodes.entry(&node.name).or_default() += 1;
    }
    for (name, _) in nodes.iter().filter(|(_, count)| **count > 1) {
        problems.push(Problem::new(
            "name-twice",
            format!("node `{name}`"),
            "the name twice",
            "a name of one node",
        ));
    }
    if fleet.nodes.iter().all(|node| node.gpus.is_empty()) {
        problems.push(Problem::new("no-gpus", "fleet", "no GPU", "at least one GPU"));
    }
    for tenant in &fleet.alone {
        if !fleet.workloads.iter().any(|workload| workload.tenant.as_ref() == Some(tenant)) {
            problems.push(
                Problem::new(
                    "unknown-tenant",
                    format!("tenant `{tenant}`"),
                    "no workload",
                    "a tenant of a workload",
                )
                .hint("a tenant that shares with nobody has at least one workload in the fleet"),
            );
        }
    }
    for workload in &fleet.workloads {
        problems
            .extend(check_workload(fleet, workload).into_iter().map(|problem| of(&workload.name, problem)));
    }
    for node in &fleet.nodes {
        for (index, gpu) in node.gpus.iter().enumerate() {
            problems.extend(check_today(&format!("GPU {index} of node `{}`", node.name), gpu));
        }
    }
    problems
}

fn check_workload(fleet: &Fleet<'_>, workload: &super::fleet::Workload<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (word, amount) = match workload.amount {
        Amount::Replicas(amount) => ("replicas", amount),
        Amount::Sequences(amount) => ("sequences", amount),
    };
    if amount == 0 || amount > MOST_REPLICAS {
        let expected = format!("a number from 1 to {}", grouped(MOST_REPLICAS));
        problems.push(Problem::new("bad-amount", word, grouped(amount), expected));
    }
    for name in &workload.apart {
        if *name == workload.name {
            let hint = "one replica on a GPU is `spread` with `per_gpu` 1";
            let expected = "the name of another workload";
            problems
                .push(Problem::new("unknown-workload", "apart_from", "its own name", expected).hint(hint));
        } else if !fleet.workloads.iter().any(|other| other.name == *name) {
            let expected = "the name of another workload";
            problems.push(Problem::new("unknown-workload", "apart_from", format!("`{name}`"), expected));
        }
    }
    for (word, most) in [("per_gpu", workload.spread.per_gpu), ("per_node", workload.spread.per_node)] {
        if most == Some(0) {
            problems.push(Problem::new("bad-spread", word, "0", "at least 1"));
        }
    }
    let devices = workload.need.devices();
    if devices == 0 {
        problems.push(Problem::new("bad-devices", "devices", "0", "at least 1"));
    }
    if devices > 1 && workload.spread.per_gpu.is_some_and(|most| most > 1) {
        let found = format!("{} on GPUs that are whole", workload.spread.per_gpu.unwrap_or_default());
        problems.push(Problem::new("bad-spread", "per_gpu", found, "1, or nothing"));
    }
    if matches!(&workload.need, Need::Declared { memory, .. } if *memory == Bytes::ZERO) {
        problems.push(Problem::new("no-need", "memory", "0 B", "what one replica needs"));
    }
    problems
}

/// More than any cluster runs; keeps sums exact.
const MOST_REPLICAS: u64 = 10_000_000;

/// What stands on a GPU must be able to stand there.
fn check_today(subject: &str, gpu: &super::fleet::FleetGpu<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Today::Cut(standing) = &gpu.today {
        let laid = gpu.layout();
        for standing in standing.iter().filter(|s| !laid.instances().contains(&s.instance)) {
            let found = format!("`{}` beside {laid}", standing.instance);
            problems.push(Problem::new(
                "no-placement",
                subject,
                found,
                format!("a layout of {}", gpu.gpu.short_name),
            ));
        }
    }
    let cut = matches!(&gpu.today, Today::Cut(standing) if !standing.is_empty());
    match gpu.usage {
        super::fleet::Use::Whole if cut => problems.push(Problem::new(
            "cut-and-whole",
            subject,
            "instances today, and `use: whole`",
            "one of both",
        )),
        super::fleet::Use::Sliced if !gpu.gpu.has_mig() => {
            problems.push(Problem::new(
                "no-mig",
                subject,
                "a GPU that cannot be cut, and `use: sliced`",
                "a GPU with MIG",
            ));
        }
        super::fleet::Use::Any | super::fleet::Use::Whole | super::fleet::Use::Sliced => {}
    }
    problems
}

fn served<'a>(fleet: &Fleet<'a>, options: &[Options<'a>], gpus: &[PlannedGpu<'a>]) -> Vec<Served<'a>> {
    let mut served = Vec::new();
    for (workload, options) in fleet.workloads.iter().zip(options) {
        let mut replicas: Vec<(DeviceOf<'a>, u64)> = Vec::new();
        for seat in gpus.iter().flat_map(|gpu| &gpu.seats) {
            let own = matches!(&seat.holder, Holder::Replica { workload: name, rank: 0, .. } if *name == workload.name);
            if !own {
                continue;
            }
            match replicas.iter_mut().find(|(device, _)| device.0 == seat.device) {
                Some((_, count)) => *count += 1,
                None => replicas.push((DeviceOf(seat.device), 1)),
            }
        }
        replicas.sort_by_key(|(device, _)| (device.0.memory_floor(), device.0.label()));
        served.push(Served {
            workload: workload.name.clone(),
            tenant: workload.tenant.clone(),
            replicas,
            devices: workload.need.devices(),
            acceptable: options.choices.iter().map(|choice| DeviceOf(choice.device)).collect(),
        });
    }
    served
}

/// What found no place and every reason that is known.
fn unplaced(
    fleet: &Fleet<'_>,
    options: &[Options<'_>],
    task: &Task<'_>,
    solution: &Solution,
) -> Vec<Unplaced> {
    let mut unplaced = Vec::new();
    for (at, class) in task.classes.iter().enumerate() {
        let mut missing = solution.missing.get(at).copied().unwrap_or(0);
        // Those who come last in the fleet go without.
        for workload in class.workloads.iter().rev() {
            let (Some(own), Some(options)) = (fleet.workloads.get(*workload), options.get(*workload)) else {
                continue;
            };
            let (Amount::Replicas(all) | Amount::Sequences(all)) = own.amount;
            let short = missing.min(all);
            missing -= short;
            if short > 0 {
                let reasons = super::reasons::reasons(fleet, task, solution, (at, *workload), options, NAMED);
                unplaced.push((*workload, Unplaced { workload: own.name.clone(), missing: short, reasons }));
            }
        }
    }
    unplaced.sort_by_key(|(workload, _)| *workload);
    unplaced.into_iter().map(|(_, unplaced)| unplaced).collect()
}

/// What an hour of the machines in use costs.
fn price(fleet: &Fleet<'_>, gpus: &[PlannedGpu<'_>]) -> Option<Price> {
    let used: BTreeSet<&str> =
        gpus.iter().filter(|gpu| gpu.mode != Mode::Unused).map(|gpu| gpu.node.as_str()).collect();
    let mut sum = 0_u64;
    for node in fleet.nodes.iter().filter(|node| used.contains(node.name.as_str())) {
        sum = sum.saturating_add(node.price?.millionths());
    }
    Some(Price::from_millionths(sum))
}
