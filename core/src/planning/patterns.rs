//! Every way to seat replicas on one GPU of a kind: for each count of units by class, the filling that wastes least.

use std::collections::BTreeMap;

use super::filling::Filling;
use super::task::Task;

/// A filling, and what it takes off the demand.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) filling: Filling,
    /// Units by class.
    pub(super) units: Vec<(usize, u64)>,
    /// Replicas by class.
    pub(super) replicas: Vec<(usize, u64)>,
}

/// Every pattern of a kind within `demand`; `None` where there are more than `most`.
pub(super) fn patterns(task: &Task<'_>, kind: usize, demand: &[u64], most: usize) -> Option<Vec<Pattern>> {
    let mut found = BTreeMap::new();
    let cuts = &task.kinds.get(kind)?.cuts;
    for cut in &cuts.all {
        let mut slots: Vec<usize> = Vec::new();
        for (device, count) in cuts.devices.iter().zip(&cut.counts) {
            slots.extend(std::iter::repeat_n(*device, usize::from(*count)));
        }
        if !slots.is_empty() {
            seat(&Search { task, kind, demand, most }, &slots, &mut Vec::new(), &mut found)?;
        }
    }
    Some(found.into_values().collect())
}

struct Search<'t, 'a> {
    task: &'t Task<'a>,
    kind: usize,
    demand: &'t [u64],
    most: usize,
}

/// Units and replicas of each class.
type Key = (Vec<(usize, u64)>, Vec<(usize, u64)>);

/// Gives the next slot to every class that may have it; slots of one device go to classes in ascending order.
fn seat(
    search: &Search<'_, '_>,
    slots: &[usize],
    seats: &mut Vec<(usize, usize)>,
    found: &mut BTreeMap<Key, Pattern>,
) -> Option<()> {
    let task = search.task;
    let Some((device, rest)) = slots.split_first() else {
        return note(search, seats, found);
    };
    let first = seats.last().filter(|(_, before)| before == device).map_or(0, |(class, _)| *class);
    for (class, own) in task.classes.iter().enumerate().skip(first) {
        if own.choice(*device).is_none() || !task.may_join(search.kind, seats, class) {
            continue;
        }
        let given: u64 =
            seats.iter().filter(|(other, _)| *other == class).map(|(_, device)| own.gives(*device)).sum();
        if given >= search.demand.get(class).copied().unwrap_or(0) {
            continue;
        }
        seats.push((class, *device));
        seat(search, rest, seats, found)?;
        seats.pop();
    }
    Some(())
}

fn note(search: &Search<'_, '_>, seats: &[(usize, usize)], found: &mut BTreeMap<Key, Pattern>) -> Option<()> {
    let task = search.task;
    let Some(filling) = task.filling(search.kind, seats.to_vec()) else { return Some(()) };
    let (mut units, mut replicas) = (BTreeMap::new(), BTreeMap::new());
    for (class, device) in seats {
        *units.entry(*class).or_insert(0) += task.classes.get(*class).map_or(1, |own| own.gives(*device));
        *replicas.entry(*class).or_insert(0) += 1;
    }
    let (units, replicas): Key = (units.into_iter().collect(), replicas.into_iter().collect());
    let key = (units.clone(), replicas.clone());
    let waste = (filling.stranded, filling.idle);
    let better = found.get(&key).is_none_or(|known| waste < (known.filling.stranded, known.filling.idle));
    if better {
        found.insert(key, Pattern { filling, units, replicas });
    }
    (found.len() <= search.most).then_some(())
}
