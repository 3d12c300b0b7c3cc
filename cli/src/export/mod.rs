//! `migfit export`: what was worked out, as a cluster takes it.

mod all;
mod files;
mod fleet;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use migfit::catalog;
use migfit::engine::Serving;
use migfit::exports::{self, Dialect, Export, Fleet, From, KINDS, Needs, Wish, Workload};
use migfit::gpu::{self, Device, Gpu};
use migfit::matching;
use migfit::model::Model;
use migfit::problem::Problem;

use self::all::write;
use self::fleet::FleetFlags;
use crate::cards::{Cards, on_command_line};
use crate::input;
use crate::report::{self, Failure};
use crate::serving::ServingFlags;

const EXAMPLES: &str = "\
Examples:
  migfit export --list
  migfit export deployment meta-llama/Llama-3.1-8B-Instruct --device 'H100-80GB 2g.20gb' --replicas 3
  migfit export pod meta-llama/Llama-3.1-8B-Instruct --gpu H100-80GB --spelling gke
  migfit export deployment meta-llama/Llama-3.1-8B-Instruct --gpu H100-80GB | kubectl apply -f -
  migfit export nvidia-smi --gpu H100-80GB --layout '3x2g.20gb 1g.10gb'
  migfit export mig-parted --gpu H100-80GB --gpus 8 --layout '0-5: 4g.40gb 3g.40gb' --layout '6,7: whole'
  migfit export kueue --gpu A100-40GB --layout 7x1g.5gb --team 'team-alpha: 1g.5gb=4' --team 'team-beta: 1g.5gb=3'
  migfit export mig-parted --pools pools.yaml
  migfit export nvidia-smi --plan fleet.yaml
  migfit export --all meta-llama/Llama-3.1-8B-Instruct --gpu H100-80GB --layout 4x1g.20gb --output manifests

Nothing is written for a device that does not hold the model.";

/// Write what was worked out for a cluster: objects, values of charts, commands.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExportOf {
    /// What to write: an id of the list.
    #[arg(value_name = "KIND", required_unless_present_any = ["list", "all"])]
    kind: Option<String>,
    /// The model: a name of the catalog, its config.json or the folder of it, `-` for standard input.
    #[arg(value_name = "MODEL")]
    model: Option<PathBuf>,
    /// List the kinds, what each needs, and the spellings.
    #[arg(long)]
    list: bool,
    /// Write every kind, into the folder that --output names.
    #[arg(long, requires = "output", conflicts_with = "list")]
    all: bool,
    /// The folder or file to write to [default: standard output]
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// The device: `H100-80GB 2g.20gb`, `A100-80GB`.
    #[arg(long, value_name = "DEVICE", conflicts_with = "gpu")]
    device: Option<String>,
    /// The GPU: of a model, its smallest device that holds it; of nodes, their card.
    #[arg(long, value_name = "NAME")]
    gpu: Option<String>,
    #[command(flatten)]
    objects: Objects,
    #[command(flatten)]
    serving: ServingFlags,
    #[command(flatten)]
    fleet: FleetFlags,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "The objects")]
struct Objects {
    /// How the cluster wants a device asked for.
    #[arg(long, value_enum, default_value_t = Spelling(Dialect::Mixed), value_name = "SPELLING")]
    spelling: Spelling,
    /// The model's id, where MODEL is a file.
    #[arg(long, value_name = "ORG/NAME")]
    id: Option<String>,
    /// Name of the objects [default: from the model's id]
    #[arg(long)]
    name: Option<String>,
    /// Namespace of the objects.
    #[arg(long, short)]
    namespace: Option<String>,
    /// Copies of the model.
    #[arg(long, value_name = "N", default_value_t = 1)]
    replicas: u64,
    /// Image of the engine [default: that of the engine's version]
    #[arg(long)]
    image: Option<String>,
    /// The one product label, or GKE accelerator, of the cluster's nodes [default: every one of the card]
    #[arg(long, value_name = "LABEL")]
    card_label: Option<String>,
    /// Queue of Kueue that the workload waits in.
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,
    /// Its priority class in that queue.
    #[arg(long, value_name = "NAME")]
    priority: Option<String>,
    /// The scheduler: runai-scheduler, kai-scheduler ...
    #[arg(long, value_name = "NAME")]
    scheduler: Option<String>,
}

/// A dialect as a value of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spelling(Dialect);

impl ValueEnum for Spelling {
    fn value_variants<'a>() -> &'a [Spelling] {
        const ALL: [Spelling; Dialect::ALL.len()] = {
            let mut all = [Spelling(Dialect::Mixed); Dialect::ALL.len()];
            let mut place = 0;
            while place < all.len() {
                all[place] = Spelling(Dialect::ALL[place]);
                place += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.id()).help(self.0.about()))
    }
}

