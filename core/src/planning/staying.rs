//! What stays where it is, whatever is planned: strangers, and the fleet's own replicas where they are kept.

use super::fleet::{Amount, Fleet, FleetGpu, Held, Standing, Today};
use super::task::{Class, Task};
use crate::gpu::Device;
use crate::gpu::layout::Layout;

/// What stays on each GPU: instances of strangers, and those of the fleet's own workloads where they are kept.
pub(super) struct Stay<'a> {
    pub(super) layout: Layout<'a>,
    pub(super) whole: bool,
    /// Names and tenants of those who stay.
    pub(super) holders: Vec<(String, Option<String>)>,
    /// Own workloads that stay, by place; one entry a device.
    pub(super) own: Vec<(usize, Device<'a>)>,
}

/// What stays on each GPU of the fleet, in its order. Of a workload that has more replicas than are wanted, the
/// first ones stay.
pub(super) fn stays<'a>(fleet: &Fleet<'a>) -> Vec<Stay<'a>> {
    let mut left: Vec<u64> = fleet
        .workloads
        .iter()
        .map(|workload| match workload.amount {
            // Moving a replica of several GPUs seldom frees what it is worth: those stay.
            Amount::Replicas(wanted) if fleet.keep || workload.need.devices() > 1 => {
                wanted.saturating_mul(workload.need.devices())
            }
            Amount::Sequences(_) if fleet.keep => u64::MAX,
            Amount::Replicas(_) | Amount::Sequences(_) => 0,
        })
        .collect();
    fleet.nodes.iter().flat_map(|node| &node.gpus).map(|gpu| stay(fleet, gpu, &mut left)).collect()
}

fn stay<'a>(fleet: &Fleet<'a>, gpu: &FleetGpu<'a>, left: &mut [u64]) -> Stay<'a> {
    let mut stay =
        Stay { layout: Layout::empty(gpu.gpu), whole: false, holders: Vec::new(), own: Vec::new() };
    let mut keeps = |stay: &mut Stay<'a>, held: &Held, device: Device<'a>| {
        let own = fleet.workloads.iter().position(|workload| workload.name == held.name);
        let keeps = match own {
            None => true,
            Some(own) => left.get_mut(own).is_some_and(|left| {
                let any = *left > 0;
                *left = left.saturating_sub(1);
                any
            }),
        };
        if keeps {
            stay.holders.push((held.name.clone(), held.tenant.clone()));
            stay.own.extend(own.map(|own| (own, device)));
        }
        keeps
    };
    match &gpu.today {
        Today::Unused => {}
        Today::Whole(held) => stay.whole = keeps(&mut stay, held, Device::whole(gpu.gpu)),
        Today::Cut(standing) => {
            for Standing { instance, held } in standing {
                let device = Device { gpu: gpu.gpu, profile: Some(instance.profile) };
                let keeps = held.as_ref().is_some_and(|held| keeps(&mut stay, held, device));
                if keeps {
                    stay.layout = stay.layout.with(*instance).unwrap_or(stay.layout);
                }
            }
        }
    }
    stay
}

/// Whether somebody who stays on a GPU keeps a class away from it.
pub(super) fn bars(fleet: &Fleet<'_>, class: &Class, stay: &Stay<'_>) -> bool {
    let Some(own) = class.workloads.first().and_then(|at| fleet.workloads.get(*at)) else { return true };
    stay.holders.iter().any(|(name, tenant)| {
        let theirs = fleet.workloads.iter().find(|other| other.name == *name);
        let tenant = theirs.map_or(tenant.as_ref(), |other| other.tenant.as_ref());
        let alone = |tenant: Option<&String>| tenant.is_some_and(|tenant| fleet.alone.contains(tenant));
        let strangers = tenant != own.tenant.as_ref() && (alone(tenant) || alone(own.tenant.as_ref()));
        strangers || own.apart.contains(name) || theirs.is_some_and(|other| other.apart.contains(&own.name))
    })
}

/// What those replicas of a workload that stay are worth.
pub(super) fn worth(fleet: &Fleet<'_>, task: &Task<'_>, stays: &[Stay<'_>], at: usize) -> u64 {
    let class = task.classes.iter().find(|class| class.workloads.contains(&at));
    let (Some(workload), Some(class)) = (fleet.workloads.get(at), class) else { return 0 };
    let held = stays.iter().flat_map(|stay| &stay.own).filter(|(own, _)| *own == at);
    match workload.amount {
        Amount::Replicas(_) => (held.count() as u64).checked_div(class.devices).unwrap_or(0),
        Amount::Sequences(_) => held
            .filter_map(|(_, device)| task.devices.iter().position(|known| known == device))
            .filter_map(|device| class.choices.iter().find(|choice| choice.device == device))
            .map(|choice| choice.gives)
            .sum(),
    }
}
