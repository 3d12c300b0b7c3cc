//! A fleet on its way to the worker, and what comes back.

use std::rc::Rc;

use migfit::problem::Problem;
use migfit_errands::{Done, Planned, Progress, Report};
use yew::prelude::*;

use super::heard::broken;
use crate::browser::{self, Sent};
use crate::state::fleet::Fleet;
use crate::texts;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Said {
    /// Nothing was asked.
    #[default]
    Nothing,
    /// It is being planned, so far.
    Doing(Option<Progress>),
    /// The reader stopped it.
    Stopped,
    /// The plan, and the fleet that it is of.
    Planned(Rc<Planned>, Rc<Fleet>),
    /// The fleet cannot be used.
    Refused(Problem),
}

/// The fleet, what came of it, and what a reader can do.
#[derive(Clone, PartialEq)]
pub(crate) struct Planner {
    pub(crate) fleet: Rc<Fleet>,
    pub(crate) said: Said,
    pub(crate) give: Callback<Fleet>,
    pub(crate) go: Callback<()>,
    pub(crate) stop: Callback<()>,
}

/// Outlives the page that shows it, so that work goes on while a reader looks at another one.
#[hook]
pub(crate) fn use_planner() -> Planner {
    let fleet = use_state(Rc::<Fleet>::default);
    let said = use_state(Said::default);
    let sent = use_mut_ref(|| None::<Sent>);
    let go = {
        let (said, sent) = (said.setter(), sent.clone());
        use_callback((*fleet).clone(), move |(), fleet: &Rc<Fleet>| {
            said.set(Said::Doing(None));
            let (told, of) = (said.clone(), fleet.clone());
            let started = browser::send(&fleet.errand(), None, move |report| heard(report, &of, &told));
            if started.is_none() {
                said.set(Said::Refused(broken(texts::NO_WORKER)));
            }
            *sent.borrow_mut() = started;
        })
    };
    let stop = {
        let said = said.setter();
        use_callback((), move |(), ()| {
            sent.borrow_mut().take();
            said.set(Said::Stopped);
        })
    };
    let give = {
        let fleet = fleet.setter();
        use_callback((), move |next: Fleet, ()| fleet.set(Rc::new(next)))
    };
    Planner { fleet: (*fleet).clone(), said: (*said).clone(), give, go, stop }
}

fn heard(report: Report, fleet: &Rc<Fleet>, said: &UseStateSetter<Said>) {
    match report {
        Report::Progress(progress) => said.set(Said::Doing(Some(progress))),
        Report::Done(Done::Planned(planned)) => said.set(Said::Planned(Rc::new(*planned), fleet.clone())),
        Report::Done(_) => {}
        Report::Refused(refusal) => said.set(Said::Refused(refusal.into())),
        Report::Broken { why } => said.set(Said::Refused(broken(&why))),
    }
}
