//! The stacked bar: what the memory of one device is made of, as shares of a line.

use migfit::engine;
use migfit::matching::Offer;
use migfit::memory::TermName;
use migfit::source::Confidence;
use migfit::units::Bytes;

use super::figure::Figure;
use super::working;
use crate::texts;

/// What a segment stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A part of the need.
    Term(TermName),
    /// Free inside the engine's share.
    Free,
    /// Left alone by the engine.
    Outside,
}

/// One segment, from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What it stands for.
    pub part: Part,
    /// Its name.
    pub label: &'static str,
    /// How much.
    pub figure: Figure,
    /// Where it starts, in thousandths of the line.
    pub start: u64,
    /// How wide it is, in thousandths of the line.
    pub width: u64,
    /// The formula with the values put in, empty where there is none.
    pub formula: String,
    /// Where its inputs come from, empty where there is no formula.
    pub source: String,
}

/// The bar of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The segments, those of nothing left out.
    pub segments: Vec<Segment>,
    /// Where the memory that the engine may take ends, in thousandths of the line.
    pub usable: u64,
    /// Where the device ends, in thousandths of the line; less than 1000 where the need goes beyond.
    pub device: u64,
}

/// The length of the line.
pub const LINE: u64 = 1000;

impl Part {
    /// The word in a class name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Part::Term(TermName::Weights) => "weights",
            Part::Term(TermName::Draft) => "draft",
            Part::Term(TermName::Adapters) => "adapters",
            Part::Term(TermName::KvCache) => "kv-cache",
            Part::Term(TermName::Activations) => "activations",
            Part::Term(TermName::CudaGraphs) => "cuda-graphs",
            Part::Term(TermName::NonTorch) => "non-torch",
            Part::Free => "free",
            Part::Term(TermName::Context) | Part::Outside => "outside",
        }
    }
}

impl Bar {
    /// The bar of `offer` under the engine of this id. The line is the device, or the need where that is more.
    #[must_use]
    pub fn of(offer: &Offer, engine: &str) -> Bar {
        let engine = engine::find(engine).ok();
        let outside = offer.memory.minus(offer.usable.max(offer.estimate.total));
        let whole = offer.memory.max(offer.estimate.total);
        let mut bar =
            Bar { segments: Vec::new(), usable: at(offer.usable, whole), device: at(offer.memory, whole) };
        let mut from = Bytes::ZERO;
        let mut push = |part, label, bytes: Bytes, confidence, (formula, source): (String, String)| {
            if bytes == Bytes::ZERO {
                return;
            }
            let (start, end) = (at(from, whole), at(from + bytes, whole));
            from = from + bytes;
            let figure = Figure::new(bytes, confidence);
            bar.segments.push(Segment { part, label, figure, start, width: end - start, formula, source });
        };
        for term in &offer.estimate.terms {
            let how = (term.formula.to_string(), working::source_of(term.name, engine));
            push(Part::Term(term.name), term.name.label(), term.bytes, term.confidence, how);
        }
        push(Part::Free, texts::FREE, offer.spare, Confidence::Estimate, Default::default());
        push(Part::Outside, texts::OUTSIDE, outside, Confidence::Derived, Default::default());
        bar
    }
}

fn at(bytes: Bytes, whole: Bytes) -> u64 {
    let whole = u128::from(whole.get().max(1));
    let share = (u128::from(bytes.get()) * u128::from(LINE) + whole / 2) / whole;
    u64::try_from(share).unwrap_or(LINE).min(LINE)
}
