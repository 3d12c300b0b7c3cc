//! The page: state in, one of its pages drawn from it, the address following.

use std::rc::Rc;

use migfit::problem::Problem;
use yew::prelude::*;

use super::bench::use_bench;
use super::compare::ComparePage;
use super::docs::DocsPage;
use super::header::Header;
use super::intake::use_intake;
use super::plan::PlanPage;
use super::planner::use_planner;
use super::policy::PolicyPage;
use super::readings::use_readings;
use super::size::SizePage;
use crate::state::{Action, Page, State, link};
use crate::{browser, texts};

/// How long a reader must pause before the address follows, in milliseconds.
const LINK_DELAY: u32 = 400;

/// The state with the problem of the link that led here.
#[derive(Clone, Debug, Default, PartialEq)]
struct Store {
    state: Rc<State>,
    link_problem: Option<Problem>,
}

enum Event {
    Did(Action),
    Went(String),
}

impl Store {
    fn at(fragment: &str) -> Store {
        match link::read(fragment) {
            Ok(state) => Store { state: Rc::new(state), link_problem: None },
            Err(problem) => Store { state: Rc::default(), link_problem: Some(problem) },
        }
    }
}

impl Reducible for Store {
    type Action = Event;
    fn reduce(self: Rc<Self>, event: Event) -> Rc<Self> {
        Rc::new(match event {
            Event::Did(action) => Store { state: Rc::new(self.state.apply(action)), link_problem: None },
            Event::Went(fragment) => Store::at(&fragment),
        })
    }
}

#[component]
pub(crate) fn App() -> Html {
    let store = use_reducer(|| Store::at(&browser::fragment()));
    let act = {
        let dispatch = store.dispatcher();
        use_callback((), move |action: Action, ()| dispatch.dispatch(Event::Did(action)))
    };
    use_links(&store);
    let state = &store.state;
    let readings = use_readings(state);
    let (intake, take) = use_intake(state, &act);
    let (bench, planner) = (use_bench(), use_planner());
    let drop = {
        let file = take.file.clone();
        Callback::from(move |event: DragEvent| _ = browser::dropped(&event).map(|dropped| file.emit(dropped)))
    };
    html! {
        <div class="page" ondrop={drop} ondragover={|event: DragEvent| browser::allow_drop(&event)}>
            <Header state={state.clone()} act={act.clone()} />
            { match state.page {
                Page::Size => html! { <SizePage state={state.clone()} reading={readings.open.clone()} link_problem={store.link_problem.clone()} {intake} {take} {act} /> },
                Page::Compare => html! { <ComparePage state={state.clone()} {readings} {act} /> },
                Page::Plan => html! { <PlanPage {planner} open={state.model.clone()} /> },
                Page::Policy => html! { <PolicyPage {bench} /> },
                Page::Docs => html! { <DocsPage /> },
            } }
            <footer class="page__footer"><p>{ texts::PRIVACY }</p></footer>
        </div>
    }
}

/// The address follows the state, and the state follows "back".
#[hook]
fn use_links(store: &UseReducerHandle<Store>) {
    let broken = store.link_problem.is_some();
    use_effect_with((store.state.clone(), broken), |(state, broken)| {
        // A link that cannot be used stays in the address until the reader does something.
        let state = (!broken).then(|| state.clone());
        let timer = state.map(|state| {
            browser::later(LINK_DELAY, move || browser::push_fragment(&link::write(&state).fragment))
        });
        move || drop(timer)
    });
    let dispatch = store.dispatcher();
    use_effect_with((), move |()| {
        let listener = browser::on_navigation(move |fragment| dispatch.dispatch(Event::Went(fragment)));
        move || drop(listener)
    });
}
