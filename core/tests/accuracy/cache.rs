//! What a log states of its cache beside what is computed: bytes of a token, memory left, sequences at once.

use std::fmt::Write as _;

use migfit::engine::{Maker, Serving, TokenLine};
use migfit::gpu::{Architecture, Device, Gpu};
use migfit::matching::{Offer, fit};
use migfit::memory::{InFlight, Plan};
use migfit::model::Model;
use migfit::units::Bytes;

use super::document::percentile;
use super::logs::Row;
use super::setup::serving;

const GIB: f64 = (1_u64 << 30) as f64;

/// Memory of devices that a row names without their memory, in hundredths of a GiB, as other logs print it.
const DEVICES: &[(&str, u64)] = &[
    ("Tesla T4", 1456),
    ("NVIDIA L4", 2216),
    ("L40S", 4440),
    ("H100 80GB", 7919),
    ("RTX A5000", 2356),
    ("RTX 4090 D", 2352),
    ("RTX 2000 Ada", 1555),
    ("A100 (colab", 7915),
];

/// Goals: share of rows whose tokens are within [`NEAR`] percent, and medians in percent. Never to be loosened.
pub(crate) const WITHIN: usize = 95;
pub(crate) const NEAR: f64 = 0.2;
pub(crate) const LEFT: f64 = 3.0;
pub(crate) const AT_ONCE: f64 = 5.0;

/// Rows whose memory left lies within the error that the estimate states. Never to be lowered.
pub(crate) const INSIDE: usize = 39;

/// What is known about rows beyond these.
const EXPLAINED: &str = include_str!("cache_explained.tsv");

/// Logged beside computed.
#[derive(Default)]
pub(crate) struct Compared {
    /// Tokens of the cache: logged, and computed from the memory that the log states.
    pub(crate) tokens: Option<(f64, f64)>,
    /// Share of the figure by which the printed memory may be rounded, in percent.
    pub(crate) rounding: f64,
    /// Memory left for the cache in GiB: logged and computed, and the device's.
    pub(crate) left: Option<(f64, f64, f64)>,
    /// How far the estimate says that memory left may be off, in GiB.
    pub(crate) band: Option<f64>,
    /// Sequences at once: logged, and computed from the computed memory.
    pub(crate) predicted: Option<(f64, f64)>,
    /// Sequences at once: logged, and computed from the memory that the log states.
    pub(crate) at_once: Option<(f64, f64)>,
}

/// Computed less logged, in percent of logged.
pub(crate) fn percent((logged, computed): (f64, f64)) -> f64 {
    (computed - logged) / logged * 100.0
}

impl Compared {
    /// Error of the memory left, in percent of the device.
    pub(crate) fn left_error(&self) -> Option<f64> {
        self.left.map(|(logged, computed, device)| (computed - logged) / device * 100.0)
    }
}

/// The figures of `row` that can be compared.
pub(crate) fn compare(row: &Row, model: &Model) -> Result<Compared, String> {
    let serving = serving(row, model);
    let plan = Plan::new(model, &serving)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    let logged = row.number("kv_cache_gib_available");
    let cache = logged.map(|gib| Bytes::new((gib * GIB) as u64));
    let concurrency = row.number("max_concurrency_x");
    let offer = memory(row).map(|memory| on(model, &serving, memory, row.get("gpu").contains("A100")));
    let from_offer = |offer: &Offer| at_once(&plan, offer.capacity.cache_bytes);
    // What the estimate says of itself, and what is not known of the device.
    let doubt = |offer: &Offer| doubt(row) * offer.usable.get() as f64 / offer.memory.get() as f64;
    Ok(Compared {
        tokens: cache.and_then(|cache| Some((row.number("kv_cache_tokens")?, tokens(&plan, cache)?))),
        rounding: logged.map_or(0.0, |gib| 0.005 / gib * 100.0),
        left: logged.zip(offer.as_ref()).map(|(gib, offer)| {
            (gib, offer.capacity.cache_bytes.get() as f64 / GIB, offer.memory.get() as f64 / GIB)
        }),
        band: offer.as_ref().map(|offer| offer.estimate.error().get() as f64 / GIB + doubt(offer)),
        predicted: concurrency.zip(offer.as_ref().and_then(from_offer)),
        at_once: concurrency.zip(cache.and_then(|cache| at_once(&plan, cache))),
    })
}

