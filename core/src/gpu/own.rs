//! Cards that a user adds or corrects, read from a file or from settings.
//!
//! ```json
//! {"gpus": [
//!   {"key": "h100-80gb-sxm", "memoryMiB": 81000},
//!   {"key": "my-card", "architecture": "hopper", "memoryMiB": 24000, "computeSlices": 3,
//!    "memorySlices": 3, "profiles": [
//!      {"name": "1g.8gb", "memoryMiB": 7600, "memorySlices": 1, "starts": [0, 1, 2]}]}
//! ]}
//! ```
//!
//! A key of the catalog corrects that card: fields left out stay. Another key is a new card, or, with
//! `"like": "<key>"`, one that starts from a card of the catalog.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::architecture::Architecture;
use super::card::{Figure, Gpu};
use super::layout::has_more_than;
use super::memory::Memory;
use super::profile::{Engines, Profile};
use super::profile_name::ProfileName;
use super::{catalog, find};
use crate::order;
use crate::problem::Problem;
use crate::source::{Confidence, Source};
use crate::units::Bytes;

const USER: Source = Source { title: "user", version: "own card", confidence: Confidence::Published };

/// Most slices that a card of one's own may have, and most profiles.
const MOST: usize = 32;

/// Most layouts that a card of one's own may have; NVIDIA's have at most 2319.
const MOST_LAYOUTS: usize = 20_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    gpus: Vec<Card>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Card {
    key: String,
    like: Option<String>,
    name: Option<String>,
    short_name: Option<String>,
    architecture: Option<Architecture>,
    product_labels: Option<Vec<String>>,
    #[serde(rename = "memoryMiB")]
    memory_mib: Option<u64>,
    sms: Option<u32>,
    #[serde(rename = "bandwidthGBs")]
    bandwidth: Option<u64>,
    compute_slices: Option<u8>,
    memory_slices: Option<u8>,
    profiles: Option<Vec<Row>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Row {
    name: ProfileName,
    #[serde(rename = "memoryMiB")]
    memory_mib: u64,
    memory_slices: u8,
    starts: Vec<u8>,
    compute_slices: Option<u8>,
    max_instances: Option<u8>,
    sms: Option<u32>,
    smi_id: Option<u8>,
}

/// The catalog with the cards of `own` corrected or added, the added ones last.
///
/// # Errors
/// A [`Problem`] of code `own-card` for what cannot be read or does not hold together.
pub fn catalog_with(own: &Value) -> Result<Vec<Gpu>, Problem> {
    let file = File::deserialize(own).map_err(|error| {
        Problem::new(
            "own-card",
            "own cards",
            error.to_string(),
            "an object whose list `gpus` holds cards with `key` and what to change, such as `memoryMiB`",
        )
    })?;
    let mut cards = catalog().to_vec();
    for card in file.gpus {
        let gpu = card.apply()?;
        match cards.iter_mut().find(|known| known.key == gpu.key) {
            Some(known) => *known = gpu,
            None => cards.push(gpu),
        }
    }
    Ok(cards)
}

impl Card {
    fn apply(self) -> Result<Gpu, Problem> {
        let mut gpu = self.base()?;
        if let Some(name) = self.name {
            gpu.name = name.into();
        }
        if let Some(short_name) = self.short_name {
            gpu.short_name = short_name.into();
        }
        if let Some(labels) = self.product_labels {
            gpu.product_labels = labels.into_iter().map(Into::into).collect::<Vec<_>>().into();
        }
        if let Some(mib) = self.memory_mib {
            gpu.memory = Memory::stated(Bytes::from_mib(mib));
        }
        gpu.architecture = self.architecture.unwrap_or(gpu.architecture);
        gpu.sms = self.sms.or(gpu.sms);
        let bandwidth =
            self.bandwidth.map(|g| Figure { value: g.saturating_mul(1_000_000_000), source: USER });
        gpu.bandwidth = bandwidth.or(gpu.bandwidth);
        gpu.compute_slices = self.compute_slices.unwrap_or(gpu.compute_slices);
        gpu.memory_slices = self.memory_slices.unwrap_or(gpu.memory_slices);
        if let Some(rows) = self.profiles {
            gpu.profiles = rows.into_iter().map(Row::profile).collect::<Vec<_>>().into();
            gpu.engines =
                Engines { decoders: u8::MAX, encoders: u8::MAX, jpeg: u8::MAX, ofa: u8::MAX, copy: None };
            gpu.old_names = Cow::Borrowed(&[]);
        }
        if gpu.has_mig() {
            gpu.mig_mode = gpu.mig_mode.or(Some(gpu.architecture.mig_mode()));
        }
        check(&gpu)?;
        Ok(gpu)
    }

    fn base(&self) -> Result<Gpu, Problem> {
        let known = catalog().iter().find(|gpu| gpu.key == self.key);
        let mut gpu = match (&self.like, known) {
            (Some(like), _) => find(like)?.clone(),
            (None, Some(known)) => known.clone(),
            (None, None) => return self.fresh(),
        };
        if gpu.key != self.key {
            gpu.key = self.key.clone().into();
            gpu.short_name = gpu.key.clone();
            gpu.product_labels = Cow::Borrowed(&[]);
            gpu.cloud_names = Cow::Borrowed(&[]);
            gpu.pci = Cow::Borrowed(&[]);
        }
        Ok(gpu)
    }

    fn fresh(&self) -> Result<Gpu, Problem> {
        match (self.architecture, self.memory_mib) {
            (Some(architecture), Some(mib)) => {
                Ok(Gpu::plain(self.key.clone(), architecture, Bytes::from_mib(mib)))
            }
            (None, _) => Err(wrong(&self.key, "no `architecture`", "one, as every new card has")),
            (_, None) => Err(wrong(&self.key, "no `memoryMiB`", "one, as every new card has")),
        }
    }
}

impl Row {
    fn profile(self) -> Profile {
        let mut starts = self.starts;
        order::sort(&mut starts);
        starts.dedup();
        let plain = Profile::plain(self.name, Bytes::from_mib(self.memory_mib), self.memory_slices, starts);
        Profile {
            compute_slices: self.compute_slices.unwrap_or(plain.compute_slices),
            max_instances: self.max_instances.unwrap_or(plain.max_instances),
            sms: self.sms,
            smi_id: self.smi_id,
            ..plain
        }
    }
}

/// What has to hold for layouts and promises to make sense.
fn check(gpu: &Gpu) -> Result<(), Problem> {
    let slices = gpu.memory_slices;
    if usize::from(slices) > MOST || gpu.profiles.len() > MOST {
        let found = format!("{slices} memory slices and {} profiles", gpu.profiles.len());
        return Err(wrong(&gpu.key, found, format!("at most {MOST} of each")));
    }
    for profile in gpu.profiles.iter() {
        let end = profile.placements.starts.iter().map(|s| s.saturating_add(profile.memory_slices)).max();
        if profile.memory_slices == 0 || end.is_none_or(|end| end > slices) {
            let found = format!("`{}` outside the {slices} memory slices", profile.name);
            return Err(wrong(&gpu.key, found, "starts and size within them"));
        }
        if profile.memory.floor > gpu.memory.floor {
            let found = format!("`{}` of {}", profile.name, profile.memory.floor);
            return Err(wrong(&gpu.key, found, format!("no more than the GPU's {}", gpu.memory.floor)));
        }
    }
    if has_more_than(gpu, MOST_LAYOUTS) {
        let expected = format!("at most {MOST_LAYOUTS}, as fewer slices or profiles have");
        return Err(wrong(&gpu.key, "too many layouts to go through", expected));
    }
    Ok(())
}

fn wrong(key: &str, found: impl Into<String>, expected: impl Into<String>) -> Problem {
    Problem::new("own-card", format!("own card `{key}`"), found, expected)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gpu::find_in;
    use crate::gpu::layout::{Set, maximal};

    #[test]
    fn a_key_of_the_catalog_corrects_that_card() {
        let cards = catalog_with(&json!({"gpus": [{"key": "h100-80gb-sxm", "memoryMiB": 81_200}]})).unwrap();
        assert_eq!(cards.len(), catalog().len());
        let gpu = find_in(&cards, "H100-80GB").unwrap();
        assert_eq!(gpu.memory.floor, Bytes::from_mib(81_200));
        assert_eq!(gpu.profiles.len(), 7);
        assert_eq!(find("H100-80GB").unwrap().memory.floor, Bytes::from_mib(81_559));
    }

    #[test]
    fn a_new_card_has_layouts_like_any_other() {
        let cards = catalog_with(&json!({"gpus": [{
        "key": "my-card", "architecture": "hopper", "memoryMiB": 24_000, "sms": 12,
        "computeSlices": 3, "memorySlices": 3, "productLabels": ["My-Card"],
        "profiles": [
            {"name": "1g.8gb", "memoryMiB": 7_600, "memorySlices": 1, "starts": [0, 1, 2]},
            {"name": "2g.16gb", "memoryMiB": 15_600, "memorySlices": 2, "starts": [0]},
        ]}]}))
        .unwrap();
        let gpu = find_in(&cards, "My-Card").unwrap();
        let layouts: Vec<String> = maximal(gpu, Set::All).iter().map(ToString::to_string).collect();
        assert_eq!(layouts, ["1g.8gb@0, 1g.8gb@1, 1g.8gb@2", "2g.16gb@0, 1g.8gb@2"]);
        assert_eq!(find_in(&cards, "my card").map(|gpu| gpu.sms), Ok(Some(12)));
    }

    #[test]
    fn a_card_like_another_keeps_its_profiles_but_not_its_names() {
        let own = json!({"gpus": [{"key": "h100-80gb-vm", "like": "h100-80gb-sxm", "memoryMiB": 81_170}]});
        let cards = catalog_with(&own).unwrap();
        let gpu = find_in(&cards, "h100-80gb-vm").unwrap();
        assert_eq!((gpu.profiles.len(), gpu.product_labels.len()), (7, 0));
        assert_eq!(find_in(&cards, "NVIDIA-H100-80GB-HBM3").unwrap().key, "h100-80gb-sxm");
    }

    #[test]
    fn what_does_not_hold_together_is_refused() {
        let refused = |own: Value| catalog_with(&own).unwrap_err().to_string();
        assert_eq!(
            refused(json!({"gpus": [{"key": "x", "memoryMiB": 1}]})),
            "own card `x`: found no `architecture`, expected one, as every new card has"
        );
        assert_eq!(
            refused(json!({"gpus": [{"key": "x", "architecture": "ada", "memoryMiB": 1, "memorySlices": 2,
                "profiles": [{"name": "1g.1gb", "memoryMiB": 1, "memorySlices": 1, "starts": [2]}]}]})),
            "own card `x`: found `1g.1gb` outside the 2 memory slices, expected starts and size within them"
        );
        assert_eq!(
            refused(json!({"gpus": [{"key": "x", "memory": 1}]})),
            "own cards: found unknown field `memory`, expected one of `key`, `like`, `name`, `shortName`, \
             `architecture`, `productLabels`, `memoryMiB`, `sms`, `bandwidthGBs`, `computeSlices`, \
             `memorySlices`, `profiles`, expected an object whose list `gpus` holds cards with `key` and what to change, such as `memoryMiB`"
        );
        let starts: Vec<u8> = (0..32).collect();
        let row = |name| json!({"name": name, "memoryMiB": 1, "memorySlices": 1, "starts": starts, "computeSlices": 1});
        assert_eq!(
            refused(json!({"gpus": [{"key": "x", "architecture": "ada", "memoryMiB": 99, "memorySlices": 32,
                "computeSlices": 32, "profiles": [row("1g.1gb"), row("1g.2gb")]}]})),
            "own card `x`: found too many layouts to go through, expected at most 20000, as fewer slices or profiles have"
        );
        assert!(refused(json!({"gpus": [{"key": "h100-80gb-sxm", "memoryMiB": 1024}]})).starts_with(
            "own card `h100-80gb-sxm`: found `1g.10gb` of 9.6 GiB, expected no more than the GPU's 1.0 GiB"
        ));
    }
}
