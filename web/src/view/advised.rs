//! What would make the model fit, each way with a button that takes it over.

use std::rc::Rc;

use migfit::matching::{Advice, Verdict};
use yew::prelude::*;

use super::Act;
use super::verdict::verdict as verdict_view;
use crate::outcome::{Judged, advised};
use crate::state::Action;
use crate::texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) judged: Rc<Judged>,
    pub(crate) open: Option<String>,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn AdvisedView(props: &Props) -> Html {
    let advised = use_memo((props.judged.clone(), props.open.clone()), |(judged, open)| {
        advised::of(judged, open.as_deref())
    });
    let Some(advised) = &*advised else { return Html::default() };
    html! {
        <section class="advised" aria-labelledby="advised-title">
            <h2 id="advised-title" class="heading">{ texts::to_fit(&advised.device) }</h2>
            <ul class="advised__ways">{ for advised.ways.iter().map(|way| line(way, &advised.device, &props.act)) }</ul>
        </section>
    }
}

fn line(way: &Advice, device: &str, act: &Act) -> Html {
    let serving = way.serving.clone();
    let apply = act.reform(move |_: MouseEvent| Action::Serve(Box::new(serving.clone())));
    let changes = way.changes.join(" + ");
    html! {
        <li class="advised__way">
            <button type="button" class="button button--small" onclick={apply}>
                { texts::APPLY }<span class="unseen">{ format!(": {changes}, for {device}") }</span>
            </button>
            <span>{ &changes }</span>
            <span class="advised__spare">
                if way.verdict == Verdict::Tight { { verdict_view(way.verdict) } }
                { format!("{} {}", way.spare, texts::FREE) }
            </span>
        </li>
    }
}
