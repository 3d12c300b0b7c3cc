//! How each figure comes about: all of them as a table, one as a value that opens.

use yew::prelude::*;

use super::figure::figure;
use crate::outcome::working::{Row, Working};
use crate::texts::working as texts;

/// The table, folded.
pub(crate) fn working(working: &Working) -> Html {
    let rows = working.inputs.iter().chain([&working.spare, &working.sequences, &working.context]);
    html! {
        <details class="fold working">
            <summary>{ texts::TITLE }</summary>
            <div class="working__scroll" role="region" aria-label={texts::TITLE} tabindex="0">
                <table class="working__table">
                    <caption class="unseen">{ texts::TITLE }</caption>
                    <thead><tr>{ for texts::HEADS.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                    <tbody>{ for rows.map(|row| html! {
                        <tr>
                            <th scope="row">{ row.name }</th>
                            <td class="working__value">{ value(row) }</td>
                            <td>{ &row.formula }</td>
                            <td class="working__source">{ &row.source }</td>
                        </tr>
                    }) }</tbody>
                </table>
            </div>
        </details>
    }
}

/// A value; pressing it tells how it comes about.
pub(crate) fn opens(row: &Row) -> Html {
    html! {
        <details class="opens">
            <summary>
                <span class="opens__name">{ row.name }</span>
                <span class="opens__value">{ value(row) }</span>
            </summary>
            <p class="opens__how">{ &row.formula }</p>
            <p class="opens__how">{ &row.source }</p>
        </details>
    }
}

fn value(row: &Row) -> Html {
    match &row.value {
        Ok(bytes) => figure(bytes, false),
        Err(words) => html! { words },
    }
}
