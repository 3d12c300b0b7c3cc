//! One clear message for input that cannot be used: what it is about, what was found, what was
//! expected, and, apart from these, what to do about it.

use core::fmt;

use serde::Serialize;

/// Input that cannot be used. Prints as `subject: found X, expected Y`; the hint stands apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Problem {
    /// A stable word for programs, `kebab-case`: `missing-field`.
    pub code: &'static str,
    /// The field, file, flag or object that the message is about.
    pub subject: String,
    /// What was found there, `nothing` where it is missing.
    pub found: String,
    /// What would have been right.
    pub expected: String,
    /// What the reader can do about it, where that is known.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem without a hint.
    pub fn new(
        code: &'static str,
        subject: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Problem {
        Problem { code, subject: subject.into(), found: found.into(), expected: expected.into(), hint: None }
    }

    /// The same problem with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}, expected {}", self.subject, self.found, self.expected)
    }
}

impl std::error::Error for Problem {}
