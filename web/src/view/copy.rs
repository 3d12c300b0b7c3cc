//! A button that copies a text and says that it did.

use yew::prelude::*;

use crate::{browser, texts};

/// How long it says so, in milliseconds.
const SAID_FOR: u32 = 2000;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) text: String,
    #[prop_or(texts::COPY)]
    pub(crate) label: &'static str,
    /// What is copied, for a reader who does not see what stands beside the button.
    #[prop_or_default]
    pub(crate) what: String,
    #[prop_or(texts::COPIED)]
    pub(crate) done: &'static str,
}

#[component]
pub(crate) fn Copy(props: &Props) -> Html {
    let said = use_state(|| None::<&'static str>);
    let copy = {
        let (said, text, done) = (said.clone(), props.text.clone(), props.done);
        Callback::from(move |_: MouseEvent| {
            let said = said.clone();
            browser::copy(text.clone(), move |copied| {
                said.set(Some(if copied { done } else { texts::NOT_COPIED }));
            });
        })
    };
    use_effect_with(*said, {
        let said = said.clone();
        move |now| {
            let timer = now.map(|_| browser::later(SAID_FOR, move || said.set(None)));
            move || drop(timer)
        }
    });
    html! {
        <span class="copy">
            <button type="button" class="button button--small" onclick={copy}>
                { props.label }
                if !props.what.is_empty() { <span class="unseen">{ format!(" {}", props.what) }</span> }
            </button>
            <span class="copy__said" role="status">{ said.unwrap_or_default() }</span>
        </span>
    }
}
