//! Every device with its verdict: sortable, filterable, and a list of cards on a small screen.

use std::rc::Rc;

use migfit_errands::{Errand, Format};
use yew::prelude::*;

use super::Act;
use super::device_rows::DeviceRows;
use crate::outcome::Judged;
use crate::outcome::rows::{Row, rows};
use crate::state::{Action, Column, Table};
use crate::{browser, texts};

/// Rows that are drawn together: few enough to be drawn between two frames.
const RUN: usize = 16;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) judged: Rc<Judged>,
    pub(crate) table: Table,
    pub(crate) focused: Option<String>,
    /// The text of the model.
    pub(crate) config: Rc<str>,
    /// Has the worker write a file.
    pub(crate) write: Callback<Errand>,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn DeviceTable(props: &Props) -> Html {
    let rows = use_memo((props.judged.clone(), props.table.clone()), |(judged, table)| {
        let rows = rows(&judged.report, judged.answer.place, table);
        rows.chunks(RUN).map(|run| Rc::new(run.to_vec())).collect::<Vec<_>>()
    });
    let shown: usize = rows.iter().map(|run| run.len()).sum();
    let total = props.judged.report.offers.len();
    html! {
        <section class="devices" aria-labelledby="devices-title">
            <h2 id="devices-title" class="heading">{ texts::DEVICES }</h2>
            { tools(props) }
            // Roles are spelled out: a small screen shows the table as blocks, which takes them away.
            <table class="devices__table" role="table">
                <caption class="devices__caption">{ format!("{} of {total} devices. {}", shown, texts::MARKS) }</caption>
                <thead role="rowgroup"><tr role="row">
                    { for Column::ALL.into_iter().map(|column| head(props, column)) }
                    <th role="columnheader" scope="col">{ texts::WHY }</th>
                </tr></thead>
                { for rows.iter().enumerate().map(|(place, run)| body(props, place, run)) }
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
            { save(props, texts::SAVE_CSV, Format::Csv) }
            { save(props, texts::SAVE_JSON, Format::Json) }
        </div>
    }
}

/// The worker writes the file: the code that does is not loaded with the page.
fn save(props: &Props, word: &'static str, format: Format) -> Html {
    let (write, judged, config) = (props.write.clone(), props.judged.clone(), props.config.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        let devices = judged.report.offers.iter().map(|offer| offer.device.clone()).collect();
        let serving = Box::new(judged.serving.clone());
        write.emit(Errand::Table { config: config.to_string(), serving, devices, format });
    });
    html! { <button type="button" class="button button--small" {onclick}>{ word }</button> }
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

fn body(props: &Props, place: usize, run: &Rc<Vec<Row>>) -> Html {
    let here = |label: &&String| run.iter().any(|row| row.device == **label);
    html! {
        <DeviceRows key={place} {place} rows={run.clone()} focused={props.focused.as_ref().filter(here).cloned()}
            exact={props.table.exact} act={props.act.clone()} />
    }
}
