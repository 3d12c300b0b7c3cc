//! `ClusterQueue` of Kueue: profiles that do not exist, and resources that its pods need and it leaves out.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::place::{list, text};
use super::{cards, exists};
use crate::review::context::Context;
use crate::review::finding::{Finding, Severity};
use crate::review::lint::Lint;

/// What is wrong with a queue.
pub(in crate::review) fn queue(object: &Map<String, Value>, context: &Context) -> Vec<Finding> {
    let mut covered: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    let cards = cards(context);
    for (group, value) in list(object, "spec.resourceGroups").iter().enumerate() {
        let names = value.get("coveredResources").and_then(Value::as_array).into_iter().flatten();
        for (place, name) in names.filter_map(Value::as_str).enumerate() {
            covered.insert(name);
            if name.starts_with("nvidia.com/mig") && !exists(name, &cards) {
                let text = format!("{name} names a profile that no card has");
                let finding = Finding::new(Lint::NoSuchDevice, text);
                let at = format!("spec.resourceGroups[{group}].coveredResources[{place}]");
                found.push(Finding { severity: Severity::Warning, ..finding }.at(at));
            }
        }
        found.extend(unquoted(group, value));
    }
    let gpus = covered.iter().any(|name| name.starts_with("nvidia.com/"));
    let missing: Vec<&str> = ["cpu", "memory"].into_iter().filter(|name| !covered.contains(name)).collect();
    if gpus && !missing.is_empty() {
        let text = format!(
            "the queue covers GPUs and not {}, which their pods ask for as well",
            missing.join(" and ")
        );
        found.push(
            Finding::new(Lint::QueueLeavesUncovered, text)
                .at("spec.resourceGroups")
                .why("a pod that asks for a resource that its queue does not cover waits for ever, unless Kueue is told to ignore what is undeclared")
                .fix(format!("add {} to coveredResources, with a flavor of its own", missing.join(" and "))),
        );
    }
    found
}

/// Resources that a group covers and a flavor of it has no quota for.
fn unquoted(group: usize, value: &Value) -> Vec<Finding> {
    let names = |value: &Value, key: &str| -> Vec<String> {
        let items = value.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.as_str().or_else(|| text(item, "name")).map(str::to_owned)).collect()
    };
    let covered = names(value, "coveredResources");
    let mut found = Vec::new();
    for (place, flavor) in value.get("flavors").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let own = names(flavor, "resources");
        let missing: Vec<&str> =
            covered.iter().filter(|name| !own.contains(name)).map(String::as_str).collect();
        if !missing.is_empty() {
            let flavor = text(flavor, "name").unwrap_or_default();
            let text = format!("the flavor {flavor} has no quota for {}", missing.join(", "));
            let at = format!("spec.resourceGroups[{group}].flavors[{place}]");
            found.push(Finding::new(Lint::QueueLeavesUncovered, text).at(at).why(
                "a flavor has a quota for every resource of its group: the API server refuses the queue",
            ));
        }
    }
    found
}
