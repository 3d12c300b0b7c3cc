//! From rows to a fleet.

use std::collections::BTreeMap;

use super::Document;
use super::rows::{InstanceRow, NodeRow, TodayRow, WorkloadRow};
use crate::fleet::inventory::quantity;
use crate::gpu::layout::Instance;
use crate::gpu::{Gpu, ProfileName, find_in, instance};
use crate::model::Model;
use crate::planning::fleet::{
    Amount, Fleet, FleetGpu, Floors, Held, Need, Node, Only, Spread, Standing, Today, Workload,
};
use crate::problem::Problem;
use crate::units::{Bytes, grouped};

/// The most machines of one row, and GPUs of one machine.
const MOST_NODES: u64 = 100_000;
const MOST_GPUS: u64 = 256;

impl Document {
    /// The fleet, on `cards`, with the models that were named.
    ///
    /// # Errors
    /// Everything that cannot be used, at once.
    pub fn fleet<'a>(
        &self,
        cards: &'a [Gpu],
        models: &'a BTreeMap<String, Model>,
    ) -> Result<Fleet<'a>, Vec<Problem>> {
        let machines = self.machines(cards);
        let mut problems = machines.as_ref().err().cloned().unwrap_or_default();
        let nodes = machines.unwrap_or_default();
        let mut fleet = Fleet { nodes, alone: self.alone.clone(), keep: self.keep, workloads: Vec::new() };
        for row in &self.workloads {
            fleet.workloads.extend(workload(row, models, &mut problems));
        }
        if problems.is_empty() { Ok(fleet) } else { Err(problems) }
    }
}

impl Document {
    /// The machines alone, on `cards`.
    ///
    /// # Errors
    /// Everything about them that cannot be used, at once.
    pub fn machines<'a>(&self, cards: &'a [Gpu]) -> Result<Vec<Node<'a>>, Vec<Problem>> {
        let mut problems = Vec::new();
        let found = self.nodes.iter().flat_map(|row| nodes(row, cards, &mut problems)).collect();
        if problems.is_empty() { Ok(found) } else { Err(problems) }
    }
}

fn nodes<'a>(row: &NodeRow, cards: &'a [Gpu], problems: &mut Vec<Problem>) -> Vec<Node<'a>> {
    let subject = |field: &str| format!("node `{}`: {field}", row.name);
    if row.count == 0 || row.count > MOST_NODES {
        let expected = format!("a number from 1 to {}", grouped(MOST_NODES));
        problems.push(Problem::new("bad-amount", subject("count"), grouped(row.count), expected));
    }
    let (gpu, count) = match machine(row, cards) {
        Ok(machine) => machine,
        Err(problem) => {
            let subject = subject(&problem.subject);
            problems.push(problem.about(subject));
            return Vec::new();
        }
    };
    if count == 0 || count > MOST_GPUS {
        let expected = format!("a number from 1 to {MOST_GPUS}");
        problems.push(Problem::new("bad-amount", subject("gpus"), grouped(count), expected));
        return Vec::new();
    }
    if row.count > 1 && !row.today.is_empty() {
        let found = format!("one of {} machines", grouped(row.count));
        problems.push(Problem::new(
            "bad-today",
            subject("today"),
            found,
            "a row of its own for a machine that is in use",
        ));
    }
    let mut gpus =
        vec![FleetGpu { usage: row.usage, ..FleetGpu::unused(gpu) }; usize::try_from(count).unwrap_or(0)];
    for today in &row.today {
        let standing = standing(today, gpu, &subject("today"), problems);
        let place = usize::try_from(today.gpu).ok().and_then(|place| gpus.get_mut(place));
        match place {
            Some(own) if own.today == Today::Unused => own.today = standing,
            Some(_) => {
                let found = format!("GPU {} twice", today.gpu);
                problems.push(Problem::new("bad-today", subject("today"), found, "each GPU once"));
            }
            None => {
                let expected = format!("a number below {count}");
                problems.push(Problem::new(
                    "bad-today",
                    subject("today"),
                    format!("GPU {}", today.gpu),
                    expected,
                ));
            }
        }
    }
    let named = |at: u64| if row.count == 1 { row.name.clone() } else { format!("{}-{at}", row.name) };
    let node = |at: u64| Node {
        name: named(at),
        pool: row.name.clone(),
        instance_type: row.instance_type.clone(),
        price: row.price_per_hour,
        gpus: gpus.clone(),
    };
    (0..row.count.min(MOST_NODES)).map(node).collect()
}

