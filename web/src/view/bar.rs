//! What the memory of one device is made of: a stacked bar, and the same as a list that opens.

use migfit::matching::Offer;
use yew::prelude::*;

use super::figure::figure;
use super::verdict::verdict as verdict_view;
use super::working::working as working_view;
use crate::outcome::bar::{Bar, LINE, Segment};
use crate::outcome::{Judged, working};
use crate::texts;

pub(crate) fn memory_bar(judged: &Judged, offer: &Offer) -> Html {
    let bar = Bar::of(offer, &judged.serving.engine);
    html! {
        <section class="memory" aria-labelledby="memory-title">
            <h2 id="memory-title" class="heading">{ texts::MEMORY }</h2>
            <p class="memory__device">
                <strong>{ &offer.device }</strong>
                { format!(" {}, {} usable ", offer.memory, offer.usable) }
                { verdict_view(offer.verdict) }
            </p>
            { picture(&bar) }
            <p class="help">{ if bar.device < LINE { texts::BAR_MARKS_BEYOND } else { texts::BAR_MARKS } }</p>
            <ul class="memory__terms">{ for bar.segments.iter().map(term) }</ul>
            { working_view(&working::of(judged, offer)) }
        </section>
    }
}

fn picture(bar: &Bar) -> Html {
    let mark = |at: u64, class: &'static str| {
        let at = at.to_string();
        html! { <line class={class} x1={at.clone()} x2={at} y1="0" y2="44" /> }
    };
    html! {
        <svg class="memory__bar" viewBox={format!("0 0 {LINE} 44")} preserveAspectRatio="none"
            width="100%" height="44" aria-hidden="true">
            { for bar.segments.iter().map(|segment| html! {
                <rect class={format!("part part--{}", segment.part.word())} x={segment.start.to_string()} y="6"
                    width={segment.width.to_string()} height="32" />
            }) }
            { mark(bar.usable, "memory__limit") }
            if bar.device < LINE { { mark(bar.device, "memory__end") } }
        </svg>
    }
}

fn term(segment: &Segment) -> Html {
    html! {
        <li class="memory__term">
            <svg class="memory__key" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                <rect class={format!("part part--{}", segment.part.word())} width="12" height="12" />
            </svg>
            <details class="memory__more">
                <summary>
                    <span class="memory__name">{ segment.label }</span>
                    { figure(&segment.figure, false) }
                </summary>
                <p class="memory__formula">
                    { &segment.figure.exact }
                    if !segment.formula.is_empty() { <><br />{ &segment.formula }<br />{ &segment.source }</> }
                </p>
            </details>
        </li>
    }
}
