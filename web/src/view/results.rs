//! What explains the answer, drawn after it.

use std::rc::Rc;

use yew::prelude::*;

use super::Act;
use super::advised::AdvisedView;
use super::assumptions::Assumptions;
use super::bar::MemoryBar;
use super::card::CardView;
use super::chart::ChartView;
use super::device_table::DeviceTable;
use super::later::{rank, use_later};
use super::parameters::ParametersView;
use crate::outcome::{Judged, Model};
use crate::state::Table;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) judged: Rc<Judged>,
    pub(crate) device: Option<String>,
    pub(crate) table: Table,
    pub(crate) card: Option<String>,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn Results(props: &Props) -> Html {
    let Props { judged, act, .. } = props;
    let open = use_memo((judged.clone(), props.device.clone()), |(judged, device)| {
        judged.focused(device.as_deref()).cloned().map(Rc::new)
    });
    let label = open.as_ref().as_ref().map(|open| open.device.clone());
    let advised = use_later((judged.clone(), props.device.clone()), rank::ADVICE);
    let opened = use_later((*open).clone(), rank::BAR).flatten();
    let listed = use_later(judged.clone(), rank::TABLE);
    let charted = use_later((judged.clone(), (*open).clone()), rank::CHART);
    let cut = use_later((judged.clone(), (*open).clone()), rank::CARD);
    html! {
        <>
            if let Some((judged, open)) = advised { <AdvisedView {judged} {open} act={act.clone()} /> }
            if let Some(offer) = opened { <MemoryBar {offer} /> }
            if let Some((judged, Some(open))) = charted { <ChartView {judged} {open} /> }
            if let Some(judged) = listed {
                <DeviceTable {judged} table={props.table.clone()} focused={label} act={act.clone()} />
            }
            if let Some((judged, Some(open))) = cut {
                <CardView {judged} {open} asked={props.card.clone()} act={act.clone()} />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct ModelProps {
    pub(crate) model: Rc<Model>,
}

/// What follows from the model alone.
#[component]
pub(crate) fn AboutModel(props: &ModelProps) -> Html {
    let Some(model) = use_later(props.model.clone(), rank::MODEL) else { return Html::default() };
    html! { <><Assumptions model={model.clone()} /><ParametersView {model} /></> }
}
