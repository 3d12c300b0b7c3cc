//! A model that a search offers.

use yew::prelude::*;

use crate::{browser, texts};

/// A model that is offered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Hit {
    /// Of the catalog.
    Known(String),
    /// To be fetched.
    Hub(String),
}

impl Hit {
    /// Its id.
    pub(crate) fn id(&self) -> &str {
        match self {
            Hit::Known(id) | Hit::Hub(id) => id,
        }
    }
}

/// One line of the list.
pub(crate) fn option(place: usize, hit: &Hit, active: bool, choose: &Callback<Hit>) -> Html {
    let (choose, chosen) = (choose.clone(), hit.clone());
    let text = match hit {
        Hit::Known(id) => id.clone(),
        Hit::Hub(id) => texts::fetch(id, &browser::hub()),
    };
    // Before the field loses its focus, which closes the list.
    let onmousedown = Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        choose.emit(chosen.clone());
    });
    html! {
        <li key={text.clone()} id={format!("search-{place}")} class="search__one" role="option"
            aria-selected={active.to_string()} {onmousedown}>{ text }</li>
    }
}
