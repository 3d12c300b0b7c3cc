//! One requirement against many pools: every pool with its verdict and all its reasons, best first.
//!
//! Order: verdict (fits, tight, unknown, no), then room (now, after scaling, partly), then the least memory
//! stranded by one replica, the least compute that the layout leaves idle, the lower price, the name. Pools that
//! do not hold the workload stand last, least shortfall first.

mod judge;
mod ledger;
mod matcher;
mod question;
mod report;
#[cfg(test)]
mod tests;
mod why;
mod words;

pub use judge::Judgement;
pub use ledger::Ledger;
pub use matcher::{Answer, Choice, Matcher, Placement, Room};
pub use report::{ChoiceReport, PoolReport, Report, Share, Told};
pub use why::{Severity, Why};
