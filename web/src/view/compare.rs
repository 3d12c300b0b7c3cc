//! Several models side by side: figures, then the verdict on every device.

use std::rc::Rc;

use migfit::matching::Verdict;
use yew::prelude::*;

use super::Act;
use super::readings::Readings;
use super::verdict::verdict as verdict_view;
use crate::outcome::compare::{self, Compared};
use crate::state::{Action, State};
use crate::texts::compare as texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) state: Rc<State>,
    pub(crate) readings: Rc<Readings>,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn ComparePage(props: &Props) -> Html {
    let state = &props.state;
    let compared = use_memo(
        (state.kept.clone(), props.readings.clone(), state.gpus.clone()),
        |(kept, readings, gpus)| compare::of(kept, &readings.kept, gpus),
    );
    html! {
        <main class="compare" id="main">
            <h2 class="compare__title">{ texts::TITLE }</h2>
            if state.kept.is_empty() { <p>{ texts::EMPTY }</p> } else { { table(&compared, &props.act) } }
        </main>
    }
}

fn table(compared: &Compared, act: &Act) -> Html {
    html! {
        <div class="compare__scroll" role="region" aria-label={texts::TITLE} tabindex="0">
            <table class="compare__table">
                <caption class="unseen">{ texts::TITLE }</caption>
                <thead><tr>
                    <th scope="col">{ texts::WHAT }</th>
                    { for compared.heads.iter().enumerate().map(|(place, name)| head(place, name, act)) }
                </tr></thead>
                <tbody>{ for compared.rows.iter().map(|(name, values)| html! {
                    <tr><th scope="row">{ *name }</th>{ for values.iter().map(|value| html! { <td>{ value }</td> }) }</tr>
                }) }</tbody>
                <tbody>
                    <tr><th class="compare__part" scope="rowgroup" colspan={(compared.heads.len() + 1).to_string()}>{ texts::DEVICES }</th></tr>
                    { for compared.devices.iter().map(|(device, verdicts)| html! {
                        <tr key={device.clone()}><th scope="row">{ device }</th>{ for verdicts.iter().map(verdict) }</tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn verdict(verdict: &Option<Verdict>) -> Html {
    html! { <td>if let Some(verdict) = verdict { { verdict_view(*verdict) } }</td> }
}

fn head(place: usize, name: &str, act: &Act) -> Html {
    let open = act.reform(move |_: MouseEvent| Action::Reopen(place));
    let drop = act.reform(move |_: MouseEvent| Action::Drop(place));
    let button = |word: &'static str, onclick: Callback<MouseEvent>| {
        html! {
            <button type="button" class="button button--small" {onclick}>{ word }<span class="unseen">{ format!(" {name}") }</span></button>
        }
    };
    html! {
        <th scope="col" key={place}>
            <span class="compare__name">{ name }</span>
            <span class="compare__buttons">{ button(texts::OPEN, open) }{ button(texts::DROP, drop) }</span>
        </th>
    }
}
