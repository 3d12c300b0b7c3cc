//! What the page asks its reader: what a config describes, and what the catalog has.

use migfit::model::{self, Model};
use migfit::problem::Problem;
use serde::{Deserialize, Serialize};

use crate::{Message, Refusal, catalog};

/// Something to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// What a config describes.
    Model {
        /// Its text.
        text: String,
    },
    /// Which models the catalog has.
    Ids,
    /// The config of a model of the catalog.
    Config {
        /// Its id, or its id without the organisation.
        id: String,
    },
}

/// What is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A model.
    Model(Box<Model>),
    /// Ids.
    Ids {
        /// Sorted without regard to case.
        ids: Vec<String>,
    },
    /// A config.
    Config {
        /// The whole id.
        id: String,
        /// The text.
        text: String,
    },
    /// What was given cannot be used.
    Refused(Refusal),
    /// The reader itself failed.
    Broken {
        /// What it says.
        why: String,
    },
}

impl Message for Answer {
    fn broken(why: String) -> Answer {
        Answer::Broken { why }
    }

    fn is_last(&self) -> bool {
        true
    }
}

/// Answers `question`.
#[must_use]
pub fn answer(question: &Question) -> Answer {
    known(question).unwrap_or_else(|problem| Answer::Refused(problem.into()))
}

fn known(question: &Question) -> Result<Answer, Problem> {
    Ok(match question {
        Question::Model { text } => Answer::Model(Box::new(model::read(text)?)),
        Question::Ids => Answer::Ids { ids: migfit::catalog::ids().map(str::to_owned).collect() },
        Question::Config { id } => {
            let (id, text) = catalog::config(id)?;
            Answer::Config { id, text }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::GRANITE;
    use crate::{read, write};

    /// As the page hears it.
    fn told(question: &Question) -> Answer {
        Answer::read(&write(&answer(&read(&write(question)).unwrap())))
    }

    #[test]
    fn the_model_that_travels_is_the_one_that_was_read() {
        let model = model::read(GRANITE).unwrap();
        assert_eq!(told(&Question::Model { text: GRANITE.to_owned() }), Answer::Model(Box::new(model)));
        let Answer::Refused(refusal) = told(&Question::Model { text: "[]".to_owned() }) else { panic!() };
        assert_eq!(Problem::from(refusal).to_string(), "config.json: found a list, expected a JSON object");
    }

    #[test]
    fn every_id_has_a_config_that_makes_its_model() {
        let Answer::Ids { ids } = told(&Question::Ids) else { panic!("no ids") };
        assert!(ids.len() > 300);
        for id in ids {
            let Answer::Config { id: found, text } = told(&Question::Config { id: id.clone() }) else {
                panic!("{id}")
            };
            assert_eq!(found, id);
            let wanted = migfit::catalog::find(&id).unwrap().model().unwrap();
            assert_eq!(told(&Question::Model { text }), Answer::Model(Box::new(wanted)), "{id}");
        }
    }

    #[test]
    fn an_answer_that_is_not_understood_says_that_versions_differ() {
        let Answer::Broken { why } = Answer::read(&[99]) else { panic!("understood") };
        assert_eq!(why, "the page and its worker are of different versions (Serde Deserialization Error)");
    }
}
