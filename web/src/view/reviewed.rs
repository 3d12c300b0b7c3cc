//! Every object of a manifest with its verdict and findings.

use migfit::matching::Verdict;
use migfit_errands::{Found, Reviewed, Reviews};
use yew::prelude::*;

use super::admitted::admitted;
use super::verdict::verdict as verdict_view;
use crate::texts::policy as texts;

pub(crate) fn reviewed(reviews: &Reviews) -> Html {
    html! {
        <>
            if let Some(against) = &reviews.settings {
                <div class="problem" role="alert">
                    <p class="problem__title">{ texts::BAD_SETTINGS }</p>
                    <p class="problem__text">{ against }</p>
                </div>
            }
            if reviews.objects.is_empty() { <p>{ texts::NOTHING }</p> }
            { for reviews.objects.iter().map(object) }
            if !reviews.others.is_empty() { <p class="help">{ texts::others(&reviews.others) }</p> }
        </>
    }
}

fn object(object: &Reviewed) -> Html {
    html! {
        <article class="reviewed" aria-label={object.title.clone()}>
            <h3 class="reviewed__title">
                <span class="reviewed__name">{ &object.title }</span>
                { match object.verdict.as_deref().and_then(of_word) {
                    Some(verdict) => verdict_view(verdict),
                    None => html! { <span class="reviewed__none">{ texts::NO_DEVICE }</span> },
                } }
            </h3>
            if object.findings.is_empty() {
                <p class="help">{ texts::CLEAN }</p>
            } else {
                <ul class="reviewed__findings">{ for object.findings.iter().map(finding) }</ul>
            }
            if let Some(answer) = &object.admitted { { admitted(answer) } }
        </article>
    }
}

fn finding(found: &Found) -> Html {
    html! {
        <li class={format!("reviewed__finding reviewed__finding--{}", found.severity)}>
            <p><strong>{ &found.severity }</strong>{ " " }<code>{ &found.id }</code></p>
            <p>{ &found.text }</p>
            if !found.at.is_empty() { <p class="reviewed__at">{ texts::AT }<code>{ found.at.join(", ") }</code></p> }
            { for found.details.iter().map(|detail| html! { <p class="reviewed__detail">{ detail }</p> }) }
        </li>
    }
}

fn of_word(word: &str) -> Option<Verdict> {
    let all = [Verdict::Fits, Verdict::Tight, Verdict::Unknown, Verdict::No];
    all.into_iter().find(|verdict| verdict.word() == word)
}
