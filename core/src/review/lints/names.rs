//! The number in a profile's name, taken for GiB.

use serde_json::{Map, Value};

use super::place::{list, text};
use crate::fleet::selector::Properties;
use crate::gpu::{Device, devices};
use crate::kubernetes::Alternative;
use crate::review::finding::Finding;
use crate::review::lint::Lint;
use crate::units::Bytes;

/// The node label with the MiB of one device.
const MEMORY: &str = "nvidia.com/gpu.memory";
/// Where a pod insists on its node.
const TERMS: &str = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

/// The GiB that the name of a device seems to promise: 40 of `3g.40gb`, 80 of `H100-80GB`.
fn nominal(device: &Device) -> Option<u64> {
    match device.profile {
        Some(profile) => Some(profile.name.nominal_gb.into()),
        None => {
            let (_, size) = device.gpu.short_name.rsplit_once('-')?;
            size.strip_suffix("GB")?.parse().ok()
        }
    }
}

/// The devices that an alternative excludes by their real memory, and would admit with what their names say.
pub(super) fn mistaken(one: &Alternative) -> Vec<Device<'static>> {
    let admits = |properties: &Properties| one.selectors.iter().all(|s| s.admits(properties).may_hold());
    let is = |device: &Device| {
        let Some(nominal) = nominal(device) else { return false };
        let real = Properties::of(device);
        let mut named = real.clone();
        named.capacity.insert("memory".to_owned(), vec![Bytes::from_gib(nominal).get()]);
        !admits(&real) && admits(&named)
    };
    devices().iter().copied().filter(is).collect()
}

/// The same of a node's memory, which affinities compare in MiB.
pub(super) fn affinity(object: &Map<String, Value>, spec: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for (term, value) in list(object, &format!("{spec}.{TERMS}")).iter().enumerate() {
        let rules = value.get("matchExpressions").and_then(Value::as_array).into_iter().flatten();
        for (place, rule) in rules.enumerate() {
            if text(rule, "key") != Some(MEMORY) || text(rule, "operator") != Some("Gt") {
                continue;
            }
            let least = rule.get("values").and_then(|values| values.get(0)).and_then(Value::as_str);
            let Some(least) = least.and_then(|least| least.parse::<u64>().ok()) else { continue };
            let at = format!("{spec}.{TERMS}[{term}].matchExpressions[{place}]");
            found.extend(finding(&by_label(least)).map(|finding| finding.at(at)));
        }
    }
    found
}

/// The devices with as many GiB in their name as `mib`, or one MiB more, and less than that in truth.
fn by_label(mib: u64) -> Vec<Device<'static>> {
    let is = |device: &Device| {
        let named = nominal(device).map(|gib| Bytes::from_gib(gib).whole_mib());
        let real = device.memory().best().whole_mib();
        named.is_some_and(|named| (mib == named || mib.saturating_add(1) == named) && real <= mib)
    };
    devices().iter().copied().filter(is).collect()
}

/// The most devices that are named.
const SHOWN: usize = 3;

/// The finding about devices that their names lead astray.
pub(super) fn finding(devices: &[Device]) -> Option<Finding> {
    let first = devices.first()?;
    let mut names: Vec<String> = devices
        .iter()
        .take(SHOWN)
        .map(|device| format!("{} ({} MiB)", device.label(), device.memory().best().whole_mib()))
        .collect();
    if let Some(more) = devices.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        names.push(format!("{more} more"));
    }
    let finding = Finding::new(Lint::NameIsNotGib, format!("left out: {}", names.join(", ")))
        .why("the number in a name is gigabytes, cut and rounded; what is asked for is GiB");
    Some(finding.fix(match first.profile {
        Some(_) => "ask for the profile by its name, or for the memory that the model needs",
        None => "ask for the memory that the model needs",
    }))
}
