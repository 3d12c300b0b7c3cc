//! The chart for other uses: saved as a file, read as a table.

use migfit::units::grouped;
use yew::prelude::*;

use crate::outcome::chart::Chart;
use crate::outcome::chart_file::{SIZE, svg};
use crate::{browser, texts};

/// Saves it as a drawing or as a picture.
pub(crate) fn files(chart: &Chart) -> Html {
    let drawing = {
        let chart = chart.clone();
        move |_: MouseEvent| _ = browser::save("migfit.svg", "image/svg+xml", &svg(&chart))
    };
    let picture = {
        let chart = chart.clone();
        let side = |side: u64| u32::try_from(side).unwrap_or_default();
        move |_: MouseEvent| _ = browser::save_png("migfit.png", &svg(&chart), (side(SIZE.0), side(SIZE.1)))
    };
    html! {
        <p class="chart__files">
            <button type="button" class="button button--small" onclick={drawing}>{ texts::SAVE_SVG }</button>
            <button type="button" class="button button--small" onclick={picture}>{ texts::SAVE_PNG }</button>
        </p>
    }
}

/// The same as a table.
pub(crate) fn table(chart: &Chart) -> Html {
    html! {
        <div class="chart__scroll" role="group" aria-label={texts::AS_TABLE} tabindex="0">
        <table class="chart__numbers">
            <caption class="unseen">{ texts::CHART_CAPTION }</caption>
            <thead><tr>
                <th scope="col">{ texts::PROFILE }</th>
                <th scope="col">{ texts::LEFT_FOR_CACHE }</th>
                { for chart.lines.iter().map(|line| html! { <th scope="col">{ texts::sequences(line.sequences) }</th> }) }
            </tr></thead>
            <tbody>{ for chart.limits.iter().map(|limit| html! {
                <tr>
                    <th scope="row">{ &limit.label }</th>
                    <td>{ limit.cache.to_string() }</td>
                    { for limit.longest.iter().map(|tokens| html! { <td>{ grouped(*tokens) }</td> }) }
                </tr>
            }) }</tbody>
        </table>
        </div>
    }
}
