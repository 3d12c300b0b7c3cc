//! Which GPU gets which filling.

use std::collections::BTreeMap;

use super::filling::Filling;
use super::fleet::Fleet;
use super::greedy::Placed;
use super::task::Task;
use crate::gpu::layout::Layout;

/// The kind, the filling and the layout of every GPU on which something is placed, by its place in the fleet.
pub(super) type Assigned<'p, 'a> = BTreeMap<usize, (usize, &'p Filling, Option<Layout<'a>>)>;

/// Gives every filling a GPU of its kind.
pub(super) fn assign<'p, 'a>(_fleet: &Fleet<'a>, task: &Task<'a>, placed: &'p [Placed]) -> Assigned<'p, 'a> {
    let mut assigned = Assigned::new();
    let mut used = vec![0_usize; task.kinds.len()];
    for placed in placed {
        let (Some(kind), Some(used)) = (task.kinds.get(placed.kind), used.get_mut(placed.kind)) else {
            continue;
        };
        for _ in 0..placed.times {
            let Some(gpu) = kind.gpus.get(*used) else { break };
            *used += 1;
            let cut = kind.cuts.all.get(placed.filling.cut);
            let layout = cut.and_then(|cut| cut.layouts.first().cloned());
            assigned.insert(*gpu, (placed.kind, &placed.filling, layout));
        }
    }
    assigned
}
