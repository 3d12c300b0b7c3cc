//! `migfit` in a terminal and in a pipeline.
//!
//! Exit status: 0 the question was answered, 1 the input could not be used, 2 the command line could not;
//! `match` and `check` have their own.

mod advise;
mod cards;
mod check;
mod export;
mod fit;
mod gpus;
mod hub;
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
mod shell;
mod simulate;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

const STATUS: &str = "\
Exit status:
  0  the question was answered; for `match`, every workload has a pool
  1  the input could not be used; for `match`, a workload has no pool
  2  the command line could not be used; for `match`, it cannot be said

Colours appear on a terminal only, and never where NO_COLOR is set. --json is for programs: docs/schema.";

/// Does this language model fit this GPU or MIG slice? Exactly, and with reasons.
#[derive(Debug, Parser)]
#[command(name = "migfit", version, max_term_width = 100, after_help = STATUS)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What is wrong with manifests.
    Check(check::Check),
    /// Which GPUs and MIG profiles hold a model.
    Fit(fit::Fit),
    /// What would make a model fit a device.
    Advise(advise::Advise),
    /// What a model is: parameters, weights, cache.
    Inspect(inspect::Inspect),
    /// GPUs and their MIG profiles.
    Gpus(gpus::Gpus),
    /// How a GPU can be cut into MIG instances.
    Layouts(layouts::Layouts),
    /// Write what was worked out for a cluster: objects, values of charts, commands.
    Export(Box<export::ExportOf>),
    /// Fetch what a model is from the Hugging Face Hub or a mirror.
    Hub(hub::Hub),
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
    /// Print a completion script for a shell.
    Completions(shell::Completions),
    /// Write the pages of the manual.
    Man(shell::Manual),
}

fn main() -> ExitCode {
    let answer = match Cli::parse().command {
        Command::Check(command) => return command.run(),
        Command::Fit(command) => command.run(),
        Command::Advise(command) => command.run(),
        Command::Inspect(command) => command.run(),
        Command::Gpus(command) => command.run(),
        Command::Layouts(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Hub(command) => command.run(),
        Command::Log(command) => command.run(),
        Command::Match(command) => return command.run(),
        Command::Place(command) => command.run(),
        Command::Plan(command) => command.run(),
        Command::Profile(command) => command.run(),
        Command::Simulate(command) => command.run(),
        Command::Completions(command) => command.run(Cli::command()),
        Command::Man(command) => command.run(Cli::command()),
    };
    match answer {
        Ok(text) => report::print(&text),
        Err(failures) => report::fail(&failures),
    }
}
