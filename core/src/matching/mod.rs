//! What fits where: every device with its verdict and its reasons.

mod advise;
mod fit;
#[cfg(test)]
mod tests;

pub use advise::{Advice, advise};
pub use fit::{FitReport, Offer, Reason, Verdict, fit, fit_measured};
