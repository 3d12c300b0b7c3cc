//! What a profile name alone stands for: `1g.10gb` is another device on another card.

use super::card::Gpu;
use super::device::Device;
use super::find::find_in;
use super::profile_name::ProfileName;
use crate::order;
use crate::problem::Problem;
use crate::units::Bytes;

/// Floors closer than this are taken as one amount: driver versions differ by as much.
const SAME: Bytes = Bytes::from_mib(256);

/// What a profile name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning<'a> {
    /// The device to reckon with: the one of the card named, else the smallest.
    pub device: Device<'a>,
    /// Every device of this name, least memory first.
    pub candidates: Vec<Device<'a>>,
    /// Whether the candidates differ: in their share of the GPU, or by more than 256 MiB.
    pub ambiguous: bool,
    /// Why this device, for a reader.
    pub reason: String,
}

/// What `name` stands for among `cards`. `product` is anything that [`find_in`] reads, best the node's
/// label `nvidia.com/gpu.product`.
///
/// # Errors
/// A [`Problem`] where no card has such a profile, or the card named has none.
pub fn meaning<'a>(
    cards: &'a [Gpu],
    name: ProfileName,
    product: Option<&str>,
) -> Result<Meaning<'a>, Problem> {
    let candidates = candidates(cards, name);
    let ambiguous = differ(&candidates);
    let (device, reason) = match product {
        Some(product) => {
            let gpu = find_in(cards, product)?;
            let profile = Some(gpu.profile(name)?);
            (Device { gpu, profile }, format!("the card is {}", gpu.short_name))
        }
        None => {
            let smallest = candidates.first().ok_or_else(|| unknown(cards, name))?;
            (*smallest, reason(name, smallest, &candidates, ambiguous))
        }
    };
    Ok(Meaning { device, candidates, ambiguous, reason })
}

fn candidates(cards: &[Gpu], name: ProfileName) -> Vec<Device<'_>> {
    let mut found: Vec<Device<'_>> = cards
        .iter()
        .filter_map(|gpu| gpu.profile(name).ok().map(|profile| Device { gpu, profile: Some(profile) }))
        .collect();
    order::sort_by(&mut found, |a, b| (a.memory_floor(), &a.gpu.key).cmp(&(b.memory_floor(), &b.gpu.key)));
    found
}

/// Candidates come least memory first.
fn differ(candidates: &[Device<'_>]) -> bool {
    let (Some(first), Some(last)) = (candidates.first(), candidates.last()) else {
        return false;
    };
    let other_share = |device: &Device<'_>| share(device) != share(first);
    last.memory_floor().minus(first.memory_floor()) > SAME || candidates.iter().any(other_share)
}

/// Memory slices of the device out of those of the GPU.
fn share(device: &Device<'_>) -> (u8, u8) {
    (device.profile.map_or(0, |profile| profile.memory_slices), device.gpu.memory_slices)
}

fn reason(name: ProfileName, smallest: &Device<'_>, candidates: &[Device<'_>], ambiguous: bool) -> String {
    match (candidates, ambiguous) {
        ([_], _) => format!("only {} has `{name}`", smallest.gpu.short_name),
        (several, true) => format!(
            "`{name}` is another device on each of {} cards; {} has the least memory",
            several.len(),
            smallest.gpu.short_name
        ),
        (several, false) => {
            format!("`{name}` is much the same on {} cards", several.len())
        }
    }
}

fn unknown(cards: &[Gpu], name: ProfileName) -> Problem {
    let mut near: Vec<ProfileName> = cards
        .iter()
        .flat_map(|gpu| gpu.profiles.iter().map(|profile| profile.name))
        .filter(|other| other.slices == name.slices && other.extra == name.extra)
        .collect();
    order::sort_by_key(&mut near, |other| (other.nominal_gb.abs_diff(name.nominal_gb), *other));
    near.dedup();
    let near: Vec<String> = near.iter().take(4).map(ToString::to_string).collect();
    let problem = Problem::new(
        "unknown-profile",
        "MIG profile",
        format!("`{name}`"),
        "a profile of a card of the catalog",
    );
    if near.is_empty() { problem } else { problem.hint(format!("nearest names: {}", near.join(", "))) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::gpu::catalog;

    fn name(text: &str) -> ProfileName {
        text.parse().unwrap()
    }

    #[test]
    fn the_smallest_stands_for_a_name_without_a_card() {
        let found = meaning(catalog(), name("1g.10gb"), None).unwrap();
        assert_eq!(found.device.label(), "A100-80GB 1g.10gb");
        assert!(found.ambiguous);
        assert_eq!(
            found.reason,
            "`1g.10gb` is another device on each of 4 cards; A100-80GB has the least memory"
        );
        let labels: Vec<String> = found.candidates.iter().map(Device::label).collect();
        assert_eq!(
            labels,
            ["A100-80GB 1g.10gb", "A100-40GB 1g.10gb", "H100-80GB-PCIe 1g.10gb", "H100-80GB 1g.10gb"]
        );
    }

    #[test]
    fn the_product_label_decides() {
        let found = meaning(catalog(), name("1g.10gb"), Some("NVIDIA-A100-SXM4-40GB")).unwrap();
        assert_eq!(found.device.label(), "A100-40GB 1g.10gb");
        assert_eq!(found.reason, "the card is A100-40GB");
        let problem = meaning(catalog(), name("3g.40gb"), Some("NVIDIA-A100-SXM4-40GB")).unwrap_err();
        assert_eq!(problem.code, "unknown-profile");
    }

    #[test]
    fn an_unknown_name_gets_the_nearest() {
        let problem = meaning(catalog(), name("3g.41gb"), None).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "MIG profile: found `3g.41gb`, expected a profile of a card of the catalog"
        );
        assert_eq!(problem.hint.as_deref(), Some("nearest names: 3g.40gb, 3g.47gb, 3g.48gb, 3g.32gb"));
        assert_eq!(meaning(catalog(), name("5g.1gb"), None).unwrap_err().hint, None);
    }

    /// The list of the reference: 27 of 87 names.
    #[test]
    fn names_that_stand_for_different_devices() {
        let names: BTreeSet<ProfileName> =
            catalog().iter().flat_map(|gpu| gpu.profiles.iter().map(|p| p.name)).collect();
        assert_eq!(names.len(), 87);
        let ambiguous: Vec<String> = names
            .iter()
            .filter(|name| meaning(catalog(), **name, None).unwrap().ambiguous)
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            ambiguous.join(" "),
            "1g.10gb 1g.12gb 1g.12gb+me 1g.16gb 1g.18gb 1g.18gb+me 1g.23gb 1g.23gb+me 1g.24gb 1g.24gb+me \
             1g.24gb+me.all 1g.24gb-me 1g.24gb+gfx 1g.35gb 2g.24gb 2g.35gb 2g.48gb 2g.48gb+gfx 3g.47gb \
             3g.48gb 3g.71gb 4g.47gb 4g.48gb 4g.71gb 7g.94gb 7g.96gb 7g.141gb"
        );
    }
}
