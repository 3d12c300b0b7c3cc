//! From today's layouts to the planned ones: what keeps running, and what has to be done in which order.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fleet::{Fleet, FleetGpu, Today};
use super::outcome::{Holder, Mode, Plan, PlannedGpu, Seat};
use crate::gpu::layout::{Instance, Layout};
use crate::gpu::{Architecture, MigMode};

/// The way from today to a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change<'a> {
    /// Devices that somebody has today and keeps.
    pub running: u64,
    /// Devices that somebody has today and that have to be drained.
    pub drained: u64,
    /// What is to be done, GPU by GPU: first those on which nobody has to be drained, so that replicas have a new
    /// place before they lose the old one.
    pub steps: Vec<Step<'a>>,
    /// What switching MIG mode takes on each generation where it is switched.
    pub modes: Vec<(Architecture, MigMode)>,
}

/// What is to be done on one GPU, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step<'a> {
    /// Its machine.
    pub node: String,
    /// Its number there.
    pub index: u32,
    /// Devices to drain: the instance, none for the whole GPU, and who has it.
    pub drain: Vec<(Option<Instance<'a>>, String)>,
    /// Instances to destroy. Only they have to be idle, not the GPU.
    pub destroy: Vec<Instance<'a>>,
    /// Whether MIG mode is switched on or off; nobody may use the GPU then.
    pub switch: Option<Switch>,
    /// Instances to create.
    pub create: Vec<Instance<'a>>,
    /// Devices on which a replica starts.
    pub start: Vec<Seat<'a>>,
    /// Commands for what is switched, destroyed and created.
    pub commands: Vec<String>,
}

/// MIG mode on a GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// On: it was whole or unused and is to be cut. Where it is on already, the command changes nothing.
    On,
    /// Off: it was cut and is to be whole.
    Off,
}

/// The steps from the fleet as it is to `plan`.
#[must_use]
pub fn change<'a>(fleet: &Fleet<'a>, plan: &Plan<'a>) -> Change<'a> {
    let today = fleet.nodes.iter().flat_map(|node| &node.gpus);
    let mut found = Change { running: 0, drained: 0, steps: Vec::new(), modes: Vec::new() };
    let mut modes = BTreeMap::new();
    for (today, planned) in today.zip(&plan.gpus) {
        let (step, running) = step(today, planned);
        found.running += running;
        found.drained += step.drain.len() as u64;
        if let (Some(_), Some(mode)) = (step.switch, planned.gpu.mig_mode) {
            modes.insert(planned.gpu.architecture, mode);
        }
        let empty = step.drain.is_empty()
            && step.destroy.is_empty()
            && step.create.is_empty()
            && step.start.is_empty()
            && step.switch.is_none();
        if !empty {
            found.steps.push(step);
        }
    }
    // Stable: within each part GPUs stay in the order of the fleet.
    found.steps.sort_by_key(|step| step.drain.len());
    found.modes = modes.into_iter().collect();
    found
}

/// What is to be done on one GPU, and how many who have a device there keep it.
fn step<'a>(today: &FleetGpu<'a>, planned: &PlannedGpu<'a>) -> (Step<'a>, u64) {
    let had = had(today);
    let keeps = |(instance, name): &(Option<Instance<'a>>, String)| {
        planned.seats.iter().any(|seat| place(seat) == *instance && who(&seat.holder) == Some(name.as_str()))
    };
    let (stay, drain): (Vec<_>, Vec<_>) = had.into_iter().partition(keeps);
    let stood = today.layout();
    let lacks = |layout: &Layout<'a>, instance: &Instance<'a>| !layout.instances().contains(instance);
    // An idle instance of a GPU that the plan does not use does no harm.
    let touched = planned.mode != Mode::Unused || !drain.is_empty();
    let destroy: Vec<Instance<'a>> = if planned.mode == Mode::Unused {
        Vec::new()
    } else {
        stood.instances().iter().filter(|own| lacks(&planned.layout, own)).copied().collect()
    };
    let create: Vec<Instance<'a>> =
        planned.layout.instances().iter().filter(|own| lacks(&stood, own)).copied().collect();
    let switch = match (&today.today, planned.mode) {
        (Today::Unused | Today::Whole(_), Mode::Sliced) => Some(Switch::On),
        (Today::Cut(_), Mode::Whole) => Some(Switch::Off),
        (Today::Unused | Today::Whole(_) | Today::Cut(_), Mode::Unused | Mode::Whole | Mode::Sliced) => None,
    };
    let stays = |seat: &&Seat<'a>| stay.iter().any(|(instance, _)| place(seat) == *instance);
    let start = planned.seats.iter().filter(|seat| !stays(seat)).cloned().collect();
    let mut step = Step {
        node: planned.node.clone(),
        index: planned.index,
        drain: if touched { drain } else { Vec::new() },
        destroy,
        switch,
        create,
        start,
        commands: Vec::new(),
    };
    step.commands = commands(planned, &step);
    (step, stay.len() as u64)
}

/// Who has what today.
fn had<'a>(today: &FleetGpu<'a>) -> Vec<(Option<Instance<'a>>, String)> {
    match &today.today {
        Today::Unused => Vec::new(),
        Today::Whole(held) => vec![(None, held.name.clone())],
        Today::Cut(standing) => {
            let held =
                standing.iter().filter_map(|own| Some((Some(own.instance), own.held.as_ref()?.name.clone())));
            held.collect()
        }
    }
}

/// The instance of a seat, none for a whole GPU.
fn place<'a>(seat: &Seat<'a>) -> Option<Instance<'a>> {
    Some(Instance { profile: seat.device.profile?, start: seat.start? })
}

fn who(holder: &Holder) -> Option<&str> {
    match holder {
        Holder::Replica { workload, .. } => Some(workload),
        Holder::Stranger(name) => Some(name),
        Holder::Nobody => None,
    }
}

fn commands(planned: &PlannedGpu<'_>, step: &Step<'_>) -> Vec<String> {
    let (index, mode) = (planned.index, planned.gpu.mig_mode);
    let mut commands = Vec::new();
    let reset = mode.is_some_and(|mode| mode.reset_to_toggle);
    if step.switch == Some(Switch::On) {
        commands.push(format!("nvidia-smi -i {index} -mig 1"));
    }
    if !step.destroy.is_empty() {
        let ids: Vec<String> = step.destroy.iter().map(|own| format!("<id of {own}>")).collect();
        commands.push(format!("nvidia-smi mig -i {index} -lgi"));
        commands.push(format!("nvidia-smi mig -i {index} -dci -gi {}", ids.join(",")));
        commands.push(format!("nvidia-smi mig -i {index} -dgi -gi {}", ids.join(",")));
    }
    if step.switch == Some(Switch::Off) {
        commands.push(format!("nvidia-smi -i {index} -mig 0"));
    }
    if step.switch.is_some() && reset {
        commands.push(format!("nvidia-smi -i {index} --gpu-reset"));
    }
    let created = step.create.iter().try_fold(Layout::empty(planned.gpu), |layout, own| layout.with(*own));
    if let Some(created) = created.filter(|created| !created.instances().is_empty()) {
        commands.push(created.command(index));
    }
    commands
}
