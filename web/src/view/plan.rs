//! A fleet, and who sits where on it.

use migfit_errands::Progress;
use yew::prelude::*;

use super::planned::planned;
use super::planner::{Planner, Said};
use super::problem::problem;
use crate::browser;
use crate::state::examples;
use crate::texts::{self as words, plan as texts};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) planner: Planner,
}

#[component]
pub(crate) fn PlanPage(props: &Props) -> Html {
    let Planner { fleet, said, give, go, stop } = &props.planner;
    let typed = give.reform(|event: InputEvent| browser::text(&event).into());
    let example = give.reform(|_: MouseEvent| examples::FLEET.into());
    let go = go.reform(|_: MouseEvent| ());
    let stop = stop.reform(|_: MouseEvent| ());
    let doing = matches!(said, Said::Doing(_));
    html! {
        <main class="plan" id="main">
            <div class="plan__given">
                <h2 class="plan__title">{ texts::TITLE }</h2>
                <p class="help">{ texts::ABOUT }</p>
                <label class="plan__label" for="plan-fleet">{ texts::FLEET }</label>
                <textarea id="plan-fleet" class="plan__text" rows="14" spellcheck="false" autocomplete="off"
                    aria-describedby="plan-help" value={fleet.to_string()} oninput={typed} />
                <p id="plan-help" class="help">{ texts::FLEET_HELP }</p>
                <div class="plan__buttons">
                    <button type="button" class="button" disabled={doing || fleet.trim().is_empty()} onclick={go}>{ texts::GO }</button>
                    <button type="button" class="button button--small" onclick={example}>{ texts::EXAMPLE }</button>
                </div>
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
