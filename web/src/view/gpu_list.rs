//! Which GPUs are judged.

use migfit::gpu::catalog;
use yew::prelude::*;

use super::Act;
use super::figure::figure;
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
    let choose = |word: &'static str, gpus: fn() -> Gpus| {
        let chosen = props.act.reform(move |_: MouseEvent| Action::Choose(gpus()));
        html! { <button type="button" class="button button--small" onclick={chosen}>{ word }</button> }
    };
    html! {
        <section class="gpus" aria-labelledby="gpus-title">
            <h2 id="gpus-title" class="heading">{ texts::ON }</h2>
            <div class="gpus__buttons">
                { choose(texts::COMMON, Gpus::default) }
                { choose(texts::ALL, Gpus::all) }
                { choose(texts::NONE, Gpus::none) }
            </div>
            <fieldset class="gpus__list">
                <legend class="unseen">{ "GPUs to judge" }</legend>
                { for catalog().iter().map(|gpu| {
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
                }) }
            </fieldset>
        </section>
    }
}
