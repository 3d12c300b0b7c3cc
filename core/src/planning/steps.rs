//! The way from today to the plan, for a reader.

use std::fmt::Write as _;

use super::change::{Change, Step, Switch};
use super::outcome::Holder;
use crate::gpu::layout::Instance;
use crate::units::grouped;

impl Change<'_> {
    /// What keeps running, and what is to be done in which order, as lines for a reader.
    #[must_use]
    pub fn text(&self) -> String {
        page(self)
    }
}

fn page(change: &Change<'_>) -> String {
    if change.steps.is_empty() {
        return "nothing has to be changed: everything runs where it is planned\n".to_owned();
    }
    let mut out = format!(
        "from today to the plan: {} of {} devices in use keep running, {} drained\n",
        grouped(change.running),
        grouped(change.running.saturating_add(change.drained)),
        grouped(change.drained)
    );
    for (generation, mode) in &change.modes {
        let reset = if mode.reset_to_toggle { "needs a reset of the GPU" } else { "needs no reset" };
        let stays = if mode.survives_reboot { "stays" } else { "does not stay" };
        _ = writeln!(
            out,
            "MIG mode on {}: switching {reset}, nobody may use the GPU then; it {stays} over a reboot",
            generation.word()
        );
    }
    for (number, step) in (1..).zip(&change.steps) {
        _ = writeln!(out, "\n{number}. {}:{}", step.node, step.index);
        out.push_str(&lines(step));
    }
    out
}

fn lines(step: &Step<'_>) -> String {
    let mut out = String::new();
    for (instance, who) in &step.drain {
        let from = instance.map_or("the whole GPU".to_owned(), |instance| instance.to_string());
        _ = writeln!(out, "   drain {who} from {from}");
    }
    if !step.destroy.is_empty() {
        _ = writeln!(out, "   destroy {}", names(&step.destroy));
    }
    match step.switch {
        Some(Switch::On) => out.push_str("   switch MIG mode on\n"),
        Some(Switch::Off) => out.push_str("   switch MIG mode off\n"),
        None => {}
    }
    if !step.create.is_empty() {
        _ = writeln!(out, "   create {}", names(&step.create));
    }
    for command in &step.commands {
        _ = writeln!(out, "     {command}");
    }
    for seat in &step.start {
        let who = workload(&seat.holder);
        if !who.is_empty() {
            _ = writeln!(out, "   start {who} on {}", seat.device.label());
        }
    }
    out
}

fn names(instances: &[Instance<'_>]) -> String {
    instances.iter().map(ToString::to_string).collect::<Vec<String>>().join(", ")
}

fn workload(holder: &Holder) -> String {
    match holder {
        Holder::Replica { workload, .. } => workload.clone(),
        Holder::Stranger(name) => format!("({name})"),
        Holder::Nobody => String::new(),
    }
}
