//! Every state of a card as a number, with what leads from one to the other: a lookup table instead of a search.

use std::collections::HashMap;

use crate::gpu::layout::{Instance, Layout, layouts_beside};
use crate::gpu::{Gpu, Profile};

/// One profile at one of its starts.
#[derive(Clone, Copy, Debug)]
pub(in crate::planning) struct Place<'a> {
    pub(in crate::planning) instance: Instance<'a>,
    /// Place of the profile in [`States::profiles`].
    pub(in crate::planning) profile: usize,
}

/// Every legal state of a card, from some of its profiles.
#[derive(Clone, Debug)]
pub(in crate::planning) struct States<'a> {
    pub(in crate::planning) gpu: &'a Gpu,
    /// The profiles, in the order of the card.
    pub(in crate::planning) profiles: Vec<&'a Profile>,
    /// Every placement, by profile and then by start.
    pub(in crate::planning) places: Vec<Place<'a>>,
    /// Layout of each state; the first is empty.
    pub(in crate::planning) layouts: Vec<Layout<'a>>,
    /// By state and place: the state after the placement is taken.
    next: Vec<Vec<Option<u32>>>,
    /// By state and place: the state after the placement is given back.
    before: Vec<Vec<Option<u32>>>,
    /// Memory slices of each state that are free.
    pub(in crate::planning) free: Vec<u8>,
}

impl<'a> States<'a> {
    /// The states of `gpu` with the profiles that `wanted` picks.
    pub(in crate::planning) fn new(gpu: &'a Gpu, wanted: impl Fn(&Profile) -> bool) -> States<'a> {
        let profiles: Vec<&Profile> = gpu.profiles.iter().filter(|profile| wanted(profile)).collect();
        let mut places = Vec::new();
        for (at, profile) in profiles.iter().enumerate() {
            for start in profile.placements.starts.iter() {
                places.push(Place { instance: Instance { profile, start: *start }, profile: at });
            }
        }
        let layouts = layouts_beside(&Layout::empty(gpu), wanted);
        let taken: Vec<Vec<usize>> = layouts.iter().map(|layout| taken(layout, &places)).collect();
        let ids: HashMap<&[usize], u32> = taken.iter().map(Vec::as_slice).zip(0..).collect();
        let to = |taken: &[usize], at: usize, give_back: bool| {
            let own = taken.binary_search(&at);
            let mut other = taken.to_vec();
            match own {
                Ok(found) if give_back => _ = other.remove(found),
                Err(gap) if !give_back => other.insert(gap, at),
                Ok(_) | Err(_) => return None,
            }
            ids.get(other.as_slice()).copied()
        };
        let row = |taken: &Vec<usize>, back: bool| (0..places.len()).map(|at| to(taken, at, back)).collect();
        let next: Vec<Vec<Option<u32>>> = taken.iter().map(|taken| row(taken, false)).collect();
        let before = taken.iter().map(|taken| row(taken, true)).collect();
        let free = layouts.iter().map(|layout| layout.leftover().free_memory).collect();
        States { gpu, profiles, places, layouts, next, before, free }
    }

    /// The states that a placement of `profile` leads to, lowest start first.
    pub(in crate::planning) fn placements(
        &self,
        state: u32,
        profile: usize,
    ) -> impl Iterator<Item = (usize, u32)> + '_ {
        let row = self.next.get(state as usize).map(Vec::as_slice).unwrap_or_default();
        let of = move |at: &usize| self.places.get(*at).is_some_and(|place| place.profile == profile);
        row.iter().enumerate().filter(move |(at, _)| of(at)).filter_map(|(at, next)| Some((at, (*next)?)))
    }

    /// The state after a place is given back.
    pub(in crate::planning) fn give_back(&self, state: u32, place: usize) -> u32 {
        let row = self.before.get(state as usize);
        row.and_then(|row| row.get(place).copied().flatten()).unwrap_or(state)
    }

    /// The state of a layout, `None` where it holds a profile that is not among these.
    pub(in crate::planning) fn of(&self, layout: &Layout<'_>) -> Option<u32> {
        let mut state = 0;
        for instance in layout.instances() {
            let own = |place: &Place<'_>| {
                place.instance.profile.name == instance.profile.name && place.instance.start == instance.start
            };
            let at = self.places.iter().position(own)?;
            state = self.next.get(state as usize)?.get(at).copied().flatten()?;
        }
        Some(state)
    }

    /// The states after each one instance is given back.
    pub(in crate::planning) fn without_one(&self, state: u32) -> impl Iterator<Item = u32> + '_ {
        let row = self.before.get(state as usize).map(Vec::as_slice).unwrap_or_default();
        row.iter().flatten().copied()
    }
}

/// Places that a layout takes, ascending.
fn taken(layout: &Layout<'_>, places: &[Place<'_>]) -> Vec<usize> {
    let taken = |place: &Place<'_>| {
        let own = |instance: &Instance<'_>| {
            instance.profile.name == place.instance.profile.name && instance.start == place.instance.start
        };
        layout.instances().iter().any(own)
    };
    (0..places.len()).filter(|at| places.get(*at).is_some_and(taken)).collect()
}
