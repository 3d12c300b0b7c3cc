//! Nodes and teams, as flags say them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use migfit::exports::{Fleet, Machines, Team, read_layout};
use migfit::gpu::Gpu;
use migfit::gpu::layout::Layout;
use migfit::problem::Problem;

/// Nodes, how their GPUs are cut, and who may use them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Nodes and teams (with --gpu, --pools or --plan)")]
pub(super) struct FleetFlags {
    /// Nodes and how they are cut, out of pools as `migfit match --pools` reads them; `-` for standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["plan", "layout", "gpus", "nodes", "pool", "node", "instance_type"])]
    pub(super) pools: Option<PathBuf>,
    /// Nodes as `migfit plan FLEET` cuts them.
    #[arg(long, value_name = "FLEET", conflicts_with_all = ["layout", "gpus", "nodes", "pool", "node", "instance_type"])]
    pub(super) plan: Option<PathBuf>,
    /// How GPUs are cut: `3x2g.20gb 1g.10gb` for all, `0-3: 4g.40gb 3g.40gb` and `6,7: whole` for some; may be repeated.
    #[arg(long, value_name = "LAYOUT")]
    layout: Vec<String>,
    /// GPUs of one node [default: as many as the layouts name, else 1]
    #[arg(long, value_name = "N")]
    gpus: Option<u32>,
    /// Nodes that are cut so.
    #[arg(long, value_name = "N", default_value_t = 1)]
    nodes: u64,
    /// Name of the pool.
    #[arg(long, value_name = "NAME", default_value = "sliced")]
    pool: String,
    /// A node of the pool; may be repeated.
    #[arg(long, value_name = "NAME")]
    node: Vec<String>,
    /// Machine type of the cloud [default: the first with as many GPUs]
    #[arg(long, value_name = "TYPE")]
    instance_type: Option<String>,
    /// A team and what it is promised: `team-alpha: 1g.10gb=4, gpu=1`; may be repeated.
    #[arg(long, value_name = "TEAM")]
    team: Vec<String>,
    /// How many more of each a team may borrow [default: whatever is idle]
    #[arg(long, value_name = "N")]
    borrow: Option<u64>,
}

/// The most GPUs of one node; real ones have up to 16.
const MOST_GPUS: u32 = 64;

impl FleetFlags {
    pub(super) fn read<'a>(&self, gpu: &'a Gpu) -> Result<Fleet<'a>, Vec<Problem>> {
        let mut problems = Vec::new();
        let layouts = self.layouts(gpu).map_err(|several| problems.extend(several)).unwrap_or_default();
        let teams = self.teams().map_err(|several| problems.extend(several)).unwrap_or_default();
        if !problems.is_empty() {
            return Err(problems);
        }
        let machines = Machines {
            name: self.pool.clone(),
            gpu,
            nodes: if self.node.is_empty() { self.nodes } else { self.node.len() as u64 },
            names: self.node.clone(),
            labels: BTreeMap::new(),
            layouts,
            instance_type: self.instance_type.clone(),
        };
        Ok(Fleet { machines: vec![machines], teams })
    }

    /// The teams; whatever is wrong with any of them.
    pub(super) fn teams(&self) -> Result<Vec<Team>, Vec<Problem>> {
        let (mut teams, mut problems) = (Vec::new(), Vec::new());
        for text in &self.team {
            match Team::read(text, self.borrow) {
                Ok(team) => teams.push(team),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(teams) } else { Err(problems) }
    }

    fn layouts<'a>(&self, gpu: &'a Gpu) -> Result<Vec<Layout<'a>>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut rows: Vec<(Option<Vec<u32>>, Layout<'a>)> = Vec::new();
        for text in &self.layout {
            match row(gpu, text) {
                Ok(row) => rows.push(row),
                Err(problem) => problems.push(problem),
            }
        }
        let named = rows.iter().flat_map(|(numbers, _)| numbers.iter().flatten()).max();
        let gpus = self.gpus.unwrap_or_else(|| named.map_or(1, |last| last.saturating_add(1)));
        if gpus == 0 || gpus > MOST_GPUS {
            let expected = format!("a whole number from 1 to {MOST_GPUS}");
            problems.push(Problem::new("bad-setting", "GPUs of one node", gpus.to_string(), expected));
            return Err(problems);
        }
        let mut layouts: Vec<Option<Layout<'a>>> = vec![None; gpus as usize];
        for (numbers, layout) in rows {
            for number in numbers.unwrap_or_else(|| (0..gpus).collect()) {
                match layouts.get_mut(number as usize) {
                    Some(place @ None) => *place = Some(layout.clone()),
                    Some(Some(_)) => problems.push(unlike(number, "cut twice", "one layout for each GPU")),
                    None => problems.push(unlike(number, "named", &format!("a number below {gpus}"))),
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(layouts.into_iter().map(|layout| layout.unwrap_or(Layout::empty(gpu))).collect())
    }
}

fn unlike(number: u32, found: &str, expected: &str) -> Problem {
    Problem::new("bad-setting", format!("GPU {number}"), found, expected)
}

/// `0-3: 4g.40gb 3g.40gb` as numbers and layout, `3x2g.20gb` as a layout of all.
fn row<'a>(gpu: &'a Gpu, text: &str) -> Result<(Option<Vec<u32>>, Layout<'a>), Problem> {
    let (numbers, layout) = match text.split_once(':') {
        Some((numbers, layout)) => (Some(numbers_of(numbers)?), layout),
        None => (None, text),
    };
    let layout = match layout.trim() {
        "" | "whole" => Layout::empty(gpu),
        layout => read_layout(gpu, layout)?,
    };
    Ok((numbers, layout))
}

/// `0-3,6` as 0, 1, 2, 3, 6.
fn numbers_of(text: &str) -> Result<Vec<u32>, Problem> {
    let bad =
        || Problem::new("bad-setting", "numbers of GPUs", format!("{text:?}"), "numbers such as `0-3,6`");
    let number =
        |text: &str| text.trim().parse::<u32>().ok().filter(|number| *number < MOST_GPUS).ok_or_else(bad);
    let mut numbers = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        numbers.extend(number(first)?..=number(last)?);
    }
    if numbers.is_empty() { Err(bad()) } else { Ok(numbers) }
}
