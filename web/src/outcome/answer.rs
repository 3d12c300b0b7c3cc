//! The sentence that stands first.

use migfit::engine::Serving;
use migfit::matching::{FitReport, Offer, Verdict};
use migfit::units::grouped;

use super::reading::Model;

/// One sentence in parts, so that a view can set the device apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Fits, fits only just, or fits nowhere.
    pub verdict: Verdict,
    /// The offer that the answer names: the smallest that holds it, else the one that comes nearest.
    pub place: Option<usize>,
    /// Up to the device: `granite-7b-base at bfloat16 needs 16.4 GiB ... holds it is`.
    pub before: String,
    /// The device.
    pub device: String,
    /// After the device: `(19.6 GiB, 18.0 GiB of it usable)`.
    pub after: String,
    /// What a container asks Kubernetes for.
    pub resource: String,
}

impl Answer {
    /// The answer of `report` about `model`.
    #[must_use]
    pub fn of(model: &Model, serving: &Serving, report: &FitReport) -> Answer {
        let (verdict, place) = chosen(report);
        let offer = place.and_then(|place| report.offers.get(place));
        let devices = [serving.tensor_parallel, serving.pipeline_parallel, serving.data_parallel]
            .into_iter()
            .fold(1, u64::saturating_mul);
        let (before, after) = match offer {
            Some(offer) => sentence(model, report, devices, verdict, offer),
            None => (format!("{} fits nowhere", model.name), String::new()),
        };
        Answer {
            verdict,
            place,
            before,
            device: offer.map(|offer| offer.device.clone()).unwrap_or_default(),
            after,
            resource: offer.map(|offer| offer.resource.clone()).unwrap_or_default(),
        }
    }

    /// The whole sentence.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {} {}", self.before, self.device, self.after)
    }
}

/// The smallest that holds it, else the smallest that just does, else the one that misses least.
fn chosen(report: &FitReport) -> (Verdict, Option<usize>) {
    if report.smallest.is_some() {
        return (Verdict::Fits, report.smallest);
    }
    let offers = || report.offers.iter().enumerate();
    let tight = offers().filter(|(_, offer)| offer.verdict == Verdict::Tight);
    match tight.min_by_key(|(place, offer)| (offer.memory, *place)) {
        Some((place, _)) => (Verdict::Tight, Some(place)),
        None => {
            let unknown = offers().filter(|(_, offer)| offer.verdict == Verdict::Unknown);
            if let Some((place, _)) = unknown.min_by_key(|(place, offer)| (offer.memory, *place)) {
                return (Verdict::Unknown, Some(place));
            }
            let nearest = offers().min_by_key(|(place, offer)| (offer.shortfall, *place));
            (Verdict::No, nearest.map(|(place, _)| place))
        }
    }
}

fn sentence(
    model: &Model,
    report: &FitReport,
    devices: u64,
    verdict: Verdict,
    offer: &Offer,
) -> (String, String) {
    let plural = if report.sequences == 1 { "" } else { "s" };
    let each = match devices {
        1 => String::new(),
        several => format!(" on each of {} devices", grouped(several)),
    };
    let needs = format!(
        "{} at {} needs {}{each} for {} sequence{plural} of {} tokens",
        model.name,
        report.quantization.as_deref().unwrap_or(report.dtype.name()),
        offer.estimate.total,
        grouped(report.sequences),
        grouped(report.max_model_len)
    );
    let usable = format!("({}, {} of it usable).", offer.memory, offer.usable);
    match verdict {
        Verdict::Fits => (format!("{needs}: the smallest that holds it is"), usable),
        Verdict::Tight => {
            let rest = format!("{usable} Less is left than the estimate may be wrong by.");
            (format!("{needs}: nothing holds it with room, only just"), rest)
        }
        Verdict::Unknown => {
            let rest = format!("{usable} Its architecture is not known: nothing is promised.");
            (format!("{needs}, if it is a plain decoder: the smallest that would hold it is"), rest)
        }
        Verdict::No if offer.shortfall.get() == 0 => {
            let why = offer.reasons.first().map(|reason| reason.text.to_string()).unwrap_or_default();
            (format!("{needs}: none of these devices holds it. Nearest is"), format!("{usable} But {why}."))
        }
        Verdict::No => (
            format!("{needs}: none of these devices holds it. Nearest is"),
            format!("{usable} {} are missing.", offer.shortfall),
        ),
    }
}
