//! `migfit place`: where one workload more goes, and what lies idle where nothing can use it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use migfit::engine::Serving;
use migfit::fleet::inventory::{Inventory, from_resource_slices, from_smi, quantity};
use migfit::gpu::layout::Layout;
use migfit::gpu::{Device, Gpu, ProfileName, find_in};
use migfit::model::Model;
use migfit::planning::online::{Site, Spot, Stranded, spots, stranded};
use migfit::planning::{Amount, Need, Node, Today, Workload, acceptable};
use migfit::problem::Problem;
use migfit::units::Bytes;
use migfit::yaml;
use serde::Serialize;

use crate::cards::{Cards, on_command_line};
use crate::report::{self, Failure};
use crate::{input, plan};

/// Where one workload more goes, so that as much as possible still goes in after it; and what is stranded.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit place fleet.yaml --profile 2g.20gb
  (nvidia-smi -L; nvidia-smi mig -lgi) | migfit place - --model Qwen/Qwen3-8B
  kubectl get resourceslices -o yaml | migfit place - --memory 12Gi")]
pub(crate) struct Place {
    /// What there is: a fleet (as for `migfit plan`), ResourceSlices, or what `nvidia-smi` prints with
    /// `mig -lgi` and `-L`; `-` for standard input.
    #[arg(value_name = "INVENTORY")]
    inventory: PathBuf,
    /// The model to place: config.json, its folder or a name of the catalog.
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Longest sequence of the model in tokens.
    #[arg(long, value_name = "TOKENS", requires = "model")]
    max_model_len: Option<u64>,
    /// Sequences of that length held at the same time.
    #[arg(long, value_name = "N", default_value_t = 1)]
    sequences: u64,
    /// An instance of this profile.
    #[arg(long, value_name = "NAME", conflicts_with = "model")]
    profile: Option<ProfileName>,
    /// Any instance with so much memory: `12Gi`.
    #[arg(long, value_name = "MEMORY", conflicts_with_all = ["model", "profile"])]
    memory: Option<String>,
    /// Places that are shown.
    #[arg(long, value_name = "N", default_value_t = 5)]
    top: usize,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

/// The JSON form of the answer.
#[derive(Serialize)]
struct Answer<'a> {
    spots: Option<&'a [Spot<'a>]>,
    stranded: &'a [Stranded<'a>],
    problems: &'a [Problem],
}

impl Place {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let cards = self.cards.read()?;
        let (sites, problems) = sites(&self.inventory, &cards)?;
        let lost = stranded(&sites);
        let wanted = self.wanted(&sites)?;
        let found = wanted.map(|wanted| spots(&sites, &wanted));
        let shown = found.as_ref().map(|found| found.get(..self.top.min(found.len())).unwrap_or(found));
        if self.json {
            return report::json(&Answer { spots: shown, stranded: &lost, problems: &problems });
        }
        let mut out = String::new();
        if let (Some(shown), Some(all)) = (shown, &found) {
            out.push_str(&places(shown, all.len()));
        }
        out.push_str(&waste(&lost));
        for problem in problems {
            _ = writeln!(out, "not counted: {problem}");
        }
        Ok(out)
    }

    /// The devices that would do, `None` where nothing is to be placed.
    fn wanted<'a>(&self, sites: &[Site<'a>]) -> Result<Option<Vec<Device<'a>>>, Vec<Failure>> {
        let mut cards: Vec<&'a Gpu> = Vec::new();
        for site in sites {
            if !cards.iter().any(|known| known.key == site.layout.gpu().key) {
                cards.push(site.layout.gpu());
            }
        }
        if let Some(name) = self.profile {
            let devices: Vec<Device<'a>> = cards
                .iter()
                .filter_map(|gpu| Some(Device { gpu, profile: Some(gpu.profile(name).ok()?) }))
                .collect();
            if devices.is_empty() {
                let names: Vec<String> = cards
                    .iter()
                    .flat_map(|gpu| gpu.profiles.iter().map(|profile| profile.name.to_string()))
                    .collect();
                let expected = "a profile of a card of the inventory";
                let problem = Problem::new("unknown-profile", "--profile", format!("`{name}`"), expected);
                let problem = problem.nearest(&name.to_string(), names.iter().map(String::as_str));
                return Err(on_command_line(problem));
            }
            return Ok(Some(devices));
        }
        let model: Option<Model> = self.model.as_deref().map(input::model).transpose()?;
        let need = match (&model, &self.memory) {
            (Some(model), _) => {
                let serving = Serving {
                    max_model_len: self.max_model_len,
                    sequences: self.sequences,
                    ..Serving::default()
                };
                Need::Model { model, serving }
            }
            (None, Some(memory)) => {
                let bytes = quantity(memory).map_err(on_command_line)?;
                Need::Declared { memory: Bytes::new(bytes), devices: 1 }
            }
            (None, None) => return Ok(None),
        };
        let workload =
            Workload { need, amount: Amount::Replicas(1), ..Workload::declared("new", Bytes::ZERO, 1) };
        let found = acceptable(&workload, &cards);
        found.map(Some).map_err(|problems| problems.into_iter().flat_map(on_command_line).collect())
    }
}

