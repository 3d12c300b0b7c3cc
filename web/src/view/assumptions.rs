//! What the answer rests on and the file does not say.

use std::rc::Rc;

use yew::prelude::*;

use crate::outcome::Model;
use crate::texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) model: Rc<Model>,
}

#[component]
pub(crate) fn Assumptions(props: &Props) -> Html {
    let assumptions = &props.model.facts.assumptions;
    html! {
        if !assumptions.is_empty() {
            <section class="assumptions" aria-labelledby="assumptions-title">
                <h2 id="assumptions-title" class="heading">{ texts::ASSUMPTIONS }</h2>
                <ul class="assumptions__list">
                    { for assumptions.iter().map(|one| html! { <li>{ &one.text }</li> }) }
                </ul>
            </section>
        }
    }
}
