//! What follows from a state: everything that the view draws, worked out. Knows no browser.

pub mod advised;
pub mod answer;
pub mod bar;
pub mod breakdown;
pub mod card;
pub mod chart;
pub mod chart_file;
pub mod compare;
pub mod defaults;
pub mod docs;
pub mod figure;
pub mod hub;
pub mod layers;
pub mod reading;
pub mod rows;
pub mod search;
pub mod working;

#[cfg(test)]
pub(crate) mod tests;

use std::rc::Rc;

use migfit::engine::Serving;
use migfit::matching::{FitReport, Offer, fit};
use migfit::problem::Problem;

pub use answer::Answer;
pub use figure::{Figure, Mark};
pub use reading::{Model, Read, Reading};

use crate::state::form::FieldProblem;
use crate::state::{Field, Form, Gpus};

/// What follows from a model, settings and GPUs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No model was given yet.
    Empty,
    /// The model is being read.
    Waiting,
    /// The model cannot be used.
    BadModel(Problem),
    /// Settings cannot be used: the fields, or what belongs to none of them.
    BadSettings(Problems),
    /// No GPU is chosen.
    NoGpus,
    /// The answer.
    Judged(Rc<Judged>),
}

/// What is wrong with settings: each problem with its field, where it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<(Option<Field>, Problem)>);

impl Problems {
    /// What is wrong with `field`.
    pub fn of(&self, field: Field) -> impl Iterator<Item = &Problem> {
        self.0.iter().filter(move |(of, _)| *of == Some(field)).map(|(_, problem)| problem)
    }

    /// What is wrong and belongs to no field.
    pub fn homeless(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter().filter(|(of, _)| of.is_none()).map(|(_, problem)| problem)
    }
}

/// A judged model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The model.
    pub model: Rc<Model>,
    /// How it is served.
    pub serving: Serving,
    /// What the core says.
    pub report: FitReport,
    /// The sentence that stands first.
    pub answer: Answer,
}

impl Outcome {
    /// Judges `reading`, already read, by the settings on the GPUs.
    #[must_use]
    pub fn of(reading: &Reading, form: &Form, gpus: &Gpus) -> Outcome {
        let model = match reading {
            Reading::Nothing => return Outcome::Empty,
            Reading::Waiting => return Outcome::Waiting,
            Reading::Bad(problem) => return Outcome::BadModel(problem.clone()),
            Reading::Model(model) => model,
        };
        let serving = match form.serving(&model.model) {
            Ok(serving) => serving,
            Err(problems) => {
                return Outcome::BadSettings(Problems(problems.into_iter().map(in_form).collect()));
            }
        };
        let devices = gpus.devices();
        if devices.is_empty() {
            return Outcome::NoGpus;
        }
        match fit(&model.model, &serving, &devices) {
            Ok(report) => {
                let answer = Answer::of(model, &serving, &report);
                Outcome::Judged(Rc::new(Judged { model: model.clone(), serving, report, answer }))
            }
            Err(problems) => Outcome::BadSettings(Problems(problems.into_iter().map(beside).collect())),
        }
    }

    /// What is wrong with the settings.
    #[must_use]
    pub fn problems(&self) -> Problems {
        match self {
            Outcome::BadSettings(problems) => problems.clone(),
            Outcome::Empty
            | Outcome::Waiting
            | Outcome::BadModel(_)
            | Outcome::NoGpus
            | Outcome::Judged(_) => Problems::default(),
        }
    }
}

impl Judged {
    /// The device whose figures are open: the one of this label, else the one that the answer names.
    #[must_use]
    pub fn focused(&self, label: Option<&str>) -> Option<&Offer> {
        let wanted = self.report.offers.iter().find(|offer| Some(offer.device.as_str()) == label);
        wanted.or_else(|| self.report.offers.get(self.answer.place?))
    }
}

fn in_form((field, problem): FieldProblem) -> (Option<Field>, Problem) {
    (Some(field), problem)
}

/// The field that a problem of the core is about.
fn beside(problem: Problem) -> (Option<Field>, Problem) {
    (Field::ALL.into_iter().find(|field| field.subject() == problem.subject), problem)
}
