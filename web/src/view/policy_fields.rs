//! What the policy page is given: a manifest, settings beside it, and how the policy is asked.

use yew::prelude::*;

use super::bench::Bench;
use super::field::{Of, area, choice, line};
use crate::browser;
use crate::state::examples;
use crate::state::policy::Policy;
use crate::texts::policy as texts;

type Set = fn(&mut Policy, String);

pub(crate) fn fields(bench: &Bench) -> Html {
    let Policy { manifest, models, gpus, admission } = &bench.given;
    let of = |id, label, help| Of { id, label, help };
    html! {
        <>
            <div>
                { area(of("policy-manifest", texts::MANIFEST, ""), "16", manifest, several(bench, |next, text| next.manifest = text.into())) }
                { example(bench, texts::EXAMPLE, |next| next.manifest = examples::MANIFEST.into()) }
            </div>
            <div>
                { area(of("policy-settings", texts::SETTINGS, texts::SETTINGS_HELP), "7", &admission.settings, several(bench, |next, text| next.admission.settings = text)) }
                { example(bench, texts::SETTINGS_EXAMPLE, |next| next.admission.settings = examples::POLICY_SETTINGS.to_owned()) }
            </div>
            <div class="policy__asked">
                { choice(of("policy-mode", texts::MODE, texts::MODE_HELP), &texts::MODES, &admission.mode, {
                    let given = bench.given.clone();
                    bench.give.reform(move |event: Event| {
                        let mut next = given.clone();
                        next.admission.mode = browser::chosen(&event);
                        next
                    })
                }) }
                { line(of("policy-namespace", texts::NAMESPACE, texts::NAMESPACE_HELP), &admission.namespace, one(bench, |next, text| next.admission.namespace = text)) }
                { line(of("policy-user", texts::USER, texts::USER_HELP), &admission.user, one(bench, |next, text| next.admission.user = text)) }
                { line(of("policy-gpus", texts::GPUS, texts::GPUS_HELP), gpus, one(bench, |next, text| next.gpus = text.into())) }
            </div>
            { area(of("policy-models", texts::MODELS, texts::MODELS_HELP), "4", models, several(bench, |next, text| next.models = text.into())) }
        </>
    }
}

/// What a field of one line does.
fn one(bench: &Bench, set: Set) -> Callback<InputEvent> {
    let given = bench.given.clone();
    bench.give.reform(move |event: InputEvent| changed(&given, set, browser::typed(&event)))
}

/// What a field of several lines does.
fn several(bench: &Bench, set: Set) -> Callback<InputEvent> {
    let given = bench.given.clone();
    bench.give.reform(move |event: InputEvent| changed(&given, set, browser::text(&event)))
}

fn changed(given: &Policy, set: Set, text: String) -> Policy {
    let mut next = given.clone();
    set(&mut next, text);
    next
}

fn example(bench: &Bench, word: &'static str, fill: fn(&mut Policy)) -> Html {
    let given = bench.given.clone();
    let onclick = bench.give.reform(move |_: MouseEvent| {
        let mut next = given.clone();
        fill(&mut next);
        next
    });
    html! { <button type="button" class="button button--small policy__example" {onclick}>{ word }</button> }
}
