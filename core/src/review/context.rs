//! What a review is told besides the object.

use std::collections::BTreeMap;

use super::finding::{Finding, Severity};
use super::known::Known;
use super::lint::Lint;
use crate::fleet::pools::Pool;
use crate::gpu::Gpu;
use crate::kubernetes::Beside;

/// What to do about something that proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Say nothing.
    Allow,
    /// Say so.
    Warn,
    /// Treat it as proof against the object.
    Deny,
}

impl Reaction {
    /// Every reaction, with the word that settings use.
    pub const ALL: [(&'static str, Reaction); 3] =
        [("allow", Reaction::Allow), ("warn", Reaction::Warn), ("deny", Reaction::Deny)];

    /// How severe a finding becomes, `None` where it is not made.
    #[must_use]
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Reaction::Allow => None,
            Reaction::Warn => Some(Severity::Warning),
            Reaction::Deny => Some(Severity::Error),
        }
    }
}

/// What to do about each thing that proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reactions {
    /// A container asks for a GPU, and its model is not known.
    pub unknown_model: Reaction,
    /// A container asks for a device that the catalog does not know.
    pub unknown_device: Reaction,
    /// An object of a kind that is read cannot be read.
    pub unreadable: Reaction,
    /// A part of an object is a template that was not rendered.
    pub templates: Reaction,
    /// One engine shares a model over several MIG slices.
    pub parallel_on_slices: Reaction,
    /// Anything else that is found, where it is not to be as severe as usual.
    pub lints: BTreeMap<Lint, Reaction>,
}

impl Reactions {
    /// What to do about `lint`, `None` where it is as severe as usual.
    #[must_use]
    pub fn to(&self, lint: Lint) -> Option<Reaction> {
        self.lints.get(&lint).copied().or(match lint {
            Lint::UnknownModel => Some(self.unknown_model),
            Lint::UnknownDevice => Some(self.unknown_device),
            Lint::Unreadable => Some(self.unreadable),
            Lint::UnrenderedTemplate => Some(self.templates),
            Lint::ParallelOnSlices => Some(self.parallel_on_slices),
            _ => None,
        })
    }

    /// `finding` as severe as it is to be, `None` where it is not to be made.
    pub(super) fn apply(&self, finding: Finding) -> Option<Finding> {
        match self.to(finding.lint) {
            None => Some(finding),
            Some(reaction) => Some(Finding { severity: reaction.severity()?, ..finding }),
        }
    }
}

impl Default for Reactions {
    fn default() -> Reactions {
        Reactions {
            unknown_model: Reaction::Warn,
            unknown_device: Reaction::Warn,
            unreadable: Reaction::Deny,
            templates: Reaction::Warn,
            parallel_on_slices: Reaction::Deny,
            lints: BTreeMap::new(),
        }
    }
}

/// The devices that the workload may get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster<'a> {
    /// Where that is said, for the message: `the GPUs in the policy's settings`.
    pub source: &'a str,
    /// The cards; none where any card of the catalog may be meant.
    pub gpus: Vec<&'a Gpu>,
    /// Its pools; none where nothing is known of them.
    pub pools: &'a [Pool],
}

/// What a review is told besides the object.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// Models by the id that workloads use.
    pub models: BTreeMap<&'a str, Known<'a>>,
    /// Objects that the workload refers to: claim templates, device classes, serving runtimes.
    pub beside: Beside<'a>,
    /// What the cluster has.
    pub cluster: Cluster<'a>,
    /// Sequences that must be held at the same time, beyond what is asked for; 0 where one is enough.
    pub sequences: u64,
    /// What to do about what proves nothing.
    pub reactions: Reactions,
}
