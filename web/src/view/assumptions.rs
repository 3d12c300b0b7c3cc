//! What the answer rests on and the file does not say.

use yew::prelude::*;

use crate::outcome::Model;
use crate::texts;

pub(crate) fn assumptions(model: &Model) -> Html {
    let assumptions = &model.facts.assumptions;
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
