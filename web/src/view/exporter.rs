//! What is to be written for a cluster, on its way to the worker, and what comes back.

use std::rc::Rc;

use migfit::problem::Problem;
use migfit_errands::{Done, Errand, Exported, Kinds, Report, Wanted};
use yew::prelude::*;

use super::heard::broken;
use crate::browser::{self, Sent};
use crate::texts;

/// How long a reader must pause before it is written, in milliseconds.
const PAUSE: u32 = 250;

/// What came of it. The last text stays while another one is written, so that nothing jumps.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Said {
    pub(crate) kinds: Option<Rc<Kinds>>,
    pub(crate) written: Option<Rc<Exported>>,
    pub(crate) refused: Option<Problem>,
}

/// Has `wanted` written, and what can be listed before that; nothing while it is `None`.
#[hook]
pub(crate) fn use_exporter(wanted: Option<Wanted>) -> Said {
    let said = use_state(Said::default);
    let latest = use_mut_ref(Said::default);
    let sent = use_mut_ref(|| None::<Sent>);
    let hear = {
        let (said, latest) = (said.setter(), latest.clone());
        use_callback((), move |report: Report, ()| {
            heard(report, &mut latest.borrow_mut());
            said.set(latest.borrow().clone());
        })
    };
    let listed = said.kinds.is_some();
    use_effect_with((wanted, listed), move |(wanted, listed)| {
        sent.borrow_mut().take();
        let errand = wanted.clone().map(|wanted| match listed {
            true => (PAUSE, Errand::Export(Box::new(wanted))),
            false => (0, Errand::Kinds),
        });
        let timer = errand.map(|(pause, errand)| {
            browser::later(pause, move || {
                let told = hear.clone();
                let started = browser::send(&errand, None, move |report| told.emit(report));
                if started.is_none() {
                    hear.emit(Report::Broken { why: texts::NO_WORKER.to_owned() });
                }
                *sent.borrow_mut() = started;
            })
        });
        move || drop(timer)
    });
    (*said).clone()
}

fn heard(report: Report, said: &mut Said) {
    match report {
        Report::Done(Done::Kinds(kinds)) => said.kinds = Some(Rc::new(*kinds)),
        Report::Done(Done::Exported(exported)) => {
            (said.written, said.refused) = (Some(Rc::new(*exported)), None);
        }
        Report::Refused(refusal) => (said.written, said.refused) = (None, Some(refusal.into())),
        Report::Broken { why } => (said.written, said.refused) = (None, Some(broken(&why))),
        Report::Progress(_) | Report::Done(_) => {}
    }
}
