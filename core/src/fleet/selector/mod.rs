//! Device selectors of Kubernetes' dynamic resource allocation, over devices that need not exist yet.
//!
//! A selector is a CEL expression. The part of CEL that is read here is what selectors of GPUs are written in:
//! attributes and capacities of `device`, comparisons, `&& || !`, `in`, text methods, quantities and
//! versions. Everything else is a [`Problem`], never a guess. A property that is not known of a device
//! leaves the answer open.
//! Source: Kubernetes `staging/src/k8s.io/dynamic-resource-allocation/cel/compile.go` for what `device` has.

mod expr;
mod parse;
mod properties;
#[cfg(test)]
mod tests;
mod truth;
mod value;

pub use properties::{Attribute, Properties};
pub use truth::Truth;

use crate::problem::Problem;
use expr::Expr;

/// One selector, ready to be asked about devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// As written.
    pub text: String,
    expr: Expr,
}

impl Selector {
    /// Reads a CEL expression.
    ///
    /// # Errors
    /// `unread-selector`, with the first word that is not understood.
    pub fn parse(text: &str) -> Result<Selector, Problem> {
        Ok(Selector { text: text.to_owned(), expr: parse::parse(text)? })
    }

    /// Whether a device with these properties is selected.
    #[must_use]
    pub fn admits(&self, device: &Properties) -> Truth {
        value::evaluate(&self.expr, device).truth()
    }

    /// The text that the selector demands of the attribute `name`, where it demands one by `==` alone or
    /// beside other conditions: `3g.40gb` of `profile`.
    #[must_use]
    pub fn demands(&self, name: &str) -> Option<&str> {
        self.expr.demands(name)
    }
}
