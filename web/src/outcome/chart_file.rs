//! The chart as a picture of its own: light, with its title, for a document or a slide.

use std::fmt::Write as _;

use super::chart::{Chart, FULL, Limit, Line};
use crate::texts;

/// Size of the picture, in pixels.
pub const SIZE: (u64, u64) = (960, 480);
/// Where the plot stands in it: left, top, width, height.
const PLOT: (u64, u64, u64, u64) = (90, 60, 840, 340);

/// The chart as SVG.
#[must_use]
pub fn svg(chart: &Chart) -> String {
    let (width, height) = SIZE;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    text(
        &mut out,
        (PLOT.0, 34),
        "font-size=\"17\" font-weight=\"600\" fill=\"#1c2124\"",
        &texts::chart_title(&chart.gpu),
    );
    for tick in &chart.up {
        rule(&mut out, tick.at, "stroke=\"#dcdcd6\"");
        text(&mut out, (PLOT.0 - 10, y(tick.at) + 4), "text-anchor=\"end\" fill=\"#565f64\"", &tick.label);
    }
    for tick in &chart.across {
        text(
            &mut out,
            (x(tick.at), PLOT.1 + PLOT.3 + 22),
            "text-anchor=\"middle\" fill=\"#565f64\"",
            &tick.label,
        );
    }
    text(
        &mut out,
        (PLOT.0 + PLOT.2, PLOT.1 + PLOT.3 + 46),
        "text-anchor=\"end\" fill=\"#565f64\"",
        texts::CHART_ACROSS,
    );
    chart.lines.iter().for_each(|line| curve(&mut out, line));
    for limit in chart.limits.iter().filter(|limit| limit.at <= FULL) {
        rule(&mut out, limit.at, "stroke=\"#1c2124\" stroke-dasharray=\"5 4\"");
    }
    for (at, label) in named(chart.limits.iter().filter(|limit| limit.at <= FULL), PLOT.3) {
        text(&mut out, (PLOT.0 + 6, y(at).saturating_sub(5)), HALO, &label);
    }
    out.push_str("</svg>\n");
    out
}

const HALO: &str = "fill=\"#1c2124\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\"";

/// Labels of limits and where they stand in a plot `height` pixels high: lines that are closer than a label is high
/// share one, above the highest.
pub fn named<'a>(limits: impl Iterator<Item = &'a Limit>, height: u64) -> Vec<(u64, String)> {
    let room = 18 * FULL / height;
    let mut named: Vec<(u64, String)> = Vec::new();
    for limit in limits {
        match named.last_mut() {
            Some((at, label)) if limit.at < *at + room => {
                (*at, *label) = (limit.at, format!("{label}, {}", limit.label));
            }
            Some(_) | None => named.push((limit.at, limit.label.clone())),
        }
    }
    named
}

fn x(at: u64) -> u64 {
    PLOT.0 + at * PLOT.2 / FULL
}

/// What leaves the plot at the top ends there.
fn y(up: u64) -> u64 {
    PLOT.1 + PLOT.3 - up.min(FULL) * PLOT.3 / FULL
}

fn rule(out: &mut String, at: u64, look: &str) {
    let (left, right, y) = (PLOT.0, PLOT.0 + PLOT.2, y(at));
    _ = writeln!(out, "<line x1=\"{left}\" x2=\"{right}\" y1=\"{y}\" y2=\"{y}\" {look}/>");
}

fn curve(out: &mut String, line: &Line) {
    let inside = line.points.iter().filter(|(_, up)| *up <= FULL);
    let points: Vec<String> = inside.map(|(at, up)| format!("{},{}", x(*at), y(*up))).collect();
    let (width, weight) = if line.asked { (3, 700) } else { (2, 400) };
    _ = writeln!(
        out,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#d98a00\" stroke-width=\"{width}\"/>",
        points.join(" ")
    );
    let look = format!(
        "text-anchor=\"end\" fill=\"#875400\" font-weight=\"{weight}\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\""
    );
    text(out, (x(line.end.0) - 6, y(line.end.1).saturating_sub(6)), &look, &texts::sequences(line.sequences));
}

fn text(out: &mut String, (x, y): (u64, u64), look: &str, words: &str) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\" {look}>{words}</text>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::chart::Tick;
    use migfit::units::Bytes;

    #[test]
    fn a_picture_stands_alone_and_holds_no_markup_of_others() {
        let limit =
            |label: &str, at| Limit { label: label.to_owned(), cache: Bytes::ZERO, at, longest: Vec::new() };
        let tick = |at, label: &str| Tick { at, label: label.to_owned() };
        let line = Line {
            sequences: 1,
            asked: true,
            points: vec![(0, 0), (500, 600), (FULL, 1200)],
            end: (500, 600),
        };
        let chart = Chart {
            gpu: "<b>&".to_owned(),
            lines: vec![line],
            limits: vec![limit("1g", 100), limit("2g", 110), limit("7g", 5000)],
            across: vec![tick(0, "0")],
            up: vec![tick(0, "0")],
        };
        let svg = svg(&chart);
        assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"), "{svg}");
        assert!(svg.contains("&lt;b&gt;&amp;") && !svg.contains("<b>"), "{svg}");
        assert!(svg.contains(">1g, 2g</text>") && !svg.contains("7g"), "{svg}");
        assert!(svg.contains("points=\"90,400 510,196\""), "{svg}");
    }
}
