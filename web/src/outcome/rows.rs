//! The table of devices: which rows, in which order, with which words.

use core::cmp::Ordering;

use migfit::matching::{FitReport, Offer, Verdict};
use migfit::order;
use migfit::source::Confidence;
use migfit::units::grouped;

use super::figure::Figure;
use crate::state::{Column, Table};
use crate::texts;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The offer's place in the report.
    pub place: usize,
    /// What a reader calls the device.
    pub device: String,
    /// What a container asks Kubernetes for.
    pub resource: String,
    /// Memory of the device.
    pub memory: Figure,
    /// What is needed on it.
    pub need: Figure,
    /// The answer.
    pub verdict: Verdict,
    /// What is left, or what is missing.
    pub spare: Figure,
    /// Whether `spare` is missing.
    pub missing: bool,
    /// Most sequences of the length asked for.
    pub sequences: String,
    /// Longest context for the sequences asked for, in tokens.
    pub context: String,
    /// Why not, or why only just.
    pub reasons: Vec<String>,
    /// Whether it is the one that the answer names.
    pub answer: bool,
}

/// The rows of `report` as `table` wants them.
#[must_use]
pub fn rows(report: &FitReport, answer: Option<usize>, table: &Table) -> Vec<Row> {
    let filter = table.filter.trim().to_ascii_lowercase();
    let mut offers: Vec<(usize, &Offer)> = report
        .offers
        .iter()
        .enumerate()
        .filter(|(_, offer)| !table.fitting || offer.verdict != Verdict::No)
        .filter(|(_, offer)| filter.is_empty() || mentions(offer, &filter))
        .collect();
    order::sort_by(&mut offers, |(a, left), (b, right)| {
        let order = compare(left, right, table.column);
        let order = if table.column == Column::Device { a.cmp(b) } else { order };
        let order = if table.descending { order.reverse() } else { order };
        order.then(a.cmp(b))
    });
    offers.into_iter().map(|(place, offer)| row(place, offer, answer == Some(place))).collect()
}

fn mentions(offer: &Offer, text: &str) -> bool {
    let has = |words: &str| words.to_ascii_lowercase().contains(text);
    [offer.device.as_str(), offer.resource.as_str(), offer.verdict.word()].into_iter().any(has)
        || offer.reasons.iter().any(|reason| has(&reason.text.to_string()))
}

fn compare(left: &Offer, right: &Offer, column: Column) -> Ordering {
    match column {
        Column::Device => Ordering::Equal,
        Column::Memory => left.memory.cmp(&right.memory),
        Column::Need => left.estimate.total.cmp(&right.estimate.total),
        Column::Verdict => left.verdict.cmp(&right.verdict),
        Column::Spare => (left.spare, right.shortfall).cmp(&(right.spare, left.shortfall)),
        Column::Sequences => most(left).cmp(&most(right)),
        Column::Context => left.capacity.max_context.cmp(&right.capacity.max_context),
    }
}

fn most(offer: &Offer) -> u64 {
    offer.capacity.max_sequences.unwrap_or(u64::MAX)
}

/// A sum is as certain as its least certain part.
fn confidence(offer: &Offer) -> Confidence {
    offer.estimate.terms.iter().map(|term| term.confidence).max().unwrap_or(Confidence::Derived)
}

fn row(place: usize, offer: &Offer, answer: bool) -> Row {
    let estimate = confidence(offer);
    let missing = offer.shortfall.get() > 0;
    Row {
        place,
        device: offer.device.clone(),
        resource: offer.resource.clone(),
        memory: Figure::new(offer.memory, offer.memory_confidence),
        need: Figure::new(offer.estimate.total, estimate),
        verdict: offer.verdict,
        spare: Figure::new(if missing { offer.shortfall } else { offer.spare }, estimate),
        missing,
        sequences: offer.capacity.max_sequences.map_or(texts::ANY.to_owned(), grouped),
        context: grouped(offer.capacity.max_context),
        reasons: offer.reasons.iter().map(|reason| reason.text.to_string()).collect(),
        answer,
    }
}
