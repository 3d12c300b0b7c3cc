//! What the layers keep.

use yew::prelude::*;

use crate::outcome::Judged;
use crate::outcome::layers::{self, Row};
use crate::texts::layers as texts;

pub(crate) fn layers(judged: &Judged) -> Html {
    let Some(layers) = layers::of(judged) else { return Html::default() };
    html! {
        <section class="parameters" aria-labelledby="layers-title">
            <h2 id="layers-title" class="heading">{ texts::TITLE }</h2>
            <div class="parameters__scroll" role="group" aria-label={texts::TITLE} tabindex="0">
                <table class="parameters__table">
                    <caption class="unseen">{ texts::TITLE }</caption>
                    <thead><tr>{ for texts::HEADS.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                    <tbody>{ for layers.rows.iter().map(row) }</tbody>
                    <tfoot><tr>
                        <th scope="row">{ texts::TOTAL }</th>
                        <td></td><td>{ &layers.per_token }</td><td></td><td>{ &layers.state }</td>
                    </tr></tfoot>
                </table>
            </div>
            <p class="help">{ texts::format(&layers.dtype) }</p>
        </section>
    }
}

fn row(row: &Row) -> Html {
    html! {
        <tr>
            <th scope="row">{ row.kind }</th>
            <td>{ &row.layers }</td><td>{ &row.per_token }</td><td>{ &row.window }</td><td>{ &row.state }</td>
        </tr>
    }
}
