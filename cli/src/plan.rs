//! `migfit plan`: how to cut a fleet for many models.

mod draw;
mod questions;
mod text;
pub(crate) mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use migfit::model::Model;
use migfit::planning::{Change, Document, Plan, WhatIf, change, plan};
use migfit::problem::Problem;
use migfit::yaml;
use serde::Serialize;

use crate::cards::Cards;
use crate::input;
use crate::report::{self, Failure};
use questions::Question;

/// How to cut a fleet of GPUs for many models, on the fewest GPUs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit plan fleet.yaml
  migfit plan fleet.yaml --steps --keep
  migfit plan fleet.yaml --what-if gpu=H200-141GB --what-if quantization=fp8,context=16384
  migfit plan fleet.yaml --json | jq .score")]
pub(crate) struct PlanFleet {
    /// The fleet, YAML or JSON; `-` for standard input. Its form is docs/schema/fleet.json.
    #[arg(value_name = "FLEET")]
    fleet: PathBuf,
    /// Leave replicas that run today where they are.
    #[arg(long)]
    keep: bool,
    /// Also plan as if: gpu=H200-141GB, quantization=fp8, context=16384, kv-cache=fp8; several with commas; may be
    /// repeated.
    #[arg(long, value_name = "CHANGE")]
    what_if: Vec<String>,
    /// Say what is to be done, GPU by GPU, also where nothing runs today.
    #[arg(long)]
    steps: bool,
    /// Stop looking for something better after this long, or at Ctrl-C.
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

/// The JSON form of the answer.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    plan: &'a Plan<'a>,
    /// The way from today to the plan.
    change: &'a Change<'a>,
    what_if: Vec<Asked<'a>>,
}

/// The plan, were something otherwise.
#[derive(Serialize)]
struct Asked<'a> {
    change: &'a str,
    plan: &'a Plan<'a>,
}

impl PlanFleet {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let document = read(&self.fleet)?;
        let document = if self.keep { document.keeping() } else { document };
        let cards = self.cards.read()?;
        let models = models(&document, &self.fleet)?;
        let questions = questions::read(&self.what_if)?;
        let documents: Vec<Document> = std::iter::once(&WhatIf::default())
            .chain(questions.iter().map(|q| &q.change))
            .map(|c| document.what_if(c))
            .collect();
        let file = self.fleet.display().to_string();
        let failed = |problems: Vec<Problem>| -> Vec<Failure> {
            problems.into_iter().map(|problem| Failure { file: file.clone(), problem }).collect()
        };
        let mut fleets = Vec::new();
        for document in &documents {
            fleets.push(document.fleet(&cards, &models).map_err(failed)?);
        }
        let mut plans = Vec::new();
        for fleet in &fleets {
            plans.push(watch::watched(self.seconds, |watch| plan(fleet, watch)).map_err(failed)?);
        }
        let (Some((first, others)), Some(fleet)) = (plans.split_first(), fleets.first()) else {
            return Ok(String::new());
        };
        let change = change(fleet, first);
        if self.json {
            let asked = questions.iter().zip(others);
            let what_if = asked.map(|(Question { text, .. }, plan)| Asked { change: text, plan }).collect();
            return report::json(&Answer { plan: first, change: &change, what_if });
        }
        let runs = change.running > 0 || change.drained > 0;
        let steps = if self.steps || runs { format!("\n{}", change.text()) } else { String::new() };
        Ok(text::page(first) + &steps + &text::questions(first, &questions, others))
    }
}

/// The fleet that a file describes.
pub(crate) fn read(file: &Path) -> Result<Document, Vec<Failure>> {
    let name = file.display().to_string();
    let one = |problem| vec![Failure { file: name.clone(), problem }];
    read_text(&name, &input::text(file).map_err(one)?)
}

/// The fleet that the text of a file describes.
pub(crate) fn read_text(name: &str, text: &str) -> Result<Document, Vec<Failure>> {
    let one = |problem| vec![Failure { file: name.to_owned(), problem }];
    let documents = yaml::documents("fleet", text).map_err(one)?;
    let [document] = documents.as_slice() else {
        let found = format!("{} documents", documents.len());
        return Err(one(Problem::new("bad-fleet", "fleet", found, "one document")));
    };
    let all = |problems: Vec<Problem>| problems.into_iter().flat_map(one).collect::<Vec<Failure>>();
    Document::read(document).map_err(all)
}

/// The models that a fleet names, each read once; a path is taken from the folder of the fleet's file.
pub(crate) fn models(document: &Document, file: &Path) -> Result<BTreeMap<String, Model>, Vec<Failure>> {
    let (mut models, mut failures) = (BTreeMap::new(), Vec::new());
    for name in document.models() {
        let beside = file.parent().unwrap_or(Path::new("")).join(name);
        let path = if beside.exists() { beside } else { PathBuf::from(name) };
        match input::model(&path) {
            Ok(model) => _ = models.insert(name.to_owned(), model),
            Err(own) => failures.extend(own),
        }
    }
    if failures.is_empty() { Ok(models) } else { Err(failures) }
}
