//! The answer, first and always in view.

use migfit::matching::{Offer, Verdict};
use migfit::problem::Problem;
use yew::prelude::*;

use super::Act;
use super::copy::Copy;
use super::problem::problem as problem_view;
use super::verdict::verdict as verdict_view;
use super::working::opens;
use crate::outcome::{Answer, Judged, Outcome, Problems, working};
use crate::state::{Action, examples};
use crate::texts::{self, compare};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) outcome: Outcome,
    pub(crate) link_problem: Option<Problem>,
    /// Whether the model, served so, is kept to be compared.
    pub(crate) kept: bool,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn AnswerView(props: &Props) -> Html {
    let body = match &props.outcome {
        Outcome::Empty => empty(&props.act),
        Outcome::Waiting => html! { <p class="answer__sentence" role="status">{ texts::READING }</p> },
        Outcome::BadModel(problem) => problem_view(texts::bad_model(problem), problem),
        Outcome::BadSettings(problems) => bad_settings(problems),
        Outcome::NoGpus => html! { <p class="answer__sentence">{ texts::NO_GPUS }</p> },
        Outcome::Judged(judged) => answered(judged, props),
    };
    html! {
        <section class="answer" aria-labelledby="answer-title">
            <h2 id="answer-title" class="heading">{ texts::ANSWER }</h2>
            if let Some(problem) = &props.link_problem {
                { problem_view(texts::BAD_LINK, problem) }
            }
            { body }
        </section>
    }
}

/// The answer in one line, which stays in view on a phone; the whole sentence stands above for whoever listens.
pub(crate) fn bar(judged: &Judged) -> Html {
    let Answer { verdict, device, .. } = &judged.answer;
    html! {
        <p class="answer__bar" aria-hidden="true">
            { verdict_view(*verdict) }{ " " }<strong>{ device }</strong>
        </p>
    }
}

fn empty(act: &Act) -> Html {
    let act = act.clone();
    let example = Callback::from(move |_: MouseEvent| {
        act.emit(Action::Open(examples::GRANITE_FILE.to_owned(), examples::GRANITE_7B_BASE.into()));
    });
    html! {
        <>
            <p class="answer__sentence">{ texts::EMPTY_TITLE }</p>
            <p class="answer__text">{ texts::EMPTY_TEXT }</p>
            <p><button type="button" class="button button--main" onclick={example}>{ texts::EXAMPLE }</button></p>
        </>
    }
}

fn bad_settings(problems: &Problems) -> Html {
    html! {
        <>
            <p class="answer__sentence" role="status">{ texts::FIX_SETTINGS }</p>
            { for problems.homeless().map(|problem| problem_view("", problem)) }
        </>
    }
}

fn answered(judged: &Judged, props: &Props) -> Html {
    let Answer { verdict, before, device, after, resource, .. } = &judged.answer;
    let keep = props.act.reform(|_: MouseEvent| Action::Keep);
    let offer = judged.answer.place.and_then(|place| judged.report.offers.get(place));
    html! {
        <>
            <div class="answer__line" role="status" aria-live="polite" aria-atomic="true">
                { verdict_view(*verdict) }
                <p class="answer__sentence">{ before }{ " " }<strong class="answer__device">{ device }</strong>{ " " }{ after }</p>
            </div>
            if *verdict != Verdict::No {
                <p class="answer__resource">
                    <code>{ resource }</code>
                    <Copy text={AttrValue::from(resource.clone())} what={AttrValue::from(resource.clone())} />
                </p>
            }
            if let Some(offer) = offer { { facts(judged, offer) } }
            <p class="answer__keep">
                <button type="button" class="button button--small" disabled={props.kept} onclick={keep}>
                    { if props.kept { compare::KEPT } else { compare::KEEP } }
                </button>
            </p>
        </>
    }
}

/// Three figures, each of which tells how it comes about.
fn facts(judged: &Judged, offer: &Offer) -> Html {
    let working = working::of(judged, offer);
    html! { <div class="facts">{ for [&working.context, &working.sequences, &working.spare].into_iter().map(opens) }</div> }
}
