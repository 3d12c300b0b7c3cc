//! Every layout of a GPU, by depth-first search over its placements as bitmasks.

use super::room::{Place, Room, places};
use super::{Instance, Layout, put};
use crate::gpu::{Extra, Gpu, Profile};

/// Which profiles a layout is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// One plain profile for each count of slices: 1g, 2g, 3g, 4g, 7g.
    Classic,
    /// These, and the plain ones of more memory: 1g with two memory slices.
    Plain,
    /// Every profile, media and graphics variants too.
    All,
}

impl Set {
    /// Whether `profile` of `gpu` belongs to the set.
    #[must_use]
    pub fn has(self, gpu: &Gpu, profile: &Profile) -> bool {
        let plain = profile.name.extra == Extra::Plain;
        match self {
            Set::Classic => plain && !is_wide(gpu, profile),
            Set::Plain => plain,
            Set::All => true,
        }
    }
}

/// Whether a plain profile of as many slices takes less memory.
fn is_wide(gpu: &Gpu, profile: &Profile) -> bool {
    gpu.profiles.iter().any(|other| {
        other.name.extra == Extra::Plain
            && other.name.slices == profile.name.slices
            && other.memory_slices < profile.memory_slices
    })
}

/// Every legal layout of `gpu` from the profiles of `set`, the empty one included.
#[must_use]
pub fn layouts(gpu: &Gpu, set: Set) -> Vec<Layout<'_>> {
    walk(gpu, set, |_| true)
}

/// Every legal layout that keeps what stands in `base` and adds instances of the profiles that `wanted` picks;
/// `base` itself comes first.
#[must_use]
pub fn layouts_beside<'a>(base: &Layout<'a>, wanted: impl Fn(&Profile) -> bool) -> Vec<Layout<'a>> {
    let gpu = base.gpu;
    let mut found = Vec::new();
    descend(gpu, &places(gpu, wanted), base.room(), &mut base.instances.clone(), &mut |_, instances| {
        let mut sorted = Vec::with_capacity(instances.len());
        instances.iter().for_each(|instance| put(&mut sorted, *instance));
        found.push(Layout { gpu, instances: sorted });
        true
    });
    found
}

/// The layouts to which no instance of the set can be added.
#[must_use]
pub fn maximal(gpu: &Gpu, set: Set) -> Vec<Layout<'_>> {
    let all = places(gpu, |profile| set.has(gpu, profile));
    walk(gpu, set, |room| all.iter().all(|place| room.with(gpu, *place).is_none()))
}

/// Whether `gpu` has more than `limit` layouts; stops counting there.
#[must_use]
pub fn has_more_than(gpu: &Gpu, limit: usize) -> bool {
    let mut count = 0;
    !descend(gpu, &places(gpu, |_| true), Room::EMPTY, &mut Vec::new(), &mut |_, _| {
        count += 1;
        count <= limit
    })
}

fn walk(gpu: &Gpu, set: Set, keep: impl Fn(Room) -> bool) -> Vec<Layout<'_>> {
    let places = places(gpu, |profile| set.has(gpu, profile));
    let mut found = Vec::new();
    descend(gpu, &places, Room::EMPTY, &mut Vec::new(), &mut |room, instances| {
        if keep(room) {
            found.push(Layout { gpu, instances: instances.to_vec() });
        }
        true
    });
    found
}

/// Visits every legal set of places once: each place in turn is taken or left out. Ends, with `false`,
/// as soon as a visit says so.
fn descend<'a>(
    gpu: &Gpu,
    places: &[Place<'a>],
    room: Room,
    stack: &mut Vec<Instance<'a>>,
    visit: &mut impl FnMut(Room, &[Instance<'a>]) -> bool,
) -> bool {
    if !visit(room, stack) {
        return false;
    }
    let mut rest = places;
    while let [place, after @ ..] = rest {
        rest = after;
        if let Some(room) = room.with(gpu, *place) {
            stack.push(Instance::from(*place));
            let goes_on = descend(gpu, after, room, stack, visit);
            stack.pop();
            if !goes_on {
                return false;
            }
        }
    }
    true
}
