//! The catalog, searched as one types.

use std::rc::Rc;

use migfit_errands::{Answer, Question};
use yew::prelude::*;

use super::hit::{Hit, option};
use crate::browser::{self, Sent};
use crate::outcome::search;
use crate::texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    /// Takes an id of the catalog.
    pub(crate) find: Callback<String>,
    /// Takes an id of the Hub, and a token or nothing.
    pub(crate) fetch: Callback<(String, String)>,
}

#[component]
pub(crate) fn ModelSearch(props: &Props) -> Html {
    let ids = use_state(|| None::<Rc<Vec<String>>>);
    let typed = use_state(String::new);
    let open = use_state(|| false);
    let active = use_state(|| 0_usize);
    let sent = use_mut_ref(|| None::<Sent>);
    // Kept while the page is open, and nowhere else.
    let token = use_state(String::new);
    let found = use_memo(((*ids).clone(), (*typed).clone()), |(ids, typed)| {
        let mut found = ids.as_ref().map(|ids| search::matches(ids, typed)).unwrap_or_default();
        let known = found.first().is_some_and(|id| id.eq_ignore_ascii_case(typed.trim()));
        let fetched = (search::is_id(typed.trim()) && !known).then(|| Hit::Hub(typed.trim().to_owned()));
        found.drain(..).map(Hit::Known).chain(fetched).collect::<Vec<Hit>>()
    });
    // The catalog is in the reader's module, which is fetched when somebody looks for a model.
    let focus = {
        let (ids, open) = (ids.clone(), open.clone());
        Callback::from(move |_: FocusEvent| {
            open.set(true);
            if ids.is_none() && sent.borrow().is_none() {
                let ids = ids.clone();
                *sent.borrow_mut() = browser::ask(&Question::Ids, move |answer| {
                    if let Answer::Ids { ids: list } = answer {
                        ids.set(Some(Rc::new(list)));
                    }
                });
            }
        })
    };
    let choose = {
        let (open, typed, token) = (open.clone(), typed.clone(), (*token).clone());
        let (find, fetch) = (props.find.clone(), props.fetch.clone());
        Callback::from(move |hit: Hit| {
            open.set(false);
            typed.set(hit.id().to_owned());
            match hit {
                Hit::Known(id) => find.emit(id),
                Hit::Hub(id) => fetch.emit((id, token.clone())),
            }
        })
    };
    let input = {
        let (typed, open, active) = (typed.clone(), open.clone(), active.clone());
        Callback::from(move |event: InputEvent| {
            (typed.set(browser::typed(&event)), open.set(true), active.set(0)).0
        })
    };
    let keys = {
        let (found, open, active, choose) = (found.clone(), open.clone(), active.clone(), choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = found.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" if !*open => open.set(true),
                "ArrowDown" => active.set(if *active >= last { 0 } else { *active + 1 }),
                "ArrowUp" => active.set(active.checked_sub(1).unwrap_or(last)),
                "Enter" if *open => _ = found.get(*active).map(|hit| choose.emit(hit.clone())),
                "Escape" => open.set(false),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let blur = {
        let open = open.clone();
        Callback::from(move |_: FocusEvent| open.set(false))
    };
    let shown = *open && !found.is_empty();
    html! {
        <div class="search">
            <label class="model__label" for="search">{ texts::SEARCH }</label>
            <input id="search" class="search__field" type="text" role="combobox" autocomplete="off" spellcheck="false"
                placeholder={texts::SEARCH_PLACEHOLDER} value={(*typed).clone()} aria-autocomplete="list"
                aria-expanded={shown.to_string()} aria-controls="search-list"
                aria-activedescendant={shown.then(|| format!("search-{}", *active))}
                oninput={input} onfocus={focus} onblur={blur} onkeydown={keys} />
            // What scrolls would be a stop of its own for the tab key, and it goes away as soon as the field is left.
            <ul id="search-list" class="search__list" role="listbox" aria-label={texts::SEARCH_LIST} tabindex="-1"
                hidden={!shown}>
                { for found.iter().enumerate().map(|(place, hit)| option(place, hit, place == *active, &choose)) }
            </ul>
            <details class="fold">
                <summary>{ texts::TOKEN_FOLD }</summary>
                <label class="model__label" for="token">{ texts::TOKEN }</label>
                <input id="token" type="password" autocomplete="off" aria-describedby="token-help" value={(*token).clone()}
                    oninput={Callback::from(move |event: InputEvent| token.set(browser::typed(&event)))} />
                <p id="token-help" class="help">{ texts::TOKEN_HELP }</p>
            </details>
            <p class="unseen" role="status">{ if *open && ids.is_some() { texts::found(found.len()) } else { String::new() } }</p>
        </div>
    }
}
