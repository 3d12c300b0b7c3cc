//! The open card as memory slices: what stands where, what can still be placed, and the commands.

use std::rc::Rc;

use migfit::matching::{Offer, Verdict};
use migfit::problem::Problem;
use yew::prelude::*;

use super::Act;
use super::copy::Copy;
use super::problem::problem as problem_view;
use crate::outcome::Judged;
use crate::outcome::card::{self, Card, Cell, Choice, NOTHING, Start, What};
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
    let Some(card) = &*card else { return Html::default() };
    let refuse = Callback::from({
        let refused = refused.clone();
        move |problem: Problem| refused.set(Some(problem))
    });
    let problem = (*refused).clone().or_else(|| card.refused.clone());
    let clear = props.act.reform(|_: MouseEvent| Action::Cut(NOTHING.to_owned()));
    html! {
        <section class="card" aria-labelledby="card-title">
            <h2 id="card-title" class="heading">{ texts::card_title(&card.gpu) }</h2>
            <p class="card__sum" role="status">{ texts::card_sum(card) }</p>
            <div class="card__slices">{ picture(card, &props.act) }</div>
            if let Some(problem) = problem { { problem_view(texts::NO_PLACEMENT, &problem) } }
            <div class="card__choices">
                { for card.choices.iter().map(|choice| row(choice, &props.act, &refuse)) }
            </div>
            <p><button type="button" class="button button--small" onclick={clear}>{ texts::CLEAR_CARD }</button></p>
            { commands(card) }
            { layouts(card, &props.act) }
        </section>
    }
}

fn picture(card: &Card, act: &Act) -> Html {
    card.cells.iter().map(|cell| html! {
        <div key={cell.start} class={format!("slice slice--{}", size(cell, card.slices))}>{ inside(cell, act) }</div>
    }).collect()
}

/// Widths are classes: the page's policy allows no style in an element.
fn size(cell: &Cell, slices: u8) -> u8 {
    cell.size.min(slices)
}

fn inside(cell: &Cell, act: &Act) -> Html {
    match &cell.what {
        What::Free => html! { <span class="slice__free">{ texts::FREE_SLICE }</span> },
        What::Stranded => html! { <span class="slice__stranded">{ texts::STRANDED }</span> },
        What::Instance { name, verdict, without } => {
            let without = without.clone();
            let remove = act.reform(move |_: MouseEvent| Action::Cut(without.clone()));
            let holds = verdict.is_some_and(|verdict| verdict != Verdict::No);
            html! {
                <button type="button" class={classes!("slice__instance", holds.then_some("slice__instance--holds"))} onclick={remove}>
                    <span>{ name }</span>
                    <span class="slice__verdict">{ if holds { "holds it" } else { "too small" } }</span>
                    <span class="unseen">{ texts::remove(cell.start) }</span>
                </button>
            }
        }
    }
}

fn row(choice: &Choice, act: &Act, refuse: &Callback<Problem>) -> Html {
    let holds = choice.verdict.is_some_and(|verdict| verdict != Verdict::No);
    html! {
        <div class="card__choice" key={choice.name.clone()}>
            <span class={classes!("card__profile", holds.then_some("card__profile--holds"))}>{ &choice.name }</span>
            <span class="card__starts" role="group" aria-label={texts::place(&choice.name)}>
                { for choice.starts.iter().map(|start| button(&choice.name, start, act, refuse)) }
            </span>
        </div>
    }
}

fn button(name: &str, start: &Start, act: &Act, refuse: &Callback<Problem>) -> Html {
    let onclick = match &start.then {
        Ok(layout) => {
            let layout = layout.clone();
            act.reform(move |_: MouseEvent| Action::Cut(layout.clone()))
        }
        Err(problem) => {
            let problem = problem.clone();
            refuse.reform(move |_: MouseEvent| problem.clone())
        }
    };
    html! {
        <button type="button" class="button button--small card__start" onclick={onclick}
            aria-disabled={start.then.is_err().to_string()} aria-label={texts::place_at(name, start.slice)}>
            { start.slice }
        </button>
    }
}

fn commands(card: &Card) -> Html {
    let all = card.commands.join("\n");
    html! {
        <details class="card__commands">
            <summary>{ texts::COMMANDS }</summary>
            <pre tabindex="0">{ &all }</pre>
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
