//! A number with its mark.

use yew::prelude::*;

use crate::outcome::Figure;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) figure: Figure,
    #[prop_or_default]
    pub(crate) exact: bool,
}

#[component]
pub(crate) fn FigureView(props: &Props) -> Html {
    html! {
        <span class="figure">
            if let Some(mark) = props.figure.mark {
                <span class="figure__mark" aria-hidden="true">{ mark.sign() }</span>
                <span class="unseen">{ mark.word() }{ " " }</span>
            }
            { props.figure.text(props.exact).to_owned() }
        </span>
    }
}
