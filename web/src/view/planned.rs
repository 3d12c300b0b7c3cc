//! A plan: how good it is, what every workload gets, what found no place, and every GPU as its slices.

use migfit_errands::{Cell, Drawn, Got, Holds, Missing, Planned};
use yew::prelude::*;

use super::copy::Copy;
use crate::texts::plan as texts;

/// The plan, and beside it the one were something otherwise.
pub(crate) fn planned(plan: &Planned) -> Html {
    let Some((words, other)) = &plan.otherwise else { return one(plan) };
    html! {
        <>
            <h3 class="planned__heading planned__heading--first">{ texts::AS_IT_IS }</h3>
            { one(plan) }
            <h3 class="planned__heading planned__heading--other">{ texts::were(words) }</h3>
            { one(other) }
        </>
    }
}

fn one(plan: &Planned) -> Html {
    html! {
        <div class="planned">
            <p class="planned__used">{ texts::used(plan) }</p>
            <p>{ texts::left(plan) }</p>
            { for plan.missing.iter().map(missing) }
            if !plan.got.is_empty() { { gets(&plan.got) } }
            if !plan.drawn.is_empty() {
                <h3 class="planned__heading">{ texts::CARDS }</h3>
                { for plan.drawn.iter().map(drawn) }
            }
            { steps(&plan.steps) }
        </div>
    }
}

fn steps(steps: &str) -> Html {
    html! {
        <details class="fold">
            <summary>{ texts::STEPS }</summary>
            <pre class="code" tabindex="0" role="region" aria-label={texts::STEPS}>{ steps.to_owned() }</pre>
            <p class="planned__copy"><Copy text={AttrValue::from(steps.to_owned())} what={texts::STEPS} /></p>
        </details>
    }
}

fn missing(missing: &Missing) -> Html {
    html! {
        <div class="planned__missing">
            <p><strong>{ texts::missing(missing) }</strong></p>
            <ul>{ for missing.reasons.iter().map(|reason| html! { <li>{ reason }</li> }) }</ul>
        </div>
    }
}

fn gets(got: &[Got]) -> Html {
    html! {
        <>
            <h3 class="planned__heading">{ texts::GOT }</h3>
            <table class="planned__got">
                <caption class="unseen">{ texts::GOT }</caption>
                <thead><tr>{ for texts::GOT_HEADS.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                <tbody>{ for got.iter().map(|own| html! {
                    <tr key={own.workload.clone()}>
                        <th scope="row">{ &own.workload }</th>
                        <td>
                            if own.on.is_empty() { { texts::NOTHING } }
                            { for own.on.iter().map(|(on, _)| html! { <div>{ on }</div> }) }
                        </td>
                        <td>{ for own.on.iter().map(|(_, resource)| html! { <div>{ resource_view(resource) }</div> }) }</td>
                    </tr>
                }) }</tbody>
            </table>
        </>
    }
}

/// A long name breaks behind its domain, where it breaks at all.
fn resource_view(resource: &str) -> Html {
    match resource.split_once('/') {
        Some((domain, name)) => html! { <code>{ domain }{ "/" }<wbr />{ name }</code> },
        None => html! { <code>{ resource.to_owned() }</code> },
    }
}

fn drawn(drawn: &Drawn) -> Html {
    let name = texts::names(drawn);
    html! {
        <figure class="planned__gpu" aria-label={name.clone()}>
            <figcaption>
                { name }
                if let Some(slices) = drawn.stranded.filter(|slices| *slices > 0) {
                    <span class="planned__left">{ format!(" · {}", texts::stranded(slices)) }</span>
                }
            </figcaption>
            <ol class="planned__cells">{ for drawn.cells.iter().map(cell) }</ol>
        </figure>
    }
}

fn cell(cell: &Cell) -> Html {
    let (kind, what) = match &cell.holds {
        Holds::Seat(what, who) => ("seat", html! { <><strong>{ what }</strong><span>{ who }</span></> }),
        Holds::Free => ("free", html! { <span>{ texts::FREE }</span> }),
        Holds::Stranded => ("stranded", html! { <span>{ texts::STRANDED }</span> }),
    };
    html! {
        <li class={format!("slice slice--{} planned__cell planned__cell--{kind}", cell.slices)}>{ what }</li>
    }
}
