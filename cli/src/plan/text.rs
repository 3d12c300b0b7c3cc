//! The plan for a reader.

use std::fmt::Write as _;

use migfit::planning::{Holder, Mode, Plan, PlannedGpu, Served, Unplaced};
use migfit::units::grouped;

use super::draw;
use super::questions::Question;
use crate::report;

/// GPUs that are named one by one.
const NAMED: usize = 4;

/// The whole answer.
pub(super) fn page(plan: &Plan<'_>) -> String {
    let mut out = summary(plan);
    out.push_str(&workloads(&plan.served));
    for unplaced in &plan.unplaced {
        out.push_str(&missing(unplaced));
    }
    for (gpu, alike) in groups(plan) {
        out.push_str(&group(gpu, &alike));
    }
    let unused = plan.gpus.iter().filter(|gpu| gpu.mode == Mode::Unused).count();
    if unused > 0 {
        _ = writeln!(out, "\nunused: {}", gpus(unused as u64));
    }
    out
}

fn summary(plan: &Plan<'_>) -> String {
    let proof = match (plan.bound.proved, plan.gap()) {
        (true, _) => "no plan is better, all were tried".to_owned(),
        (false, 0) => format!("no plan uses fewer than {}", grouped(plan.bound.gpus)),
        (false, _) => {
            format!("no plan uses fewer than {}, whether one uses so few is open", grouped(plan.bound.gpus))
        }
    };
    let mut out =
        format!("{} of {} in use: {proof}\n", grouped(plan.score.gpus), gpus(plan.gpus.len() as u64));
    _ = writeln!(
        out,
        "stranded memory: {}, idle compute slices: {}",
        plan.score.stranded,
        grouped(plan.score.idle_compute)
    );
    if let Some(price) = plan.price.filter(|price| price.millionths() > 0) {
        _ = writeln!(out, "machines in use cost {price} per hour");
    }
    out
}

fn workloads(served: &[Served<'_>]) -> String {
    let header = ["workload", "replicas", "on", "ask for", "also fits"];
    let mut table = report::table(&header, 1..2);
    for own in served {
        let count: u64 = own.replicas.iter().map(|(_, count)| count).sum();
        let each = |text: &dyn Fn(&migfit::gpu::Device<'_>) -> String| -> String {
            own.replicas.iter().map(|(device, _)| text(&device.0)).collect::<Vec<String>>().join("\n")
        };
        let counted: Vec<String> = own
            .replicas
            .iter()
            .map(|(device, count)| {
                let times = if own.devices > 1 { format!(" x {}", own.devices) } else { String::new() };
                format!("{count} on {}{times}", device.0.label())
            })
            .collect();
        let used = |label: &String| own.replicas.iter().any(|(device, _)| device.0.label() == *label);
        let others: Vec<String> =
            own.acceptable.iter().map(|d| d.0.label()).filter(|label| !used(label)).collect();
        table.add_row([
            own.workload.clone(),
            grouped(count),
            if counted.is_empty() { "nothing".to_owned() } else { counted.join("\n") },
            each(&|device| device.resource_name()),
            few(&others),
        ]);
    }
    format!("\n{table}\n")
}

fn few(labels: &[String]) -> String {
    match labels.len() {
        0..=3 => labels.join(", "),
        many => format!(
            "{}, {} more",
            labels.iter().take(2).cloned().collect::<Vec<String>>().join(", "),
            many - 2
        ),
    }
}

fn missing(unplaced: &Unplaced) -> String {
    let mut out = format!("\n{} of `{}` found no place:\n", grouped(unplaced.missing), unplaced.workload);
    for reason in &unplaced.reasons {
        _ = writeln!(out, "  {reason}");
    }
    out
}

/// GPUs in use, those with the same card, cut and workloads together, in the order of the fleet.
fn groups<'p, 'a>(plan: &'p Plan<'a>) -> Vec<(&'p PlannedGpu<'a>, Vec<String>)> {
    let mut groups: Vec<(&PlannedGpu<'a>, Vec<String>)> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for gpu in plan.gpus.iter().filter(|gpu| gpu.mode != Mode::Unused) {
        let who: Vec<String> = gpu.seats.iter().map(|seat| workload(&seat.holder)).collect();
        let key = (gpu.gpu.key.to_string(), gpu.layout.to_string(), who);
        let at = *known.entry(key).or_insert(groups.len());
        let name = format!("{}:{}", gpu.node, gpu.index);
        match groups.get_mut(at) {
            Some((_, names)) => names.push(name),
            None => groups.push((gpu, vec![name])),
        }
    }
    groups
}

/// Whose a device is, empty where nobody has it.
pub(super) fn workload(holder: &Holder) -> String {
    match holder {
        Holder::Replica { workload, .. } => workload.clone(),
        Holder::Stranger(name) => format!("({name})"),
        Holder::Nobody => String::new(),
    }
}

fn group(gpu: &PlannedGpu<'_>, names: &[String]) -> String {
    let mut shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = format!("and {} more like it", grouped(names.len().saturating_sub(NAMED) as u64));
    if names.len() > NAMED {
        shown.push(&more);
    }
    let mut out = format!("\n{} {}\n{}", shown.join(", "), gpu.gpu.short_name, draw::picture(gpu));
    if let Some(left) = gpu.leftover {
        _ = writeln!(
            out,
            "idle compute slices: {}, free memory slices: {}, stranded: {} ({})",
            left.idle_compute, left.free_memory, left.stranded_memory, left.stranded
        );
    }
    out
}

fn gpus(count: u64) -> String {
    format!("{} GPU{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// One line for the plan as it is and one for each question.
pub(super) fn questions(first: &Plan<'_>, questions: &[Question], plans: &[Plan<'_>]) -> String {
    if questions.is_empty() {
        return String::new();
    }
    let header = ["what if", "missing", "GPUs", "at least", "stranded", "idle compute", "per hour"];
    let mut table = report::table(&header, 1..7);
    let names = std::iter::once("as it is").chain(questions.iter().map(|question| question.text.as_str()));
    for (name, plan) in names.zip(std::iter::once(first).chain(plans)) {
        table.add_row([
            name.to_owned(),
            grouped(plan.score.missing),
            grouped(plan.score.gpus),
            grouped(plan.bound.gpus),
            plan.score.stranded.to_string(),
            grouped(plan.score.idle_compute),
            plan.price.map_or("not known".to_owned(), |price| price.to_string()),
        ]);
    }
    format!("\n{table}\n")
}
