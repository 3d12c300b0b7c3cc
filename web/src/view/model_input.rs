//! The model in: search, paste, drop, pick, or an example.

use std::rc::Rc;

use migfit::units::grouped;
use yew::prelude::*;

use super::Act;
use super::intake::{Intake, Take};
use super::intake_status::IntakeStatus;
use super::model_search::ModelSearch;
use crate::browser;
use crate::outcome::{Model, Reading, reading};
use crate::state::{Action, ModelInput, examples, paste};
use crate::texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) input: ModelInput,
    pub(crate) reading: Reading,
    pub(crate) intake: Rc<Intake>,
    pub(crate) take: Take,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn ModelInputView(props: &Props) -> Html {
    let picked = props.take.file.clone();
    let picked =
        Callback::from(move |event: Event| _ = browser::picked(&event).map(|file| picked.emit(file)));
    let example = props.act.reform(|_: MouseEvent| {
        Action::Open(examples::GRANITE_FILE.to_owned(), examples::GRANITE_7B_BASE.into())
    });
    let (act, stop) = (props.act.clone(), props.take.stop.clone());
    let clear = Callback::from(move |_: MouseEvent| {
        stop.emit(());
        act.emit(Action::Text("".into()));
    });
    let empty = props.input.text.is_empty();
    // Whoever turns to the model is about to give one.
    let onfocusin = Callback::from(|_: FocusEvent| browser::wake_reader());
    let onpointerenter = Callback::from(|_: PointerEvent| browser::wake_reader());
    html! {
        <section class="model" aria-labelledby="model-title" {onfocusin} {onpointerenter}>
            <h2 id="model-title" class="heading">{ texts::MODEL }</h2>
            <ModelSearch find={props.take.find.clone()} fetch={props.take.fetch.clone()} />
            { text(props) }
            <p id="config-help" class="help">{ texts::CONFIG_HELP }</p>
            <div class="model__buttons">
                <label class="button button--small model__pick">
                    { texts::PICK }
                    <input class="model__file" type="file" accept=".json,.yaml,.yml,.log,.txt,application/json" onchange={picked} />
                </label>
                if empty {
                    <button type="button" class="button button--small" onclick={example}>{ texts::EXAMPLE }</button>
                } else {
                    <button type="button" class="button button--small" onclick={clear}>{ texts::CLEAR }</button>
                }
            </div>
            <IntakeStatus intake={props.intake.clone()} stop={props.take.stop.clone()} />
            if let Reading::Model(model) = &props.reading { { summary(model) } }
        </section>
    }
}

/// The field; a text that is too long to look at is only named, and a long one that is pasted does not go through it.
fn text(props: &Props) -> Html {
    if props.input.text.len() > paste::SHOWN {
        return html! { <p class="model__large">{ texts::large(props.input.text.len()) }</p> };
    }
    let typed = props.act.reform(|event: InputEvent| Action::Text(browser::text(&event).into()));
    let take = props.take.text.clone();
    let pasted = Callback::from(move |event: Event| {
        if let Some(text) = browser::pasted(&event, paste::SHOWN) {
            take.emit((String::new(), text.into()));
        }
    });
    let bad = matches!(props.reading, Reading::Bad(_));
    html! {
        <>
            <label class="model__label" for="config">{ texts::CONFIG_LABEL }</label>
            <textarea id="config" class="model__text" rows="7" spellcheck="false" autocomplete="off"
                aria-describedby="config-help" aria-invalid={bad.to_string()} placeholder={texts::CONFIG_PLACEHOLDER}
                value={props.input.text.to_string()} oninput={typed} onpaste={pasted} />
        </>
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
            if !facts.known { <><br />{ texts::UNKNOWN_MODEL }</> }
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