fn on(model: &Model, serving: &Serving, memory: Bytes, is_a100: bool) -> Offer {
    let key = if is_a100 { "a100" } else { "logged" };
    let card = Gpu::plain(key, Architecture::Ampere, memory);
    fit(model, serving, &[Device::whole(&card)]).unwrap().offers.remove(0)
}

/// Memory of the device: as the log prints it, else as other logs print that of such a device.
fn memory(row: &Row) -> Option<Bytes> {
    let gpu = row.get("gpu");
    let printed = gpu.split([' ', '(']).find_map(|word| {
        let word = word.strip_suffix(',').unwrap_or(word).trim_end_matches([')', ';']);
        word.strip_suffix("GiB")?.split('/').next_back()?.parse::<f64>().ok()
    });
    let spaced = || gpu.split(" GiB").next()?.rsplit([' ', '/']).next()?.parse::<f64>().ok();
    let named = || DEVICES.iter().find(|(name, _)| gpu.starts_with(name)).map(|(_, gib)| *gib as f64 / 100.0);
    printed.or_else(spaced).or_else(named).map(|gib| Bytes::new((gib * GIB) as u64))
}

/// How much more memory the device of `row` may have than is assumed, in GiB: a T4 that is not printed may be the
/// larger kind.
fn doubt(row: &Row) -> f64 {
    let gpu = row.get("gpu");
    let unprinted = gpu.starts_with("Tesla T4") && !gpu.contains("GiB");
    if unprinted { 0.18 } else { 0.0 }
}

/// Blocks that one sequence of the longest length is charged.
fn each(plan: &Plan, batch: u64) -> u64 {
    let tokens = plan.serving.max_num_batched_tokens.unwrap_or(batch) * plan.engine.batches_in_flight;
    let in_flight = InFlight { tokens, encoder_tokens: Some(batch), state_blocks: plan.engine.state_blocks };
    plan.paging.blocks_per_sequence(plan.max_model_len, in_flight)
}

fn at_once(plan: &Plan, cache: Bytes) -> Option<f64> {
    let each = each(plan, 2048);
    (each > 0).then(|| cache.holds(plan.paging.bytes_per_block).unwrap_or(0) as f64 / each as f64)
}

/// The tokens that the engine prints for `cache`.
fn tokens(plan: &Plan, cache: Bytes) -> Option<f64> {
    if plan.engine.maker == Maker::Sglang {
        return Some(cache.holds(plan.kv_cache.bytes_per_token)? as f64);
    }
    let blocks = cache.holds(plan.paging.bytes_per_block)? as f64;
    let least = plan.paging.groups.iter().map(|group| group.block_tokens).min()? as f64;
    Some(match plan.engine.token_line {
        TokenLine::Blocks => blocks * least,
        TokenLine::PerGroup => (blocks / plan.paging.groups.len() as f64).floor() * least,
        TokenLine::ByConcurrency => blocks * plan.max_model_len as f64 / each(plan, 2048) as f64,
    })
}

/// Trusted rows of known models.
pub(crate) fn compared(rows: &[Row]) -> Vec<(&Row, Result<Compared, String>)> {
    let trusted = rows.iter().filter(|row| row.trusted());
    trusted.map(|row| (row, row.model().and_then(|model| compare(row, &model)))).collect()
}

/// What is known about a row that is far off.
pub(crate) fn explanation(id: &str) -> Option<&'static str> {
    EXPLAINED.lines().find_map(|line| line.strip_prefix(id)?.strip_prefix('\t'))
}

/// How many rows lie within the error that the estimate states.
pub(crate) fn within_bands(rows: &[Row]) -> usize {
    let found = compared(rows).into_iter().filter_map(|(_, found)| found.ok());
    found.filter(|found| found.within_band() == Some(true)).count()
}

/// Absolute errors in percent: tokens, memory left, sequences at once from computed and from logged memory.
pub(crate) fn errors(rows: &[Row]) -> [Vec<f64>; 4] {
    let found: Vec<Compared> = compared(rows).into_iter().filter_map(|(_, found)| found.ok()).collect();
    let all = |error: fn(&Compared) -> Option<f64>| found.iter().filter_map(error).map(f64::abs).collect();
    [
        all(|found| found.tokens.map(percent)),
        all(Compared::left_error),
        all(|found| found.predicted.map(percent)),
        all(|found| found.at_once.map(percent)),
    ]
}

