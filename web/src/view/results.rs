//! What explains the answer, drawn after it.

use std::rc::Rc;

use migfit::matching::Offer;
use migfit_errands::Errand;
use yew::prelude::*;

use super::Act;
use super::advised::AdvisedView;
use super::assumptions::assumptions;
use super::bar::memory_bar;
use super::card::CardView;
use super::chart::ChartView;
use super::device_table::DeviceTable;
use super::exports::ExportsView;
use super::later::{rank, use_later};
use super::layers::layers;
use super::parameters::parameters;
use crate::outcome::Judged;
use crate::state::{ModelInput, Table};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) judged: Rc<Judged>,
    pub(crate) device: Option<String>,
    pub(crate) table: Table,
    pub(crate) card: Option<String>,
    pub(crate) model: ModelInput,
    pub(crate) write: Callback<Errand>,
    pub(crate) act: Act,
}

/// What the parts are drawn from.
#[derive(PartialEq, Eq)]
struct Shown {
    judged: Rc<Judged>,
    /// The device that the reader opened.
    wanted: Option<String>,
    /// The device that is open.
    open: Option<Rc<Offer>>,
}

#[component]
pub(crate) fn Results(props: &Props) -> Html {
    let act = &props.act;
    let now = use_memo((props.judged.clone(), props.device.clone()), |(judged, device)| Shown {
        open: judged.focused(device.as_deref()).cloned().map(Rc::new),
        judged: judged.clone(),
        wanted: device.clone(),
    });
    let label = now.open.as_ref().map(|open| open.device.clone());
    let advised = use_later(now.clone(), rank::ADVICE);
    let barred = use_later(now.clone(), rank::BAR);
    let listed = use_later(now.clone(), rank::TABLE);
    let charted = use_later(now.clone(), rank::CHART);
    let cut = use_later(now.clone(), rank::CARD);
    let counted = use_later(now, rank::MODEL);
    html! {
        <>
            if let Some(device) = &label {
                <ExportsView judged={props.judged.clone()} device={device.clone()} model={props.model.clone()} card={props.card.clone()} />
            }
            if let Some(shown) = advised {
                <AdvisedView judged={shown.judged.clone()} open={shown.wanted.clone()} act={act.clone()} />
            }
            { opened(barred, |judged, open| memory_bar(&judged, &open)) }
            { opened(charted, |judged, open| html! { <ChartView {judged} {open} /> }) }
            if let Some(shown) = listed {
                <DeviceTable judged={shown.judged.clone()} table={props.table.clone()} focused={label.clone()}
                    config={props.model.text.clone()} write={props.write.clone()} act={act.clone()} />
            }
            { opened(cut, |judged, open| html! {
                <CardView {judged} {open} asked={props.card.clone()} act={act.clone()} />
            }) }
            if let Some(shown) = counted {
                { assumptions(&shown.judged.model) }
                { parameters(&shown.judged.model) }
                { layers(&shown.judged) }
            }
        </>
    }
}

/// A part about the open device, once its turn has come.
fn opened(shown: Option<Rc<Shown>>, draw: impl FnOnce(Rc<Judged>, Rc<Offer>) -> Html) -> Html {
    let open = shown.and_then(|shown| Some((shown.judged.clone(), shown.open.clone()?)));
    open.map(|(judged, open)| draw(judged, open)).unwrap_or_default()
}
