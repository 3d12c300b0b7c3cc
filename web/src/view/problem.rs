//! What is wrong, and what to do about it.

use migfit::problem::{Parts, Problem};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) title: &'static str,
    pub(crate) problem: Problem,
}

#[component]
pub(crate) fn ProblemView(props: &Props) -> Html {
    let Parts { subject, found, expected, hint, .. } = &*props.problem;
    html! {
        <div class="problem" role="alert">
            <p class="problem__title">{ props.title }</p>
            <p class="problem__text">
                <code>{ subject }</code>{ ": found " }{ found }{ ", expected " }{ expected }
            </p>
            if let Some(hint) = hint { <p class="problem__hint">{ hint }</p> }
        </div>
    }
}
