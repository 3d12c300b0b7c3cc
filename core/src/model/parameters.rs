//! Counting parameters.

use serde::Serialize;

use super::Model;
use super::modules::{Group, Module};

/// Numbers of parameters of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Parameters {
    /// All that an engine loads (multi-token prediction layers are apart, in `mtp`).
    pub total: u64,
    /// Those that one token passes: everything but the experts that its router does not choose.
    pub active: u64,
    /// By part of the model, parts that do not exist left out.
    pub groups: Vec<GroupCount>,
    /// Stored beside the model for speculative decoding, not loaded without it, not in `total`.
    pub mtp: u64,
}

/// The parameters of one part of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GroupCount {
    /// The part.
    pub group: Group,
    /// Its parameters.
    pub parameters: u64,
}

impl Parameters {
    pub(super) fn of(model: &Model) -> Parameters {
        let mut counts = [0_u128; Group::ALL.len()];
        let mut active = 0;
        for (module, layers) in modules(model) {
            // In the order of `Group::ALL`, which a test holds.
            if let Some(count) = counts.get_mut(module.group as usize) {
                *count += module.elements() * layers;
            }
            if module.group != Group::Mtp {
                active += module.active_elements() * layers;
            }
        }
        let count = |group: Group| counts.get(group as usize).copied().map_or(0, fit);
        let groups: Vec<GroupCount> = Group::ALL
            .into_iter()
            .filter(|group| *group != Group::Mtp)
            .map(|group| GroupCount { group, parameters: count(group) })
            .filter(|row| row.parameters > 0)
            .collect();
        Parameters {
            total: groups.iter().map(|row| row.parameters).fold(0, u64::saturating_add),
            active: fit(active),
            groups,
            mtp: count(Group::Mtp),
        }
    }
}

/// Whether `model` has more than `most` parameters, multi-token prediction layers apart.
pub(super) fn exceed(model: &Model, most: u64) -> bool {
    let counted = modules(model).filter(|(module, _)| module.group != Group::Mtp);
    counted.map(|(module, layers)| module.elements() * layers).sum::<u128>() > most.into()
}

/// Modules and how many layers have them.
fn modules(model: &Model) -> impl Iterator<Item = (&Module, u128)> {
    model.blocks.iter().flat_map(|block| block.modules.iter().map(|m| (m, u128::from(block.count()))))
}

/// Reading refuses models beyond 2^56 parameters, so the cut is never reached by a model that was read.
fn fit(elements: u128) -> u64 {
    u64::try_from(elements).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_listed_in_their_order() {
        assert!(Group::ALL.into_iter().enumerate().all(|(place, group)| group as usize == place));
    }
}