impl ExportOf {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        if self.list {
            return if self.json { report::json(&KINDS) } else { Ok(list()) };
        }
        let cards = self.cards.read()?;
        if self.all {
            return self.every(&cards);
        }
        let kind = exports::find(self.kind.as_deref().unwrap_or_default()).map_err(on_command_line)?;
        let export = match kind.needs {
            Needs::Workload => {
                let nothing =
                    || Problem::new("no-model", "MODEL", "nothing", "the model that is to be served");
                let name = self.model.as_deref().ok_or_else(nothing).map_err(on_command_line)?;
                self.with_workload(name, &cards, |work| exports::write(kind, From::Workload(work)))?
            }
            Needs::Nodes | Needs::Teams => {
                if let (Some(gpu), Some(file)) = (&self.gpu, self.fleet.file()) {
                    let expected = format!("the cards of {}", file.display());
                    let problem = Problem::new("bad-setting", "--gpu", gpu.as_str(), expected);
                    return Err(on_command_line(problem.hint("--gpu is for nodes that --layout cuts")));
                }
                self.with_fleet(&cards, |fleet| exports::write(kind, From::Fleet(fleet)))?
            }
        };
        let text = self.print(&export.map_err(failures)?)?;
        let Some(path) = &self.output else { return Ok(text) };
        write(path, &text)?;
        Ok(format!("{}\n", path.display()))
    }

    fn with_workload<T>(
        &self,
        name: &Path,
        cards: &[Gpu],
        then: impl FnOnce(&Workload<'_>) -> T,
    ) -> Result<T, Vec<Failure>> {
        let model = input::model(name)?;
        let id = self.id(name).map_err(on_command_line)?;
        let serving = self.serving.of(&model);
        let device = self.device(cards, &model, &serving)?;
        let work = Workload::new(&id, &model, &serving, device, self.wish()).map_err(failures)?;
        Ok(then(&work))
    }

    fn with_fleet<T>(&self, cards: &[Gpu], then: impl Fn(&Fleet<'_>) -> T) -> Result<T, Vec<Failure>> {
        match self.fleet.with_file(cards, &then) {
            Some(done) => done,
            None => Ok(then(&self.fleet.read(self.card(cards)?).map_err(failures)?)),
        }
    }

    fn card<'a>(&self, cards: &'a [Gpu]) -> Result<&'a Gpu, Vec<Failure>> {
        match &self.gpu {
            Some(name) => gpu::find_in(cards, name).map_err(on_command_line),
            None => {
                let expected = "--gpu, --pools or --plan";
                Err(on_command_line(Problem::new("no-device", "nodes", "no card", expected)))
            }
        }
    }

    fn id(&self, model: &Path) -> Result<String, Problem> {
        let shown = model.display().to_string();
        match (&self.objects.id, catalog::find(&shown)) {
            (Some(id), _) => Ok(id.clone()),
            (None, Ok(entry)) => Ok(entry.id.to_owned()),
            // Of a model that was fetched, the name is its id.
            (None, Err(_)) if !model.exists() && shown != "-" => Ok(shown),
            (None, Err(_)) => {
                Err(Problem::new("no-id", "model", format!("the file {shown}"), "--id ORG/NAME")
                    .hint("an engine fetches a model by its id, which a config.json does not say"))
            }
        }
    }

    fn device<'a>(
        &self,
        cards: &'a [Gpu],
        model: &Model,
        serving: &Serving,
    ) -> Result<Device<'a>, Vec<Failure>> {
        if let Some(label) = &self.device {
            return gpu::device_in(cards, label).map_err(on_command_line);
        }
        if self.gpu.is_none() {
            return Err(on_command_line(Problem::new("no-device", "device", "nothing", "--device or --gpu")));
        }
        let gpu = self.card(cards)?;
        let spread = serving.tensor_parallel.max(serving.pipeline_parallel) > 1;
        let devices: Vec<Device<'a>> =
            Device::all_of(gpu).filter(|device| device.profile.is_none() || !spread).collect();
        let report = matching::fit(model, serving, &devices).map_err(failures)?;
        let smallest = report.smallest.and_then(|place| devices.get(place));
        // Where none holds it, the whole GPU says why.
        Ok(*smallest.unwrap_or(&Device::whole(gpu)))
    }

    fn wish(&self) -> Wish {
        let Objects {
            spelling,
            name,
            namespace,
            replicas,
            image,
            card_label,
            queue,
            priority,
            scheduler,
            ..
        } = &self.objects;
        Wish {
            name: name.clone(),
            namespace: namespace.clone(),
            replicas: *replicas,
            image: image.clone(),
            dialect: spelling.0,
            card_label: card_label.clone(),
            queue: queue.clone(),
            priority: priority.clone(),
            scheduler: scheduler.clone(),
        }
    }

    fn print(&self, export: &Export) -> Result<String, Vec<Failure>> {
        if self.json { report::json(export) } else { export.text().map_err(on_command_line) }
    }
}

fn failures(problems: Vec<Problem>) -> Vec<Failure> {
    problems.into_iter().flat_map(on_command_line).collect()
}

fn list() -> String {
    let mut table = report::table(&["kind", "what", "for", "from"], 0..0);
    for kind in KINDS {
        let from = match kind.needs {
            Needs::Workload => "MODEL and --device or --gpu",
            Needs::Nodes => "--gpu and --layout, --pools or --plan",
            Needs::Teams => "--team and what nodes need",
        };
        table.add_row([kind.id, kind.title, kind.about, from]);
    }
    let mut spellings = report::table(&["spelling", "how a device is asked for"], 0..0);
    for dialect in Dialect::ALL {
        spellings.add_row([dialect.id(), dialect.about()]);
    }
    format!("{table}\n\n{spellings}\n")
}
