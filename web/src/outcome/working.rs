//! How each figure of a device comes about: the formula with the values put in, and where the inputs come from.

use migfit::engine::{self, Engine};
use migfit::gpu::{self, Device};
use migfit::matching::Offer;
use migfit::memory::{Term, TermName};
use migfit::source::{Confidence, Source};
use migfit::units::grouped;

use super::{Figure, Judged};
use crate::texts::working as texts;

/// A figure and how it comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub name: &'static str,
    /// The figure for a reader, with its mark where it is not certain.
    pub value: Result<Figure, String>,
    /// The formula with the values put in.
    pub formula: String,
    /// Where its inputs come from.
    pub source: String,
}

/// Everything about one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Working {
    /// Memory, share and the terms of the need, in the order in which they are worked out.
    pub inputs: Vec<Row>,
    /// What is left, or missing.
    pub spare: Row,
    /// Most sequences.
    pub sequences: Row,
    /// Longest context.
    pub context: Row,
}

/// The working of `offer`.
#[must_use]
pub fn of(judged: &Judged, offer: &Offer) -> Working {
    let engine = engine::find(&judged.serving.engine).ok();
    let rules = engine.map(|engine| words(engine.rules)).unwrap_or_default();
    let mut inputs = vec![memory(offer), usable(judged, offer, &rules)];
    inputs.extend(offer.estimate.terms.iter().map(|term| of_term(term, engine)));
    inputs.push(need(offer));
    inputs.push(cache(offer));
    Working {
        inputs,
        spare: spare(offer),
        sequences: sequences(judged, offer, &rules),
        context: context(judged, offer, &rules),
    }
}

/// `title, version (measured)`.
#[must_use]
pub fn words(source: Source) -> String {
    format!("{}, {} ({})", source.title, source.version, source.confidence.word())
}

/// Where a term of the need comes from.
#[must_use]
pub fn source_of(name: TermName, engine: Option<&Engine>) -> String {
    let of = |fact: fn(&Engine) -> Source| engine.map(|engine| words(fact(engine))).unwrap_or_default();
    match name {
        TermName::Weights => texts::FROM_CONFIG.to_owned(),
        TermName::KvCache => format!("{}; {}", texts::FROM_CONFIG, of(|engine| engine.rules)),
        TermName::Draft | TermName::Adapters | TermName::Activations => of(|engine| engine.rules),
        TermName::CudaGraphs => of(|engine| engine.graph.source),
        TermName::NonTorch => of(|engine| engine.non_torch.source),
        TermName::Context => of(|engine| engine.context.source),
    }
}

fn of_term(term: &Term, engine: Option<&Engine>) -> Row {
    Row {
        name: term.name.label(),
        value: Ok(Figure::new(term.bytes, term.confidence)),
        formula: term.formula.to_string(),
        source: source_of(term.name, engine),
    }
}

fn memory(offer: &Offer) -> Row {
    let device: Option<Device> = gpu::device(&offer.device).ok();
    Row {
        name: texts::MEMORY,
        value: Ok(Figure::new(offer.memory, offer.memory_confidence)),
        formula: device.map(|device| device.memory().basis.to_string()).unwrap_or_default(),
        source: texts::of_hardware(offer.memory_confidence),
    }
}

fn usable(judged: &Judged, offer: &Offer, rules: &str) -> Row {
    let asked = judged.serving.gpu_memory_utilization.is_some();
    Row {
        name: texts::USABLE,
        value: Ok(Figure::new(offer.usable, offer.memory_confidence)),
        formula: texts::share(&offer.share.to_string(), &offer.memory.to_string()),
        source: if asked { texts::FROM_FORM.to_owned() } else { rules.to_owned() },
    }
}

/// A sum is as certain as its least certain part.
fn confidence(offer: &Offer) -> Confidence {
    offer.estimate.terms.iter().map(|term| term.confidence).max().unwrap_or(Confidence::Derived)
}

fn need(offer: &Offer) -> Row {
    let parts: Vec<String> = offer.estimate.terms.iter().map(|term| term.bytes.to_string()).collect();
    Row {
        name: texts::NEED,
        value: Ok(Figure::new(offer.estimate.total, confidence(offer))),
        formula: parts.join(" + "),
        source: texts::error(&offer.estimate.error().to_string()),
    }
}

fn cache(offer: &Offer) -> Row {
    Row {
        name: texts::CACHE,
        value: Ok(Figure::new(offer.capacity.cache_bytes, confidence(offer))),
        formula: texts::left(&offer.usable.to_string(), &offer.estimate.fixed().to_string()),
        source: texts::FROM_ABOVE.to_owned(),
    }
}

fn spare(offer: &Offer) -> Row {
    let (usable, need) = (offer.usable.to_string(), offer.estimate.total.to_string());
    let missing = offer.shortfall.get() > 0;
    let (name, bytes, formula) = if missing {
        (texts::MISSING, offer.shortfall, texts::needed_less_usable(&need, &usable))
    } else {
        (texts::FREE, offer.spare, texts::usable_less_needed(&usable, &need))
    };
    Row {
        name,
        value: Ok(Figure::new(bytes, confidence(offer))),
        formula,
        source: texts::error(&offer.estimate.error().to_string()),
    }
}

fn sequences(judged: &Judged, offer: &Offer, rules: &str) -> Row {
    let tokens = grouped(judged.report.max_model_len);
    Row {
        name: texts::SEQUENCES,
        value: Err(offer.capacity.max_sequences.map_or(texts::ANY.to_owned(), grouped)),
        formula: texts::blocks(&offer.capacity, &texts::of_tokens(&tokens)),
        source: rules.to_owned(),
    }
}

fn context(judged: &Judged, offer: &Offer, rules: &str) -> Row {
    let limit = &judged.model.model.context;
    let most = offer.capacity.max_context == limit.tokens;
    let formula = texts::blocks(&offer.capacity, &texts::of_sequences(judged.report.sequences));
    Row {
        name: texts::CONTEXT,
        value: Err(texts::tokens(offer.capacity.max_context)),
        formula: if most { texts::whole_context(&limit.field) } else { formula },
        source: rules.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::here;
    use crate::outcome::{Outcome, Reading};
    use crate::state::{Form, Gpus, ModelInput, examples};

    #[test]
    fn every_figure_has_a_formula_and_a_source() {
        let text = examples::GRANITE_7B_BASE.into();
        let reading = Reading::of(&ModelInput { text, ..ModelInput::default() }, here);
        let Outcome::Judged(judged) = Outcome::of(&reading, &Form::default(), &Gpus::default()) else {
            panic!("no answer")
        };
        for offer in &judged.report.offers {
            let working = of(&judged, offer);
            let rows = working.inputs.iter().chain([&working.spare, &working.sequences, &working.context]);
            for row in rows {
                assert!(!row.formula.is_empty() && !row.source.is_empty(), "{}: {row:?}", offer.device);
            }
        }
        let open = judged.focused(Some("H100-80GB 1g.20gb")).unwrap();
        let working = of(&judged, open);
        assert_eq!(working.spare.formula, "usable − needed: 17.9 GiB − 15.3 GiB");
        let share = &working.inputs[1];
        assert_eq!(share.formula, "0.92 of 19.5 GiB");
        assert_eq!(working.context.formula, "the model's own limit, max_position_embeddings");
    }
}
