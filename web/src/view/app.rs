//! The page: state in, outcome memoised, every part drawn from it.

use std::rc::Rc;

use migfit::problem::Problem;
use yew::prelude::*;

use super::advised::AdvisedView;
use super::answer::AnswerView;
use super::assumptions::Assumptions;
use super::bar::MemoryBar;
use super::card::CardView;
use super::chart::ChartView;
use super::device_table::DeviceTable;
use super::gpu_list::GpuList;
use super::header::Header;
use super::model_input::ModelInputView;
use super::parameters::ParametersView;
use super::settings::Settings;
use crate::outcome::{Judged, Outcome, Reading};
use crate::state::{Action, State, link};
use crate::{browser, texts};

/// How long a reader must pause before the address follows, in milliseconds.
const LINK_DELAY: u32 = 400;

/// The state with the problem of the link that led here.
#[derive(Clone, Debug, Default, PartialEq)]
struct Store {
    state: State,
    link_problem: Option<Problem>,
}

enum Event {
    Did(Action),
    Went(String),
}

impl Store {
    fn at(fragment: &str) -> Store {
        match link::read(fragment) {
            Ok(state) => Store { state, link_problem: None },
            Err(problem) => Store { state: State::default(), link_problem: Some(problem) },
        }
    }
}

impl Reducible for Store {
    type Action = Event;
    fn reduce(self: Rc<Self>, event: Event) -> Rc<Self> {
        Rc::new(match event {
            Event::Did(action) => Store { state: self.state.apply(action), link_problem: None },
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
    let reading = use_memo(state.model.clone(), Reading::of);
    let outcome =
        use_memo(((*reading).clone(), state.form.clone(), state.gpus.clone()), |(reading, form, gpus)| {
            Outcome::of(reading, form, gpus)
        });
    let drop = {
        let act = act.clone();
        Callback::from(move |event: DragEvent| super::model_input::take_dropped(&event, &act))
    };
    let model = match &*reading {
        Reading::Model(model) => Some(model.clone()),
        Reading::Nothing | Reading::Bad(_) => None,
    };
    html! {
        <div class="page" ondrop={drop} ondragover={|event: DragEvent| browser::allow_drop(&event)}>
            <Header link={Rc::new(link::write(state))} />
            <main class="page__main" id="main">
                <div class="page__side">
                    <ModelInputView input={state.model.clone()} reading={(*reading).clone()} act={act.clone()} />
                    <Settings form={state.form.clone()} outcome={(*outcome).clone()} model={model.clone()} act={act.clone()} />
                    <GpuList gpus={state.gpus.clone()} act={act.clone()} />
                </div>
                <div class="page__results">
                    <AnswerView outcome={(*outcome).clone()} link_problem={store.link_problem.clone()} act={act.clone()} />
                    if let Outcome::Judged(judged) = &*outcome {
                        { results(judged, state, &act) }
                    }
                    if let Some(model) = model {
                        <Assumptions model={model.clone()} />
                        <ParametersView model={model} />
                    }
                </div>
            </main>
            <footer class="page__footer"><p>{ texts::PRIVACY }</p></footer>
        </div>
    }
}

fn results(judged: &Rc<Judged>, state: &State, act: &super::Act) -> Html {
    let focused = judged.focused(state.device.as_deref()).cloned().map(Rc::new);
    let label = focused.as_ref().map(|offer| offer.device.clone());
    html! {
        <>
            <AdvisedView judged={judged.clone()} open={state.device.clone()} act={act.clone()} />
            if let Some(open) = &focused {
                <MemoryBar offer={open.clone()} />
                <ChartView judged={judged.clone()} open={open.clone()} />
            }
            <DeviceTable judged={judged.clone()} table={state.table.clone()} focused={label} act={act.clone()} />
            if let Some(open) = focused {
                <CardView judged={judged.clone()} open={open} asked={state.card.clone()} act={act.clone()} />
            }
        </>
    }
}

/// The address follows the state, and the state follows "back".
#[hook]
fn use_links(store: &UseReducerHandle<Store>) {
    let fragment = link::write(&store.state).fragment;
    let broken = store.link_problem.is_some();
    use_effect_with((fragment, broken), |(fragment, broken)| {
        // A link that cannot be used stays in the address until the reader does something.
        let fragment = (!broken).then(|| fragment.clone());
        let timer =
            fragment.map(|fragment| browser::later(LINK_DELAY, move || browser::push_fragment(&fragment)));
        move || drop(timer)
    });
    let dispatch = store.dispatcher();
    use_effect_with((), move |()| {
        let listener = browser::on_navigation(move |fragment| dispatch.dispatch(Event::Went(fragment)));
        move || drop(listener)
    });
}
