//! A layout and what follows from it, as every door reports it.

use serde::Serialize;

use super::{Instance, Layout, Leftover, command_without_starts};

/// A layout in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LayoutReport {
    /// Key of the card in the catalog.
    pub gpu: String,
    /// The instances, by start: `2g.10gb@0`.
    pub layout: Vec<String>,
    /// What is left unused.
    pub leftover: Leftover,
    /// What can still be created, by start: `1g.5gb@6`.
    pub creatable: Vec<String>,
    /// The command that creates it, with starts.
    pub command: String,
    /// An order in which it comes about without starts (inferred), absent where there is none.
    pub order: Option<Vec<String>>,
    /// A command without starts whose order fails (inferred), absent where every order works.
    pub failing_order: Option<String>,
}

impl Layout<'_> {
    /// The layout in figures; commands address GPU number `index`.
    #[must_use]
    pub fn report(&self, index: u32) -> LayoutReport {
        let failing = self.failing_order();
        let order = self.creation_order();
        LayoutReport {
            gpu: self.gpu.key.to_string(),
            layout: names(&self.instances),
            leftover: self.leftover(),
            creatable: names(&self.creatable()),
            command: self.command(index),
            order: order.map(|order| names(&order)),
            failing_order: failing.map(|profiles| command_without_starts(index, profiles)),
        }
    }
}

fn names(instances: &[Instance<'_>]) -> Vec<String> {
    instances.iter().map(ToString::to_string).collect()
}
