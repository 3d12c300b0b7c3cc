//! Which sizes are asked for how often.

use serde::Serialize;

use crate::gpu::{Gpu, Profile};

/// A mix of sizes. The names are those of the literature; the shares are this project's own, spelled out in
/// [`Mix::shares`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mix {
    /// Every profile alike.
    Uniform,
    /// The smallest most often, falling evenly to the largest.
    SkewSmall,
    /// The largest most often, falling evenly to the smallest.
    SkewBig,
    /// Small and large ones often, those between seldom.
    Bimodal,
    /// As models come: many that take a quarter of a card, fewer of an eighth and a half, few of all of it.
    LlmMix,
}

impl Mix {
    /// Every mix.
    pub const ALL: [Mix; 5] = [Mix::Uniform, Mix::SkewSmall, Mix::SkewBig, Mix::Bimodal, Mix::LlmMix];

    /// `llm-mix`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Mix::Uniform => "uniform",
            Mix::SkewSmall => "skew-small",
            Mix::SkewBig => "skew-big",
            Mix::Bimodal => "bimodal",
            Mix::LlmMix => "llm-mix",
        }
    }

    /// How often each of `profiles` is asked for, in their order. The rank of a profile is its place by memory,
    /// then compute, from 1; on six profiles the shares are 1:1:1:1:1:1, 6:5:4:3:2:1, 1:2:3:4:5:6, 6:4:2:2:4:6;
    /// the last mix gives 30 to an eighth of the card, 40 to a quarter, 25 to a half and 5 to all of it, shared
    /// evenly between the profiles of that size.
    #[must_use]
    pub fn shares(self, gpu: &Gpu, profiles: &[&Profile]) -> Vec<u64> {
        let size = |profile: &Profile| (profile.memory_slices, profile.compute_slices, profile.name);
        let count = profiles.len() as u64;
        let rank = |own: &Profile| 1 + profiles.iter().filter(|other| size(other) < size(own)).count() as u64;
        let share = |own: &&Profile| match self {
            Mix::Uniform => 1,
            Mix::SkewSmall => count + 1 - rank(own),
            Mix::SkewBig => rank(own),
            Mix::Bimodal => {
                let (low, high) = (rank(own), count + 1 - rank(own));
                2 * (low.max(high) - count.div_ceil(2))
            }
            Mix::LlmMix => {
                let alike = profiles.iter().filter(|other| other.memory_slices == own.memory_slices).count();
                by_part(gpu, own) * 60 / (alike as u64).max(1)
            }
        };
        profiles.iter().map(share).collect()
    }
}

fn by_part(gpu: &Gpu, profile: &Profile) -> u64 {
    let eighths = u32::from(profile.memory_slices) * 8 / u32::from(gpu.memory_slices.max(1));
    match eighths {
        0 | 1 => 30,
        2 | 3 => 40,
        4..=7 => 25,
        _ => 5,
    }
}
