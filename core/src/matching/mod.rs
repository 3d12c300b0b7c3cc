//! What fits where: every device with its verdict and its reasons.

mod fit;
#[cfg(test)]
mod tests;

pub use fit::{FitReport, Offer, Reason, Verdict, fit};
