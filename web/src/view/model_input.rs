//! The model in: paste, drop, pick, or an example.

use migfit::units::grouped;
use yew::prelude::*;

use super::Act;
use crate::browser::{self, Opened};
use crate::outcome::{Model, Reading, reading};
use crate::state::{Action, ModelInput, examples};
use crate::texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) input: ModelInput,
    pub(crate) reading: Reading,
    pub(crate) act: Act,
}

fn take(opened: Opened, act: &Act) {
    act.emit(match opened {
        Ok((name, text)) => Action::Open(name, text.into()),
        Err(problem) => Action::Reject(problem),
    });
}

pub(super) fn take_dropped(event: &DragEvent, act: &Act) {
    let act = act.clone();
    browser::open_dropped(event, move |opened| take(opened, &act));
}

#[component]
pub(crate) fn ModelInputView(props: &Props) -> Html {
    let typed = props.act.reform(|event: InputEvent| Action::Text(browser::text(&event).into()));
    let picked = {
        let act = props.act.clone();
        Callback::from(move |event: Event| {
            let act = act.clone();
            browser::open_picked(&event, move |opened| take(opened, &act));
        })
    };
    let example = props.act.reform(|_: MouseEvent| {
        Action::Open(examples::GRANITE_FILE.to_owned(), examples::GRANITE_7B_BASE.into())
    });
    let clear = props.act.reform(|_: MouseEvent| Action::Text("".into()));
    let bad = matches!(props.reading, Reading::Bad(_));
    let empty = props.input.text.is_empty();
    html! {
        <section class="model" aria-labelledby="model-title">
            <h2 id="model-title" class="heading">{ texts::MODEL }</h2>
            <label class="model__label" for="config">{ texts::CONFIG_LABEL }</label>
            <textarea id="config" class="model__text" rows="7" spellcheck="false" autocomplete="off"
                aria-describedby="config-help" aria-invalid={bad.to_string()}
                placeholder="{ \"model_type\": \"llama\", … }"
                value={props.input.text.to_string()} oninput={typed} />
            <p id="config-help" class="help">{ texts::CONFIG_HELP }</p>
            <div class="model__buttons">
                <label class="button button--small model__pick">
                    { texts::PICK }
                    <input class="model__file" type="file" accept=".json,application/json" onchange={picked} />
                </label>
                if empty {
                    <button type="button" class="button button--small" onclick={example}>{ texts::EXAMPLE }</button>
                } else {
                    <button type="button" class="button button--small" onclick={clear}>{ texts::CLEAR }</button>
                }
            </div>
            if let Reading::Model(model) = &props.reading { { summary(model) } }
        </section>
    }
}

fn summary(model: &Model) -> Html {
    let facts = &model.facts;
    html! {
        <p class="model__summary">
            <strong>{ &model.name }</strong><br />
            { format!("{} parameters · ", reading::spoken(facts.parameters.total)) }
            { stored(model) }
            { format!(" · {} tokens", grouped(facts.context_tokens)) }
            if !facts.known { <><br />{ "Unknown architecture: every figure is an estimate" }</> }
        </p>
    }
}

fn stored(model: &Model) -> String {
    match model.facts.stored_dtype {
        Some(stored) if stored != model.facts.served_dtype => {
            format!("{stored}, served as {}", model.facts.served_dtype)
        }
        _ => model.facts.served_dtype.to_string(),
    }
}