impl Compared {
    /// Whether the memory left is as near as the estimate says of itself.
    pub(crate) fn within_band(&self) -> Option<bool> {
        let (logged, computed, _) = self.left?;
        Some((computed - logged).abs() <= self.band?)
    }

    /// Whether one of its figures is beyond the goals by more than the log's own rounding.
    pub(crate) fn far(&self) -> bool {
        let beyond = |error: Option<f64>, bound: f64| error.is_some_and(|error| error.abs() > bound);
        beyond(self.tokens.map(percent), NEAR.max(self.rounding))
            || beyond(self.left_error(), LEFT)
            || beyond(self.predicted.map(percent), AT_ONCE)
    }
}

/// The part of the page.
pub(crate) fn section(rows: &[Row]) -> String {
    let [mut tokens, mut left, mut predicted, mut given] = errors(rows);
    let near = tokens.iter().filter(|error| **error <= NEAR).count();
    let mut out = String::from(
        "\n## Cache\n\nTokens: those that the engine would print for the memory that the log states, so that they hold bytes per \
         token, blocks and groups to it. Left: memory for the cache, computed from the device on; the error is in percent of the \
         device. At once: sequences of the longest length, computed from the device on, and from the memory that the log states. \
         Where a log does not say how many sequences a batch may have, the default of its engine is taken.\n\n",
    );
    _ = writeln!(
        out,
        "| figure | logs | median | 95th percentile | largest | goal |\n|---|--:|--:|--:|--:|---|\n\
         | tokens | {} | {:.3} % | {:.2} % | {:.2} % | within 0.2 %: {near} of {} |",
        tokens.len(),
        percentile(&mut tokens, 50),
        percentile(&mut tokens, 95),
        percentile(&mut tokens, 100),
        tokens.len()
    );
    for (name, errors, goal) in [
        ("left", &mut left, "median 3 %"),
        ("at once, from the device on", &mut predicted, "median 5 %"),
        ("at once, from the memory logged", &mut given, ""),
    ] {
        let of = |errors: &mut Vec<f64>, rank| percentile(errors, rank);
        let (median, high, most) = (of(errors, 50), of(errors, 95), of(errors, 100));
        _ = writeln!(
            out,
            "| {name} | {} | {median:.3} % | {high:.2} % | {most:.2} % | {goal} |",
            errors.len()
        );
    }
    let found: Vec<Compared> = compared(rows).into_iter().filter_map(|(_, found)| found.ok()).collect();
    let bands: Vec<bool> = found.iter().filter_map(Compared::within_band).collect();
    let within = bands.iter().filter(|within| **within).count();
    _ = writeln!(
        out,
        "\nMemory left lies within the error that the estimate states of itself in {within} of {} logs. Where a log does not \
         print the memory of its T4, 0.18 GiB by which two kinds of that card differ are added.",
        bands.len()
    );
    out.push_str("\n| log | model | engine | tokens logged | computed | error | left GiB | computed | error | at once | computed | error | note |\n|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n");
    for (row, found) in compared(rows) {
        out.push_str(&line(row, &found));
    }
    out
}

fn line(row: &Row, found: &Result<Compared, String>) -> String {
    let mut cells = vec![row.get("id").to_owned(), row.get("hf_model_id").to_owned()];
    cells.push(format!("{} {}", row.get("engine"), row.get("engine_version")).trim().to_owned());
    let none = || [String::new(), String::new(), String::new()];
    let note = match found {
        Err(why) => {
            cells.extend([none(), none(), none()].concat());
            why.as_str()
        }
        Ok(found) => {
            let pair = |pair: Option<(f64, f64)>, digits: usize| {
                let three = |(logged, computed)| {
                    let error = percent((logged, computed));
                    [format!("{logged:.digits$}"), format!("{computed:.digits$}"), format!("{error:+.2} %")]
                };
                pair.map_or_else(none, three)
            };
            cells.extend(pair(found.tokens, 0));
            let left = found.left.zip(found.left_error());
            cells.extend(left.map_or_else(none, |((logged, computed, _), error)| {
                [format!("{logged:.2}"), format!("{computed:.2}"), format!("{error:+.2} %")]
            }));
            cells.extend(pair(found.predicted, 2));
            explanation(row.get("id")).unwrap_or("")
        }
    };
    format!("| {} | {note} |\n", cells.join(" | "))
}
