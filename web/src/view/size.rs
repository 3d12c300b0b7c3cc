//! One model sized: what it is and how it is served on one side, the answer and what explains it on the other.

use std::rc::Rc;

use migfit::problem::Problem;
use yew::prelude::*;

use super::Act;
use super::answer::{AnswerView, bar as answer_bar};
use super::gpu_list::GpuList;
use super::intake::{Intake, Take};
use super::model_input::ModelInputView;
use super::results::Results;
use super::settings::Settings;
use crate::outcome::{Outcome, Reading};
use crate::state::State;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) state: Rc<State>,
    pub(crate) reading: Reading,
    pub(crate) link_problem: Option<Problem>,
    pub(crate) intake: Rc<Intake>,
    pub(crate) take: Take,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn SizePage(props: &Props) -> Html {
    let (state, act) = (&props.state, &props.act);
    let reading = &props.reading;
    let outcome =
        use_memo((reading.clone(), state.form.clone(), state.gpus.clone()), |(reading, form, gpus)| {
            Outcome::of(reading, form, gpus)
        });
    let model = match reading {
        Reading::Model(model) => Some(model.clone()),
        Reading::Nothing | Reading::Waiting | Reading::Bad(_) => None,
    };
    html! {
        <main class="page__main" id="main">
            <div class="page__side">
                <ModelInputView input={state.model.clone()} reading={reading.clone()} intake={props.intake.clone()}
                    take={props.take.clone()} act={act.clone()} />
                <Settings form={state.form.clone()} problems={outcome.problems()} model={model.clone()} act={act.clone()} />
                <GpuList gpus={state.gpus.clone()} act={act.clone()} />
            </div>
            <div class="page__results">
                <AnswerView outcome={(*outcome).clone()} link_problem={props.link_problem.clone()} kept={state.kept.contains(&state.open())} act={act.clone()} />
                if let Outcome::Judged(judged) = &*outcome {
                    <Results judged={judged.clone()} device={state.device.clone()} table={state.table.clone()}
                        card={state.card.clone()} model={state.model.clone()} write={props.take.write.clone()} act={act.clone()} />
                }
            </div>
            if let Outcome::Judged(judged) = &*outcome { { answer_bar(judged) } }
        </main>
    }
}
