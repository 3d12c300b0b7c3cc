//! `migfit match`: which pools hold a workload, best first.
//!
//! Exit status: 0 every workload has a pool that holds it, 1 one has none, 2 it cannot be said: the input or the
//! command line could not be used, or a figure that decides is not known.

mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use migfit::fleet::pools::{self, Pools};
use migfit::gpu::Gpu;
use migfit::matching::Verdict;
use migfit::matching::pools::{Ledger, Matcher, Report, Share};
use migfit::model::Model;
use migfit::problem::Problem;
use migfit::review::Context;
use migfit::workloads::{self, Asked};
use migfit::yaml;
use serde::Serialize;

use crate::cards::Cards;
use crate::input;
use crate::report::{self, Failure};

/// Which node pools hold a workload, best first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit match --pools pools.yaml deployment.yaml
  kubectl get nodes -o yaml | migfit match --pools - workload.yaml
  migfit match --pools pools.yaml --together a.yaml b.yaml")]
pub(crate) struct Match {
    /// Pools: InferenceEnvironment, InferenceClass with InferenceCluster, Node, ResourceSlice, or a list `pools`,
    /// as YAML or JSON; may be repeated, `-` for standard input.
    #[arg(long, value_name = "FILE", required = true)]
    pools: Vec<PathBuf>,
    /// Workloads as YAML or JSON: a model and how it is served, a `replicaTopology`, or a Kubernetes object.
    #[arg(value_name = "WORKLOAD", required = true)]
    workloads: Vec<PathBuf>,
    /// Place the workloads one after the other, each beside those before it.
    #[arg(long)]
    together: bool,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

/// The JSON form of the answer, which `docs/schema/match.json` describes.
#[derive(Serialize)]
struct Answer {
    /// Pools that could not be read, and what they say is placed and cannot be.
    problems: Vec<Problem>,
    workloads: Vec<One>,
}

/// One workload.
#[derive(Serialize)]
struct One {
    #[serde(flatten)]
    report: Report,
    /// Where its replicas go, where workloads are placed together.
    #[serde(skip_serializing_if = "Option::is_none")]
    placed: Option<Vec<Share>>,
}

impl Match {
    pub(crate) fn run(&self) -> ExitCode {
        match self.answer() {
            Ok((text, status)) => match report::print(&text) {
                ExitCode::SUCCESS => ExitCode::from(status),
                failed => failed,
            },
            Err(failures) => {
                report::fail(&failures);
                ExitCode::from(2)
            }
        }
    }

    fn answer(&self) -> Result<(String, u8), Vec<Failure>> {
        let cards = self.cards.read()?;
        let found = self.read_pools(&cards)?;
        let asked = self.read_workloads()?;
        let (mut ledger, placed) = Ledger::new(&found.pools);
        let matcher = Matcher::new(&found.pools);
        let mut workloads = Vec::new();
        for (file, one) in &asked {
            let requirement = one.requirement().map_err(|problems| failures(file, problems))?;
            let answer = matcher.answer(&requirement, &ledger);
            let placed = self.together.then(|| matcher.place(&requirement, &answer, &mut ledger));
            workloads.push(One { report: Report::of(&requirement, &found.pools, &answer), placed });
        }
        let answer = Answer { problems: found.problems.into_iter().chain(placed).collect(), workloads };
        let status = status(&answer);
        let text = if self.json { report::json(&answer)? } else { table::text(&answer, &asked) };
        Ok((text, status))
    }

    fn read_pools(&self, cards: &[Gpu]) -> Result<Pools, Vec<Failure>> {
        let mut all = Vec::new();
        for path in &self.pools {
            all.extend(documents(path)?);
        }
        let found = pools::read(cards, &all);
        if !found.pools.is_empty() {
            return Ok(found);
        }
        let file = self.pools.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        let mut problems = found.problems;
        if problems.is_empty() {
            problems.push(Problem::new("no-pools", "pools", "none", "at least one pool"));
        }
        Err(problems.into_iter().map(|problem| Failure { file: file.clone(), problem }).collect())
    }

    /// Each workload with the file that it stands in.
    fn read_workloads(&self) -> Result<Vec<(String, Asked)>, Vec<Failure>> {
        let (mut asked, mut wrong) = (Vec::new(), Vec::new());
        for path in &self.workloads {
            let file = path.display().to_string();
            let documents = documents(path)?;
            if documents.is_empty() {
                let problem = Problem::new("no-workload", "workload", "nothing", "at least one document");
                wrong.push(Failure { file: file.clone(), problem });
            }
            match workloads::read(&documents, &file, &named, &Context::default()) {
                Ok(found) => asked.extend(found.into_iter().map(|one| (file.clone(), one))),
                Err(problems) => wrong.extend(failures(&file, problems)),
            }
        }
        if wrong.is_empty() { Ok(asked) } else { Err(wrong) }
    }
}

/// The model that a declared workload names: a file, a fetched model, or one of the catalog.
fn named(name: &str) -> Result<Model, Vec<Problem>> {
    input::model(Path::new(name)).map_err(|failures| {
        let about = |Failure { file, problem }: Failure| {
            let subject = format!("{file}: {}", problem.subject);
            problem.about(subject)
        };
        failures.into_iter().map(about).collect()
    })
}

fn failures(file: &str, problems: Vec<Problem>) -> Vec<Failure> {
    problems.into_iter().map(|problem| Failure { file: file.to_owned(), problem }).collect()
}

/// The documents of a file.
pub(crate) fn documents(path: &std::path::Path) -> Result<Vec<serde_json::Value>, Vec<Failure>> {
    let file = path.display().to_string();
    let read = input::text(path).and_then(|text| yaml::documents("file", &text));
    read.map_err(|problem| vec![Failure { file, problem }])
}

/// The worst of the workloads: no before cannot say before fits.
fn status(answer: &Answer) -> u8 {
    let each = answer.workloads.iter().map(|one| {
        let unplaced = one.placed.as_ref().is_some_and(|placed| {
            placed.iter().map(|share| share.replicas).sum::<u64>() < one.report.replicas
        });
        match one.report.pools.first().map(|best| best.verdict) {
            Some(Verdict::Fits | Verdict::Tight) if !unplaced => 0,
            Some(Verdict::Unknown) => 1,
            Some(Verdict::Fits | Verdict::Tight | Verdict::No) | None => 2,
        }
    });
    [0, 2, 1].get(each.max().unwrap_or(2)).copied().unwrap_or(2)
}
