//! The open card as memory slices: what stands where, what can still be placed, and the commands.

use std::rc::Rc;

use migfit::matching::Offer;
use migfit::problem::Problem;
use yew::prelude::*;

use super::Act;
use super::card_choices::choices;
use super::card_drag::{Drag, use_drags};
use super::card_picture::picture;
use super::copy::Copy;
use super::problem::problem as problem_view;
use crate::outcome::Judged;
use crate::outcome::card::{self, Card, NOTHING};
use crate::state::Action;
use crate::texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) judged: Rc<Judged>,
    pub(crate) open: Rc<Offer>,
    pub(crate) asked: Option<String>,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn CardView(props: &Props) -> Html {
    let card =
        use_memo((props.judged.clone(), props.open.clone(), props.asked.clone()), |(judged, open, asked)| {
            card::of(judged, open, asked.as_deref())
        });
    let refused = use_state(|| None::<Problem>);
    use_effect_with(card.clone(), {
        let refused = refused.clone();
        move |_| refused.set(None)
    });
    let refuse = Callback::from({
        let refused = refused.clone();
        move |problem: Problem| refused.set(Some(problem))
    });
    let slices = card.as_ref().as_ref().map_or(1, |card| card.slices);
    let drop = {
        let (card, act, refuse) = (card.clone(), props.act.clone(), refuse.clone());
        Callback::from(move |drag: Drag| {
            _ = card.as_ref().as_ref().map(|card| end(card, &drag, &act, &refuse))
        })
    };
    let drags = use_drags(slices, drop);
    let Some(card) = &*card else { return Html::default() };
    let problem = (*refused).clone().or_else(|| card.refused.clone());
    let clear = props.act.reform(|_: MouseEvent| Action::Cut(NOTHING.to_owned()));
    html! {
        <section class="card" aria-labelledby="card-title">
            <h2 id="card-title" class="heading">{ texts::card_title(&card.gpu) }</h2>
            <p class="card__sum" role="status">{ texts::card_sum(card) }</p>
            { picture(card, &drags, &props.act) }
            if let Some(problem) = problem { { problem_view(texts::NO_PLACEMENT, &problem) } }
            { choices(&card.choices, &drags, &props.act, &refuse) }
            <p><button type="button" class="button button--small" onclick={clear}>{ texts::CLEAR_CARD }</button></p>
            { commands(card) }
            { layouts(card, &props.act) }
        </section>
    }
}

/// What was let go stands where it was let go; beside the card it is taken off.
fn end(card: &Card, drag: &Drag, act: &Act, refuse: &Callback<Problem>) {
    match (drag.over, drag.from) {
        (Some(over), from) => match card::dropped(card, &drag.name, from, over) {
            Ok(layout) => act.emit(Action::Cut(layout)),
            Err(problem) => refuse.emit(problem),
        },
        (None, Some(from)) => act.emit(Action::Cut(card::without(card, from))),
        (None, None) => {}
    }
}

fn commands(card: &Card) -> Html {
    let all = card.commands.join("\n");
    html! {
        <details class="card__commands">
            <summary>{ texts::COMMANDS }</summary>
            <pre class="code" tabindex="0" role="region" aria-label={texts::COMMANDS}>{ &all }</pre>
            <Copy text={AttrValue::from(all.clone())} what={texts::COMMANDS} />
        </details>
    }
}

/// Every full layout; pressing one draws it above.
fn layouts(card: &Card, act: &Act) -> Html {
    html! {
        <details class="card__layouts">
            <summary>{ texts::full_layouts(card.layouts.len()) }</summary>
            <ul class="card__layout-list">
                { for card.layouts.iter().map(|layout| layout_button(layout, act)) }
            </ul>
        </details>
    }
}

fn layout_button(layout: &str, act: &Act) -> Html {
    let cut = layout.to_owned();
    let onclick = act.reform(move |_: MouseEvent| Action::Cut(cut.clone()));
    html! {
        <li key={layout.to_owned()}>
            <button type="button" class="button button--small" onclick={onclick} aria-label={texts::draw(layout)}>
                { layout }
            </button>
        </li>
    }
}
