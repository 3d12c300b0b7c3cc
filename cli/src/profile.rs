//! `migfit profile`: what a MIG profile's name stands for.

use std::fmt::Write as _;

use clap::Args;
use migfit::gpu::{self, Device, Profile, ProfileName};
use serde::Serialize;

use crate::cards::{Cards, on_command_line};
use crate::report::{self, Failure};

/// What the name of a MIG profile stands for.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit profile 3g.40gb
  migfit profile nvidia.com/mig-1g.10gb.me --gpu NVIDIA-H100-80GB-HBM3")]
pub(crate) struct ProfileOf {
    /// `3g.40gb`, `1g.10gb+me`, or the resource `nvidia.com/mig-1g.10gb.me`.
    name: String,
    /// The card: its name or the node label `nvidia.com/gpu.product`.
    #[arg(long, value_name = "NAME")]
    gpu: Option<String>,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    name: ProfileName,
    resource: String,
    ambiguous: bool,
    reason: &'a str,
    device: Candidate<'a>,
    candidates: Vec<Candidate<'a>>,
}

#[derive(Serialize)]
struct Candidate<'a> {
    device: String,
    gpu: &'a str,
    profile: Option<&'a Profile>,
}

impl ProfileOf {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let cards = self.cards.read()?;
        let read = if self.name.contains('/') { ProfileName::from_resource_name } else { ProfileName::parse };
        let name = read(&self.name).map_err(on_command_line)?;
        let found = gpu::meaning(&cards, name, self.gpu.as_deref()).map_err(on_command_line)?;
        if self.json {
            return report::json(&Answer {
                name,
                resource: name.resource_name(),
                ambiguous: found.ambiguous,
                reason: &found.reason,
                device: candidate(&found.device),
                candidates: found.candidates.iter().map(candidate).collect(),
            });
        }
        let mut out = format!("{name}, asked for as {}\n", name.resource_name());
        _ = writeln!(out, "{}: {}", found.device.label(), found.reason);
        let shown = if self.gpu.is_some() { vec![found.device] } else { found.candidates };
        let header = ["device", "memory", "promised", "how", "SMs", "share of memory", "most"];
        let mut table = report::table(&header, 1..3);
        for device in &shown {
            table.add_row(row(device));
        }
        _ = writeln!(out, "{table}");
        Ok(out)
    }
}

fn candidate<'a>(device: &Device<'a>) -> Candidate<'a> {
    Candidate { device: device.label(), gpu: &device.gpu.key, profile: device.profile }
}

fn row(device: &Device<'_>) -> [String; 7] {
    let slices = device.profile.map_or(0, |profile| profile.memory_slices);
    [
        device.label(),
        device.memory().to_string(),
        device.memory_floor().to_string(),
        device.memory().confidence.word().to_owned(),
        device.sms().map_or("unknown".to_owned(), |sms| sms.to_string()),
        format!("{slices}/{}", device.gpu.memory_slices),
        device.profile.map_or(1, |profile| profile.max_instances).to_string(),
    ]
}
