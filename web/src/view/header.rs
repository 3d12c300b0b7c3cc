//! The line on top: name, colours, link.

use std::rc::Rc;

use yew::prelude::*;

use super::copy::Copy;
use crate::state::link::Link;
use crate::{browser, texts};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) link: Rc<Link>,
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
    let done = if props.link.without_model { texts::LINK_WITHOUT_MODEL } else { texts::COPIED };
    html! {
        <header class="header">
            <h1 class="header__name">{ texts::TITLE }</h1>
            <p class="header__tagline">{ texts::TAGLINE }</p>
            <div class="header__tools">
                <label class="header__theme">
                    <span class="unseen">{ texts::THEME }</span>
                    <select onchange={choose}>
                        { for texts::THEMES.iter().map(|(value, word)| html! {
                            <option value={*value} selected={*theme == *value}>{ *word }</option>
                        }) }
                    </select>
                </label>
                <Copy text={browser::address_of(&props.link.fragment)} label={texts::COPY_LINK} done={done} />
            </div>
        </header>
    }
}
