//! A manifest on its way to the worker, and what comes back.

use std::rc::Rc;

use migfit::problem::Problem;
use migfit_errands::{Done, Report, Reviews};
use yew::prelude::*;

use super::heard::broken;
use crate::browser::{self, Sent};
use crate::state::policy::Policy;
use crate::texts;

/// How long a reader must pause before a manifest is reviewed, in milliseconds.
const PAUSE: u32 = 300;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Said {
    /// Nothing was given.
    #[default]
    Nothing,
    /// It is being reviewed.
    Doing,
    /// The answer.
    Reviewed(Rc<Reviews>),
    /// It cannot be used.
    Refused(Problem),
}

/// What was given, what came of it, and what takes something else.
#[derive(Clone, PartialEq)]
pub(crate) struct Bench {
    pub(crate) given: Policy,
    pub(crate) said: Said,
    pub(crate) give: Callback<Policy>,
}

/// Outlives the page that shows it, so that a reader who comes back finds it again.
#[hook]
pub(crate) fn use_bench() -> Bench {
    let given = use_state(Policy::default);
    let said = use_state(Said::default);
    let sent = use_mut_ref(|| None::<Sent>);
    use_effect_with((*given).clone(), {
        let said = said.setter();
        move |given| {
            sent.borrow_mut().take();
            let errand = given.errand();
            said.set(if errand.is_some() { Said::Doing } else { Said::Nothing });
            let timer = errand.map(|errand| {
                browser::later(PAUSE, move || {
                    let told = said.clone();
                    let started = browser::send(&errand, None, move |report| heard(report, &told));
                    if started.is_none() {
                        said.set(Said::Refused(broken(texts::NO_WORKER)));
                    }
                    *sent.borrow_mut() = started;
                })
            });
            move || drop(timer)
        }
    });
    let give = {
        let given = given.setter();
        use_callback((), move |next: Policy, ()| given.set(next))
    };
    Bench { given: (*given).clone(), said: (*said).clone(), give }
}

fn heard(report: Report, said: &UseStateSetter<Said>) {
    match report {
        Report::Done(Done::Reviewed(reviews)) => said.set(Said::Reviewed(Rc::new(*reviews))),
        Report::Refused(refusal) => said.set(Said::Refused(refusal.into())),
        Report::Broken { why } => said.set(Said::Refused(broken(&why))),
        Report::Progress(_) | Report::Done(_) => {}
    }
}
