//! One thing to tell the author of an object.

use core::fmt;

use serde::Serialize;

use super::lint::Lint;
use crate::problem::Problem;
use crate::units::Bytes;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It works; it could be better.
    Note,
    /// It may not work, or not as meant.
    Warning,
    /// It cannot work.
    Error,
}

impl Severity {
    /// The word that a reader sees.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A line below the summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Detail {
    /// What is needed, term by term.
    Need(String),
    /// What there is.
    Have(String),
    /// Why that is so.
    Why(String),
    /// A change that mends it.
    Fix(String),
    /// What may help.
    Hint(String),
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Detail::Need(text) => write!(f, "need: {text}"),
            Detail::Have(text) => write!(f, "have: {text}"),
            Detail::Why(text) => write!(f, "why: {text}"),
            Detail::Fix(text) => write!(f, "fix: {text}"),
            Detail::Hint(text) => write!(f, "hint: {text}"),
        }
    }
}

/// The figures of a misfit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Measure {
    /// What is needed.
    pub need: Bytes,
    /// What may be used.
    pub offer: Bytes,
    /// What is missing.
    pub shortfall: Bytes,
}

/// One thing to tell the author of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Finding {
    /// What was found.
    #[serde(rename = "id")]
    pub lint: Lint,
    /// How much it matters.
    pub severity: Severity,
    /// The container that it is about, empty where it is about the object.
    pub container: String,
    /// Where in the object: `spec.containers[0].resources.limits["nvidia.com/gpu"]`; several where several
    /// parts are at odds.
    pub at: Vec<String>,
    /// The summary, in one line.
    pub text: String,
    /// The lines below it.
    pub details: Vec<Detail>,
    /// The figures, where it is about memory.
    pub measure: Option<Measure>,
}

impl Finding {
    /// A finding of the usual severity, without details.
    pub fn new(lint: Lint, text: impl Into<String>) -> Finding {
        Finding {
            lint,
            severity: lint.severity(),
            container: String::new(),
            at: Vec::new(),
            text: text.into(),
            details: Vec::new(),
            measure: None,
        }
    }

    /// What a problem says.
    #[must_use]
    pub fn of(lint: Lint, problem: &Problem) -> Finding {
        let hint = problem.hint.clone().map(Detail::Hint);
        Finding { details: hint.into_iter().collect(), ..Finding::new(lint, problem.to_string()) }
    }

    /// The same about a container.
    #[must_use]
    pub fn in_container(self, name: &str) -> Finding {
        Finding { container: name.to_owned(), ..self }
    }

    /// The same about a place in the object.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Finding {
        self.at.push(path.into());
        self
    }

    /// The same with a change that mends it.
    #[must_use]
    pub fn fix(self, fix: impl Into<String>) -> Finding {
        self.detail(Detail::Fix(fix.into()))
    }

    /// The same with the reason.
    #[must_use]
    pub fn why(self, why: impl Into<String>) -> Finding {
        self.detail(Detail::Why(why.into()))
    }

    /// The same with a line more.
    #[must_use]
    pub fn detail(mut self, detail: Detail) -> Finding {
        self.details.push(detail);
        self
    }

    /// The summary with the container in front.
    #[must_use]
    pub fn summary(&self) -> String {
        if self.container.is_empty() {
            self.text.clone()
        } else {
            format!("container {}: {}", self.container, self.text)
        }
    }

    /// The summary and what mends it, in one line.
    #[must_use]
    pub fn line(&self) -> String {
        let mends = |detail: &&Detail| matches!(detail, Detail::Fix(_) | Detail::Hint(_));
        match self.details.iter().find(mends) {
            Some(detail) => format!("{}; {detail}", self.summary()),
            None => self.summary(),
        }
    }

    /// The summary, then place and details, one a line and indented.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let at = (!self.at.is_empty()).then(|| format!("  at: {}", self.at.join(", ")));
        let details = self.details.iter().map(|detail| format!("  {detail}"));
        std::iter::once(self.summary()).chain(at).chain(details).collect()
    }
}
