//! The cache against the context: where each profile of one GPU ends.
//!
//! What a device has left for the cache is exact for each device, the total is not: batch sizes, and
//! with them activations, depend on the device. Hence the chart shows the cache.

use migfit::engine::Serving;
use migfit::gpu::{self, Device, catalog};
use migfit::matching::{Offer, fit};
use migfit::memory::TermName;
use migfit::order;
use migfit::units::{Bytes, grouped};

use super::Judged;
use crate::texts;

/// Places are thousandths of the width, from the left, and of the height, from below.
pub const FULL: u64 = 1000;

/// How many steps a line has.
const STEPS: u64 = 20;

/// A labelled place on an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Where.
    pub at: u64,
    /// What stands there.
    pub label: String,
}

/// What so many sequences need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many sequences.
    pub sequences: u64,
    /// Whether it is the number asked for.
    pub asked: bool,
    /// From left to right; may go beyond the top.
    pub points: Vec<(u64, u64)>,
    /// Where the line ends, or leaves the chart.
    pub end: (u64, u64),
}

/// Where devices of one GPU end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The devices that end here: `3g.20gb, 4g.20gb`.
    pub label: String,
    /// Left for the cache.
    pub cache: Bytes,
    /// Where; above [`FULL`] where it is beyond the chart.
    pub at: u64,
    /// Longest context for each line, in tokens.
    pub longest: Vec<u64>,
}

/// The chart of one GPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The GPU, as a reader calls it.
    pub gpu: String,
    /// What is needed, fewest sequences first.
    pub lines: Vec<Line>,
    /// What is there, least first.
    pub limits: Vec<Limit>,
    /// Tokens.
    pub across: Vec<Tick>,
    /// Memory.
    pub up: Vec<Tick>,
}

/// The chart of the GPU that `open` belongs to; none where nothing is kept per token or nothing is left for it.
#[must_use]
pub fn of(judged: &Judged, open: &Offer) -> Option<Chart> {
    let device = gpu::device(&open.device).ok()?;
    let context = judged.model.model.context.tokens;
    let need = |sequences: u64, tokens: u64| {
        let serving = Serving { sequences, max_model_len: Some(tokens.max(1)), ..judged.serving.clone() };
        let report = fit(&judged.model.model, &serving, std::slice::from_ref(&device)).ok()?;
        report.offers.first().map(|offer| offer.estimate.term(TermName::KvCache))
    };
    let counts = counts(judged.serving.sequences);
    let most = need(*counts.last()?, context)?;
    let mut limits = limits(judged, open, &counts)?;
    let top = limits.last()?.cache.min(most).share(110, 100);
    if most == Bytes::ZERO || top == Bytes::ZERO {
        return None;
    }
    for limit in &mut limits {
        limit.at = share(limit.cache, top);
    }
    let line =
        |count: &u64| line(*count, judged.serving.sequences, context, top, |tokens| need(*count, tokens));
    let lines = counts.iter().map(line).collect::<Option<_>>()?;
    let gpu = open.device.split(' ').next().unwrap_or_default().to_owned();
    Some(Chart { gpu, lines, limits, across: across(context), up: up(top) })
}

/// The number asked for, one, and multiples: three lines.
fn counts(asked: u64) -> Vec<u64> {
    let mut counts = vec![1, asked, asked.saturating_mul(4)];
    if asked == 1 {
        counts.push(16);
    }
    order::sort(&mut counts);
    counts.dedup();
    counts
}

fn share(part: Bytes, whole: Bytes) -> u64 {
    let whole = u128::from(whole.get().max(1));
    let share = (u128::from(part.get()) * u128::from(FULL) + whole / 2) / whole;
    u64::try_from(share).unwrap_or(u64::MAX).min(FULL * 100)
}

fn line(
    sequences: u64,
    asked: u64,
    context: u64,
    top: Bytes,
    need: impl Fn(u64) -> Option<Bytes>,
) -> Option<Line> {
    let point = |step: u64| {
        let tokens = u128::from(context) * u128::from(step) / u128::from(STEPS);
        Some((step * FULL / STEPS, share(need(u64::try_from(tokens).ok()?)?, top)))
    };
    let points = (0..=STEPS).map(point).collect::<Option<Vec<_>>>()?;
    let end = points.iter().rev().find(|(_, up)| *up <= FULL).copied().unwrap_or_default();
    Some(Line { sequences, asked: sequences == asked, points, end })
}

/// Where the devices of the open GPU end, and how far each number of sequences gets on them.
fn limits(judged: &Judged, open: &Offer, counts: &[u64]) -> Option<Vec<Limit>> {
    let gpu = catalog().iter().find(|gpu| gpu.key == open.gpu)?;
    let devices: Vec<Device> = Device::all_of(gpu).collect();
    let by_count = |count: &u64| {
        let serving = Serving { sequences: *count, ..judged.serving.clone() };
        fit(&judged.model.model, &serving, &devices).ok()
    };
    let reports = counts.iter().map(by_count).collect::<Option<Vec<_>>>()?;
    let mut limits: Vec<Limit> = Vec::new();
    let left = judged.report.offers.iter().filter(|offer| offer.gpu == open.gpu);
    for offer in left.filter(|offer| offer.capacity.cache_bytes > Bytes::ZERO) {
        let name = offer.profile.clone().unwrap_or_else(|| texts::WHOLE_GPU.to_owned());
        let cache = offer.capacity.cache_bytes;
        let same = |limit: &&mut Limit| limit.cache == cache;
        match limits.iter_mut().find(same) {
            Some(limit) => limit.label = format!("{}, {name}", limit.label),
            None => {
                let longest = reports.iter().filter_map(|report| {
                    let offers = &mut report.offers.iter();
                    Some(offers.find(|other| other.device == offer.device)?.capacity.max_context)
                });
                limits.push(Limit { label: name, cache, at: 0, longest: longest.collect() });
            }
        }
    }
    order::sort_by_key(&mut limits, |limit| limit.cache);
    Some(limits)
}

fn across(context: u64) -> Vec<Tick> {
    (0..=4)
        .map(|quarter| Tick {
            at: quarter * FULL / 4,
            label: grouped(context / 4 * quarter + context % 4 * quarter / 4),
        })
        .collect()
}

/// Two to five lines, a power of two of MiB apart.
fn up(top: Bytes) -> Vec<Tick> {
    let mut step: u64 = 1;
    while top.whole_mib() / step > 5 {
        step *= 2;
    }
    let ticks = (0..=top.whole_mib() / step).map(|tick| Bytes::from_mib(tick * step));
    ticks
        .map(|bytes| {
            let label = if bytes == Bytes::ZERO {
                "0".to_owned()
            } else if step >= 1024 {
                format!("{} GiB", bytes.in_gib(0))
            } else if bytes.whole_mib() >= 1024 {
                format!("{} GiB", bytes.in_gib(1))
            } else {
                format!("{} MiB", bytes.in_mib(0))
            };
            Tick { at: share(bytes, top), label }
        })
        .collect()
}
