//! What the worker tells of something that was given to the page.

use std::rc::Rc;

use migfit::problem::Problem;
use migfit_errands::{Answer, Asked, Done, Report};

use super::Act;
use super::intake::{Intake, Said};
use crate::state::Action;
use crate::{browser, texts};

/// What a report makes of the intake, and of the page.
pub(crate) fn heard(what: &str, report: Report, act: &Act) -> Intake {
    let said = match report {
        Report::Progress(progress) => {
            return Intake { doing: Some((what.to_owned(), Some(progress))), said: None };
        }
        Report::Done(Done::Model { name, text, same, notes }) => {
            act.emit(if same { Action::Reread(text.into()) } else { Action::Open(name, text.into()) });
            Some(Said::Read(notes)).filter(|said| *said != Said::Read(Vec::new()))
        }
        Report::Done(Done::Asked(asked)) => Some(filled(*asked, act)),
        Report::Done(Done::File { name, text }) => {
            browser::save(&name, "text/plain;charset=utf-8", &text);
            None
        }
        Report::Done(Done::Reviewed(_) | Done::Planned(_) | Done::Kinds(_) | Done::Exported(_)) => None,
        Report::Refused(refusal) => Some(Said::Refused(refusal.into())),
        Report::Broken { why } => Some(Said::Refused(broken(&why))),
    };
    Intake { doing: None, said }
}

/// What an answer about a model of the catalog makes of the intake, and of the page.
pub(crate) fn found(answer: Answer, act: &Act) -> Intake {
    let said = match answer {
        Answer::Config { id, text } => {
            act.emit(Action::Open(id, text.into()));
            None
        }
        Answer::Model(_) | Answer::Ids { .. } => None,
        Answer::Refused(refusal) => Some(Said::Refused(refusal.into())),
        Answer::Broken { why } => Some(Said::Refused(broken(&why))),
    };
    Intake { doing: None, said }
}

fn filled(asked: Asked, act: &Act) -> Said {
    let model = asked.model.zip(asked.config.map(Rc::from));
    act.emit(Action::Fill(model, Box::new(asked.serving)));
    Said::Filled(asked.from, asked.notes)
}

/// The worker itself failed.
pub(crate) fn broken(why: &str) -> Problem {
    Problem::new("worker", texts::WORKER, why, texts::WORKER_EXPECTED).hint(texts::RELOAD)
}

/// A file that the browser does not hand over.
pub(crate) fn unreadable(name: String) -> Problem {
    Problem::new("unreadable", name, texts::UNREADABLE, texts::TEXT_FILE)
}
