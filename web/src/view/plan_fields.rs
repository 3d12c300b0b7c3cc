//! What the planner is given: a fleet, models that it knows, and what would be otherwise.

use std::rc::Rc;

use yew::prelude::*;

use super::field::{Of, area, line};
use super::planner::{Planner, Said};
use crate::browser;
use crate::state::fleet::Fleet;
use crate::state::{ModelInput, examples};
use crate::texts::plan as texts;

type Set = fn(&mut Fleet, String);

pub(crate) fn fields(planner: &Planner, open: &ModelInput) -> Html {
    let Planner { fleet, said, give, go, .. } = planner;
    let go = go.reform(|_: MouseEvent| ());
    let doing = matches!(said, Said::Doing(_));
    let of = |id, label, help| Of { id, label, help };
    let example = changed(planner, |next| next.text = examples::FLEET.into());
    html! {
        <div class="plan__fields">
            { area(of("plan-fleet", texts::FLEET, texts::FLEET_HELP), "14", &fleet.text, several(planner, |next, text| next.text = text.into())) }
            <div class="plan__buttons">
                <button type="button" class="button button--main" disabled={doing || fleet.is_empty()} onclick={go}>{ texts::GO }</button>
                <button type="button" class="button button--small" onclick={example}>{ texts::EXAMPLE }</button>
            </div>
            <details class="fold">
                <summary>{ texts::MODELS }</summary>
                { area(of("plan-models", texts::MODELS, texts::MODELS_HELP), "5", &fleet.models, several(planner, |next, text| next.models = text.into())) }
                { add(fleet, open, give) }
            </details>
            <details class="fold">
                <summary>{ texts::OTHERWISE }</summary>
                <div class="plan__otherwise">
                    { line(of("plan-gpu", texts::OTHER_GPU, texts::OTHER_GPU_HELP), &fleet.otherwise.gpu, one(planner, |next, text| next.otherwise.gpu = text)) }
                    { line(of("plan-weights", texts::OTHER_WEIGHTS, texts::OTHER_WEIGHTS_HELP), &fleet.otherwise.quantization, one(planner, |next, text| next.otherwise.quantization = text)) }
                    { line(of("plan-context", texts::OTHER_CONTEXT, texts::OTHER_CONTEXT_HELP), &fleet.otherwise.context, one(planner, |next, text| next.otherwise.context = text)) }
                    { line(of("plan-cache", texts::OTHER_CACHE, texts::OTHER_CACHE_HELP), &fleet.otherwise.kv_cache, one(planner, |next, text| next.otherwise.kv_cache = text)) }
                </div>
            </details>
        </div>
    }
}

/// Brings the model of the first page along, where there is one with a name.
fn add(fleet: &Rc<Fleet>, open: &ModelInput, give: &Callback<Fleet>) -> Html {
    if open.name.is_empty() || open.text.trim().is_empty() {
        return Html::default();
    }
    let (fleet, open) = (fleet.clone(), open.clone());
    let onclick = give.reform(move |_: MouseEvent| fleet.knowing(&open.name, &open.text));
    html! { <button type="button" class="button button--small plan__add" {onclick}>{ texts::ADD_OPEN }</button> }
}

fn changed(planner: &Planner, change: fn(&mut Fleet)) -> Callback<MouseEvent> {
    let fleet = planner.fleet.clone();
    planner.give.reform(move |_: MouseEvent| {
        let mut next = (*fleet).clone();
        change(&mut next);
        next
    })
}

/// What a field of one line does.
fn one(planner: &Planner, set: Set) -> Callback<InputEvent> {
    let fleet = planner.fleet.clone();
    planner.give.reform(move |event: InputEvent| {
        let mut next = (*fleet).clone();
        set(&mut next, browser::typed(&event));
        next
    })
}

/// What a field of several lines does.
fn several(planner: &Planner, set: Set) -> Callback<InputEvent> {
    let fleet = planner.fleet.clone();
    planner.give.reform(move |event: InputEvent| {
        let mut next = (*fleet).clone();
        set(&mut next, browser::text(&event));
        next
    })
}
