//! `migfit advise`: what would make a model fit a device.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use migfit::gpu::{Device, device_in};
use migfit::matching::{self, Advice, Offer, Verdict};
use serde::Serialize;

use crate::cards::{Cards, on_command_line};
use crate::input;
use crate::report::{self, Failure};
use crate::serving::ServingFlags;

/// What would make a model fit a device: other ways to serve it, each tried, the one that costs least first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit advise meta-llama/Llama-3.1-8B-Instruct --device 'H100-80GB 1g.10gb'
  migfit advise config.json --device A30 --max-model-len 32768 --sequences 8")]
pub(crate) struct Advise {
    /// The model: its config.json or the folder of it, a name of the catalog, `-` for standard input.
    #[arg(value_name = "MODEL")]
    config: PathBuf,
    /// The device: `H100-80GB 2g.20gb`, `A100-80GB`.
    #[arg(long, value_name = "DEVICE")]
    device: String,
    #[command(flatten)]
    serving: ServingFlags,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

/// The JSON form of the answer, which `docs/schema/advise.json` describes.
#[derive(Serialize)]
struct Answer<'a> {
    device: &'a str,
    verdict: Verdict,
    advice: &'a [Advice],
}

impl Advise {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let model = input::model(&self.config)?;
        let cards = self.cards.read()?;
        let device = device_in(&cards, &self.device).map_err(on_command_line)?;
        let serving = self.serving.of(&model);
        let all =
            |problems: Vec<_>| -> Vec<Failure> { problems.into_iter().flat_map(on_command_line).collect() };
        let report = matching::fit(&model, &serving, &[device]).map_err(all)?;
        let advice = matching::advise(&model, &serving, &device).map_err(all)?;
        let Some(offer) = report.offers.first() else { return Ok(String::new()) };
        if self.json {
            let device = offer.device.as_str();
            return report::json(&Answer { device, verdict: offer.verdict, advice: &advice });
        }
        let others: Vec<Device> = Device::all_of(device.gpu).collect();
        let whole = matching::fit(&model, &serving, &others).map_err(all)?;
        let smallest = whole.smallest.and_then(|place| whole.offers.get(place));
        let larger = smallest.filter(|_| offer.verdict != Verdict::Fits);
        Ok(text(offer, larger, &advice))
    }
}

fn text(offer: &Offer, larger: Option<&Offer>, advice: &[Advice]) -> String {
    let why: Vec<String> = offer.reasons.iter().map(|reason| reason.text.to_string()).collect();
    let why = if why.is_empty() { String::new() } else { format!(": {}", why.join("; ")) };
    let mut out = format!(
        "{}: {}, {} needed of {} usable{why}\n",
        offer.device,
        offer.verdict.word(),
        offer.estimate.total,
        offer.usable
    );
    if let Some(larger) = larger {
        _ = writeln!(out, "As asked it fits {}: ask for {}", larger.device, larger.resource);
    }
    if offer.verdict != Verdict::No {
        return out;
    }
    if advice.is_empty() {
        out.push_str(
            "Nothing that is known makes it fit: take a larger device, or more of them (--tensor-parallel)\n",
        );
        return out;
    }
    let mut table = report::table(&["change", "verdict", "left over"], 2..3);
    for one in advice {
        let row = [one.changes.join(" and "), one.verdict.word().to_owned(), one.spare.to_string()];
        table.add_row(report::row(row));
    }
    _ = writeln!(out, "{table}");
    out
}
