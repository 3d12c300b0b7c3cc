//! A fleet, and who sits where on it.

use migfit_errands::Progress;
use yew::prelude::*;

use super::plan_fields::fields;
use super::planned::planned;
use super::planner::{Planner, Said};
use super::problem::problem;
use crate::state::ModelInput;
use crate::texts::{self as words, plan as texts};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) planner: Planner,
    /// The model of the first page.
    pub(crate) open: ModelInput,
}

#[component]
pub(crate) fn PlanPage(props: &Props) -> Html {
    let Planner { fleet, said, stop, .. } = &props.planner;
    let stop = stop.reform(|_: MouseEvent| ());
    html! {
        <main class="plan" id="main">
            <div class="plan__given">
                <h2 class="plan__title">{ texts::TITLE }</h2>
                <p class="help">{ texts::ABOUT }</p>
                { fields(&props.planner, &props.open) }
            </div>
            <section class="plan__answer" aria-labelledby="plan-answer">
                <h2 id="plan-answer" class="heading">{ texts::ANSWER }</h2>
                <div class="plan__status" role="status">{ match said {
                    Said::Nothing => html! { texts::EMPTY },
                    Said::Stopped => html! { texts::STOPPED },
                    Said::Planned(_, of) if of != fleet => html! { texts::OLD },
                    Said::Doing(progress) => going(progress.as_ref(), stop),
                    Said::Planned(..) | Said::Refused(_) => Html::default(),
                } }</div>
                { match said {
                    Said::Planned(plan, _) => planned(plan),
                    Said::Refused(why) => problem(texts::REFUSED, why),
                    Said::Nothing | Said::Stopped | Said::Doing(_) => Html::default(),
                } }
            </section>
        </main>
    }
}

fn going(progress: Option<&Progress>, stop: Callback<MouseEvent>) -> Html {
    html! {
        <>
            <p>{ texts::DOING }{ progress.map(|now| format!(": {}", now.what)).unwrap_or_default() }</p>
            <progress class="plan__bar" aria-label={texts::DOING} value={progress.map(|now| now.done.to_string())}
                max={progress.map(|now| now.total.to_string())} />
            <button type="button" class="button button--small" onclick={stop}>{ words::CANCEL }</button>
        </>
    }
}
