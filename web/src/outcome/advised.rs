//! What would make the model fit a device that does not hold it.

use migfit::gpu::{self, Device};
use migfit::matching::{Advice, Offer, Verdict, advise};
use migfit::order;

use super::Judged;

/// Advice for one device, cheapest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advised {
    /// The device.
    pub device: String,
    /// Ways to serve the model that fit it.
    pub ways: Vec<Advice>,
}

/// Advice for the open device where it does not hold the model, else for the next smaller one that
/// advice can reach, else none.
#[must_use]
pub fn of(judged: &Judged, open: Option<&str>) -> Option<Advised> {
    let open = judged.focused(open)?;
    if open.verdict == Verdict::No {
        return advised(judged, open);
    }
    // The largest first; devices of the same memory are asked once.
    let mut smaller: Vec<&Offer> = judged
        .report
        .offers
        .iter()
        .filter(|offer| offer.memory < open.memory && offer.verdict == Verdict::No)
        .collect();
    order::sort_by_key(&mut smaller, |offer| core::cmp::Reverse(offer.memory));
    smaller.dedup_by_key(|offer| offer.memory);
    smaller.into_iter().find_map(|offer| advised(judged, offer))
}

fn advised(judged: &Judged, offer: &Offer) -> Option<Advised> {
    let device: Device = gpu::device(&offer.device).ok()?;
    let ways = advise(&judged.model.model, &judged.serving, &device).ok()?;
    (!ways.is_empty()).then(|| Advised { device: offer.device.clone(), ways })
}
