//! A manifest, what is wrong with it, and what the admission policy answers.

use yew::prelude::*;

use super::bench::{Bench, Said};
use super::policy_fields::fields;
use super::problem::problem;
use super::reviewed::reviewed;
use crate::texts::policy as texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) bench: Bench,
}

#[component]
pub(crate) fn PolicyPage(props: &Props) -> Html {
    let said = &props.bench.said;
    html! {
        <main class="policy" id="main">
            <div class="policy__given">
                <h2 class="policy__title">{ texts::TITLE }</h2>
                <p class="help">{ texts::ABOUT }</p>
                { fields(&props.bench) }
            </div>
            <section class="policy__answer" aria-labelledby="policy-answer">
                <h2 id="policy-answer" class="heading">{ texts::ANSWER }</h2>
                <p class="policy__status" role="status">{ match said {
                    Said::Nothing => texts::EMPTY,
                    Said::Doing => texts::DOING,
                    Said::Reviewed(_) | Said::Refused(_) => "",
                } }</p>
                { match said {
                    Said::Nothing | Said::Doing => Html::default(),
                    Said::Reviewed(reviews) => reviewed(reviews),
                    Said::Refused(why) => problem(texts::REFUSED, why),
                } }
            </section>
        </main>
    }
}
