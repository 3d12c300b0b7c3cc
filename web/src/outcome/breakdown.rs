//! Where the parameters of a model are.

use migfit::order;

use super::reading::Model;

/// One part of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name: `dense mlp`.
    pub name: String,
    /// Its parameters.
    pub parameters: u64,
    /// Its share of all of them in percent, with one decimal.
    pub percent: String,
}

/// The parts of `model`, the largest first.
#[must_use]
pub fn parts(model: &Model) -> Vec<Part> {
    let total = u128::from(model.facts.parameters.total.max(1));
    let mut groups = model.facts.parameters.groups.clone();
    order::sort_by_key(&mut groups, |row| (core::cmp::Reverse(row.parameters), row.group));
    let part = |parameters: u64| {
        let tenths = (u128::from(parameters) * 1000 + total / 2) / total;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    groups
        .iter()
        .map(|row| Part {
            name: row.group.name().replace('_', " "),
            parameters: row.parameters,
            percent: part(row.parameters),
        })
        .collect()
}
