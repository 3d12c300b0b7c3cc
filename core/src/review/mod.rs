//! What is wrong with a workload: one object against what is known of models and of the cluster.
//!
//! Every door gives the same findings: the admission policy, `migfit check` and the page hand in a
//! [`Context`] and word the [`Review`] for their reader. Only a proof is an error; what cannot be worked
//! out is said with the reason.

mod context;
mod figures;
mod finding;
mod judged;
mod known;
mod lint;
mod lints;
mod message;
mod object;
mod pools;
mod subject;
#[cfg(test)]
mod tests;
mod weigh;

pub use context::{Cluster, Context, Reaction, Reactions};
pub use figures::{Figures, Judgment};
pub use finding::{Detail, Finding, Measure, Severity};
pub use known::{Config, Known, find_model, model_name};
pub use lint::Lint;
pub use object::{Review, review, unreadable};
pub use subject::{Served, Subject};
