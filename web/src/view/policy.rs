//! A manifest, and what is wrong with it.

use std::rc::Rc;

use yew::prelude::*;

use super::bench::{Bench, Said};
use super::problem::problem;
use super::reviewed::reviewed;
use crate::browser;
use crate::state::examples;
use crate::state::policy::Policy;
use crate::texts::policy as texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) bench: Bench,
}

#[component]
pub(crate) fn PolicyPage(props: &Props) -> Html {
    let Bench { given, said, give } = &props.bench;
    let example = {
        let given = given.clone();
        give.reform(move |_: MouseEvent| Policy { manifest: examples::MANIFEST.into(), ..given.clone() })
    };
    let manifest = give_to(&props.bench, |given, manifest| Policy { manifest, ..given });
    let models = give_to(&props.bench, |given, models| Policy { models, ..given });
    let gpus = {
        let given = given.clone();
        give.reform(move |event: InputEvent| Policy { gpus: browser::typed(&event).into(), ..given.clone() })
    };
    html! {
        <main class="policy" id="main">
            <div class="policy__given">
                <h2 class="policy__title">{ texts::TITLE }</h2>
                <p class="help">{ texts::ABOUT }</p>
                <div>
                    <label class="policy__label" for="policy-manifest">{ texts::MANIFEST }</label>
                    <textarea id="policy-manifest" class="policy__text" rows="16" spellcheck="false"
                        autocomplete="off" value={given.manifest.to_string()} oninput={manifest} />
                    <button type="button" class="button button--small" onclick={example}>{ texts::EXAMPLE }</button>
                </div>
                <div>
                    <label class="policy__label" for="policy-gpus">{ texts::GPUS }</label>
                    <input id="policy-gpus" type="text" autocomplete="off" spellcheck="false"
                        aria-describedby="policy-gpus-help" value={given.gpus.to_string()} oninput={gpus} />
                    <p id="policy-gpus-help" class="help">{ texts::GPUS_HELP }</p>
                </div>
                <div>
                    <label class="policy__label" for="policy-models">{ texts::MODELS }</label>
                    <textarea id="policy-models" class="policy__text" rows="4" spellcheck="false" autocomplete="off"
                        aria-describedby="policy-models-help" value={given.models.to_string()} oninput={models} />
                    <p id="policy-models-help" class="help">{ texts::MODELS_HELP }</p>
                </div>
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

/// What a text field of several lines does.
fn give_to(bench: &Bench, change: fn(Policy, Rc<str>) -> Policy) -> Callback<InputEvent> {
    let given = bench.given.clone();
    bench.give.reform(move |event: InputEvent| change(given.clone(), browser::text(&event).into()))
}
