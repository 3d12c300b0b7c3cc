//! What the models that are open or kept are: asked of the reader, once for each text.

use std::rc::Rc;

use migfit_errands::{Answer, Question};
use yew::prelude::*;

use super::heard::broken;
use crate::browser::{self, Sent};
use crate::outcome::{Read, Reading};
use crate::state::{MAX_KEPT, ModelInput, State};
use crate::texts;

/// How long the last answer stands while another text is read, in milliseconds.
const PATIENCE: u32 = 300;

/// What the open model is, and each of those that are kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Readings {
    pub(crate) open: Reading,
    pub(crate) kept: Vec<Reading>,
}

/// What texts came to, the newest last.
#[derive(Default)]
struct Known {
    read: Vec<(Rc<str>, Read)>,
    /// How many were ever read: another effect is due after each.
    count: u64,
}

impl Known {
    fn of(&self, text: &Rc<str>) -> Option<&Read> {
        self.read.iter().find(|(known, _)| known == text).map(|(_, read)| read)
    }
}

impl Reducible for Known {
    type Action = (Rc<str>, Read);

    fn reduce(self: Rc<Self>, read: Self::Action) -> Rc<Self> {
        let newest = self.read.len().saturating_sub(MAX_KEPT + 1);
        let mut kept: Vec<(Rc<str>, Read)> = self.read.iter().skip(newest).cloned().collect();
        kept.push(read);
        Rc::new(Known { read: kept, count: self.count + 1 })
    }
}

#[hook]
pub(crate) fn use_readings(state: &State) -> Rc<Readings> {
    let known = use_reducer(Known::default);
    let inputs: Vec<ModelInput> =
        std::iter::once(&state.model).chain(state.kept.iter().map(|kept| &kept.model)).cloned().collect();
    let readings = {
        let known = known.clone();
        use_memo((inputs, known.count), move |(inputs, _)| {
            let read = |input| Reading::of(input, |text| known.of(text).cloned());
            inputs.iter().map(|input| (input.text.clone(), read(input))).collect::<Vec<_>>()
        })
    };
    let unread = readings.iter().find(|(_, reading)| *reading == Reading::Waiting);
    use_reader(unread.map(|(text, _)| text.clone()), &known);
    let open = readings.first().map(|(_, reading)| reading.clone()).unwrap_or_default();
    let open = use_patience(open);
    let kept = readings.iter().skip(1).map(|(_, reading)| reading.clone()).collect();
    use_memo(Readings { open, kept }, Readings::clone)
}

/// Asks what `unread` is, one text at a time.
#[hook]
fn use_reader(unread: Option<Rc<str>>, known: &UseReducerHandle<Known>) {
    let asking = use_mut_ref(|| None::<Sent>);
    let (count, known) = (known.count, known.dispatcher());
    use_effect_with((unread, count), move |(unread, _)| {
        let Some(text) = unread.clone() else { return };
        if asking.borrow().is_some() {
            return;
        }
        let question = Question::Model { text: text.to_string() };
        let told = {
            let (text, known, asking) = (text.clone(), known.clone(), asking.clone());
            move |answer| {
                let sent = asking.take();
                known.dispatch((text.clone(), read(answer)));
                // Not before: the closure that runs is one of its listeners.
                browser::later(0, move || drop(sent)).forget();
            }
        };
        let sent = browser::ask(&question, told);
        if sent.is_none() {
            known.dispatch((text, Err(broken(texts::NO_WORKER))));
        }
        *asking.borrow_mut() = sent;
    });
}

fn read(answer: Answer) -> Read {
    match answer {
        Answer::Model(model) => Ok(*model),
        Answer::Refused(refusal) => Err(refusal.into()),
        Answer::Broken { why } => Err(broken(&why)),
        Answer::Ids { .. } | Answer::Config { .. } => Err(broken(texts::ANSWER_OF_ANOTHER)),
    }
}

/// The last reading while the next is worked out, unless that takes long: the page keeps still while one types.
#[hook]
fn use_patience(reading: Reading) -> Reading {
    let last = use_mut_ref(Reading::default);
    let slow = use_state_eq(|| false);
    let waiting = reading == Reading::Waiting;
    {
        let slow = slow.clone();
        use_effect_with(waiting, move |waiting| {
            slow.set(false);
            let timer = waiting.then(|| browser::later(PATIENCE, move || slow.set(true)));
            move || drop(timer)
        });
    }
    if !waiting {
        *last.borrow_mut() = reading.clone();
        return reading;
    }
    let last = last.borrow().clone();
    if *slow || last == Reading::Nothing { Reading::Waiting } else { last }
}
