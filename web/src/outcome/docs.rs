//! What the answer is worked out from: engines, and each of their constants with its source.

use migfit::engine::{ENGINES, Engine};
use migfit::source::Source;
use migfit::units::Bytes;

use super::Figure;
use crate::texts::docs as texts;

/// A constant of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: &'static str,
    /// The figure with its mark, or words.
    pub value: Result<Figure, String>,
    /// Where it comes from.
    pub source: Source,
}

/// An engine and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The engine, as a reader calls it.
    pub name: &'static str,
    /// Its constants.
    pub facts: Vec<Fact>,
}

/// Every engine, the default first.
#[must_use]
pub fn engines() -> Vec<Known> {
    ENGINES.iter().map(|engine| Known { name: engine.name, facts: facts(engine) }).collect()
}

fn facts(engine: &Engine) -> Vec<Fact> {
    let share = Fact { name: texts::SHARE, value: Err(engine.utilization.to_string()), source: engine.rules };
    let rows = [
        (texts::NON_TORCH, engine.non_torch),
        (texts::NON_TORCH_PARALLEL, engine.non_torch_parallel),
        (texts::GRAPH, engine.graph),
        (texts::CONTEXT, engine.context),
    ];
    let constants = rows.into_iter().map(|(name, constant)| Fact {
        name,
        value: Ok(Figure::new(Bytes::new(constant.value), constant.source.confidence)),
        source: constant.source,
    });
    std::iter::once(share).chain(constants).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_engine_has_its_constants_with_their_sources() {
        let known = engines();
        assert_eq!(known.len(), ENGINES.len());
        assert_eq!(known[0].name, ENGINES[0].name);
        assert!(known.iter().all(|one| one.facts.len() == 5));
        assert!(known.iter().flat_map(|one| &one.facts).all(|fact| !fact.source.title.is_empty()));
        assert_eq!(known[0].facts[0].value, Err(ENGINES[0].utilization.to_string()));
    }
}
