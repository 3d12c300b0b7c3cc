//! Plans against an exhaustive search that shares nothing with the planner but the table of legal layouts.

mod change;
mod oracle;
mod small;

use super::{Fleet, FleetGpu, Node, Plan, Workload, plan, unwatched};
use crate::gpu::find;
use crate::units::Bytes;

/// A node of `count` cards of one name.
fn node<'a>(name: &str, card: &str, count: usize) -> Node<'a> {
    let gpu = find(card).unwrap();
    Node {
        name: name.to_owned(),
        pool: name.to_owned(),
        gpus: vec![FleetGpu::unused(gpu); count],
        ..Node::default()
    }
}

/// `replicas` that each need `gib` of memory.
fn needs<'a>(name: &str, gib: u64, replicas: u64) -> Workload<'a> {
    Workload::declared(name, Bytes::from_gib(gib), replicas)
}

fn planned<'a>(fleet: &Fleet<'a>) -> Plan<'a> {
    plan(fleet, &mut unwatched).unwrap()
}

/// The plan in short: each GPU in use with its layout and who sits there.
fn picture(plan: &Plan<'_>) -> Vec<String> {
    let used = plan.gpus.iter().filter(|gpu| !gpu.seats.is_empty());
    used.map(|gpu| {
        let seats: Vec<String> = gpu
            .seats
            .iter()
            .map(|seat| {
                let device =
                    seat.device.profile.map_or("whole".to_owned(), |profile| profile.name.to_string());
                let start = seat.start.map_or(String::new(), |start| format!("@{start}"));
                let holder = match &seat.holder {
                    super::Holder::Replica { workload, number, .. } => format!("{workload}/{number}"),
                    super::Holder::Stranger(name) => format!("({name})"),
                    super::Holder::Nobody => "-".to_owned(),
                };
                format!("{device}{start} {holder}")
            })
            .collect();
        format!("{}:{} {}", gpu.node, gpu.index, seats.join(", "))
    })
    .collect()
}
