//! Which devices would do for a workload, and why the others would not.

use super::fleet::{Amount, Floors, Need, Workload};
use crate::engine::Serving;
use crate::gpu::layout::Set;
use crate::gpu::{Device, Gpu};
use crate::matching::{self, Offer, Verdict};
use crate::model::Model;
use crate::problem::Problem;
use crate::units::{Bytes, grouped};

/// A device that would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Choice<'a> {
    pub(super) device: Device<'a>,
    /// Replicas, or sequences, that one replica on this device is worth.
    pub(super) gives: u64,
}

/// A device that would not do, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) device: String,
    pub(super) missing: Bytes,
    pub(super) reason: String,
}

/// Devices that would do, smallest first, and those that would not, the nearest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options<'a> {
    pub(super) choices: Vec<Choice<'a>>,
    pub(super) refusals: Vec<Refusal>,
}

/// The devices of `cards` that would do for `workload`.
///
/// # Errors
/// Every setting of the workload that cannot be used.
pub(super) fn options<'a>(workload: &Workload<'_>, cards: &[&'a Gpu]) -> Result<Options<'a>, Vec<Problem>> {
    let whole_only = workload.need.devices() > 1;
    let devices: Vec<Device<'a>> = cards
        .iter()
        .flat_map(|gpu| Device::all_of(gpu))
        .filter(|device| device.profile.is_none() || !whole_only)
        .filter(|device| is_candidate(workload, device))
        .collect();
    let mut found = match &workload.need {
        Need::Model { model, serving } => of_model(workload, model, serving, &devices)?,
        Need::Declared { memory, .. } => of_memory(workload, *memory, &devices)?,
    };
    found.choices.sort_by_key(|choice| {
        let compute = choice.device.profile.map_or(u8::MAX, |profile| profile.compute_slices);
        (choice.device.memory_floor(), compute, choice.device.label())
    });
    found.refusals.sort_by(|a, b| (a.missing, &a.device).cmp(&(b.missing, &b.device)));
    Ok(found)
}

/// The devices of `cards` that would do for `workload`, smallest first.
///
/// # Errors
/// Every setting of the workload that cannot be used.
pub fn acceptable<'a>(workload: &Workload<'_>, cards: &[&'a Gpu]) -> Result<Vec<Device<'a>>, Vec<Problem>> {
    Ok(options(workload, cards)?.choices.iter().map(|choice| choice.device).collect())
}

/// Media and graphics variants only where they are named.
fn is_candidate(workload: &Workload<'_>, device: &Device<'_>) -> bool {
    let plain = device.profile.is_none_or(|profile| Set::Plain.has(device.gpu, profile));
    if workload.only.is_empty() { plain } else { workload.only.iter().any(|only| only.allows(device)) }
}

fn of_model<'a>(
    workload: &Workload<'_>,
    model: &Model,
    serving: &Serving,
    devices: &[Device<'a>],
) -> Result<Options<'a>, Vec<Problem>> {
    let report = matching::fit(model, serving, devices)?;
    let mut found = Options::default();
    for (device, offer) in devices.iter().zip(&report.offers) {
        let missing = |reason: String| Refusal { device: device.label(), missing: offer.shortfall, reason };
        match refused(workload, device, offer) {
            Some(reason) => found.refusals.push(missing(reason)),
            None => match gives(workload.amount, offer) {
                0 => found.refusals.push(missing("not one sequence fits".to_owned())),
                gives => found.choices.push(Choice { device: *device, gives }),
            },
        }
    }
    Ok(found)
}

/// Why a device does not do for a model; the first reason of the verdict stands for it.
fn refused(workload: &Workload<'_>, device: &Device<'_>, offer: &Offer) -> Option<String> {
    if offer.verdict != Verdict::Fits {
        let reasons: Vec<String> = offer.reasons.iter().map(|reason| reason.text.to_string()).collect();
        return Some(reasons.join("; "));
    }
    let speed = offer.ceiling.map(|ceiling| ceiling.tokens_per_second_tenths);
    below(&workload.floors, device).or_else(|| {
        let wanted = workload.floors.tokens_per_second_tenths?;
        match speed {
            None => Some("its bandwidth, and so its speed, is not known".to_owned()),
            Some(speed) if speed < wanted => Some(format!(
                "its bandwidth allows at most {} tokens per second of one sequence, {} are asked for",
                tenths(speed),
                tenths(wanted)
            )),
            Some(_) => None,
        }
    })
}

fn tenths(value: u64) -> String {
    format!("{}.{}", grouped(value / 10), value % 10)
}

fn gives(amount: Amount, offer: &Offer) -> u64 {
    match amount {
        Amount::Replicas(_) => 1,
        Amount::Sequences(wanted) => offer.capacity.max_sequences.unwrap_or(wanted).min(wanted),
    }
}

fn of_memory<'a>(
    workload: &Workload<'_>,
    memory: Bytes,
    devices: &[Device<'a>],
) -> Result<Options<'a>, Vec<Problem>> {
    let mut problems = Vec::new();
    if matches!(workload.amount, Amount::Sequences(_)) {
        problems.push(Problem::new(
            "no-model",
            "sequences",
            "a need in bytes",
            "a model, which says how many sequences a device holds",
        ));
    }
    if workload.floors.tokens_per_second_tenths.is_some() {
        problems.push(Problem::new(
            "no-model",
            "tokens_per_second",
            "a need in bytes",
            "a model, which says what is read for a token",
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut found = Options::default();
    for device in devices {
        let offered = device.memory_floor();
        let small = (offered < memory).then(|| format!("{memory} are needed, it has {offered}"));
        match small.or_else(|| below(&workload.floors, device)) {
            None => found.choices.push(Choice { device: *device, gives: 1 }),
            Some(reason) => found.refusals.push(Refusal {
                device: device.label(),
                missing: memory.minus(offered),
                reason,
            }),
        }
    }
    Ok(found)
}

/// Which floor the device stays below.
fn below(floors: &Floors, device: &Device<'_>) -> Option<String> {
    let slices = device.profile.map_or(device.gpu.compute_slices, |profile| profile.compute_slices);
    let whole_without_mig = device.profile.is_none() && !device.gpu.has_mig();
    let sms = floors.sms.and_then(|wanted| match device.sms() {
        None => Some("how many SMs it has is not known".to_owned()),
        Some(sms) if sms < wanted => Some(format!("{wanted} SMs are asked for, it has {sms}")),
        Some(_) => None,
    });
    let compute = floors.compute_slices.filter(|wanted| slices < *wanted && !whole_without_mig);
    let compute = compute.map(|wanted| format!("{wanted} compute slices are asked for, it has {slices}"));
    let bandwidth = floors.bandwidth.and_then(|wanted| match device.bandwidth() {
        None => Some("its bandwidth is not known".to_owned()),
        Some(found) if found.value < wanted => {
            Some(format!("{} GB/s are asked for, it has {}", gigabytes(wanted), gigabytes(found.value)))
        }
        Some(_) => None,
    });
    let reasons: Vec<String> = sms.into_iter().chain(compute).chain(bandwidth).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// Whole and tenth gigabytes per second.
fn gigabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    if tenths.is_multiple_of(10) {
        grouped(tenths / 10)
    } else {
        format!("{}.{}", grouped(tenths / 10), tenths % 10)
    }
}
