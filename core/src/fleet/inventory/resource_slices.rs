//! `ResourceSlice` objects of the NVIDIA DRA driver (resource.k8s.io v1beta1 to v1).
//!
//! With dynamic MIG the driver publishes every place where an instance could be created; these exclude
//! one another through shared counters and are marked as potential.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Inventory, Node, Said, quantity};
use crate::gpu::{Gpu, ProfileName};
use crate::order;
use crate::problem::Problem;
use crate::units::Bytes;

/// Reads a slice, or a list of slices. Slices of other drivers are left aside.
#[must_use]
pub fn from_resource_slices(cards: &[Gpu], value: &Value) -> Inventory {
    let items = match value.get("items").and_then(Value::as_array) {
        Some(items) => items.iter().collect(),
        None => vec![value],
    };
    let mut inventory = Inventory::default();
    let mut nodes: BTreeMap<String, BTreeMap<Kind, Vec<Published>>> = BTreeMap::new();
    for spec in items.into_iter().filter_map(|item| item.get("spec")) {
        if spec.get("driver").and_then(Value::as_str) != Some("gpu.nvidia.com") {
            continue;
        }
        let node = spec.get("nodeName").and_then(Value::as_str).unwrap_or("any node").to_owned();
        let devices = nodes.entry(node.clone()).or_default();
        for device in spec.get("devices").and_then(Value::as_array).into_iter().flatten() {
            match published(device) {
                Ok((kind, published)) => devices.entry(kind).or_default().push(published),
                Err(problem) => inventory.problems.push(at(&node, problem)),
            }
        }
    }
    for (name, kinds) in nodes {
        let mut node = Node { name, ..Node::default() };
        for (kind, devices) in kinds {
            match said(cards, kind, &devices).offer(cards) {
                Ok(offer) => node.offers.push(offer),
                Err(problem) => inventory.problems.push(at(&node.name, problem)),
            }
        }
        inventory.nodes.push(node);
    }
    inventory
}

/// Devices that one offer stands for.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    class: String,
    product: Option<String>,
    profile: Option<ProfileName>,
    memory: Option<u64>,
    sms: Option<u64>,
}

struct Published {
    /// The counter set of the GPU that the device would be cut from.
    counters: Option<String>,
}

fn published(device: &Value) -> Result<(Kind, Published), Problem> {
    // v1beta1 keeps the device under `basic`.
    let device = device.get("basic").unwrap_or(device);
    let attribute = |name: &str| {
        let value = member(device.get("attributes")?, name)?;
        value.get("string").or_else(|| value.get("version")).and_then(Value::as_str)
    };
    let capacity = |name: &str| {
        let value = member(device.get("capacity")?, name)?;
        value.get("value").unwrap_or(value).as_str()
    };
    let kind = attribute("type").unwrap_or("gpu");
    let profile = attribute("profile").map(ProfileName::parse).transpose()?;
    let counters = device.get("consumesCounters").and_then(Value::as_array).and_then(|all| all.first());
    let counters = counters.and_then(|set| set.get("counterSet")).and_then(Value::as_str);
    Ok((
        Kind {
            class: format!("{kind}.nvidia.com"),
            product: attribute("productName").map(str::to_owned),
            profile,
            memory: capacity("memory").map(quantity).transpose()?,
            sms: capacity("multiprocessors").map(quantity).transpose()?,
        },
        Published { counters: counters.map(str::to_owned) },
    ))
}

/// A member by its name, with or without the driver's domain before it.
fn member<'a>(map: &'a Value, name: &str) -> Option<&'a Value> {
    map.get(name).or_else(|| map.get(format!("gpu.nvidia.com/{name}")))
}

fn said(cards: &[Gpu], kind: Kind, devices: &[Published]) -> Said {
    let potential = kind.profile.is_some() && devices.iter().any(|device| device.counters.is_some());
    let most = match (&kind.product, kind.profile) {
        (Some(product), Some(name)) => super::card(cards, product, None)
            .and_then(|gpu| gpu.profile(name).ok())
            .map(|profile| u64::from(profile.max_instances)),
        (None, _) | (_, None) => None,
    };
    let count = if potential { at_once(devices, most) } else { devices.len() as u64 };
    Said {
        resource: kind.class,
        product: kind.product,
        profile: kind.profile,
        count,
        memory: kind.memory.map(|bytes| (Bytes::new(bytes), "capacity of the resource slice".to_owned())),
        sms: kind.sms.and_then(|sms| u32::try_from(sms).ok()),
        shared_by: 1,
        potential,
    }
}

/// How many potential devices could exist at once, were there no others: on each GPU, one for each place,
/// and no more than the profile's most.
fn at_once(devices: &[Published], most: Option<u64>) -> u64 {
    let mut counters: Vec<Option<&str>> = devices.iter().map(|device| device.counters.as_deref()).collect();
    order::sort(&mut counters);
    let places = counters.chunk_by(PartialEq::eq).map(|same| same.len() as u64);
    places.map(|places| most.map_or(places, |most| most.min(places))).sum()
}

fn at(node: &str, problem: Problem) -> Problem {
    let subject = format!("resource slice of {node}: {}", problem.subject);
    problem.about(subject)
}
