//! What fits where: every device with its verdict and its reasons.

mod advise;
mod ceiling;
mod fit;
mod judged;
pub mod pools;
pub mod requirement;
mod sentence;
#[cfg(test)]
mod tests;

pub use advise::{Advice, advise, advise_drafted};
pub use ceiling::Ceiling;
pub use fit::{FitReport, Offer, Reason, Verdict, fit, fit_drafted, fit_measured, offer, report, smallest};
pub use sentence::Sentence;