/// The card of a machine and how many it has.
fn machine<'a>(row: &NodeRow, cards: &'a [Gpu]) -> Result<(&'a Gpu, u64), Problem> {
    match (&row.instance_type, &row.gpu) {
        (Some(_), Some(_)) => {
            Err(Problem::new("bad-field", "gpu", "`gpu` beside `instanceType`", "one of them"))
        }
        (None, None) => Err(Problem::new("bad-field", "gpu", "nothing", "`gpu` or `instanceType`")),
        (None, Some(name)) => Ok((find_in(cards, name)?, row.gpus.unwrap_or(1))),
        (Some(name), None) => {
            let known = instance(name).ok_or_else(|| {
                Problem::new(
                    "unknown-instance",
                    "instanceType",
                    format!("`{name}`"),
                    "an instance type that is known",
                )
                .hint("say `gpu` and `gpus` instead")
            })?;
            let count = u64::from(known.count);
            if let Some(other) = row.gpus.filter(|other| *other != count) {
                let expected = format!("{count}, as `{}` has", known.name);
                return Err(Problem::new("bad-field", "gpus", other.to_string(), expected));
            }
            Ok((find_in(cards, known.key)?, count))
        }
    }
}

fn standing<'a>(row: &TodayRow, gpu: &'a Gpu, subject: &str, problems: &mut Vec<Problem>) -> Today<'a> {
    let held = |holder: &Option<String>, tenant: &Option<String>| {
        holder.clone().map(|name| Held { name, tenant: tenant.clone() })
    };
    match (&row.instances, held(&row.holder, &row.tenant)) {
        (None, Some(held)) => Today::Whole(held),
        (Some(rows), None) => {
            let mut standing = Vec::new();
            for InstanceRow { profile, start, holder, tenant } in rows {
                match gpu.profile(*profile) {
                    Ok(profile) => standing.push(Standing {
                        instance: Instance { profile, start: *start },
                        held: held(holder, tenant),
                    }),
                    Err(problem) => problems.push({
                        let subject = format!("{subject}: {}", problem.subject);
                        problem.about(subject)
                    }),
                }
            }
            Today::Cut(standing)
        }
        (Some(_), Some(_)) => {
            problems.push(Problem::new("bad-today", subject, "`holder` beside `instances`", "one of them"));
            Today::Unused
        }
        (None, None) => {
            problems.push(Problem::new(
                "bad-today",
                subject,
                "neither `holder` nor `instances`",
                "one of them",
            ));
            Today::Unused
        }
    }
}

fn workload<'a>(
    row: &WorkloadRow,
    models: &'a BTreeMap<String, Model>,
    problems: &mut Vec<Problem>,
) -> Option<Workload<'a>> {
    let mut report = |problem: Problem| {
        let subject = format!("workload `{}`: {}", row.name, problem.subject);
        problems.push(problem.about(subject));
    };
    let amount = match (row.replicas, row.sequences) {
        (Some(replicas), None) => Some(Amount::Replicas(replicas)),
        (None, Some(sequences)) => Some(Amount::Sequences(sequences)),
        (None, None) => Some(Amount::Replicas(1)),
        (Some(_), Some(_)) => {
            report(Problem::new("bad-field", "replicas", "`replicas` beside `sequences`", "one of them"));
            None
        }
    };
    let need = need(row, models).map_err(&mut report).ok();
    let mut only = Vec::new();
    for name in &row.devices {
        match name.as_str() {
            "whole" => only.push(Only::Whole),
            name => match ProfileName::parse(name) {
                Ok(profile) => only.push(Only::Profile(profile)),
                Err(problem) => report(problem.about("devices")),
            },
        }
    }
    Some(Workload {
        name: row.name.clone(),
        tenant: row.tenant.clone(),
        amount: amount?,
        need: need?,
        floors: Floors {
            sms: row.floors.sms,
            compute_slices: row.floors.compute_slices,
            bandwidth: row.floors.bandwidth.map(|gigabytes| gigabytes.saturating_mul(1_000_000_000)),
            tokens_per_second_tenths: row.floors.tokens_per_second.map(|tokens| tokens.saturating_mul(10)),
        },
        only,
        spread: Spread { per_gpu: row.spread.per_gpu, per_node: row.spread.per_node },
        apart: row.apart_from.clone(),
    })
}

fn need<'a>(row: &WorkloadRow, models: &'a BTreeMap<String, Model>) -> Result<Need<'a>, Problem> {
    match (&row.model, &row.memory) {
        (Some(name), None) => {
            if row.devices_each.is_some() {
                let expected = "`tensor_parallel` of `serving`, which says how many a model takes";
                return Err(Problem::new(
                    "bad-field",
                    "devicesEach",
                    "`devicesEach` beside `model`",
                    expected,
                ));
            }
            let model = models.get(name).ok_or_else(|| {
                Problem::new("unknown-model", "model", format!("`{name}`"), "a model that was read")
            })?;
            Ok(Need::Model { model, serving: row.serving.clone() })
        }
        (None, Some(memory)) => {
            let bytes = quantity(memory).map_err(|problem| problem.about("memory"))?;
            Ok(Need::Declared { memory: Bytes::new(bytes), devices: row.devices_each.unwrap_or(1) })
        }
        (Some(_), Some(_)) => {
            Err(Problem::new("bad-field", "memory", "`memory` beside `model`", "one of them"))
        }
        (None, None) => Err(Problem::new("bad-field", "model", "nothing", "`model` or `memory`")),
    }
}
