//! The model as read. Worked out once per text, not once per key press in another field.

use std::rc::Rc;

use migfit::inspect::{Inspection, inspect};
use migfit::problem::Problem;

use crate::state::{ModelInput, paste};

/// What became of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// There is none.
    #[default]
    Nothing,
    /// It is being read.
    Waiting,
    /// It cannot be used.
    Bad(Problem),
    /// It is a model.
    Model(Rc<Model>),
}

/// A model that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// What a reader calls it.
    pub name: String,
    /// What the core read.
    pub model: migfit::model::Model,
    /// The same in figures.
    pub facts: Inspection,
}

/// What reading a text came to.
pub type Read = Result<migfit::model::Model, Problem>;

impl Reading {
    /// What was given, where `read` tells what its text came to, `None` while that is not known.
    #[must_use]
    pub fn of(input: &ModelInput, read: impl FnOnce(&Rc<str>) -> Option<Read>) -> Reading {
        if let Some(problem) = &input.rejected {
            return Reading::Bad(problem.clone());
        }
        if input.text.trim().is_empty() || !input.made_out && !paste::is_config(&input.text) {
            return Reading::Nothing;
        }
        match read(&input.text) {
            Some(Ok(model)) => Reading::Model(Rc::new(named(input, model))),
            Some(Err(problem)) => Reading::Bad(problem),
            None => Reading::Waiting,
        }
    }
}

/// What the reader calls the model, without its organisation.
#[must_use]
pub fn short(input: &ModelInput) -> &str {
    input.name.rsplit('/').next().unwrap_or_default()
}

fn named(input: &ModelInput, model: migfit::model::Model) -> Model {
    let given = [short(input), model.architecture.as_str(), model.model_type.as_str()];
    let name = given.into_iter().find(|name| !name.is_empty()).unwrap_or("this model").to_owned();
    Model { name, facts: inspect(&model), model }
}

/// `6.74 B`: parameters as people say them.
#[must_use]
pub fn spoken(parameters: u64) -> String {
    for (unit, word) in [(1_000_000_000_000, "T"), (1_000_000_000, "B"), (1_000_000, "M"), (1000, "k")] {
        if parameters >= unit {
            let hundredths = u128::from(parameters) * 100 + u128::from(unit) / 2;
            let hundredths = hundredths / u128::from(unit);
            return format!("{}.{:02} {word}", hundredths / 100, hundredths % 100);
        }
    }
    parameters.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::here;
    use crate::state::examples::GRANITE_7B_BASE;

    #[test]
    fn parameters_as_people_say_them() {
        assert_eq!(spoken(6_738_415_616), "6.74 B");
        assert_eq!(spoken(999), "999");
        assert_eq!(spoken(124_439_808), "124.44 M");
        assert_eq!(spoken(1_026_408_232_448), "1.03 T");
    }

    #[test]
    fn a_model_is_called_by_its_file_else_by_its_class() {
        let input = |name: &str| ModelInput {
            text: GRANITE_7B_BASE.into(),
            name: name.to_owned(),
            ..ModelInput::default()
        };
        let name = |input: &ModelInput| match Reading::of(input, here) {
            Reading::Model(model) => model.name.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(name(&input("granite-7b-base")), "granite-7b-base");
        assert_eq!(name(&input("ibm-granite/granite-7b-base")), "granite-7b-base");
        assert_eq!(name(&input("")), "LlamaForCausalLM");
    }

    #[test]
    fn blank_text_is_no_model_and_bad_text_is_a_problem() {
        let input = |text: &str| ModelInput { text: text.into(), ..ModelInput::default() };
        let of = |text: &str| Reading::of(&input(text), here);
        assert_eq!(of(" \n"), Reading::Nothing);
        assert_eq!(of("vllm serve a/b"), Reading::Nothing, "the worker makes it out");
        assert!(matches!(of("[]"), Reading::Bad(problem) if problem.code == "not-an-object"));
        assert_eq!(Reading::of(&input("[]"), |_| None), Reading::Waiting);
    }
}
