//! A button that copies a text and says that it did.

use yew::prelude::*;

use crate::{browser, texts};

/// How long it says so, in milliseconds.
const SAID_FOR: u32 = 2000;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) text: AttrValue,
    /// What is copied, for a reader who does not see what stands beside the button.
    #[prop_or_default]
    pub(crate) what: AttrValue,
}

#[component]
pub(crate) fn Copy(props: &Props) -> Html {
    let (said, copy) = use_copy();
    let text = props.text.clone();
    let onclick = copy.reform(move |_: MouseEvent| (text.to_string(), texts::COPIED));
    html! {
        <CopyButton said={said} {onclick}>
            { texts::COPY }
            if !props.what.is_empty() { <span class="unseen">{ format!(" {}", props.what) }</span> }
        </CopyButton>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct ButtonProps {
    pub(crate) said: &'static str,
    pub(crate) onclick: Callback<MouseEvent>,
    pub(crate) children: Html,
}

/// The button with what is said after a press.
#[component]
pub(crate) fn CopyButton(props: &ButtonProps) -> Html {
    html! {
        <span class="copy">
            <button type="button" class="button button--small" onclick={props.onclick.clone()}>{ props.children.clone() }</button>
            <span class="copy__said" role="status">{ props.said }</span>
        </span>
    }
}

/// What is said now, and what copies a text and then says so.
#[hook]
pub(crate) fn use_copy() -> (&'static str, Callback<(String, &'static str)>) {
    let said = use_state(|| "");
    use_effect_with(*said, {
        let said = said.clone();
        move |now| {
            let timer = (!now.is_empty()).then(|| browser::later(SAID_FOR, move || said.set("")));
            move || drop(timer)
        }
    });
    let copy = Callback::from({
        let said = said.clone();
        move |(text, done)| {
            let said = said.clone();
            browser::copy(text, move |copied| said.set(if copied { done } else { texts::NOT_COPIED }));
        }
    });
    (*said, copy)
}
