//! How far the reading of something large is, and what came of it.

use std::rc::Rc;

use yew::prelude::*;

use super::intake::{Intake, Said};
use super::problem::problem as problem_view;
use crate::texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) intake: Rc<Intake>,
    pub(crate) stop: Callback<()>,
}

#[component]
pub(crate) fn IntakeStatus(props: &Props) -> Html {
    let stop = props.stop.reform(|_: MouseEvent| ());
    let notes = |notes: &[String]| {
        html! {
            if !notes.is_empty() { <ul class="intake__notes">{ for notes.iter().map(|note| html! { <li>{ note }</li> }) }</ul> }
        }
    };
    html! {
        <div class="intake" role="status">
            if let Some((what, progress)) = &props.intake.doing {
                <p>{ texts::reading(what) }{ progress.as_ref().map(|now| format!(": {}", now.what)).unwrap_or_default() }</p>
                <progress class="intake__bar" aria-label={texts::reading(what)}
                    value={progress.as_ref().map(|now| now.done.to_string())}
                    max={progress.as_ref().map(|now| now.total.to_string())} />
                <button type="button" class="button button--small" onclick={stop}>{ texts::CANCEL }</button>
            }
            { match &props.intake.said {
                None => Html::default(),
                Some(Said::Read(list)) => notes(list),
                Some(Said::Filled(from, list)) => html! { <><p>{ texts::filled(from) }</p>{ notes(list) }</> },
                Some(Said::Refused(problem)) => problem_view(texts::BAD_TEXT, problem),
            } }
        </div>
    }
}
