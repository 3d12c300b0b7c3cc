//! Counting parameters.

use serde::Serialize;

use super::Model;
use super::modules::Group;

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
        let modules = || {
            model.blocks.iter().flat_map(|block| block.modules.iter().map(|m| (m, u128::from(block.count()))))
        };
        let count = |wanted: Group| {
            let elements = modules()
                .filter(|(module, _)| module.group == wanted)
                .map(|(module, count)| module.elements() * count)
                .sum();
            fit(elements)
        };
        let groups: Vec<GroupCount> = Group::ALL
            .into_iter()
            .filter(|group| *group != Group::Mtp)
            .map(|group| GroupCount { group, parameters: count(group) })
            .filter(|row| row.parameters > 0)
            .collect();
        let active = modules()
            .filter(|(module, _)| module.group != Group::Mtp)
            .map(|(module, count)| module.active_elements() * count)
            .sum();
        Parameters {
            total: groups.iter().map(|row| row.parameters).fold(0, u64::saturating_add),
            active: fit(active),
            groups,
            mtp: count(Group::Mtp),
        }
    }
}

/// Reading refuses models beyond 2^56 parameters, so the cut is never reached by a model that was read.
fn fit(elements: u128) -> u64 {
    u64::try_from(elements).unwrap_or(u64::MAX)
}
