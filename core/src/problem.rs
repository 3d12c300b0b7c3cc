//! One clear message for input that cannot be used: what it is about, what was found, what was
//! expected, and, apart from these, what to do about it.

use core::fmt;
use core::ops::{Deref, DerefMut};

use serde::Serialize;

/// Input that cannot be used. Prints as `subject: found X, expected Y`; the hint stands apart.
// Boxed: nearly every function of the library may return one, and it is as wide as a pointer then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(as = "Parts"))]
pub struct Problem(Box<Parts>);

/// The parts of a [`Problem`], which reads as they do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "Problem"))]
pub struct Parts {
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
    #[inline(never)]
    pub fn new(
        code: &'static str,
        subject: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Problem {
        Problem(Box::new(Parts {
            code,
            subject: subject.into(),
            found: found.into(),
            expected: expected.into(),
            hint: None,
        }))
    }

    /// The same problem with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }

    /// The same problem with the [`nearest`] of the `known` names as a hint, where there are any.
    #[must_use]
    pub fn nearest<'n>(self, written: &str, known: impl IntoIterator<Item = &'n str>) -> Problem {
        let names = nearest(written, known);
        if names.is_empty() { self } else { self.hint(format!("nearest: {}", names.join(", "))) }
    }

    /// The same problem about another subject, or about the same one in its place: `place: subject`.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Problem {
        self.subject = subject.into();
        self
    }
}

/// Those of the `known` names that `written` may be a slip of: at most a third of the letters wrong, swapped neighbours
/// counted once. Nearest first, three at most.
#[must_use]
pub fn nearest<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    // A name that long is no slip of the pen, and to compare it would take long.
    if written.len() > 64 {
        return Vec::new();
    }
    let far = |name: &'n str| (strsim::osa_distance(name, written), name);
    let mut near: Vec<(usize, &str)> = known.into_iter().map(far).collect();
    near.retain(|(distance, name)| distance.saturating_mul(3) <= name.len());
    crate::order::sort(&mut near);
    near.truncate(3);
    near.into_iter().map(|(_, name)| name).collect()
}

impl Deref for Problem {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Parts {
        &mut self.0
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}, expected {}", self.subject, self.found, self.expected)
    }
}

impl std::error::Error for Problem {}

/// One problem where all of them are asked for at once.
impl From<Problem> for Vec<Problem> {
    fn from(problem: Problem) -> Vec<Problem> {
        vec![problem]
    }
}
