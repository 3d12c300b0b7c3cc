//! A run of rows of the table of devices, drawn when its turn comes.

use std::rc::Rc;

use yew::prelude::*;

use super::Act;
use super::copy::Copy;
use super::figure::figure;
use super::later::{rank, use_later};
use super::verdict::verdict as verdict_view;
use crate::outcome::rows::Row;
use crate::state::{Action, Column};
use crate::texts;

/// Runs that are drawn before the chart below the table.
const FIRST: usize = 2;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    /// The how-manieth run it is.
    pub(crate) place: usize,
    pub(crate) rows: Rc<Vec<Row>>,
    /// The device that is open, where it is in this run.
    pub(crate) focused: Option<String>,
    pub(crate) exact: bool,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn DeviceRows(props: &Props) -> Html {
    let place = u32::try_from(props.place).unwrap_or(u32::MAX);
    let rank = if props.place < FIRST { rank::TABLE } else { rank::ROWS.saturating_add(place) };
    let Some(rows) = use_later(props.rows.clone(), rank) else { return Html::default() };
    html! { <tbody role="rowgroup">{ for rows.iter().map(|row| line(props, row)) }</tbody> }
}

fn line(props: &Props, row: &Row) -> Html {
    let device = row.device.clone();
    let open = props.act.reform(move |_: MouseEvent| Action::Focus(device.clone()));
    let focused = props.focused.as_deref() == Some(row.device.as_str());
    let exact = props.exact;
    let cell = |column: Column, body: Html| {
        html! {
            <td role="cell" class={format!("devices__{}", column.key())} data-label={texts::column(column)}>{ body }</td>
        }
    };
    html! {
        <tr key={row.device.clone()} role="row" class={classes!(
            "devices__row", focused.then_some("devices__row--open"), row.answer.then_some("devices__row--answer")
        )}>
            <th role="rowheader" scope="row" class="devices__device">
                <button type="button" class="devices__open" onclick={open} aria-pressed={focused.to_string()}>{ &row.device }</button>
                <span class="devices__resource"><code>{ &row.resource }</code><Copy text={AttrValue::from(row.resource.clone())} what={AttrValue::from(row.resource.clone())} /></span>
            </th>
            { cell(Column::Memory, figure(&row.memory, exact)) }
            { cell(Column::Need, figure(&row.need, exact)) }
            { cell(Column::Verdict, verdict_view(row.verdict)) }
            { cell(Column::Spare, html! {
                <>{ figure(&row.spare, exact) }if row.missing { { " " }{ texts::SHORT } }</>
            }) }
            { cell(Column::Sequences, html! { &row.sequences }) }
            { cell(Column::Context, html! { &row.context }) }
            <td role="cell" class="devices__why" data-label={texts::WHY}>{ for row.reasons.iter().map(|reason| html! { <p>{ reason }</p> }) }</td>
        </tr>
    }
}
