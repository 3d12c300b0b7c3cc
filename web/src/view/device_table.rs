//! Every device with its verdict: sortable, filterable, and a list of cards on a small screen.

use std::rc::Rc;

use yew::prelude::*;

use super::Act;
use super::copy::Copy;
use super::figure::FigureView;
use super::verdict::VerdictView;
use crate::outcome::Judged;
use crate::outcome::rows::{Row, rows};
use crate::state::{Action, Column, Table};
use crate::{browser, texts};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) judged: Rc<Judged>,
    pub(crate) table: Table,
    pub(crate) focused: Option<String>,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn DeviceTable(props: &Props) -> Html {
    let rows = use_memo((props.judged.clone(), props.table.clone()), |(judged, table)| {
        rows(&judged.report, judged.answer.place, table)
    });
    let total = props.judged.report.offers.len();
    html! {
        <section class="devices" aria-labelledby="devices-title">
            <h2 id="devices-title" class="heading">{ texts::DEVICES }</h2>
            { tools(props) }
            // Roles are spelled out: a small screen shows the table as blocks, which takes them away.
            <table class="devices__table" role="table">
                <caption class="devices__caption">{ format!("{} of {total} devices. {}", rows.len(), texts::MARKS) }</caption>
                <thead role="rowgroup"><tr role="row">
                    { for Column::ALL.into_iter().map(|column| head(props, column)) }
                    <th role="columnheader" scope="col">{ texts::WHY }</th>
                </tr></thead>
                <tbody role="rowgroup">{ for rows.iter().map(|row| line(props, row)) }</tbody>
            </table>
            if rows.is_empty() { <p class="devices__none" role="status">{ texts::NOTHING_LEFT }</p> }
        </section>
    }
}

fn tools(props: &Props) -> Html {
    let table = props.table.clone();
    let filter = props.act.reform(move |event: InputEvent| {
        Action::Show(Table { filter: browser::typed(&event), ..table.clone() })
    });
    let switch = |word: &'static str, on: bool, set: fn(&Table, bool) -> Table| {
        let table = props.table.clone();
        let changed =
            props.act.reform(move |event: Event| Action::Show(set(&table, browser::ticked(&event))));
        html! { <label class="devices__switch"><input type="checkbox" checked={on} onchange={changed} />{ word }</label> }
    };
    html! {
        <div class="devices__tools">
            <label class="devices__filter">
                <span class="unseen">{ texts::FILTER }</span>
                <input type="search" placeholder={texts::FILTER} value={props.table.filter.clone()} oninput={filter} />
            </label>
            { switch(texts::FITTING, props.table.fitting, |table, fitting| Table { fitting, ..table.clone() }) }
            { switch(texts::EXACT, props.table.exact, |table, exact| Table { exact, ..table.clone() }) }
        </div>
    }
}

fn head(props: &Props, column: Column) -> Html {
    let table = &props.table;
    let (order, sign) = match (table.column == column, table.descending) {
        (false, _) => (None, ""),
        (true, false) => (Some("ascending"), "▲"),
        (true, true) => (Some("descending"), "▼"),
    };
    let next = table.sorted_by(column);
    let sort = props.act.reform(move |_: MouseEvent| Action::Show(next.clone()));
    html! {
        <th role="columnheader" scope="col" aria-sort={order} class={format!("devices__{}", column.key())}>
            <button type="button" class="devices__sort" onclick={sort}>
                { texts::column(column) }<span class="devices__order" aria-hidden="true">{ sign }</span>
            </button>
        </th>
    }
}

fn line(props: &Props, row: &Row) -> Html {
    let device = row.device.clone();
    let open = props.act.reform(move |_: MouseEvent| Action::Focus(device.clone()));
    let focused = props.focused.as_deref() == Some(row.device.as_str());
    let exact = props.table.exact;
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
                <span class="devices__resource"><code>{ &row.resource }</code><Copy text={row.resource.clone()} what={row.resource.clone()} /></span>
            </th>
            { cell(Column::Memory, html! { <FigureView figure={row.memory.clone()} exact={exact} /> }) }
            { cell(Column::Need, html! { <FigureView figure={row.need.clone()} exact={exact} /> }) }
            { cell(Column::Verdict, html! { <VerdictView verdict={row.verdict} /> }) }
            { cell(Column::Spare, html! {
                <><FigureView figure={row.spare.clone()} exact={exact} />if row.missing { { " " }{ texts::SHORT } }</>
            }) }
            { cell(Column::Sequences, html! { &row.sequences }) }
            { cell(Column::Context, html! { &row.context }) }
            <td role="cell" class="devices__why" data-label={texts::WHY}>{ for row.reasons.iter().map(|reason| html! { <p>{ reason }</p> }) }</td>
        </tr>
    }
}
