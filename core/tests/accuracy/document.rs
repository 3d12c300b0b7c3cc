//! The page: a summary, then every row.

use std::fmt::Write as _;

use super::cache;
use super::logs::Row;
use super::weights::{self, Compared};

/// Errors from here on, in percent, are explained row by row.
pub(crate) const FAR: f64 = 1.0;

const EXPLAINED: &str = include_str!("explained.tsv");

/// What is known about a row that is far off.
pub(crate) fn explanation(id: &str) -> Option<&'static str> {
    EXPLAINED.lines().find_map(|line| line.strip_prefix(id)?.strip_prefix('\t'))
}

/// Trusted rows that state weights, of models that are known.
pub(crate) fn compared(rows: &[Row]) -> impl Iterator<Item = (&Row, Compared)> {
    let trusted = rows.iter().filter(|row| row.trusted());
    trusted.filter_map(|row| Some((row, weights::compare(row, &row.model().ok()?)?)))
}

/// The value below which `percent` of the values lie (nearest rank).
pub(crate) fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() * percent).div_ceil(100).max(1);
    values.get(rank - 1).copied().unwrap_or(f64::NAN)
}

/// The page.
pub(crate) fn of(rows: &[Row]) -> String {
    let mut errors: Vec<f64> = compared(rows).map(|(_, found)| found.error().abs()).collect();
    let trusted = rows.iter().filter(|row| row.trusted()).count();
    let mut out = String::from(
        "# How near the figures are to what engines log\n\n\
         Written by `MIGFIT_BLESS=1 cargo test -p migfit --test accuracy`; do not edit. Every published log of trust A or B \
         is listed; no row is left out because of its error.\n\n## Weights\n\n\
         Bytes on one GPU as the engine counts them once loaded: the weights, fused and repacked, in the pieces that its \
         allocator hands out, tables of rotary positions, and room for LoRA adapters. What a log's own source says of its settings \
         beyond the table of logs stands in `core/tests/accuracy/settings.tsv`, each with where it says so; shapes of models that \
         the catalog lacks in `models.tsv`.\n\n",
    );
    _ = writeln!(
        out,
        "{trusted} logs, {} compared. Error: median {:.3} %, 95th percentile {:.2} %, largest {:.2} %.\n",
        errors.len(),
        percentile(&mut errors, 50),
        percentile(&mut errors, 95),
        percentile(&mut errors, 100)
    );
    out.push_str("| log | model | engine | TP | logged GiB | computed GiB | error | note |\n|---|---|---|--:|--:|--:|--:|---|\n");
    for row in rows.iter().filter(|row| row.trusted()) {
        out.push_str(&line(row));
    }
    out.push_str(&cache::section(rows));
    out
}

fn line(row: &Row) -> String {
    let model = row.model();
    let found = model.as_ref().ok().and_then(|model| weights::compare(row, model));
    let logged = row.get("weights_gib_per_gpu");
    let (computed, error, note) = match (&model, &found) {
        (Err(why), _) => (String::new(), String::new(), why.as_str()),
        (Ok(_), None) => (String::new(), String::new(), "the log does not state the weights"),
        (Ok(_), Some(found)) => (
            format!("{:.4}", found.computed / f64::from(1 << 30)),
            format!("{:+.3} %", found.error()),
            explanation(row.get("id")).unwrap_or(""),
        ),
    };
    let engine = format!("{} {}", row.get("engine"), row.get("engine_version"));
    let cells = [
        row.get("id"),
        row.get("hf_model_id"),
        engine.trim(),
        row.get("tp"),
        logged,
        &computed,
        &error,
        note,
    ];
    format!("| {} |\n", cells.join(" | "))
}
