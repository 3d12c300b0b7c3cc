//! The card as its slices: what stands where, and where something that is moved would stand.

use migfit::matching::Verdict;
use yew::prelude::*;

use super::Act;
use super::card_drag::{Drags, SLICES};
use crate::outcome::card::{self, Card, Cell, What};
use crate::state::Action;
use crate::texts;

pub(crate) fn picture(card: &Card, drags: &Drags, act: &Act) -> Html {
    html! {
        <div id={SLICES} class="card__slices">
            { for card.cells.iter().map(|cell| html! {
                <div key={cell.start} class={format!("slice slice--{}", size(cell, card.slices))}>{ inside(cell, drags, act) }</div>
            }) }
            { ghost(card, drags) }
        </div>
    }
}

/// Widths are classes: the page's policy allows no style in an element.
fn size(cell: &Cell, slices: u8) -> u8 {
    cell.size.min(slices)
}

fn inside(cell: &Cell, drags: &Drags, act: &Act) -> Html {
    match &cell.what {
        What::Free => html! { <span class="slice__free">{ texts::FREE_SLICE }</span> },
        What::Stranded => html! { <span class="slice__stranded">{ texts::STRANDED }</span> },
        What::Instance { name, verdict, without } => {
            let (without, act, ends) = (without.clone(), act.clone(), drags.clone());
            let remove = Callback::from(move |_: MouseEvent| {
                if !ends.ended() {
                    act.emit(Action::Cut(without.clone()));
                }
            });
            let holds = verdict.is_some_and(|verdict| verdict != Verdict::No);
            html! {
                <button type="button" class={classes!("slice__instance", holds.then_some("slice__instance--holds"))} onclick={remove}
                    onpointerdown={drags.grab(name, Some(cell.start))} onpointermove={drags.track()}
                    onpointerup={drags.release()} onpointercancel={drags.cancel()}>
                    <span>{ name }</span>
                    <span class="slice__verdict">{ if holds { texts::HOLDS } else { texts::TOO_SMALL } }</span>
                    <span class="unseen">{ texts::remove(cell.start) }</span>
                </button>
            }
        }
    }
}

/// Where it would stand.
fn ghost(card: &Card, drags: &Drags) -> Html {
    let moved = drags.now().and_then(|drag| Some((drag, drag.over?)));
    let Some((drag, over)) = moved else { return Html::default() };
    let Some((start, size)) = card::would_stand(card, &drag.name, over) else { return Html::default() };
    let legal = card::dropped(card, &drag.name, drag.from, over).is_ok();
    let class = if legal { "card__ghost" } else { "card__ghost card__ghost--refused" };
    html! {
        <svg class="card__over" viewBox={format!("0 0 {} 1", card.slices)} preserveAspectRatio="none" aria-hidden="true">
            <rect {class} x={start.to_string()} width={size.to_string()} height="1" />
        </svg>
    }
}
