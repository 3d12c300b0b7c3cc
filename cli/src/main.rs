//! `migfit` in a terminal and in a pipeline.
//!
//! Exit status: 0 the question was answered, 1 the input could not be used, 2 the command line could not;
//! `match` and `check` have their own.

mod cards;
mod check;
mod export;
mod fit;
mod gpus;
mod input;
mod inspect;
mod layouts;
mod log;
mod r#match;
mod place;
mod plan;
mod profile;
mod report;
mod serving;
mod simulate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Does this language model fit this GPU or MIG slice? Exactly, and with reasons.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "one is made for a run")]
enum Command {
    /// What is wrong with manifests.
    Check(check::Check),
    /// Which GPUs and MIG profiles hold a model.
    Fit(fit::Fit),
    /// What a model is: parameters, weights, cache.
    Inspect(inspect::Inspect),
    /// GPUs and their MIG profiles.
    Gpus(gpus::Gpus),
    /// How a GPU can be cut into MIG instances.
    Layouts(layouts::Layouts),
    /// Write what was worked out for a cluster: objects, values of charts, commands.
    Export(Box<export::ExportOf>),
    /// What an engine measured when it started, beside what is computed.
    Log(log::ReadLog),
    /// Which node pools hold a workload, best first.
    Match(r#match::Match),
    /// Where one workload more goes, and what is stranded.
    Place(place::Place),
    /// How to cut a fleet of GPUs for many models.
    Plan(plan::PlanFleet),
    /// What the name of a MIG profile stands for.
    Profile(profile::ProfileOf),
    /// Placement rules against each other on simulated arrivals.
    Simulate(simulate::Simulate),
}

fn main() -> ExitCode {
    let answer = match Cli::parse().command {
        Command::Check(command) => return command.run(),
        Command::Fit(command) => command.run(),
        Command::Inspect(command) => command.run(),
        Command::Gpus(command) => command.run(),
        Command::Layouts(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Log(command) => command.run(),
        Command::Match(command) => return command.run(),
        Command::Place(command) => command.run(),
        Command::Plan(command) => command.run(),
        Command::Profile(command) => command.run(),
        Command::Simulate(command) => command.run(),
    };
    match answer {
        Ok(text) => report::print(&text),
        Err(failures) => report::fail(&failures),
    }
}
