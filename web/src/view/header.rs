//! The line on top: name, pages, colours, link.

use std::rc::Rc;

use yew::prelude::*;

use super::Act;
use super::copy::{CopyButton, use_copy};
use crate::state::{Action, Page, State, link};
use crate::{browser, texts};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) state: Rc<State>,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn Header(props: &Props) -> Html {
    let theme = use_state(browser::theme);
    let choose = {
        let theme = theme.clone();
        Callback::from(move |event: Event| {
            let chosen = browser::chosen(&event);
            browser::set_theme(&chosen);
            theme.set(chosen);
        })
    };
    let (said, copy) = use_copy();
    // Written when it is asked for: packing a model takes longer than drawing the header.
    let state = props.state.clone();
    let onclick = copy.reform(move |_: MouseEvent| {
        let link = link::write(&state);
        let done = if link.without_model { texts::LINK_WITHOUT_MODEL } else { texts::COPIED };
        (browser::address_of(&link.fragment), done)
    });
    html! {
        <header class="header">
            <h1 class="header__name">{ texts::TITLE }</h1>
            <p class="header__tagline">{ texts::TAGLINE }</p>
            <nav class="header__pages" aria-label={texts::PAGES}>
                { for Page::ALL.into_iter().map(|page| tab(props, page)) }
            </nav>
            <div class="header__tools">
                <label class="header__theme">
                    <span class="unseen">{ texts::THEME }</span>
                    <select onchange={choose}>
                        { for texts::THEMES.iter().map(|(value, word)| html! {
                            <option value={*value} selected={*theme == *value}>{ *word }</option>
                        }) }
                    </select>
                </label>
                <CopyButton {said} {onclick}>{ texts::COPY_LINK }</CopyButton>
            </div>
        </header>
    }
}

/// A link, so that a page can be opened in another tab; followed without leaving this one.
fn tab(props: &Props, page: Page) -> Html {
    let go = props.act.reform(move |event: MouseEvent| {
        event.prevent_default();
        Action::Go(page)
    });
    let here = props.state.page == page;
    html! {
        <a key={page.key()} class="header__page" href={format!("#{}", link::of_page(page))}
            aria-current={here.then_some("page")} onclick={go}>{ texts::page(page) }</a>
    }
}
