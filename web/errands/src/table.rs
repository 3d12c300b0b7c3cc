//! The answer for every device as a file: JSON as the command line prints it, or a table for a spreadsheet.

use migfit::engine::Serving;
use migfit::gpu::{self, Device};
use migfit::inspect::{Inspection, inspect};
use migfit::matching::{FitReport, Offer, fit};
use migfit::model;
use migfit::problem::Problem;
use serde::{Deserialize, Serialize};

use crate::{Done, ask::first};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// As `migfit fit --json`.
    Json,
    /// One line per device, memory in bytes.
    Csv,
}

#[derive(Serialize)]
struct Answer<'a> {
    model: Inspection,
    serving: &'a Serving,
    #[serde(flatten)]
    fit: FitReport,
}

/// The file.
pub(crate) fn file(
    config: &str,
    serving: &Serving,
    devices: &[String],
    format: Format,
) -> Result<Done, Problem> {
    let model = model::read(config)?;
    let devices = devices.iter().map(|label| gpu::device(label)).collect::<Result<Vec<Device>, _>>()?;
    let fit = fit(&model, serving, &devices).map_err(|problems| first(problems, "settings"))?;
    let (name, text) = match format {
        Format::Json => {
            let answer = Answer { model: inspect(&model), serving, fit };
            let unwritten =
                |error: serde_json::Error| Problem::new("json", "answer", error.to_string(), "JSON");
            ("migfit.json", serde_json::to_string_pretty(&answer).map_err(unwritten)?)
        }
        Format::Csv => ("migfit.csv", csv(&fit)),
    };
    Ok(Done::File { name: name.to_owned(), text })
}

const HEAD: &str = "device,resource,memory_bytes,usable_bytes,need_bytes,verdict,spare_bytes,missing_bytes,\
                    most_sequences,longest_context_tokens,reasons";

fn csv(fit: &FitReport) -> String {
    let mut text = String::from(HEAD);
    text.push_str("\r\n");
    for offer in &fit.offers {
        text.push_str(&line(offer).iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text
}

fn line(offer: &Offer) -> [String; 11] {
    let reasons: Vec<String> = offer.reasons.iter().map(|reason| reason.text.to_string()).collect();
    [
        offer.device.clone(),
        offer.resource.clone(),
        offer.memory.get().to_string(),
        offer.usable.get().to_string(),
        offer.estimate.total.get().to_string(),
        offer.verdict.word().to_owned(),
        offer.spare.get().to_string(),
        offer.shortfall.get().to_string(),
        offer.capacity.max_sequences.map(|most| most.to_string()).unwrap_or_default(),
        offer.capacity.max_context.to_string(),
        reasons.join("; "),
    ]
}

/// A cell as RFC 4180 has it. Text that a spreadsheet would run as a formula is written as text.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::GRANITE;

    fn text(format: Format) -> String {
        let devices = ["A30-24GB 1g.6gb".to_owned(), "H100-80GB".to_owned()];
        match file(GRANITE, &Serving::default(), &devices, format) {
            Ok(Done::File { text, .. }) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_line_per_device_in_bytes() {
        let text = text(Format::Csv);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!((lines.len(), lines[0], lines[3]), (4, HEAD, ""));
        assert!(lines[1].starts_with("A30-24GB 1g.6gb,nvidia.com/mig-1g.6gb,"), "{}", lines[1]);
        assert!(lines[1].contains("\"the weights alone take 12.6 GiB, "), "{}", lines[1]);
        assert!(lines[2].contains(",fits,"), "{}", lines[2]);
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("plain"), "plain");
    }

    #[test]
    fn json_has_the_model_the_settings_and_every_offer() {
        let json: serde_json::Value = serde_json::from_str(&text(Format::Json)).unwrap();
        assert_eq!(json["model"]["parameters"]["total"], 6_738_415_616_u64);
        assert_eq!(json["serving"]["engine"], Serving::default().engine);
        assert_eq!(json["offers"][1]["device"], "H100-80GB");
    }
}
