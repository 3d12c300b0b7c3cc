//! `ResourceQuota`: keys that are never charged, and profiles that are left open.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::place::part;
use super::{cards, exists};
use crate::fleet::inventory::quantity;
use crate::gpu::ProfileName;
use crate::order;
use crate::review::context::Context;
use crate::review::finding::{Finding, Severity};
use crate::review::lint::Lint;

const HARD: &str = "spec.hard";
const REQUESTS: &str = "requests.";
/// The key of whole GPUs, and of slices where nodes announce them under that name.
const GPU: &str = "nvidia.com/gpu";
/// Keys by which the scheduler HAMi counts, which reads limits itself.
const HAMI: [&str; 2] = ["gpumem", "gpucores"];

/// What is wrong with a quota.
pub(in crate::review) fn quota(object: &Map<String, Value>, context: &Context) -> Vec<Finding> {
    let hard = part(object, HARD);
    let mut keys: Vec<(&str, &Value)> = hard.iter().map(|(key, value)| (key.as_str(), value)).collect();
    order::sort_by(&mut keys, |a, b| a.0.cmp(b.0));
    let mut found = Vec::new();
    let hami = keys.iter().any(|(key, _)| HAMI.iter().any(|own| key.contains(own)));
    if !hami {
        found.extend(keys.iter().filter_map(|(key, amount)| dead(key, amount, hard)));
    }
    let charged: BTreeSet<&str> = order::set(keys.iter().filter_map(|(key, _)| key.strip_prefix(REQUESTS)));
    found.extend(unknown(&charged, context));
    found.extend(open(&charged, context));
    found.extend(blind(&charged, context));
    found
}

/// One number for devices of different size.
fn blind(charged: &BTreeSet<&str>, context: &Context) -> Option<Finding> {
    let units = context.cluster.pools.iter().flat_map(|pool| &pool.supplies).map(|supply| &supply.unit);
    let same: Vec<_> = units.filter(|unit| unit.resource == GPU).collect();
    let devices = order::set(same.iter().map(|unit| unit.device.as_str()));
    let slices = same.iter().any(|unit| unit.profile.is_some());
    let blind = charged.contains(GPU) && devices.len() > 1 && slices;
    let names: Vec<&str> = devices.into_iter().collect();
    let text = format!("{REQUESTS}{GPU} counts {} alike", names.join(" and "));
    blind.then(|| {
        Finding::new(Lint::QuotaBlindToSlices, text)
            .at(path(&format!("{REQUESTS}{GPU}")))
            .why("the pools announce slices of different size under this one name")
            .fix("announce slices by profile (the strategy mixed), or give each pool a queue with a quota of its own")
    })
}

fn path(key: &str) -> String {
    format!("{HARD}[{key:?}]")
}

/// Only `requests.<resource>` is charged for extended resources; the API server takes every other key as well.
fn dead(key: &str, amount: &Value, all: &Map<String, Value>) -> Option<Finding> {
    let name = key.strip_prefix("limits.").unwrap_or(key);
    if !name.starts_with("nvidia.com/") {
        return None;
    }
    let right = format!("{REQUESTS}{name}");
    let finding = Finding::new(Lint::QuotaNotEnforced, format!("{key} is accepted and never charged"))
        .at(path(key))
        .why("of an extended resource only requests are counted");
    Some(match all.get(right.as_str()) {
        Some(same) if read(same) == read(amount) => finding.fix(format!("remove it: {right} says the same")),
        Some(_) => finding.fix(format!("remove it, and give {right} the number that is meant")),
        None => finding.fix(format!("write {right} instead")),
    })
}

fn read(amount: &Value) -> Option<u64> {
    amount.as_u64().or_else(|| quantity(amount.as_str()?).ok())
}

/// A profile that no card of the catalog, or of the cluster, has.
fn unknown(charged: &BTreeSet<&str>, context: &Context) -> Vec<Finding> {
    let cards = cards(context);
    let missing = |name: &&&str| name.starts_with("nvidia.com/mig") && !exists(name, &cards);
    let finding = |name: &&str| {
        let whose =
            if context.cluster.gpus.is_empty() { "no card has" } else { "no card of the cluster has" };
        let finding = Finding::new(Lint::NoSuchDevice, format!("{name} names a profile that {whose}"));
        Finding { severity: Severity::Warning, ..finding }.at(path(&format!("{REQUESTS}{name}")))
    };
    charged.iter().filter(missing).map(finding).collect()
}

/// A key that is not listed has no limit.
fn open(charged: &BTreeSet<&str>, context: &Context) -> Option<Finding> {
    let listed: Vec<ProfileName> =
        charged.iter().filter_map(|name| ProfileName::from_resource_name(name).ok()).collect();
    if listed.is_empty() {
        return None;
    }
    // The cards that the quota can be about: those that have every profile that it names.
    let about = cards(context).into_iter().filter(|gpu| listed.iter().all(|name| gpu.profile(*name).is_ok()));
    let mut left: BTreeMap<String, String> = BTreeMap::new();
    let mut of = BTreeSet::new();
    for gpu in about {
        of.insert(gpu.short_name.to_string());
        for profile in gpu.profiles.iter().filter(|profile| !listed.contains(&profile.name)) {
            left.insert(profile.name.resource_name(), profile.name.to_string());
        }
    }
    if !charged.contains(GPU) {
        left.insert(GPU.to_owned(), GPU.to_owned());
    }
    if left.is_empty() {
        return None;
    }
    let names: Vec<&str> = left.values().map(String::as_str).collect();
    let keys: Vec<String> = left.keys().map(|key| format!("{REQUESTS}{key}: 0")).collect();
    let cards: Vec<String> = of.into_iter().collect();
    let text = format!("the quota leaves {} without a limit", names.join(", "));
    Some(
        Finding::new(Lint::QuotaLeavesOpen, text)
            .at(HARD)
            .why(format!(
                "a key that is not listed is unlimited; the profiles listed are those of {}",
                cards.join(", ")
            ))
            .fix(format!("add {}", keys.join(", "))),
    )
}
