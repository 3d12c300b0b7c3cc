//! A number with its mark.

use yew::prelude::*;

use crate::outcome::Figure;

pub(crate) fn figure(figure: &Figure, exact: bool) -> Html {
    html! {
        <span class="figure">
            if let Some(mark) = figure.mark {
                <span class="figure__mark" aria-hidden="true">{ mark.sign() }</span>
                <span class="unseen">{ mark.word() }{ " " }</span>
            }
            { figure.text(exact).to_owned() }
        </span>
    }
}
