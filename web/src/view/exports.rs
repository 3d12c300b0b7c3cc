//! What was worked out, as a cluster takes it: chosen, read, copied, saved.

use std::rc::Rc;

use migfit_errands::Exported;
use yew::prelude::*;

use super::copy::Copy;
use super::export_fields::fields;
use super::exporter::use_exporter;
use super::problem::problem;
use crate::browser;
use crate::outcome::Judged;
use crate::state::{ModelInput, exporting};
use crate::texts::export as texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) judged: Rc<Judged>,
    /// The device, by label.
    pub(crate) device: String,
    /// The model as it was given.
    pub(crate) model: ModelInput,
    /// How the card is cut, where the reader cut it.
    pub(crate) card: Option<String>,
}

#[component]
pub(crate) fn ExportsView(props: &Props) -> Html {
    let open = use_state(|| false);
    let chosen = use_state(exporting::untouched);
    let wanted = open.then(|| {
        exporting::wanted(&chosen, &props.model, &props.judged.serving, &props.device, props.card.as_deref())
    });
    let said = use_exporter(wanted);
    let toggle = {
        let open = open.setter();
        Callback::from(move |event: Event| open.set(browser::is_open(&event)))
    };
    let give = {
        let chosen = chosen.setter();
        Callback::from(move |next| chosen.set(next))
    };
    html! {
        <details class="fold exports" ontoggle={toggle}>
            <summary>{ texts::title(&props.device) }</summary>
            if let Some(kinds) = &said.kinds { { fields(kinds, &chosen, &props.model.name, &give) } }
            <p class="unseen" role="status">{ match (&said.written, &said.refused) {
                (Some(written), _) => written.file.clone(),
                (None, Some(_)) => String::new(),
                (None, None) => texts::WRITING.to_owned(),
            } }</p>
            if let Some(why) = &said.refused { { problem(texts::REFUSED, why) } }
            if let Some(written) = &said.written { { text(written) } }
        </details>
    }
}

fn text(written: &Rc<Exported>) -> Html {
    let file = written.clone();
    let save = Callback::from(move |_: MouseEvent| {
        _ = browser::save(&file.file, "text/plain;charset=utf-8", &file.text);
    });
    html! {
        <div class="exports__written">
            <div class="exports__tools">
                <code>{ &written.file }</code>
                <Copy text={AttrValue::from(written.text.clone())} what={AttrValue::from(written.file.clone())} />
                <button type="button" class="button button--small" onclick={save}>
                    { texts::DOWNLOAD }<span class="unseen">{ format!(" {}", written.file) }</span>
                </button>
            </div>
            <pre class="code" tabindex="0" role="region" aria-label={written.file.clone()}>{ &written.text }</pre>
        </div>
    }
}
