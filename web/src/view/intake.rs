//! What was given to the page and is no plain config: made out by the worker, with progress, and a way to stop it.

use std::rc::Rc;

use migfit::problem::Problem;
use migfit_errands::{Errand, Progress, Question};
use yew::prelude::*;

use super::Act;
use super::heard::{broken, found, heard, unreadable};
use crate::browser::{self, Fetching, File, Sent};
use crate::state::{Action, State, paste};
use crate::texts;

/// How long a reader must pause before a text that is no config is looked at, in milliseconds.
const PAUSE: u32 = 300;

/// What came of it, for a reader.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// Settings were taken over, from this, with these notes.
    Filled(String, Vec<String>),
    /// A model was taken over, with these notes.
    Read(Vec<String>),
    /// It cannot be used.
    Refused(Problem),
}

/// What is going on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Intake {
    /// What is being read, and how far that is.
    pub(crate) doing: Option<(String, Option<Progress>)>,
    /// What came of the last.
    pub(crate) said: Option<Said>,
}

/// What takes things in.
#[derive(Clone, PartialEq)]
pub(crate) struct Take {
    /// A file.
    pub(crate) file: Callback<File>,
    /// A text that is no plain config, with the name of its file.
    pub(crate) text: Callback<(String, Rc<str>)>,
    /// A model of the catalog.
    pub(crate) find: Callback<String>,
    /// A model of the Hub: its id, and a token or nothing.
    pub(crate) fetch: Callback<(String, String)>,
    /// A file to write.
    pub(crate) write: Callback<Errand>,
    /// Stops what is going on.
    pub(crate) stop: Callback<()>,
}

#[hook]
pub(crate) fn use_intake(state: &Rc<State>, act: &Act) -> (Rc<Intake>, Take) {
    let intake = use_state(|| Rc::new(Intake::default()));
    let sent = use_mut_ref(|| None::<Sent>);
    let latest = use_mut_ref(|| state.clone());
    *latest.borrow_mut() = state.clone();
    let run = {
        let (intake, act, sent) = (intake.clone(), act.clone(), sent.clone());
        use_callback((), move |(what, errand, file): (String, Errand, Option<File>), ()| {
            intake.set(Rc::new(Intake { doing: Some((what.clone(), None)), said: None }));
            let told = {
                let (intake, act) = (intake.setter(), act.clone());
                move |report| intake.set(Rc::new(heard(&what, report, &act)))
            };
            *sent.borrow_mut() = browser::send(&errand, file.as_ref(), told);
            if sent.borrow().is_none() {
                intake.set(Rc::new(Intake {
                    doing: None,
                    said: Some(Said::Refused(broken(texts::NO_WORKER))),
                }));
            }
        })
    };
    let text = {
        let (run, latest) = (run.clone(), latest.clone());
        use_callback((), move |(name, text): (String, Rc<str>), ()| {
            let errand =
                Errand::Read { text: text.to_string(), beside: config(&latest.borrow()), name: name.clone() };
            run.emit((if name.is_empty() { texts::PASTED.to_owned() } else { name }, errand, None));
        })
    };
    let file = {
        let (run, text, act) = (run.clone(), text.clone(), act.clone());
        use_callback((), move |file: File, ()| {
            let name = file.name();
            if file.size() > paste::SMALL as f64 {
                let errand = Errand::Read {
                    text: String::new(),
                    beside: config(&latest.borrow()),
                    name: name.clone(),
                };
                return run.emit((name, errand, Some(file)));
            }
            let (text, act) = (text.clone(), act.clone());
            browser::read(&file, move |read| match read {
                Some(read) if paste::is_config(&read) => act.emit(Action::Open(name, read.into())),
                Some(read) => text.emit((name, read.into())),
                None => act.emit(Action::Reject(unreadable(name))),
            });
        })
    };
    let find = {
        let (intake, act, sent) = (intake.setter(), act.clone(), sent.clone());
        use_callback((), move |id: String, ()| {
            intake.set(Rc::new(Intake { doing: Some((id.clone(), None)), said: None }));
            let (told, act) = (intake.clone(), act.clone());
            let asked = browser::ask(&Question::Config { id }, move |answer| {
                told.set(Rc::new(found(answer, &act)));
            });
            if asked.is_none() {
                intake.set(Rc::new(Intake {
                    doing: None,
                    said: Some(Said::Refused(broken(texts::NO_WORKER))),
                }));
            }
            *sent.borrow_mut() = asked;
        })
    };
    let write = run.reform(|errand: Errand| (texts::TABLE.to_owned(), errand, None));
    let fetching = use_mut_ref(|| None::<Fetching>);
    let fetch = {
        let (run, intake, fetching) = (run.clone(), intake.setter(), fetching.clone());
        use_callback((), move |(id, token): (String, String), ()| {
            intake.set(Rc::new(Intake { doing: Some((id.clone(), None)), said: None }));
            let (run, intake) = (run.clone(), intake.clone());
            let what = id.clone();
            *fetching.borrow_mut() = browser::fetch(id, token, move |fetched| match fetched {
                Ok(fetched) => run.emit((what, Errand::Fetched(Box::new(fetched)), None)),
                Err(problem) => {
                    intake.set(Rc::new(Intake { doing: None, said: Some(Said::Refused(problem)) }))
                }
            });
        })
    };
    let stop = {
        let intake = intake.clone();
        use_callback((), move |(), ()| {
            fetching.borrow_mut().take();
            sent.borrow_mut().take();
            intake.set(Rc::default());
        })
    };
    use_effect_with(state.model.text.clone(), {
        let (text, intake) = (text.clone(), intake.setter());
        move |typed| {
            let odd = !paste::is_config(typed);
            if !odd && typed.trim().is_empty() {
                intake.set(Rc::default());
            }
            let typed = typed.clone();
            let timer = odd.then(|| browser::later(PAUSE, move || text.emit((String::new(), typed))));
            move || drop(timer)
        }
    });
    ((*intake).clone(), Take { file, text, find, fetch, write, stop })
}

/// The config that is open, as far as it is one.
fn config(state: &State) -> String {
    let text = &state.model.text;
    if text.trim_start().starts_with('{') { text.to_string() } else { String::new() }
}
