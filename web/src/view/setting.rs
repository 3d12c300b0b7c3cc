//! One setting: label, control, unit, help, and why a value cannot be used.

use migfit::problem::Problem;
use yew::prelude::*;

use super::Act;
use crate::browser;
use crate::state::{Action, Field, Kind};
use crate::texts::field as texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) field: Field,
    pub(crate) value: String,
    /// What counts while the field is empty.
    pub(crate) default: String,
    /// What it takes, in words.
    pub(crate) limits: String,
    pub(crate) problems: Vec<Problem>,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn Setting(props: &Props) -> Html {
    let field = props.field;
    let id = format!("setting-{}", field.key());
    let help = format!("{id}-help");
    let kind = field.kind();
    let unit = match kind {
        Kind::Number(unit) => unit,
        Kind::Share | Kind::Choice(_) | Kind::Switch => "",
    };
    html! {
        <div class={classes!("setting", matches!(kind, Kind::Switch).then_some("setting--switch"))}>
            <label class="setting__label" for={id.clone()}>{ texts::label(field) }</label>
            <div class="setting__control">
                { control(props, &kind, id, &help) }
                if !unit.is_empty() { <span class="setting__unit">{ unit }</span> }
            </div>
            <div id={help} class="help">
                { texts::help(field) }{ " " }{ &props.limits }
                { for props.problems.iter().map(|problem| html! {
                    <p class="setting__problem" role="alert">
                        { format!("Found {}, expected {}", problem.found, problem.expected) }
                    </p>
                }) }
            </div>
        </div>
    }
}

fn control(props: &Props, kind: &Kind, id: String, help: &str) -> Html {
    let field = props.field;
    let bad = (!props.problems.is_empty()).to_string();
    let help = help.to_owned();
    match kind {
        Kind::Number(_) | Kind::Share => {
            let mode = if *kind == Kind::Share { "decimal" } else { "numeric" };
            let typed = props.act.reform(move |event: InputEvent| Action::Set(field, browser::typed(&event)));
            html! {
                <input id={id} class="setting__number" type="text" inputmode={mode} autocomplete="off"
                    placeholder={props.default.clone()} value={props.value.clone()} oninput={typed}
                    aria-describedby={help} aria-invalid={bad} />
            }
        }
        Kind::Choice(choices) => {
            let first = choices.first().map_or("", |choice| choice.0);
            let value = if props.value.is_empty() { first } else { props.value.as_str() };
            let chosen = props.act.reform(move |event: Event| Action::Set(field, browser::chosen(&event)));
            html! {
                <select id={id} class="setting__choice" onchange={chosen} aria-describedby={help} aria-invalid={bad}>
                    { for choices.iter().map(|(key, word)| html! {
                        <option value={*key} selected={*key == value}>{ *word }</option>
                    }) }
                </select>
            }
        }
        Kind::Switch => {
            let changed = props.act.reform(move |event: Event| {
                Action::Set(field, if browser::ticked(&event) { "true".to_owned() } else { String::new() })
            });
            html! {
                <input id={id} type="checkbox" checked={props.value == "true"} onchange={changed} aria-describedby={help} />
            }
        }
    }
}
