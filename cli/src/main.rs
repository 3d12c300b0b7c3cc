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

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};
use migfit::problem::nearest;

const STATUS: &str = "\
Exit status:
  0  the question was answered; for `match`, every workload has a pool
  1  the input could not be used; for `match`, a workload has no pool
  2  the command line could not be used; for `match`, it cannot be said

Colours appear on a terminal only, and never where NO_COLOR is set. --json is for programs: docs/schema.

Start here:
  migfit fit meta-llama/Llama-3.1-8B-Instruct --gpu H100-80GB
  migfit help fit";

/// Does this language model fit this GPU or MIG slice? Exactly, and with reasons.
#[derive(Debug, Parser)]
#[command(name = "migfit", version, max_term_width = 100, after_help = STATUS)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Colours: auto (on a terminal), always or never.
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", hide_possible_values = true)]
    color: Color,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Lets what is printed have colours or not.
    fn choose(self) {
        let choice = match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
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

/// The error with the nearest command, where clap has none: it compares otherwise, and misses swapped letters.
fn suggested(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidSubcommand) else { return error };
    if error.get(ContextKind::SuggestedSubcommand).is_none() {
        let command = Cli::command();
        let names = nearest(written, command.get_subcommands().map(clap::Command::get_name));
        if !names.is_empty() {
            let names = names.into_iter().map(str::to_owned).collect();
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(names));
        }
    }
    error
}

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| suggested(error).exit());
    cli.color.choose();
    let answer = match cli.command {
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
