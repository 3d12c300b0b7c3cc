//! What one container can be given: a whole GPU or one MIG instance.

use std::sync::LazyLock;

use serde::Serialize;

use super::card::{Figure, Gpu};
use super::memory::Memory;
use super::profile::Profile;
use super::profile_name::ProfileName;
use super::{catalog, find_in};
use crate::problem::Problem;
use crate::units::Bytes;

/// One allocation unit: a whole GPU, or one instance of a profile of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Device<'a> {
    /// The GPU.
    pub gpu: &'a Gpu,
    /// The profile, `None` for the whole GPU.
    pub profile: Option<&'a Profile>,
}

impl<'a> Device<'a> {
    /// The whole GPU.
    #[must_use]
    pub const fn whole(gpu: &'a Gpu) -> Device<'a> {
        Device { gpu, profile: None }
    }

    /// The whole GPU, then each of its profiles in the order of the catalog.
    pub fn all_of(gpu: &'a Gpu) -> impl Iterator<Item = Device<'a>> {
        let slices = gpu.profiles.iter().map(move |profile| Device { gpu, profile: Some(profile) });
        std::iter::once(Device::whole(gpu)).chain(slices)
    }

    /// Memory with its confidence.
    #[must_use]
    pub fn memory(&self) -> &'a Memory {
        match self.profile {
            Some(profile) => &profile.memory,
            None => &self.gpu.memory,
        }
    }

    /// The memory to promise by.
    #[must_use]
    pub fn memory_floor(&self) -> Bytes {
        self.memory().floor
    }

    /// The memory that was measured on such a device, `None` where nobody did.
    #[must_use]
    pub fn memory_shown(&self) -> Option<Bytes> {
        self.memory().shown
    }

    /// `H100-80GB` or `H100-80GB 3g.40gb`; [`device`] reads it back.
    #[must_use]
    pub fn label(&self) -> String {
        match self.profile {
            Some(profile) => format!("{} {}", self.gpu.short_name, profile.name),
            None => self.gpu.short_name.to_string(),
        }
    }

    /// The Kubernetes resource under the strategy `mixed`: `nvidia.com/mig-3g.40gb`,
    /// `nvidia.com/gpu`, `amd.com/gpu`.
    #[must_use]
    pub fn resource_name(&self) -> String {
        match self.profile {
            Some(profile) => profile.name.resource_name(),
            None if self.gpu.architecture.is_amd() => "amd.com/gpu".to_owned(),
            None => "nvidia.com/gpu".to_owned(),
        }
    }

    /// Streaming multiprocessors.
    #[must_use]
    pub fn sms(&self) -> Option<u32> {
        match self.profile {
            Some(profile) => profile.sms,
            None => self.gpu.sms,
        }
    }

    /// Memory bandwidth in bytes per second: an instance has the share of its memory slices,
    /// rounded down.
    #[must_use]
    pub fn bandwidth(&self) -> Option<Figure> {
        let whole = self.gpu.bandwidth?;
        let Some(profile) = self.profile else {
            return Some(whole);
        };
        let slices = u128::from(profile.memory_slices);
        let share =
            u128::from(whole.value).saturating_mul(slices).checked_div(u128::from(self.gpu.memory_slices))?;
        Some(Figure { value: u64::try_from(share).ok()?, source: whole.source })
    }
}

/// Every whole GPU of the catalog and every MIG profile of it.
#[must_use]
pub fn devices() -> &'static [Device<'static>] {
    static ALL: LazyLock<Vec<Device<'static>>> =
        LazyLock::new(|| catalog().iter().flat_map(Device::all_of).collect());
    &ALL
}

/// The device of the catalog that `text` names: see [`device_in`].
///
/// # Errors
/// As [`device_in`].
pub fn device(text: &str) -> Result<Device<'static>, Problem> {
    device_in(catalog(), text)
}

/// Reads a label: `H100-80GB 3g.40gb`, `h100-80gb-sxm`, `a30-24gb/1g.6gb`.
///
/// # Errors
/// As [`find_in`], [`ProfileName::parse`] and [`Gpu::profile`].
pub fn device_in<'a>(cards: &'a [Gpu], text: &str) -> Result<Device<'a>, Problem> {
    let (card, profile) = match text.trim().rsplit_once([' ', '/']) {
        Some((card, last)) if ProfileName::parse(last).is_ok() => (card, Some(last)),
        Some(_) | None => (text, None),
    };
    let gpu = find_in(cards, card)?;
    let profile = match profile {
        Some(name) => Some(gpu.profile(ProfileName::parse(name)?)?),
        None => None,
    };
    Ok(Device { gpu, profile })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::{Architecture, find};
    use crate::source::{Confidence, Source};

    #[test]
    fn a_slice_promises_its_own_memory_not_its_name() {
        let slice = device("H100-80GB 3g.40gb").unwrap();
        assert_eq!(slice.label(), "H100-80GB 3g.40gb");
        assert_eq!(slice.resource_name(), "nvidia.com/mig-3g.40gb");
        assert_eq!(slice.memory_floor(), Bytes::from_mib(40_192));
        assert_eq!(slice.memory_shown(), Some(Bytes::from_mib(40_448)));
        assert!(slice.memory().best() < Bytes::from_gib(40));
        assert_eq!(slice.sms(), Some(60));
        let whole = device("h100-80gb-sxm").unwrap();
        assert_eq!(whole.resource_name(), "nvidia.com/gpu");
        assert_eq!(whole.memory_floor(), Bytes::from_mib(81_559));
        assert_eq!(device("H100-80GB/3g.40gb"), Ok(slice));
    }

    #[test]
    fn every_label_reads_back_as_its_device() {
        for one in devices() {
            assert_eq!(device(&one.label()).as_ref(), Ok(one), "{}", one.label());
        }
    }

    #[test]
    fn bandwidth_follows_memory_slices_not_compute() {
        let source = Source { title: "a test", version: "1", confidence: Confidence::Published };
        let card =
            Gpu { bandwidth: Some(Figure { value: 3_350, source }), ..find("H100-80GB").unwrap().clone() };
        let shares: Vec<String> = Device::all_of(&card)
            .map(|d| format!("{} {}", d.label(), d.bandwidth().unwrap().value))
            .collect();
        assert_eq!(
            shares.join(", "),
            "H100-80GB 3350, H100-80GB 1g.10gb 418, H100-80GB 1g.10gb+me 418, \
             H100-80GB 1g.20gb 837, H100-80GB 2g.20gb 837, H100-80GB 3g.40gb 1675, \
             H100-80GB 4g.40gb 1675, H100-80GB 7g.80gb 3350"
        );
    }

    #[test]
    fn a_card_of_ones_own_takes_a_few_lines() {
        let name = ProfileName::parse("1g.8gb").unwrap();
        let card = Gpu {
            compute_slices: 3,
            memory_slices: 3,
            profiles: vec![Profile::plain(name, Bytes::from_gib(8), 1, vec![0, 1, 2])].into(),
            ..Gpu::plain("tiny", Architecture::Hopper, Bytes::from_gib(24))
        };
        let labels: Vec<String> = Device::all_of(&card).map(|d| d.label()).collect();
        assert_eq!(labels, ["tiny", "tiny 1g.8gb"]);
    }
}
