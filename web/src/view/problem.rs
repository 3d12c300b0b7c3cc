//! What is wrong, and what to do about it.

use migfit::problem::{Parts, Problem};
use yew::prelude::*;

pub(crate) fn problem(title: &str, problem: &Problem) -> Html {
    let Parts { subject, found, expected, hint, .. } = &**problem;
    html! {
        <div class="problem" role="alert">
            <p class="problem__title">{ title.to_owned() }</p>
            <p class="problem__text">
                <code>{ subject }</code>{ ": found " }{ found }{ ", expected " }{ expected }
            </p>
            if let Some(hint) = hint { <p class="problem__hint">{ hint }</p> }
        </div>
    }
}
