//! Which GPUs are judged.

use migfit::gpu::{Gpu, catalog};
use yew::prelude::*;

use super::Act;
use super::figure::figure;
use super::fold::use_fold;
use crate::outcome::Figure;
use crate::state::{Action, Gpus};
use crate::texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) gpus: Gpus,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn GpuList(props: &Props) -> Html {
    let (unfolded, ontoggle) = use_fold();
    let choose = |word: &'static str, gpus: fn() -> Gpus| {
        let chosen = props.act.reform(move |_: MouseEvent| Action::Choose(gpus()));
        html! { <button type="button" class="button button--small" onclick={chosen}>{ word }</button> }
    };
    let common = Gpus::default();
    let others = catalog().iter().filter(|gpu| props.gpus.has(gpu) && !common.has(gpu)).count();
    html! {
        <section class="gpus" aria-labelledby="gpus-title">
            <h2 id="gpus-title" class="heading">{ texts::ON }</h2>
            <div class="gpus__buttons">
                { choose(texts::COMMON, Gpus::default) }
                { choose(texts::ALL, Gpus::all) }
                { choose(texts::NONE, Gpus::none) }
            </div>
            { list(props, texts::GPUS_COMMON, |gpu| common.has(gpu)) }
            <details class="fold gpus__others" {ontoggle}>
                <summary>
                    { texts::GPUS_OTHERS }
                    if others > 0 { <span class="fold__count">{ texts::chosen(others) }</span> }
                </summary>
                if unfolded { { list(props, texts::GPUS_OTHERS, |gpu| !common.has(gpu)) } }
            </details>
        </section>
    }
}

fn list(props: &Props, legend: &'static str, shown: impl Fn(&Gpu) -> bool) -> Html {
    html! {
        <fieldset class="gpus__list">
            <legend class="unseen">{ legend }</legend>
            { for catalog().iter().filter(|gpu| shown(gpu)).map(|gpu| one(props, gpu)) }
        </fieldset>
    }
}

fn one(props: &Props, gpu: &'static Gpu) -> Html {
    let chosen = props.gpus.clone();
    let toggle = props.act.reform(move |_: Event| Action::Choose(chosen.toggled(gpu)));
    let memory = Figure::new(gpu.memory.best(), gpu.memory.confidence);
    html! {
        <label key={gpu.key.to_string()} class="gpus__one">
            <input type="checkbox" checked={props.gpus.has(gpu)} onchange={toggle} />
            <span>{ gpu.short_name.to_string() }</span>
            <span class="gpus__memory">{ figure(&memory, false) }</span>
        </label>
    }
}
