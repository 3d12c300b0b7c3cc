//! How the answer is worked out, with every constant and its source.

use migfit::matching::Verdict;
use yew::prelude::*;

use super::figure::figure as figure_view;
use super::verdict::verdict as verdict_view;
use crate::outcome::docs::{Fact, Known, engines};
use crate::texts::{self, docs};

#[component]
pub(crate) fn DocsPage() -> Html {
    let engines = use_memo((), |()| engines());
    let verdicts = [Verdict::Fits, Verdict::Tight, Verdict::Unknown, Verdict::No];
    html! {
        <main class="docs" id="main">
            <h2 class="docs__title">{ docs::TITLE }</h2>
            <dl class="docs__terms">
                { for docs::TERMS.iter().map(|(name, text)| html! { <div><dt>{ *name }</dt><dd>{ *text }</dd></div> }) }
            </dl>
            <p class="help">{ texts::MARKS }</p>
            <h3 class="docs__heading">{ docs::VERDICTS }</h3>
            <dl class="docs__terms">
                { for verdicts.into_iter().zip(docs::VERDICT_MEANINGS).map(|(verdict, text)| html! {
                    <div><dt>{ verdict_view(verdict) }</dt><dd>{ text }</dd></div>
                }) }
            </dl>
            <h3 class="docs__heading">{ docs::MEMORY }</h3>
            <p>{ docs::MEMORY_TEXT }</p>
            <h3 class="docs__heading">{ docs::ENGINES }</h3>
            { for engines.iter().enumerate().map(|(place, known)| engine(place == 0, known)) }
            <h3 class="docs__heading">{ docs::PRIVACY }</h3>
            { for docs::PRIVACY_TEXT.iter().map(|text| html! { <p>{ *text }</p> }) }
            <h3 class="docs__heading">{ docs::KEYBOARD }</h3>
            <p>{ docs::KEYBOARD_TEXT }</p>
        </main>
    }
}

fn engine(open: bool, known: &Known) -> Html {
    html! {
        <details class="fold docs__engine" key={known.name} {open}>
            <summary>{ known.name }</summary>
            <div class="docs__scroll" role="group" aria-label={known.name} tabindex="0">
            <table class="docs__facts">
                <caption class="unseen">{ known.name }</caption>
                <thead><tr>
                    <th scope="col">{ docs::CONSTANT }</th><th scope="col">{ docs::VALUE }</th><th scope="col">{ docs::SOURCE }</th>
                </tr></thead>
                <tbody>{ for known.facts.iter().map(fact) }</tbody>
            </table>
            </div>
        </details>
    }
}

fn fact(fact: &Fact) -> Html {
    html! {
        <tr>
            <th scope="row">{ fact.name }</th>
            <td>{ match &fact.value {
                Ok(figure) => figure_view(figure, false),
                Err(words) => html! { words },
            } }</td>
            <td>{ format!("{}, {} ({})", fact.source.title, fact.source.version, fact.source.confidence.word()) }</td>
        </tr>
    }
}
