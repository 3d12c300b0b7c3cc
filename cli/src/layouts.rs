//! `migfit layouts`: how a GPU can be cut, and how to get there.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use migfit::gpu::layout::{
    Layout, LayoutReport, Leftover, Set, command_without_starts, maximal, preparation,
};
use migfit::gpu::{self, Gpu};
use migfit::problem::Problem;

use crate::cards::{Cards, on_command_line};
use crate::report::{self, Failure};

/// How a GPU can be cut into MIG instances.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit layouts A30
  migfit layouts H100-80GB --used '3g.40gb@4, 2x1g.10gb'
  migfit layouts H100-80GB --profiles plain --json")]
pub(crate) struct Layouts {
    /// The GPU.
    gpu: String,
    /// What stands on it already: `3g.40gb@4, 2x1g.10gb`, `3g 1g`, or `nothing`.
    #[arg(long, value_name = "LAYOUT")]
    used: Option<String>,
    /// Which profiles the full layouts are made of.
    #[arg(long, value_enum, default_value_t = Profiles::Classic)]
    profiles: Profiles,
    /// Number of the GPU in the commands.
    #[arg(long, value_name = "N", default_value_t = 0)]
    index: u32,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Profiles {
    /// 1g, 2g, 3g, 4g, 7g.
    Classic,
    /// These, and 1g with twice the memory.
    Plain,
    /// Media and graphics variants too.
    All,
}

impl Layouts {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let cards = self.cards.read()?;
        let gpu = gpu::find_in(&cards, &self.gpu).map_err(on_command_line)?;
        if !gpu.has_mig() {
            return Err(on_command_line(no_mig(gpu)));
        }
        let layouts = match &self.used {
            Some(used) => vec![Layout::parse(gpu, used).map_err(on_command_line)?],
            None => maximal(gpu, self.set()),
        };
        let reports: Vec<LayoutReport> = layouts.iter().map(|layout| layout.report(self.index)).collect();
        if self.json {
            return report::json(&reports);
        }
        Ok(match (layouts.as_slice(), reports.as_slice()) {
            ([layout], [report]) if self.used.is_some() => self.page(layout, report),
            (layouts, reports) => list(gpu, layouts, reports),
        })
    }

    fn set(&self) -> Set {
        match self.profiles {
            Profiles::Classic => Set::Classic,
            Profiles::Plain => Set::Plain,
            Profiles::All => Set::All,
        }
    }

    fn page(&self, layout: &Layout<'_>, answer: &LayoutReport) -> String {
        let gpu = layout.gpu();
        let mut out = format!("{}: {layout}\n\n{}\n", gpu.short_name, layout.draw());
        let left = answer.leftover;
        _ = writeln!(out, "{}", waste(left));
        _ = writeln!(out, "promised memory: {} in all", left.promised);
        let free = if answer.creatable.is_empty() { "nothing" } else { &answer.creatable.join(", ") };
        _ = writeln!(out, "can still be created: {free}");
        if answer.layout.is_empty() {
            return out;
        }
        _ = writeln!(out, "\nfrom a GPU that nothing uses:");
        for command in preparation(gpu, self.index) {
            _ = writeln!(out, "  {command}");
        }
        _ = writeln!(out, "  {}", answer.command);
        out.push_str(&self.orders(layout, answer));
        out
    }

    /// Orders rest on an inferred rule, and say so.
    fn orders(&self, layout: &Layout<'_>, answer: &LayoutReport) -> String {
        let mut out = String::new();
        match &layout.creation_order() {
            Some(order) => {
                let profiles = order.iter().map(|instance| instance.profile);
                let command = command_without_starts(self.index, profiles);
                _ = writeln!(out, "without starts (inferred): {command}");
            }
            None => _ = writeln!(out, "without starts (inferred): no order leads here"),
        }
        if let Some(command) = &answer.failing_order {
            _ = writeln!(out, "an order that fails (inferred): {command}");
        }
        out
    }
}

fn no_mig(gpu: &Gpu) -> Problem {
    Problem::new("no-mig", gpu.short_name.as_ref(), "a GPU that cannot be cut", "a GPU with MIG")
}

fn list(gpu: &Gpu, layouts: &[Layout<'_>], answers: &[LayoutReport]) -> String {
    let mut out = format!("{}: {} full layouts\n", gpu.short_name, answers.len());
    for (number, (layout, answer)) in layouts.iter().zip(answers).enumerate() {
        _ = writeln!(out, "\n{}. {layout}", number + 1);
        out.push_str(&layout.draw());
        _ = writeln!(out, "{}", waste(answer.leftover));
        _ = writeln!(out, "{}", answer.command);
    }
    out
}

fn waste(left: Leftover) -> String {
    format!(
        "idle compute slices: {}, free memory slices: {}, stranded: {} ({})",
        left.idle_compute, left.free_memory, left.stranded_memory, left.stranded
    )
}
