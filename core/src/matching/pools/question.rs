//! One pool and one requirement: its labels, its nodes, its room.

use super::judge::Judgement;
use super::ledger::Ledger;
use super::matcher::{Choice, Placement, Room};
use super::why::{Severity, Why};
use crate::fleet::pools::{Pool, Supply, Support, Unit};
use crate::gpu::find;
use crate::matching::fit::Verdict;
use crate::matching::requirement::{Requirement, Shape};

/// One pool and what is asked of it.
pub(super) struct Question<'a> {
    pub(super) requirement: &'a Requirement<'a>,
    pub(super) pool: &'a Pool,
    pub(super) place: usize,
    pub(super) ledger: &'a Ledger,
}

impl Question<'_> {
    pub(super) fn placement(&self, kinds: &[Judgement], own: &[usize]) -> Placement {
        let mut whys = Vec::new();
        if self.pool.supplies.is_empty() {
            whys.push(Why::NoUnits);
        }
        let supplies = self.pool.supplies.iter().enumerate().zip(own);
        let mut choices: Vec<Choice> = supplies
            .filter_map(|((at, supply), kind)| Some(self.choice(at, supply, *kind, kinds.get(*kind)?, &whys)))
            .collect();
        choices.sort_by_key(|choice| (choice.key(kinds), choice.supply));
        let best = choices.first();
        Placement {
            pool: self.place,
            verdict: best.map_or(Verdict::No, |best| best.verdict),
            room: best.map_or(Room::Never, |best| best.room),
            choices,
            whys,
        }
    }

    /// Labels that the requirement names and the nodes do not have. What a pool does not name it may have, for nodes
    /// have more labels than anybody declares; of those that the hardware decides the unit says it.
    fn labels(&self, unit: &Unit, whys: &mut Vec<Why>) {
        for (key, need) in &self.requirement.labels {
            let found = match self.pool.labels.get(key) {
                Some(found) if found == need => continue,
                Some(found) => Some(found.clone()),
                None => match carries(unit, key, need) {
                    Support::Yes => continue,
                    Support::No => Some(format!("a {}", unit.device)),
                    Support::Unknown => None,
                },
            };
            whys.push(Why::Label { key: key.clone(), need: need.clone(), found });
        }
    }

    fn choice(&self, at: usize, supply: &Supply, kind: usize, judged: &Judgement, shared: &[Why]) -> Choice {
        let shape = self.requirement.topology.shape(supply.per_node);
        let mut whys = Vec::new();
        if supply.potential {
            whys.push(Why::Potential);
        }
        self.labels(&supply.unit, &mut whys);
        self.several(supply, shape, &mut whys);
        let nodes = self.ledger.nodes(self.place, at, supply.per_node);
        let now = nodes.replicas(shape, self.pool.nodes);
        let most = nodes.replicas(shape, self.pool.max_nodes);
        let need = self.requirement.replicas;
        let room = match (now >= need, most >= need, most) {
            (true, _, _) => Room::Now,
            (false, true, _) => Room::AfterScaling,
            (false, false, 1..) => Room::Partly,
            (false, false, 0) => Room::Never,
        };
        if self.requirement.elsewhere {
            whys.push(Why::Elsewhere { counted: need });
        }
        if need == 0 {
            whys.push(Why::NoReplicas);
        }
        self.room(supply, room, now, most, &mut whys);
        let units = shape.units();
        let all = judged.whys.iter().chain(shared).chain(&whys);
        let worst = all.map(Why::severity).max().unwrap_or(Severity::Note);
        Choice {
            supply: at,
            kind,
            verdict: worst.verdict(),
            room,
            shape,
            now,
            most,
            stranded: judged.stranded.times(units),
            idle: supply.idle_compute.saturating_mul(10_000).checked_div(supply.all_compute),
            price: self.pool.price_of(&supply.unit).map(|price| price.times(units)),
            whys,
        }
    }

    /// More than one unit: those of a pod on one node, the pods on several.
    fn several(&self, supply: &Supply, shape: Shape, whys: &mut Vec<Why>) {
        let floors = &self.requirement.floors;
        if shape.units_per_pod > supply.per_node {
            whys.push(Why::PerNode { need: shape.units_per_pod, offer: supply.per_node });
        }
        // A pod's units are expected in one domain, whether or not that is asked for.
        let own = self.pool.nvlink_domain.filter(|_| !supply.unit.is_slice());
        match (floors.nvlink_domain.filter(|need| *need > 1), own) {
            (Some(need), _) if self.pool.nvlink_domain.is_none_or(|offer| offer < need) => {
                whys.push(Why::Domain { need, offer: self.pool.nvlink_domain });
            }
            (None, Some(offer)) if offer < shape.units_per_pod => {
                whys.push(Why::Domain { need: shape.units_per_pod, offer: Some(offer) });
            }
            (_, _) => {}
        }
        let nodes = nodes_of(shape, supply.per_node);
        if nodes <= 1 {
            return;
        }
        match self.pool.multi_node {
            Some(true) => {}
            said => whys.push(Why::MultiNode { nodes, said: said.is_some() }),
        }
        if let Some(need) = floors.inter_node {
            match self.pool.inter_node {
                Some(offer) if offer >= need => {}
                offer => whys.push(Why::InterNode { need, offer }),
            }
        }
    }

    fn room(&self, supply: &Supply, room: Room, now: u64, most: u64, whys: &mut Vec<Why>) {
        let need = self.requirement.replicas;
        match room {
            Room::Now => {}
            Room::AfterScaling => {
                let (nodes, max) = (self.pool.nodes, self.pool.max_nodes);
                whys.push(Why::Scaling { now, need, nodes, max });
            }
            Room::Partly | Room::Never => whys.push(Why::Room { need, most }),
        }
        let foreseen = !supply.unit.resource.starts_with("nvidia.com/mig-");
        if room == Room::AfterScaling && self.pool.nodes == 0 && !foreseen {
            whys.push(Why::FromZero { resource: supply.unit.resource.clone() });
        }
    }
}

/// Nodes that the pods of one replica take at least.
fn nodes_of(shape: Shape, per_node: u64) -> u64 {
    if shape.apart {
        return shape.pods;
    }
    let on_one = per_node.checked_div(shape.units_per_pod).unwrap_or(0).max(1);
    shape.pods.div_ceil(on_one)
}

/// Whether nodes with `unit` carry the label `key` with this value, as far as the hardware decides that.
fn carries(unit: &Unit, key: &str, value: &str) -> Support {
    let (card, profile) = match key {
        "nvidia.com/gpu.product" => {
            let plain = value.strip_suffix("-SHARED").unwrap_or(value);
            let (card, slice) =
                plain.split_once("-MIG-").map_or((plain, None), |(card, slice)| (card, Some(slice)));
            (Some(card), slice)
        }
        "cloud.google.com/gke-accelerator" => (Some(value), None),
        "cloud.google.com/gke-gpu-partition-size" => (None, Some(value)),
        _ => return Support::Unknown,
    };
    let other_card = card.and_then(|card| find(card).ok()).map(|gpu| unit.card.as_deref() != Some(&gpu.key));
    let other_slice =
        profile.map(|wanted| unit.profile.map(|own| own.to_string()).as_deref() != Some(wanted));
    match (other_card, other_slice) {
        (Some(true), _) | (_, Some(true)) if unit.card.is_some() => Support::No,
        // How a node announces its slices is not decided by the hardware.
        (Some(false), None) => Support::Yes,
        (_, _) => Support::Unknown,
    }
}