/// The GPUs of an inventory, and what of it could not be used.
fn sites<'a>(file: &Path, cards: &'a [Gpu]) -> Result<(Vec<Site<'a>>, Vec<Problem>), Vec<Failure>> {
    let name = file.display().to_string();
    let one = |problem| vec![Failure { file: name.clone(), problem }];
    let text = input::text(file).map_err(one)?;
    let documents = yaml::documents("inventory", &text).unwrap_or_default();
    let has = |key: &str| documents.iter().any(|document| document.get(key).is_some());
    if has("nodes") {
        let document = plan::read_text(&name, &text)?;
        let all = |problems: Vec<Problem>| problems.into_iter().flat_map(one).collect::<Vec<Failure>>();
        let sites = of_fleet(&document.machines(cards).map_err(all)?);
        return if sites.is_empty() { Err(one(no_gpu())) } else { Ok((sites, Vec::new())) };
    }
    let inventory = if has("kind") || has("items") {
        let mut inventory = Inventory::default();
        for document in &documents {
            let own = from_resource_slices(cards, document);
            inventory.nodes.extend(own.nodes);
            inventory.problems.extend(own.problems);
        }
        inventory
    } else {
        from_smi(cards, "node", &text)
    };
    let (sites, problems) = of_inventory(cards, &inventory);
    if sites.is_empty() {
        let mut failures: Vec<Failure> = problems.into_iter().flat_map(one).collect();
        failures.extend(one(no_gpu()));
        return Err(failures);
    }
    Ok((sites, problems))
}

fn no_gpu() -> Problem {
    let expected = "a fleet, ResourceSlices, or the output of nvidia-smi";
    Problem::new("no-gpus", "inventory", "no GPU", expected)
}

fn of_fleet<'a>(nodes: &[Node<'a>]) -> Vec<Site<'a>> {
    let mut sites = Vec::new();
    for node in nodes {
        for (index, gpu) in node.gpus.iter().enumerate() {
            let idle = match &gpu.today {
                Today::Cut(standing) => {
                    standing.iter().filter(|own| own.held.is_none()).map(|own| own.instance).collect()
                }
                Today::Unused | Today::Whole(_) => Vec::new(),
            };
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let whole = matches!(gpu.today, Today::Whole(_));
            sites.push(Site {
                name: format!("{}:{index}", node.name),
                index,
                layout: gpu.layout(),
                idle,
                whole,
            });
        }
    }
    sites
}

/// Live instances are taken to be in use: no source says who has them.
fn of_inventory<'a>(cards: &'a [Gpu], inventory: &Inventory) -> (Vec<Site<'a>>, Vec<Problem>) {
    let (mut sites, mut problems) = (Vec::new(), inventory.problems.clone());
    for node in &inventory.nodes {
        for (place, live) in node.gpus.iter().enumerate() {
            let card = live.card.as_deref().or(live.product.as_deref()).unwrap_or_default();
            let layout = find_in(cards, card).and_then(|gpu| live.layout(gpu));
            match layout {
                Ok(layout) => {
                    let index = live.id.parse().unwrap_or(u32::try_from(place).unwrap_or(u32::MAX));
                    let name = format!("{}:{}", node.name, live.id);
                    sites.push(Site { name, index, layout, idle: Vec::new(), whole: false });
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
    (sites, problems)
}

fn places(shown: &[Spot<'_>], all: usize) -> String {
    let Some(best) = shown.first() else { return "no GPU has a place for it\n\n".to_owned() };
    let mut out = if best.stands {
        format!("best: {} on {}, which stands idle\n", best.instance, best.site)
    } else {
        format!("best: {} on {}\n  {}\n", best.instance, best.site, best.command)
    };
    let header = ["GPU", "instance", "loss", "stranded after", "layout after"];
    let mut table = report::table(&header, 2..4);
    for spot in shown {
        table.add_row([
            spot.site.clone(),
            if spot.stands { format!("{} (idle)", spot.instance) } else { spot.instance.to_string() },
            format!("{}.{:03}", spot.loss / 1000, (spot.loss % 1000).abs()),
            spot.stranded.to_string(),
            spot.layout.to_string(),
        ]);
    }
    _ = writeln!(out, "\n{table}");
    if all > shown.len() {
        _ = writeln!(out, "{} places more", all - shown.len());
    }
    out.push_str("loss: memory slices that those who may still come will not get because of it\n\n");
    out
}

fn waste(lost: &[Stranded<'_>]) -> String {
    if lost.is_empty() {
        return "no memory slice is stranded\n".to_owned();
    }
    let header =
        ["GPU", "layout", "stranded", "idle compute", "idle instances", "same instances, less stranded"];
    let mut table = report::table(&header, 2..4);
    for own in lost {
        let idle: Vec<String> = own.idle.iter().map(ToString::to_string).collect();
        table.add_row([
            own.site.clone(),
            own.layout.to_string(),
            format!("{} ({})", own.slices, own.memory),
            own.idle_compute.to_string(),
            idle.join(", "),
            own.better.as_ref().map_or(String::new(), Layout::to_string),
        ]);
    }
    format!("{table}\n")
}
