//! How the model is served: the settings that matter, the others folded.

use std::rc::Rc;

use migfit::units::grouped;
use yew::prelude::*;

use super::Act;
use super::fold::use_fold;
use super::setting::Setting;
use crate::outcome::{Model, Problems, defaults};
use crate::state::{Field, Form};
use crate::texts;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) form: Form,
    pub(crate) problems: Problems,
    pub(crate) model: Option<Rc<Model>>,
    pub(crate) act: Act,
}

#[component]
pub(crate) fn Settings(props: &Props) -> Html {
    let (unfolded, ontoggle) = use_fold();
    let (more, first): (Vec<Field>, Vec<Field>) =
        Field::ALL.into_iter().partition(|field| field.is_advanced());
    let changed = more.iter().filter(|field| !props.form.get(**field).is_empty()).count();
    html! {
        <section class="settings" aria-labelledby="settings-title">
            <h2 id="settings-title" class="heading">{ texts::SERVED_BY }</h2>
            { for first.into_iter().map(|field| setting(props, field)) }
            <details class="fold" {ontoggle}>
                <summary>
                    { texts::MORE }
                    if changed > 0 { <span class="fold__count">{ format!(" · {} changed", grouped(changed as u64)) }</span> }
                </summary>
                if unfolded { { for more.into_iter().map(|field| setting(props, field)) } }
            </details>
        </section>
    }
}

fn setting(props: &Props, field: Field) -> Html {
    let problems: Vec<_> = props.problems.of(field).cloned().collect();
    let default = defaults::placeholder(field, &props.form, props.model.as_deref());
    html! {
        <Setting key={field.key()} field={field} value={props.form.get(field).to_owned()} default={default}
            limits={defaults::limits(field, props.model.as_deref())}
            problems={problems} act={props.act.clone()} />
    }
}
