//! `migfit fit`: which GPUs and MIG profiles hold a model.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use migfit::engine::Serving;
use migfit::gpu::{self, Device, Gpu};
use migfit::inspect::{Inspection, inspect};
use migfit::matching::{self, FitReport, Offer};
use migfit::source::Confidence;
use migfit::units::grouped;
use serde::Serialize;

use crate::cards::{Cards, on_command_line};
use crate::input;
use crate::report::{self, Failure};
use crate::serving::ServingFlags;

/// Which GPUs and MIG profiles hold a model.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit fit config.json --gpu H100-80GB
  migfit fit meta-llama/Llama-3.1-8B-Instruct --max-model-len 32768 --sequences 8
  migfit fit meta-llama/Llama-3.1-70B --gpu H100-80GB --tensor-parallel 4
  migfit fit Qwen/Qwen3-8B --gpu a30 --quantization awq --kv-cache-dtype fp8
  curl -sL https://huggingface.co/Qwen/Qwen3-8B/raw/main/config.json | migfit fit -")]
pub(crate) struct Fit {
    /// The model: its config.json or the folder of it, a name of the catalog, `-` for standard input.
    #[arg(value_name = "MODEL")]
    config: PathBuf,
    #[command(flatten)]
    serving: ServingFlags,
    /// The smaller model that drafts (--speculative-method `draft_model`), named as MODEL is.
    #[arg(long, value_name = "MODEL", requires = "speculative_method")]
    draft: Option<PathBuf>,
    /// Judge this GPU and its profiles only; may be repeated.
    #[arg(long, value_name = "NAME")]
    gpu: Vec<String>,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

/// The JSON form of the answer.
#[derive(Serialize)]
struct Answer<'a> {
    model: Inspection,
    serving: &'a Serving,
    #[serde(flatten)]
    fit: FitReport,
}

impl Fit {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let model = input::model(&self.config)?;
        let cards = self.cards.read()?;
        let devices = self.devices(&cards)?;
        let draft = self.draft.as_deref().map(input::model).transpose()?;
        let serving = self.serving.of(&model);
        let fit = matching::fit_drafted(&model, draft.as_ref(), &serving, &devices)
            .map_err(|problems| problems.into_iter().flat_map(on_command_line).collect::<Vec<Failure>>())?;
        if self.json {
            return report::json(&Answer { model: inspect(&model), serving: &serving, fit });
        }
        Ok(text(&inspect(&model), &fit))
    }

    fn devices<'a>(&self, cards: &'a [Gpu]) -> Result<Vec<Device<'a>>, Vec<Failure>> {
        if self.gpu.is_empty() {
            return Ok(cards.iter().flat_map(Device::all_of).collect());
        }
        let (mut devices, mut failures) = (Vec::new(), Vec::new());
        for name in &self.gpu {
            match gpu::find_in(cards, name) {
                Ok(gpu) => devices.extend(Device::all_of(gpu)),
                Err(problem) => failures.extend(on_command_line(problem)),
            }
        }
        if failures.is_empty() { Ok(devices) } else { Err(failures) }
    }
}

fn text(model: &Inspection, fit: &FitReport) -> String {
    let mut out = String::new();
    let asked = format!(
        "{} of {} tokens",
        if fit.sequences == 1 {
            "1 sequence".to_owned()
        } else {
            format!("{} sequences", grouped(fit.sequences))
        },
        grouped(fit.max_model_len)
    );
    let name = if model.architecture.is_empty() { &model.model_type } else { &model.architecture };
    _ = writeln!(
        out,
        "{name}, {} parameters as {}, {asked} under {} at a utilization of {}",
        grouped(model.parameters.total),
        fit.quantization.clone().unwrap_or_else(|| fit.dtype.to_string()),
        fit.engine,
        fit.gpu_memory_utilization
    );
    _ = match fit.smallest.and_then(|place| fit.offers.get(place)) {
        Some(offer) => writeln!(
            out,
            "Smallest that holds it: {} ({} usable of {}, {} needed), ask for {}",
            offer.device, offer.usable, offer.memory, offer.estimate.total, offer.resource
        ),
        None => writeln!(out, "None of these devices holds it."),
    };
    let header = ["device", "memory", "usable", "need", "verdict", "sequences", "longest", "resource", "why"];
    let mut table = report::table(&header, 1..4);
    for column in [5, 6] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(comfy_table::CellAlignment::Right);
        }
    }
    for offer in &fit.offers {
        table.add_row(report::row(row(offer)));
    }
    _ = writeln!(out, "{table}");
    if let Some(host) = fit.offers.iter().map(|offer| offer.estimate.host).max().filter(|host| host.get() > 0)
    {
        _ = writeln!(out, "Each device keeps {host} in the memory of its host.");
    }
    for note in &model.assumptions {
        _ = writeln!(out, "note: {}", note.text);
    }
    out
}

fn row(offer: &Offer) -> [String; 9] {
    let mark = match offer.memory_confidence {
        Confidence::Measured | Confidence::Published => "",
        Confidence::Derived | Confidence::Floor | Confidence::Estimate => "~",
    };
    let why: Vec<String> = offer.reasons.iter().map(|reason| reason.text.to_string()).collect();
    [
        offer.device.clone(),
        format!("{mark}{}", offer.memory),
        offer.usable.to_string(),
        offer.estimate.total.to_string(),
        offer.verdict.word().to_owned(),
        offer.capacity.max_sequences.map_or("any".to_owned(), grouped),
        grouped(offer.capacity.max_context),
        offer.resource.clone(),
        why.join("; "),
    ]
}
