//! Conditions on a device, as the selectors of a DRA claim state them. Three-valued: what cannot be read, or what
//! no source says of a unit, decides nothing.

use core::fmt;

use regex_lite::Regex;
use serde::Serialize;

use crate::fleet::pools::{Support, Unit};
use crate::units::grouped;

/// A condition on a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Every one of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A capacity against a number.
    Number {
        /// The capacity.
        of: Number,
        /// How it must compare.
        order: Order,
        /// With what; memory in bytes.
        value: u64,
    },
    /// An attribute against a text.
    Text {
        /// The attribute.
        of: Words,
        /// Whether the attribute is put in lower case first.
        lower: bool,
        /// What it must be.
        test: TextTest,
    },
    /// What could not be read, as it stands.
    Unread(String),
}

/// A capacity of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// Memory in bytes.
    Memory,
    /// Streaming multiprocessors.
    Multiprocessors,
}

/// An attribute of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    /// `gpu` or `mig`.
    Type,
    /// `3g.40gb`.
    Profile,
    /// `NVIDIA H100 80GB HBM3`.
    ProductName,
    /// `Hopper`.
    Architecture,
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Below.
    Less,
    /// Below, or the same.
    AtMost,
    /// The same.
    Equal,
    /// Anything else.
    Differs,
    /// Above, or the same.
    AtLeast,
    /// Above.
    More,
}

/// What a text must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextTest {
    /// This very text.
    Is(String),
    /// A text in which this regular expression finds something.
    Matches(String),
    /// A text that holds this one.
    Contains(String),
    /// A text that begins so.
    StartsWith(String),
}

impl Number {
    const fn word(self) -> &'static str {
        match self {
            Number::Memory => "memory",
            Number::Multiprocessors => "multiprocessors",
        }
    }
}

impl Words {
    const fn word(self) -> &'static str {
        match self {
            Words::Type => "type",
            Words::Profile => "profile",
            Words::ProductName => "productName",
            Words::Architecture => "architecture",
        }
    }
}

impl Order {
    const fn word(self) -> &'static str {
        match self {
            Order::Less => "<",
            Order::AtMost => "<=",
            Order::Equal => "==",
            Order::Differs => "!=",
            Order::AtLeast => ">=",
            Order::More => ">",
        }
    }
}

/// `memory >= 40,960 MiB and architecture is "Hopper"`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: &[Condition], word: &str| {
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(word)) }
        };
        match self {
            Condition::All(parts) => f.write_str(&joined(parts, " and ")),
            Condition::Any(parts) => f.write_str(&joined(parts, " or ")),
            Condition::Not(part) => write!(f, "not {part}"),
            Condition::Number { of, order, value } => {
                write!(f, "{} {} ", of.word(), order.word())?;
                match of {
                    Number::Memory if value.is_multiple_of(1 << 20) => {
                        write!(f, "{} MiB", grouped(*value >> 20))
                    }
                    Number::Memory => write!(f, "{} bytes", grouped(*value)),
                    Number::Multiprocessors => write!(f, "{value}"),
                }
            }
            Condition::Text { of, test, .. } => match test {
                TextTest::Is(text) => write!(f, "{} is {text:?}", of.word()),
                TextTest::Matches(text) => write!(f, "{} matches {text:?}", of.word()),
                TextTest::Contains(text) => write!(f, "{} contains {text:?}", of.word()),
                TextTest::StartsWith(text) => write!(f, "{} starts with {text:?}", of.word()),
            },
            Condition::Unread(text) => f.write_str(text),
        }
    }
}

impl Condition {
    /// Whether it holds for `unit`.
    #[must_use]
    pub fn holds(&self, unit: &Unit) -> Support {
        match self {
            Condition::All(parts) => {
                parts.iter().map(|part| part.holds(unit)).fold(Support::Yes, |a, b| weaker(a, b, Support::No))
            }
            Condition::Any(parts) => {
                parts.iter().map(|part| part.holds(unit)).fold(Support::No, |a, b| weaker(a, b, Support::Yes))
            }
            Condition::Not(part) => match part.holds(unit) {
                Support::Yes => Support::No,
                Support::No => Support::Yes,
                Support::Unknown => Support::Unknown,
            },
            Condition::Number { of, order, value } => number(unit, *of, *order, *value),
            Condition::Text { of, lower, test } => text(unit, *of, *lower, test),
            Condition::Unread(_) => Support::Unknown,
        }
    }
}

/// `decisive` where either is, else unknown where either is, else the other of yes and no.
fn weaker(a: Support, b: Support, decisive: Support) -> Support {
    match (a, b) {
        (a, b) if a == decisive || b == decisive => decisive,
        (Support::Unknown, _) | (_, Support::Unknown) => Support::Unknown,
        (a, _) => a,
    }
}

const fn known(holds: bool) -> Support {
    if holds { Support::Yes } else { Support::No }
}

/// A device has one figure; where drivers differ, both ends must agree before anything is promised.
fn number(unit: &Unit, of: Number, order: Order, value: u64) -> Support {
    let compare = |found: u64| match order {
        Order::Less => found < value,
        Order::AtMost => found <= value,
        Order::Equal => found == value,
        Order::Differs => found != value,
        Order::AtLeast => found >= value,
        Order::More => found > value,
    };
    match of {
        Number::Multiprocessors => unit.sms.map_or(Support::Unknown, |sms| known(compare(sms.into()))),
        Number::Memory => {
            let memory = &unit.memory;
            let mut figures = vec![memory.floor.get()];
            figures.extend(memory.shown.map(|shown| shown.get()));
            figures.extend(memory.seen_mib.iter().map(|mib| u64::from(*mib) << 20));
            let holding = figures.iter().filter(|figure| compare(**figure)).count();
            match holding {
                0 => Support::No,
                all if all == figures.len() => Support::Yes,
                _ => Support::Unknown,
            }
        }
    }
}

fn text(unit: &Unit, of: Words, lower: bool, test: &TextTest) -> Support {
    let found: Vec<String> = match of {
        Words::Type => vec![if unit.is_slice() { "mig" } else { "gpu" }.to_owned()],
        Words::Profile => match unit.profile {
            Some(profile) => vec![profile.to_string()],
            None => return Support::No,
        },
        Words::ProductName => unit.products.clone(),
        Words::Architecture => unit.architecture.iter().map(|known| known.word().to_owned()).collect(),
    };
    let regex = match test {
        TextTest::Matches(pattern) => match Regex::new(pattern) {
            Ok(regex) => Some(regex),
            Err(_) => return Support::Unknown,
        },
        TextTest::Is(_) | TextTest::Contains(_) | TextTest::StartsWith(_) => None,
    };
    let passes = |text: &String| {
        let text = if lower { text.to_ascii_lowercase() } else { text.clone() };
        match test {
            TextTest::Is(wanted) => text == *wanted,
            TextTest::Contains(wanted) => text.contains(wanted.as_str()),
            TextTest::StartsWith(wanted) => text.starts_with(wanted.as_str()),
            TextTest::Matches(_) => regex.as_ref().is_some_and(|regex| regex.is_match(&text)),
        }
    };
    match found.iter().filter(|text| passes(text)).count() {
        _ if found.is_empty() => Support::Unknown,
        0 => Support::No,
        all if all == found.len() => Support::Yes,
        _ => Support::Unknown,
    }
}
