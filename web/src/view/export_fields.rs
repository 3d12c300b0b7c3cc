//! What is to be written: its kind, and what that kind needs to know.

use migfit_errands::{Kinds, Source, Wanted};
use yew::prelude::*;

use super::field::{Of, area, choice, line};
use crate::browser;
use crate::texts::export as texts;

type Set = fn(&mut Wanted, String);

/// The fields for `chosen`; `name` is what the model is called where no id is given.
pub(crate) fn fields(kinds: &Kinds, chosen: &Wanted, name: &str, give: &Callback<Wanted>) -> Html {
    let with = |set: Set| {
        let chosen = chosen.clone();
        move |text: String| {
            let mut next = chosen.clone();
            set(&mut next, text);
            next
        }
    };
    let typed = |set: Set| {
        let with = with(set);
        give.reform(move |event: InputEvent| with(browser::typed(&event)))
    };
    let picked = |set: Set| {
        let with = with(set);
        give.reform(move |event: Event| with(browser::chosen(&event)))
    };
    let source = kinds.kinds.iter().find(|kind| kind.id == chosen.kind).map(|kind| kind.source);
    let spellings: Vec<(&str, &str)> =
        kinds.spellings.iter().map(|(id, about)| (id.as_str(), about.as_str())).collect();
    let of = |id, label, help| Of { id, label, help };
    html! {
        <div class="exports__fields">
            { kind(kinds, chosen, picked(|next, kind| next.kind = kind)) }
            { match source {
                Some(Source::Workload) => html! {
                    <>
                        { choice(of("export-spelling", texts::SPELLING, ""), &spellings, &chosen.spelling, picked(|next, id| next.spelling = id)) }
                        { line(of("export-id", texts::ID, texts::ID_HELP), if chosen.id.is_empty() { name } else { &chosen.id }, typed(|next, id| next.id = id)) }
                        { line(of("export-name", texts::NAME, texts::NAME_HELP), &chosen.name, typed(|next, name| next.name = name)) }
                        { line(of("export-namespace", texts::NAMESPACE, texts::NAMESPACE_HELP), &chosen.namespace, typed(|next, name| next.namespace = name)) }
                        { line(of("export-replicas", texts::REPLICAS, texts::REPLICAS_HELP), &chosen.replicas, typed(|next, number| next.replicas = number)) }
                    </>
                },
                Some(Source::Nodes | Source::Teams) => html! {
                    <>
                        { line(of("export-nodes", texts::NODES, texts::NODES_HELP), &chosen.nodes, typed(|next, number| next.nodes = number)) }
                        { line(of("export-gpus", texts::GPUS, texts::GPUS_HELP), &chosen.gpus, typed(|next, number| next.gpus = number)) }
                    </>
                },
                None => Html::default(),
            } }
            if source == Some(Source::Teams) {
                { area(of("export-teams", texts::TEAMS, texts::TEAMS_HELP), "3", &chosen.teams, {
                    let with = with(|next, teams| next.teams = teams);
                    give.reform(move |event: InputEvent| with(browser::text(&event)))
                }) }
            }
        </div>
    }
}

/// The kinds, those made from the same together.
fn kind(kinds: &Kinds, chosen: &Wanted, onchange: Callback<Event>) -> Html {
    let about = kinds.kinds.iter().find(|kind| kind.id == chosen.kind).map(|kind| kind.about.clone());
    html! {
        <div class="field">
            <label class="field__label" for="export-kind">{ texts::KIND }</label>
            <select id="export-kind" {onchange} aria-describedby="export-kind-help">
                { for [Source::Workload, Source::Nodes, Source::Teams].into_iter().map(|source| html! {
                    <optgroup label={texts::group(source)}>
                        { for kinds.kinds.iter().filter(|kind| kind.source == source).map(|kind| html! {
                            <option value={kind.id.clone()} selected={kind.id == chosen.kind}>{ &kind.title }</option>
                        }) }
                    </optgroup>
                }) }
            </select>
            <p id="export-kind-help" class="help">{ about.unwrap_or_default() }</p>
        </div>
    }
}
