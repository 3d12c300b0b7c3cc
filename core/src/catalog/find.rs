//! Finding an entry by what a person writes: with or without the organisation, in any case.

use super::{Entry, entries, entry, ids};
use crate::order;
use crate::problem::Problem;

/// The most ids that a message lists.
const SHOWN: usize = 5;

/// The model called `name`: its id in any case, or its id without the organisation.
///
/// # Errors
/// `ambiguous-model` where the name without organisation fits models of different shape, which are listed;
/// `unknown-model` with the ids that are spelled most alike.
pub fn find(name: &str) -> Result<Entry, Problem> {
    match entry(name.trim()) {
        Some(entry) => Ok(entry),
        None => among(entries(), name.trim()),
    }
}

pub(super) fn among(entries: impl Iterator<Item = Entry>, name: &str) -> Result<Entry, Problem> {
    let mut bare_same = Vec::new();
    for entry in entries {
        if entry.id.eq_ignore_ascii_case(name) {
            return Ok(entry);
        }
        if bare(entry.id).eq_ignore_ascii_case(name) {
            bare_same.push(entry);
        }
    }
    match bare_same.as_slice() {
        [] => Err(unknown(name)),
        [first, rest @ ..] if rest.iter().all(|entry| entry.line == first.line) => Ok(*first),
        several => {
            let mut ids: Vec<&str> = several.iter().map(|entry| entry.id).collect();
            order::sort(&mut ids);
            Err(Problem::new("ambiguous-model", "model", format!("{name:?}"), "a name of one model")
                .hint(format!("with its organisation: {}", ids.join(" or "))))
        }
    }
}

/// The id without its organisation.
fn bare(id: &str) -> &str {
    id.split_once('/').map_or(id, |(_, bare)| bare)
}

/// The longest name for which near ones are looked for.
const MOST_LETTERS: usize = 128;

fn unknown(name: &str) -> Problem {
    if name.len() > MOST_LETTERS {
        let found = format!("a name of {} bytes", name.len());
        return Problem::new("unknown-model", "model", found, "a model of the catalog, or its config.json");
    }
    // An organisation that is not known may have copied a model that is; which one is the reader's to say.
    let wanted = pairs(bare(name));
    let mut alike: Vec<(u64, &str)> = ids()
        .map(|id| (likeness(&wanted, &pairs(bare(id))), id))
        .filter(|(score, _)| *score >= 500)
        .collect();
    order::sort_by(&mut alike, |a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let problem = Problem::new(
        "unknown-model",
        "model",
        format!("{name:?}"),
        "a model of the catalog, or its config.json",
    );
    if alike.is_empty() {
        return problem.hint("the config.json of any model can be given instead of a name");
    }
    let nearest: Vec<&str> = alike.iter().take(SHOWN).map(|(_, id)| *id).collect();
    problem.hint(format!("nearest: {}", nearest.join(", ")))
}

/// Neighbouring letters and digits, lower case, sorted; what stands between words does not count.
fn pairs(name: &str) -> Vec<(u8, u8)> {
    let plain: Vec<u8> =
        name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect();
    let mut pairs: Vec<(u8, u8)> = plain.iter().copied().zip(plain.iter().copied().skip(1)).collect();
    order::sort(&mut pairs);
    pairs
}

/// Share of pairs that both have, in thousandths (the coefficient of Dice).
fn likeness(one: &[(u8, u8)], other: &[(u8, u8)]) -> u64 {
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let mut both = 0;
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            core::cmp::Ordering::Less => _ = left.next(),
            core::cmp::Ordering::Greater => _ = right.next(),
            core::cmp::Ordering::Equal => {
                both += 1;
                left.next();
                right.next();
            }
        }
    }
    (both * 2000_u64).checked_div((one.len() + other.len()) as u64).unwrap_or(0)
}
