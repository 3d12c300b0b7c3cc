//! What can be placed on the card: profiles, each with the slices where it may start.

use migfit::matching::Verdict;
use migfit::problem::Problem;
use yew::prelude::*;

use super::Act;
use super::card_drag::Drags;
use crate::outcome::card::{Choice, Start};
use crate::state::Action;
use crate::texts;

pub(crate) fn choices(choices: &[Choice], drags: &Drags, act: &Act, refuse: &Callback<Problem>) -> Html {
    html! {
        <>
            <p class="help">{ texts::PLACE_HELP }</p>
            <div class="card__choices">{ for choices.iter().map(|choice| row(choice, drags, act, refuse)) }</div>
        </>
    }
}

fn row(choice: &Choice, drags: &Drags, act: &Act, refuse: &Callback<Problem>) -> Html {
    let holds = choice.verdict.is_some_and(|verdict| verdict != Verdict::No);
    html! {
        <div class="card__choice" key={choice.name.clone()}>
            <span class={classes!("card__profile", holds.then_some("card__profile--holds"))}
                onpointerdown={drags.grab(&choice.name, None)} onpointermove={drags.track()}
                onpointerup={drags.release()} onpointercancel={drags.cancel()}>
                <svg class="card__grip" viewBox="0 0 6 10" width="6" height="10" aria-hidden="true">
                    <path d="M1 1h1v1H1zM4 1h1v1H4zM1 4h1v1H1zM4 4h1v1H4zM1 7h1v1H1zM4 7h1v1H4z" />
                </svg>
                { &choice.name }
            </span>
            <span class="card__starts" role="group" aria-label={texts::place(&choice.name)}>
                { for choice.starts.iter().map(|start| button(&choice.name, start, act, refuse)) }
            </span>
        </div>
    }
}

fn button(name: &str, start: &Start, act: &Act, refuse: &Callback<Problem>) -> Html {
    let onclick = match &start.then {
        Ok(layout) => {
            let layout = layout.clone();
            act.reform(move |_: MouseEvent| Action::Cut(layout.clone()))
        }
        Err(problem) => {
            let problem = problem.clone();
            refuse.reform(move |_: MouseEvent| problem.clone())
        }
    };
    html! {
        <button type="button" class="button button--small card__start" onclick={onclick}
            aria-disabled={start.then.is_err().to_string()} aria-label={texts::place_at(name, start.slice)}>
            { start.slice }
        </button>
    }
}
