//! Pools out of a live inventory: nodes that offer the same are one pool.

use super::pool::{Origin, Pool, Pools, Supply};
use super::unit::{Portion, Sharing, Unit};
use crate::fleet::inventory::{Inventory, Node, Offer};
use crate::gpu::{Device, Gpu};

/// The pools of `inventory`. Nodes that are alike form a pool named after the first of them.
#[must_use]
pub fn from_inventory(cards: &[Gpu], inventory: &Inventory) -> Pools {
    let mut groups: Vec<Vec<&Node>> = Vec::new();
    for node in &inventory.nodes {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| alike(first, node))) {
            Some(group) => group.push(node),
            None => groups.push(vec![node]),
        }
    }
    Pools {
        pools: groups.iter().filter_map(|group| pool(cards, group)).collect(),
        problems: inventory.problems.clone(),
    }
}

fn alike(one: &Node, other: &Node) -> bool {
    one.instance_type == other.instance_type && one.strategy == other.strategy && one.offers == other.offers
}

fn pool(cards: &[Gpu], nodes: &[&Node]) -> Option<Pool> {
    let first = nodes.first()?;
    let name = match nodes.len() {
        1 => first.name.clone(),
        count => format!("{} and {} alike", first.name, count.saturating_sub(1)),
    };
    let count = nodes.len() as u64;
    let mut pool = Pool { nodes: count, max_nodes: count, ..Pool::empty(&name, Origin::Inventory) };
    pool.supplies = first.offers.iter().map(|offer| supply(cards, offer)).collect();
    if let Some(kind) = &first.instance_type {
        pool.labels.insert("node.kubernetes.io/instance-type".to_owned(), kind.clone());
    }
    Some(pool.finish())
}

fn supply(cards: &[Gpu], offer: &Offer) -> Supply {
    let gpu = offer.card.as_deref().and_then(|key| cards.iter().find(|gpu| gpu.key == key));
    let profile = offer.profile.map(|name| gpu.and_then(|gpu| gpu.profile(name).ok()));
    let known = match (gpu, profile) {
        (Some(gpu), None) => Some(Unit::of(&Device::whole(gpu))),
        (Some(gpu), Some(Some(profile))) => Some(Unit::of(&Device { gpu, profile: Some(profile) })),
        (None, _) | (Some(_), Some(None)) => None,
    };
    let product = offer.product.as_deref().unwrap_or(&offer.resource);
    let device = offer.profile.map_or_else(|| product.to_owned(), |profile| format!("{product} {profile}"));
    let unit = known.unwrap_or_else(|| Unit {
        portion: Portion::WHOLE,
        ..Unit::plain(&device, &offer.resource, offer.memory.clone(), offer.profile)
    });
    let mut unit = Unit {
        resource: offer.resource.clone(),
        sms: offer.sms.or(unit.sms),
        profile: offer.profile,
        sharing: if offer.shared_by > 1 { Sharing::Unstated(offer.shared_by) } else { Sharing::Exclusive },
        ..unit
    };
    unit.set_memory(offer.memory.clone());
    if let Some(product) = &offer.product {
        unit.set_attribute("productName", &product.replace('-', " "));
    }
    Supply { potential: offer.potential, ..Supply::plain(unit, offer.count) }
}
