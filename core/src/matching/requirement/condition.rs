//! Conditions on a device, as a DRA claim states them.

use crate::fleet::pools::{Support, Unit};
use crate::fleet::selector::{Selector, Truth};

/// A condition on a device. What cannot be read, or hangs on what nobody knows of a unit, decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// As written.
    pub text: String,
    /// As read, `None` where it could not be.
    pub selector: Option<Selector>,
}

impl Condition {
    /// Reads a CEL expression.
    #[must_use]
    pub fn cel(text: &str) -> Condition {
        Condition { text: one_line(text), selector: Selector::parse(text).ok() }
    }

    /// One that is read already.
    #[must_use]
    pub fn of(selector: &Selector) -> Condition {
        Condition { text: one_line(&selector.text), selector: Some(selector.clone()) }
    }

    /// Whether it holds for `unit`.
    #[must_use]
    pub fn holds(&self, unit: &Unit) -> Support {
        match self.selector.as_ref().map(|selector| selector.admits(&unit.properties)) {
            Some(Truth::Yes) => Support::Yes,
            Some(Truth::No | Truth::Fails) => Support::No,
            Some(Truth::Unknown) | None => Support::Unknown,
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
