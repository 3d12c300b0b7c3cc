//! What a pool declares against what its hardware has. The hardware wins, and the contradiction is told.

use super::format::{NumberFormat, Support};
use super::unit::{Link, Unit};
use crate::fleet::inventory::quantity;
use crate::gpu::{Gpu, Memory};
use crate::problem::Problem;
use crate::source::Confidence;
use crate::units::{Bytes, grouped};

/// The memory to count on where `text` is declared for `unit`: what is declared, unless the hardware has less.
pub(super) fn memory(unit: &Unit, gpu: Option<&Gpu>, text: &str, field: &str) -> (Memory, Option<Problem>) {
    let declared = match quantity(text) {
        Ok(bytes) if bytes > 0 => Bytes::new(bytes),
        Ok(_) => return (unit.memory.clone(), Some(unread(field, text))),
        Err(_) => return (unit.memory.clone(), Some(unread(field, text))),
    };
    let most = most(unit, gpu);
    match most {
        Some(most) if declared > most => {
            (unit.memory.clone(), Some(too_much(unit, text, declared, most, field)))
        }
        Some(_) | None => {
            let basis = "declared by the pool".into();
            (Memory { basis, ..Memory::stated(declared) }, None)
        }
    }
}

fn unread(field: &str, text: &str) -> Problem {
    Problem::new("bad-field", field, format!("`{text}`"), "memory with a unit, such as `40192Mi`")
}

/// The most that such a unit was ever seen with: what was measured, else its share of the whole GPU; `None` where
/// nobody knows the GPU's memory either.
fn most(unit: &Unit, gpu: Option<&Gpu>) -> Option<Bytes> {
    let memory = &unit.memory;
    if let Some(shown) = memory.shown {
        let seen = memory.seen_mib.iter().map(|mib| Bytes::from_mib((*mib).into()));
        return Some(seen.fold(shown.max(memory.floor), Bytes::max));
    }
    let whole = gpu.filter(|gpu| gpu.memory.confidence != Confidence::Estimate)?;
    let portion = unit.portion;
    Some(whole.memory.best().share_up(portion.memory.into(), portion.of_memory.into()))
}

fn too_much(unit: &Unit, text: &str, declared: Bytes, most: Bytes, field: &str) -> Problem {
    let floor = unit.memory.floor;
    let problem = Problem::new(
        "declared-memory",
        field,
        format!("{text} ({})", mib(declared)),
        format!("at most {}, which a {} has; {} are counted on", mib(most), unit.device, mib(floor)),
    );
    match unit.profile {
        Some(profile) => {
            problem.hint(format!("`{}gb` in `{profile}` is a label, not an amount", profile.nominal_gb))
        }
        None => problem.hint("a driver reports less than the nominal memory"),
    }
}

/// `40,192 MiB`.
pub(super) fn mib(bytes: Bytes) -> String {
    format!("{} MiB", grouped(bytes.whole_mib()))
}

/// The path to count on where `text` is declared between units like `unit`.
pub(super) fn link(unit: &Unit, text: &str, field: &str) -> (Option<Link>, Option<Problem>) {
    let Some(declared) = Link::parse(text) else {
        let expected = "nvlink, pcie or none";
        return (unit.link, Some(Problem::new("bad-field", field, format!("`{text}`"), expected)));
    };
    match unit.link {
        Some(real) if declared > real => {
            let why = if unit.is_slice() {
                "`none`: MIG instances reach each other neither over NVLink nor over PCIe".to_owned()
            } else {
                format!("`{}`: a {} has no faster path", real.word(), unit.device)
            };
            (Some(real), Some(Problem::new("declared-interconnect", field, format!("`{text}`"), why)))
        }
        Some(_) | None => (Some(declared), None),
    }
}

/// The formats to count on where `words` are declared for `unit`, and what is wrong with them.
pub(super) fn formats(unit: &Unit, words: &[String], field: &str) -> (Vec<NumberFormat>, Vec<Problem>) {
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    for word in words {
        let Some(format) = NumberFormat::parse(word) else {
            let known: Vec<&str> = NumberFormat::ALL.iter().map(|format| format.word()).collect();
            let expected = format!("one of {}", known.join(", "));
            problems.push(Problem::new("bad-field", field, format!("`{word}`"), expected));
            continue;
        };
        let support = unit.architecture.map_or(Support::Unknown, |known| format.on(known));
        match (support, unit.architecture) {
            (Support::No, Some(architecture)) => {
                let expected = format!("a format in which {} computes", architecture.word());
                problems.push(Problem::new("declared-precision", field, format!("`{word}`"), expected));
            }
            (Support::No | Support::Yes | Support::Unknown, _) => kept.push(format),
        }
    }
    kept.sort_unstable();
    kept.dedup();
    (kept, problems)
}

/// Declared units of a node against `gpus` GPUs of `each` units.
pub(super) fn units(declared: u64, gpus: u64, each: u64, unit: &str, field: &str) -> Option<Problem> {
    let real = gpus.saturating_mul(each);
    (declared != real).then(|| {
        Problem::new(
            "declared-units",
            field,
            grouped(declared),
            format!("{}: {} GPUs of {} {unit} each", grouped(real), grouped(gpus), grouped(each)),
        )
    })
}

/// Bits per second: `400Gbps`, `400Gb/s`, `50GB/s`, `3.2Tbps`, `1.6TB/s`.
#[must_use]
pub fn bits_per_second(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 10] = [
        ("Tbps", 1_000_000_000_000),
        ("Tb/s", 1_000_000_000_000),
        ("Gbps", 1_000_000_000),
        ("Gb/s", 1_000_000_000),
        ("Gbit/s", 1_000_000_000),
        ("Mbps", 1_000_000),
        ("Mb/s", 1_000_000),
        ("TB/s", 8_000_000_000_000),
        ("GB/s", 8_000_000_000),
        ("MB/s", 8_000_000),
    ];
    let text = text.trim();
    let (number, unit) =
        UNITS.iter().find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?.trim(), *unit)))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let scale = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let part: u64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    let whole = whole.parse::<u64>().ok()?.checked_mul(unit)?;
    whole.checked_add(part.checked_mul(unit)?.checked_div(scale)?)
}

pub(super) fn bandwidth(text: &str, field: &str) -> Result<u64, Problem> {
    let expected = "a bandwidth with its unit, such as `400Gbps`";
    bits_per_second(text).ok_or_else(|| Problem::new("bad-field", field, format!("`{text}`"), expected))
}
