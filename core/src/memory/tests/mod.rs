//! Terms worked out by hand, to the byte.

mod beside;
mod caches;
mod start;

use super::{Plan, Target, Term};
use crate::catalog;
use crate::engine::Serving;
use crate::model::{Model, read, tests::GRANITE_7B};
use crate::units::Bytes;

fn granite() -> Model {
    read(GRANITE_7B).unwrap()
}

fn known(id: &str) -> Model {
    catalog::find(id).unwrap().model().unwrap()
}

fn on(engine: &str) -> Serving {
    Serving { engine: engine.to_owned(), ..Serving::default() }
}

const LARGE: Target = Target { memory: Bytes::from_gib(80), is_a100: false };

/// 3g.40gb of an H100.
const SLICE: Target = Target { memory: Bytes::from_mib(40_192), is_a100: false };

fn terms(model: &Model, serving: &Serving, target: Target) -> Vec<(Bytes, Bytes, String)> {
    let plan = Plan::new(model, serving).unwrap();
    let estimate = plan.estimate(target, serving.sequences, plan.max_model_len);
    let said = |term: &Term| (term.bytes, term.error, term.formula.to_string());
    estimate.terms.iter().chain(&estimate.outside).map(said).collect()
}
