//! `migfit gpus`: the catalog.

use std::fmt::Write as _;

use clap::Args;
use migfit::gpu::{self, Figure, Gpu, Profile};

use crate::cards::{Cards, on_command_line};
use crate::report::{self, Failure};

/// GPUs and their MIG profiles.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit gpus
  migfit gpus H100-80GB NVIDIA-A100-SXM4-40GB")]
pub(crate) struct Gpus {
    /// Show these in full: a name, product label, PCI id or cloud accelerator name.
    names: Vec<String>,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

impl Gpus {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let cards = self.cards.read()?;
        if self.names.is_empty() {
            return if self.json { report::json(&cards) } else { Ok(overview(&cards)) };
        }
        let mut chosen = Vec::new();
        for name in &self.names {
            chosen.push(gpu::find_in(&cards, name).map_err(on_command_line)?);
        }
        if self.json {
            return report::json(&chosen);
        }
        let pages: Vec<String> = chosen.into_iter().map(page).collect();
        Ok(pages.join("\n"))
    }
}

fn overview(cards: &[Gpu]) -> String {
    let header = ["GPU", "memory", "SMs", "bandwidth", "generation", "native formats", "MIG profiles"];
    let mut table = report::table(&header, 1..4);
    for gpu in cards {
        table.add_row([
            gpu.short_name.to_string(),
            gpu.memory.to_string(),
            gpu.sms.map_or("unknown".to_owned(), |sms| sms.to_string()),
            rate(gpu.bandwidth),
            gpu.architecture.word().to_owned(),
            formats(gpu),
            gpu.profiles.len().to_string(),
        ]);
    }
    format!("{table}\n")
}

fn page(gpu: &Gpu) -> String {
    let mut out = String::new();
    _ = writeln!(out, "{} ({})", gpu.name, gpu.key);
    _ = writeln!(out, "memory {} ({})", gpu.memory, gpu.memory.basis);
    _ = writeln!(out, "bandwidth {}, links {}", rate(gpu.bandwidth), rate(gpu.nvlink));
    _ = writeln!(out, "{}, native formats: {}", gpu.architecture.word(), formats(gpu));
    if !gpu.product_labels.is_empty() {
        _ = writeln!(out, "node label nvidia.com/gpu.product: {}", gpu.product_labels.join(", "));
    }
    if let Some(mode) = gpu.mig_mode {
        let reset = if mode.reset_to_toggle { "needs a GPU reset" } else { "needs no reset" };
        let kept = if mode.survives_reboot { "is kept" } else { "is lost" };
        _ = writeln!(out, "MIG mode {reset} to toggle and {kept} over a reboot");
        _ = writeln!(out, "{}", profiles(gpu));
    }
    for source in gpu.sources.iter() {
        _ = writeln!(out, "source: {}, {} ({})", source.title, source.version, source.confidence.word());
    }
    out
}

fn profiles(gpu: &Gpu) -> comfy_table::Table {
    let header =
        ["profile", "memory", "promised", "how", "SMs", "slices", "most", "starts", "-cgi", "resource"];
    let mut table = report::table(&header, 1..3);
    for profile in gpu.profiles.iter() {
        table.add_row(row(gpu, profile));
    }
    table
}

fn row(gpu: &Gpu, profile: &Profile) -> [String; 10] {
    let starts: Vec<String> = profile.placements.starts.iter().map(ToString::to_string).collect();
    let slices = format!(
        "{}/{} compute, {}/{} memory",
        profile.compute_slices, gpu.compute_slices, profile.memory_slices, gpu.memory_slices
    );
    [
        profile.name.to_string(),
        profile.memory.to_string(),
        profile.memory.floor.to_string(),
        profile.memory.confidence.word().to_owned(),
        profile.sms.map_or("unknown".to_owned(), |sms| sms.to_string()),
        slices,
        profile.max_instances.to_string(),
        starts.join(","),
        profile.smi_id.map_or("unknown".to_owned(), |id| id.to_string()),
        profile.name.resource_name(),
    ]
}

fn rate(figure: Option<Figure>) -> String {
    match figure {
        Some(Figure { value: 0, .. }) => "none".to_owned(),
        Some(Figure { value, .. }) => format!("{} GB/s", value / 1_000_000_000),
        None => "unknown".to_owned(),
    }
}

fn formats(gpu: &Gpu) -> String {
    let formats = gpu.formats();
    let named =
        [("bf16", formats.bf16), ("fp8", formats.fp8), ("nvfp4", formats.nvfp4), ("mxfp4", formats.mxfp4)];
    let native: Vec<&str> = named.iter().filter(|(_, native)| *native).map(|(name, _)| *name).collect();
    if native.is_empty() { "fp16".to_owned() } else { format!("fp16 {}", native.join(" ")) }
}
