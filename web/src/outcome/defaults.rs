//! What counts while a field is empty.

use migfit::engine::{self, ADAPTERS, DEFAULT_CONTEXT};

use super::reading::Model;
use crate::state::form::DRAFT_TOKENS;
use crate::state::{Field, Form, Kind};
use crate::texts::field as texts;
use migfit::units::grouped;

/// What an empty field stands for, in words.
#[must_use]
pub fn placeholder(field: Field, form: &Form, model: Option<&Model>) -> String {
    match field {
        Field::Context => {
            let limit = model.map_or(DEFAULT_CONTEXT, |model| model.model.context.tokens);
            grouped(DEFAULT_CONTEXT.min(limit))
        }
        Field::Sequences | Field::TensorParallel | Field::PipelineParallel | Field::DataParallel => {
            "1".to_owned()
        }
        Field::Utilization => {
            let chosen = engine::find(form.get(Field::Engine)).ok();
            let engine = chosen.or_else(|| engine::ENGINES.first());
            engine.map(|engine| engine.utilization.to_string()).unwrap_or_default()
        }
        Field::MaxNumSeqs | Field::MaxBatchedTokens => "by device".to_owned(),
        Field::DraftTokens => match form.get(Field::Drafting) {
            "" | "none" => String::new(),
            _ => DRAFT_TOKENS.to_string(),
        },
        Field::Loras if form.get(Field::LoraRank).is_empty() => "none".to_owned(),
        Field::LoraRank if form.get(Field::Loras).is_empty() => "none".to_owned(),
        Field::Loras => ADAPTERS.0.to_string(),
        Field::LoraRank => ADAPTERS.1.to_string(),
        Field::CpuOffload | Field::KvOffload => "none".to_owned(),
        Field::Images | Field::Videos => "any".to_owned(),
        Field::Drafting
        | Field::Engine
        | Field::Quantization
        | Field::Dtype
        | Field::KvDtype
        | Field::EnforceEager
        | Field::ExpertParallel
        | Field::Pooling => String::new(),
    }
}

/// What a field takes, in words; empty where the control itself shows it.
#[must_use]
pub fn limits(field: Field, model: Option<&Model>) -> String {
    match (field, field.kind()) {
        (Field::Context, _) => model.map_or(String::new(), |model| texts::at_most(&model.model.context)),
        (_, Kind::Number(_)) if field.limit() < MANY => texts::from_to(field.least(), field.limit()),
        (_, Kind::Number(_)) => texts::FROM_ONE.to_owned(),
        (_, Kind::Share | Kind::Choice(_) | Kind::Switch) => String::new(),
    }
}

/// A limit beyond this says nothing to a reader.
const MANY: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_says_what_counts() {
        let said = |field| placeholder(field, &Form::default(), None);
        assert_eq!(said(Field::Context), "4,096");
        assert_eq!(said(Field::Utilization), engine::ENGINES[0].utilization.to_string());
        assert_eq!(said(Field::MaxNumSeqs), "by device");
    }
}
