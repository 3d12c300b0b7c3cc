//! What `nvidia-smi -L`, `nvidia-smi mig -lgi` and `nvidia-smi mig -lgip` print, alone or one after
//! another in one text.

use std::collections::BTreeMap;

use super::{Inventory, LiveGpu, LiveInstance, LiveProfile, Node, Said, card, quantity};
use crate::gpu::{Gpu, ProfileName};
use crate::problem::Problem;
use crate::units::Bytes;

/// Reads such a text as the inventory of one machine called `node`.
#[must_use]
pub fn from_smi(cards: &[Gpu], node: &str, text: &str) -> Inventory {
    let mut read = Read::default();
    for line in text.lines() {
        if let Err(problem) = read.line(cards, line.trim()) {
            read.problems.push(problem);
        }
    }
    if read.gpus.is_empty() {
        read.problems.push(Problem::new(
            "no-gpu",
            node,
            "no GPU in the text",
            "the output of `nvidia-smi -L`, `mig -lgi` or `mig -lgip`",
        ));
    }
    read.inventory(cards, node)
}

#[derive(Default)]
struct Read {
    gpus: BTreeMap<u32, LiveGpu>,
    /// MIG devices of `-L`, which have no starts.
    devices: BTreeMap<u32, Vec<ProfileName>>,
    current: u32,
    problems: Vec<Problem>,
}

impl Read {
    fn line(&mut self, cards: &[Gpu], line: &str) -> Result<(), Problem> {
        if let Some((number, rest)) = line.strip_prefix("GPU ").and_then(|rest| rest.split_once(": ")) {
            let Ok(number) = number.parse() else { return Ok(()) };
            self.current = number;
            let product = rest.split(" (UUID").next().unwrap_or(rest).trim();
            let gpu = self.gpu(number);
            gpu.product = Some(product.to_owned());
            gpu.card = card(cards, product, None).map(|gpu| gpu.key.to_string());
        } else if let Some(rest) = line.strip_prefix("MIG ") {
            let name = rest.split_whitespace().next().unwrap_or_default();
            let name = ProfileName::parse(name)?;
            self.devices.entry(self.current).or_default().push(name);
        } else if line.starts_with('|') {
            let words: Vec<&str> = line.trim_matches('|').split_whitespace().collect();
            return self.row(&words);
        }
        Ok(())
    }

    /// `0 MIG 1g.5gb 19 13 6:1` of `-lgi`, or `0 MIG 1g.5gb 19 0/7 4.75 No 14 0 0` of `-lgip`.
    fn row(&mut self, words: &[&str]) -> Result<(), Problem> {
        let [number, "MIG", name, id, rest @ ..] = words else {
            return Ok(());
        };
        let (Ok(number), Ok(smi_id)) = (number.parse(), id.parse()) else {
            return Ok(());
        };
        let profile = ProfileName::parse(name)?;
        match rest {
            [_, placement] => {
                let start = placement.split_once(':').and_then(|(start, _)| start.parse().ok());
                self.gpu(number).instances.push(LiveInstance { profile, start });
            }
            [counts, gib, _, sms, ..] => {
                let misread = || {
                    Problem::new(
                        "smi-row",
                        "nvidia-smi mig -lgip",
                        format!("`{}`", words.join(" ")),
                        "a row of that table",
                    )
                };
                let (free, total) = counts.split_once('/').ok_or_else(misread)?;
                let row = LiveProfile {
                    profile,
                    smi_id,
                    free: free.parse().map_err(|_| misread())?,
                    total: total.parse().map_err(|_| misread())?,
                    memory: Bytes::new(quantity(&format!("{gib}Gi"))?),
                    sms: sms.parse().map_err(|_| misread())?,
                };
                self.gpu(number).profiles.push(row);
            }
            [] | [_] | [_, _, _] => {}
        }
        Ok(())
    }

    fn gpu(&mut self, number: u32) -> &mut LiveGpu {
        self.gpus.entry(number).or_insert_with(|| LiveGpu { id: number.to_string(), ..LiveGpu::default() })
    }

    fn inventory(mut self, cards: &[Gpu], name: &str) -> Inventory {
        let mut kinds: BTreeMap<Kind, u64> = BTreeMap::new();
        for (number, gpu) in &mut self.gpus {
            let devices = self.devices.remove(number).unwrap_or_default();
            for kind in given(gpu, devices) {
                *kinds.entry(kind).or_default() += 1;
            }
        }
        let mut node = Node { name: name.to_owned(), ..Node::default() };
        for (kind, count) in kinds {
            match kind.said(count).offer(cards) {
                Ok(offer) => node.offers.push(offer),
                Err(problem) => self.problems.push(problem),
            }
        }
        node.offers.sort_by(|a, b| a.resource.cmp(&b.resource));
        node.gpus = self.gpus.into_values().collect();
        let nodes = if node.gpus.is_empty() { Vec::new() } else { vec![node] };
        Inventory { nodes, problems: self.problems }
    }
}

/// Devices that one offer stands for.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    product: Option<String>,
    profile: Option<ProfileName>,
    memory: Option<Bytes>,
}

impl Kind {
    fn said(self, count: u64) -> Said {
        let basis = "nvidia-smi mig -lgip, cut off after two decimals";
        Said {
            resource: self.profile.map_or("nvidia.com/gpu".to_owned(), ProfileName::resource_name),
            product: self.product,
            profile: self.profile,
            count,
            memory: self.memory.map(|memory| (memory, basis.to_owned())),
            sms: None,
            shared_by: 1,
            potential: false,
        }
    }
}

/// What containers can be given of one GPU. `-L` counts compute instances, which is what they get;
/// without it the GPU instances of `-lgi` are taken to hold one each. A GPU that no row of MIG names is
/// given whole.
fn given(gpu: &mut LiveGpu, devices: Vec<ProfileName>) -> Vec<Kind> {
    if gpu.instances.is_empty() {
        let instance = |profile: &ProfileName| LiveInstance { profile: *profile, start: None };
        gpu.instances = devices.iter().map(instance).collect();
    }
    gpu.instances.sort_by_key(|instance| (instance.start, instance.profile));
    let profiles: Vec<ProfileName> = if devices.is_empty() {
        gpu.instances.iter().map(|instance| instance.profile).collect()
    } else {
        devices
    };
    let whole = profiles.is_empty() && gpu.profiles.is_empty() && gpu.product.is_some();
    let kinds = profiles.into_iter().map(Some).chain(whole.then_some(None));
    let memory = |profile| gpu.profiles.iter().find(|row| Some(row.profile) == profile).map(|row| row.memory);
    kinds.map(|profile| Kind { product: gpu.product.clone(), profile, memory: memory(profile) }).collect()
}
