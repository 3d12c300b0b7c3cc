//! One requirement against one kind of unit, whichever pool it is in.

use super::why::{Severity, Why};
use crate::fleet::pools::{Link, NumberFormat, Sharing, Support, Unit};
use crate::matching::fit::Verdict;
use crate::matching::judged::Judged;
use crate::matching::requirement::{Floors, Requirement, Topology};
use crate::model::DType;
use crate::units::Bytes;

/// The answer for one kind of unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether such a unit holds one rank.
    pub verdict: Verdict,
    /// What a unit needs: the estimate with what stands beside the engine's share, or the declared floor; `None`
    /// where nothing is said of memory.
    pub need: Option<Bytes>,
    /// What of a unit's memory is left over.
    pub stranded: Bytes,
    /// What is missing.
    pub shortfall: Bytes,
    /// Every reason.
    pub whys: Vec<Why>,
}

/// Judges `unit`. `judged` is the estimate for a unit of its memory, where there is one.
pub(super) fn judge(requirement: &Requirement<'_>, unit: &Unit, judged: Option<&Judged>) -> Judgement {
    let mut whys = Vec::new();
    let promised = unit.promised();
    let estimate = judged.map(|judged| judged.estimate.total + judged.estimate.beside());
    let floor = requirement.floors.memory;
    let need = estimate.max(floor);
    let mut shortfall = judged.map_or(Bytes::ZERO, |judged| judged.estimate.total.minus(judged.usable));
    if let Some(judged) = judged {
        whys.extend(estimated(judged));
    }
    if let Some(why) = floor.and_then(|floor| memory(unit, floor)) {
        if why.severity() == Severity::Refuses {
            shortfall = shortfall.max(floor.unwrap_or_default().minus(promised));
        }
        whys.push(why);
    }
    formats(requirement, unit, &mut whys);
    rates(&requirement.floors, unit, &mut whys);
    parallel(requirement, unit, &mut whys);
    whys.extend(sharing(unit, promised));
    if let Some(need) = requirement.resource.as_ref().filter(|need| **need != unit.resource) {
        whys.push(Why::Resource { need: need.clone(), offer: unit.resource.clone() });
    }
    if !requirement.conditions.is_empty() && unit.resource.contains('/') {
        whys.push(Why::ByPlugin { offer: unit.resource.clone() });
    }
    for condition in &requirement.conditions {
        match condition.holds(unit) {
            Support::Yes => {}
            Support::No => whys.push(Why::Condition(condition.text.clone())),
            Support::Unknown => whys.push(Why::ConditionUnknown(condition.text.clone())),
        }
    }
    whys.extend(requirement.open.iter().map(|text| Why::Open(text.clone())));
    Judgement {
        verdict: whys.iter().map(Why::severity).max().unwrap_or(Severity::Note).verdict(),
        need,
        stranded: promised.minus(need.unwrap_or_default()),
        shortfall,
        whys,
    }
}

fn estimated(judged: &Judged) -> impl Iterator<Item = Why> + '_ {
    let severity = match judged.verdict {
        Verdict::Fits => Severity::Note,
        Verdict::Tight => Severity::Tight,
        Verdict::Unknown => Severity::Unsure,
        Verdict::No => Severity::Refuses,
    };
    judged.reasons.iter().map(move |reason| Why::Estimate(reason.clone(), severity))
}

/// A declared floor against what a unit has: the figure counted on, and the most that was measured.
fn memory(unit: &Unit, need: Bytes) -> Option<Why> {
    let offer = unit.promised();
    if need <= offer {
        return None;
    }
    let memory = &unit.memory;
    let seen = memory.seen_mib.iter().map(|mib| Bytes::from_mib((*mib).into()));
    let most = seen.fold(memory.best(), Bytes::max).share(1, unit.sharing.by());
    Some(if need <= most {
        Why::MemoryByDriver { need, floor: offer, most }
    } else {
        Why::Memory { need, offer }
    })
}

fn formats(requirement: &Requirement<'_>, unit: &Unit, whys: &mut Vec<Why>) {
    for format in requirement.floors.formats.iter().copied() {
        match unit.computes_in(format) {
            Support::Yes => {}
            Support::No => whys.push(Why::Format { format, on: unit.architecture }),
            Support::Unknown => whys.push(Why::FormatUnknown(format)),
        }
    }
    let (Some(plan), Some(on)) = (&requirement.plan, unit.architecture) else { return };
    let packed = plan.quantization.as_deref().and_then(|method| NumberFormat::parse(first_word(method)));
    let plain = (plan.dtype == DType::BF16).then_some(NumberFormat::Bf16);
    for format in plain.into_iter().chain(packed) {
        if format.on(on) == Support::No && !requirement.floors.formats.contains(&format) {
            whys.push(Why::Widened { format, on });
        }
    }
}

fn first_word(method: &str) -> &str {
    method.split([',', ' ']).next().unwrap_or_default()
}

fn rates(floors: &Floors, unit: &Unit, whys: &mut Vec<Why>) {
    if let Some(need) = floors.sms.filter(|need| unit.sms.is_none_or(|offer| offer < *need)) {
        whys.push(Why::Compute { need, offer: unit.sms });
    }
    if let Some(need) = floors.bandwidth.filter(|need| unit.bandwidth.is_none_or(|offer| offer < *need)) {
        whys.push(Why::Bandwidth { need, offer: unit.bandwidth });
    }
}

/// Ranks that must talk: never across slices; elsewhere over the path that is asked for.
fn parallel(requirement: &Requirement<'_>, unit: &Unit, whys: &mut Vec<Why>) {
    let ranks = requirement.topology.units();
    if ranks <= 1 {
        return;
    }
    if unit.is_slice() {
        return whys.push(Why::AcrossSlices { ranks });
    }
    let within = match requirement.topology {
        Topology::Ranks { tensor, .. } => tensor,
        Topology::Stated { units_per_node, .. } => units_per_node,
    };
    if within <= 1 {
        return;
    }
    match (requirement.floors.link, unit.link) {
        (Some(need), Some(offer)) if offer >= need => {}
        (Some(need), offer) => whys.push(Why::Path { need, offer }),
        (None, Some(Link::Pcie)) => whys.push(Why::OverPcie { ranks }),
        (None, Some(Link::NvLink | Link::None) | None) => {}
    }
}

const fn sharing(unit: &Unit, share: Bytes) -> Option<Why> {
    match unit.sharing {
        Sharing::Exclusive => None,
        Sharing::TimeSliced(by) => Some(Why::TimeSliced { by, share }),
        Sharing::Mps(by) => Some(Why::Mps { by, share }),
        Sharing::Unstated(by) => Some(Why::Shared { by, share }),
    }
}
