//! `migfit log`: what an engine measured when it started, beside what is computed.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use migfit::engine::Serving;
use migfit::gpu;
use migfit::matching::{self, Offer};
use migfit::memory::Log;
use migfit::memory::log::{Compared, compare};
use migfit::units::grouped;
use serde::Serialize;

use crate::input;
use crate::report::{self, Failure};

/// What an engine's start-up log measured, beside what is computed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit log vllm.log
  kubectl logs deploy/llama | migfit log - --model meta-llama/Llama-3.1-8B-Instruct --device 'H100-80GB 3g.40gb'")]
pub(crate) struct ReadLog {
    /// The log of vLLM or SGLang; `-` reads standard input.
    log: PathBuf,
    /// The model that was served: a config.json, its folder, or an id of the catalog.
    #[arg(long, requires = "device")]
    model: Option<PathBuf>,
    /// What it was served on: H100-80GB, "H100-80GB 3g.40gb".
    #[arg(long, requires = "model", value_name = "NAME")]
    device: Option<String>,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

/// The JSON form of the answer.
#[derive(Serialize)]
struct Answer {
    log: Log,
    serving: Serving,
    compared: Vec<Compared>,
    /// The answer with measured terms in place of computed ones.
    calibrated: Option<Offer>,
}

impl ReadLog {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let shown = self.log.display().to_string();
        let log = input::text(&self.log)
            .and_then(|text| Log::read(&text))
            .map_err(|problem| vec![Failure { file: shown.clone(), problem }])?;
        let mut answer = Answer { serving: log.serving(), log, compared: Vec::new(), calibrated: None };
        if let (Some(model), Some(device)) = (&self.model, &self.device) {
            self.judge(&mut answer, &input::model(model)?, device)?;
        }
        if self.json { report::json(&answer) } else { Ok(text(&answer)) }
    }

    fn judge(
        &self,
        answer: &mut Answer,
        model: &migfit::model::Model,
        name: &str,
    ) -> Result<(), Vec<Failure>> {
        let failed = |problem| Failure { file: "command line".to_owned(), problem };
        let device = gpu::device(name).map_err(|problem| vec![failed(problem)])?;
        let devices = std::slice::from_ref(&device);
        let all = |problems: Vec<_>| problems.into_iter().map(failed).collect::<Vec<Failure>>();
        let computed = matching::fit(model, &answer.serving, devices).map_err(all)?;
        let measured = matching::fit_measured(model, &answer.serving, devices, &answer.log).map_err(all)?;
        if let Some(offer) = computed.offers.first() {
            answer.compared = compare(&offer.estimate, offer.capacity.cache_bytes, &answer.log);
        }
        answer.calibrated = measured.offers.into_iter().next();
        Ok(())
    }
}

fn text(answer: &Answer) -> String {
    let log = &answer.log;
    let mut out = String::new();
    let version = log.version.as_deref().unwrap_or("of a version that it does not name");
    let profile = log.engine().map_or("no profile", |engine| engine.name);
    _ = writeln!(out, "A log {version}, read as {profile}");
    let sizes = [
        ("device", log.device),
        ("weights", log.weights),
        ("left for the cache", log.cache),
        ("activations", log.activations),
        ("CUDA graphs", log.graphs),
        ("other", log.non_torch),
    ];
    for (name, bytes) in sizes.into_iter().filter_map(|(name, bytes)| Some((name, bytes?))) {
        _ = writeln!(out, "{name}: {} GiB", bytes.in_gib(2));
    }
    let counts = [("blocks", log.blocks), ("tokens", log.tokens), ("longest sequence", log.max_model_len)];
    for (name, count) in counts.into_iter().filter_map(|(name, count)| Some((name, count?))) {
        _ = writeln!(out, "{name}: {}", grouped(count));
    }
    if let Some(times) = log.concurrency {
        _ = writeln!(out, "sequences at once: {}.{:02}", times / 100, times % 100);
    }
    if !answer.compared.is_empty() {
        let mut table = report::table(&["term", "computed GiB", "measured GiB"], 1..3);
        for row in &answer.compared {
            let name = row.name.label().to_owned();
            table.add_row([name, row.predicted.in_gib(2), row.measured.in_gib(2)]);
        }
        _ = writeln!(out, "{table}");
    }
    if let Some(offer) = &answer.calibrated {
        _ = writeln!(
            out,
            "With what was measured: {} {}, {} needed of {} usable",
            offer.device,
            offer.verdict.word(),
            offer.estimate.total,
            offer.usable
        );
    }
    out
}
