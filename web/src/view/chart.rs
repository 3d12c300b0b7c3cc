//! The cache against the context, with a line where each profile ends; the same as a table.

use std::rc::Rc;

use migfit::matching::Offer;
use yew::prelude::*;

use super::chart_data::{files, table};
use crate::outcome::Judged;
use crate::outcome::chart::{self, Chart, FULL, Line, Tick};
use crate::outcome::chart_file::named;
use crate::texts;

/// Height of the drawing in CSS pixels. Widths are shares, so that it follows the screen and its
/// texts keep their size.
const HEIGHT: u64 = 260;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) judged: Rc<Judged>,
    pub(crate) open: Rc<Offer>,
}

#[component]
pub(crate) fn ChartView(props: &Props) -> Html {
    let chart =
        use_memo((props.judged.clone(), props.open.clone()), |(judged, open)| chart::of(judged, open));
    let Some(chart) = &*chart else { return Html::default() };
    html! {
        <section class="chart" aria-labelledby="chart-title">
            <h2 id="chart-title" class="heading">{ texts::chart_title(&chart.gpu) }</h2>
            <div class="chart__frame" aria-hidden="true">
                <svg class="chart__up" width="100%" height={HEIGHT.to_string()}>{ for chart.up.iter().map(up) }</svg>
                { plot(chart) }
                <svg class="chart__across" width="100%" height="20">{ for chart.across.iter().map(across) }</svg>
                <p class="chart__unit">{ texts::CHART_ACROSS }</p>
            </div>
            { files(chart) }
            <details class="chart__table">
                <summary>{ texts::AS_TABLE }</summary>
                { table(chart) }
            </details>
        </section>
    }
}

/// Pixels from the top of a place in thousandths from below.
fn down(up: u64) -> String {
    (HEIGHT - up.min(FULL) * HEIGHT / FULL).to_string()
}

/// A place in thousandths from the left as a share of the width.
fn percent(at: u64) -> String {
    format!("{}.{}%", at / 10, at % 10)
}

fn up(tick: &Tick) -> Html {
    // The lowest label stands on the line, the others beside it.
    let shift = if tick.at == 0 { "-2" } else { "4" };
    html! { <text class="chart__label" x="100%" y={down(tick.at)} dx="-8" dy={shift} text-anchor="end">{ &tick.label }</text> }
}

fn across(tick: &Tick) -> Html {
    let anchor = match tick.at {
        0 => "start",
        FULL => "end",
        _ => "middle",
    };
    html! { <text class="chart__label" x={percent(tick.at)} y="15" text-anchor={anchor}>{ &tick.label }</text> }
}

fn plot(chart: &Chart) -> Html {
    let rule = |at: u64, class: &'static str| html! { <line class={class} x1="0" x2="100%" y1={down(at)} y2={down(at)} /> };
    let shown = || chart.limits.iter().filter(|limit| limit.at <= FULL);
    html! {
        <svg class="chart__plot" width="100%" height={HEIGHT.to_string()}>
            { for chart.up.iter().map(|tick| rule(tick.at, "chart__rule")) }
            { for shown().map(|limit| rule(limit.at, "chart__limit")) }
            <svg viewBox={format!("0 0 {FULL} {FULL}")} preserveAspectRatio="none" width="100%" height="100%">
                { for chart.lines.iter().map(curve) }
            </svg>
            { for named(shown(), HEIGHT).into_iter().map(|(at, label)| html! {
                <text class="chart__name" x="6" y={down(at)} dy="-5">{ label }</text>
            }) }
            { for chart.lines.iter().map(|line| html! {
                <text class={class(line, "chart__count")} x={percent(line.end.0)} y={down(line.end.1)} dx="-6" dy="-6" text-anchor="end">
                    { texts::sequences(line.sequences) }
                </text>
            }) }
        </svg>
    }
}

fn class(line: &Line, name: &'static str) -> Classes {
    classes!(name, line.asked.then(|| format!("{name}--asked")))
}

fn curve(line: &Line) -> Html {
    let points: Vec<String> =
        line.points.iter().map(|(at, up)| format!("{at},{}", i128::from(FULL) - i128::from(*up))).collect();
    html! { <polyline class={class(line, "chart__line")} points={points.join(" ")} /> }
}
