//! Where the parameters are.

use migfit::units::grouped;
use yew::prelude::*;

use crate::outcome::{Model, breakdown};
use crate::texts;

pub(crate) fn parameters(model: &Model) -> Html {
    let parts = breakdown::parts(model);
    html! {
        <section class="parameters" aria-labelledby="parameters-title">
            <h2 id="parameters-title" class="heading">{ texts::PARAMETERS }</h2>
            <table class="parameters__table">
                <caption class="unseen">{ "Parameters by part of the model" }</caption>
                <thead><tr><th scope="col">{ "Part" }</th><th scope="col">{ "Parameters" }</th><th scope="col">{ "Share" }</th></tr></thead>
                <tbody>
                    { for parts.iter().map(|part| html! {
                        <tr>
                            <th scope="row">{ &part.name }</th>
                            <td>{ grouped(part.parameters) }</td>
                            <td class="parameters__share">
                                <svg viewBox="0 0 100 8" width="100" height="8" aria-hidden="true">
                                    <rect class="parameters__track" width="100" height="8" />
                                    <rect class="parameters__fill" width={part.percent.clone()} height="8" />
                                </svg>
                                <span class="parameters__percent">{ format!("{} %", part.percent) }</span>
                            </td>
                        </tr>
                    }) }
                </tbody>
                <tfoot><tr>
                    <th scope="row">{ "total" }</th>
                    <td>{ grouped(model.facts.parameters.total) }</td><td></td>
                </tr></tfoot>
            </table>
        </section>
    }
}
