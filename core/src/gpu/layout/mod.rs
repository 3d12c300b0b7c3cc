//! How a GPU can be cut: which instances stand where, which can still be created, and how.
//!
//! A GPU instance occupies an interval of memory slices and may start only where its profile says.
//! Layouts are derived from these placements, never listed. Compute slices are counted, not placed.

mod draw;
mod enumerate;
mod leftover;
mod order;
mod read;
mod report;
mod room;

#[cfg(test)]
mod tests;

use core::fmt;

use serde::{Serialize, Serializer};

use super::{Gpu, Profile, ProfileName};
use crate::problem::Problem;
pub use enumerate::{Set, has_more_than, layouts, layouts_beside, maximal};
pub use leftover::Leftover;
pub use order::{HIGHEST_FREE_START, command_without_starts, preparation};
pub use report::LayoutReport;
use room::{Place, Room, places, span};

/// One instance: a profile at a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// First memory slice.
    pub start: u8,
}

impl fmt::Display for Instance<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.profile.name, self.start)
    }
}

impl Serialize for Instance<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A legal set of instances on one GPU, by start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout<'a> {
    gpu: &'a Gpu,
    instances: Vec<Instance<'a>>,
}

impl<'a> Layout<'a> {
    /// Nothing created yet.
    #[must_use]
    pub const fn empty(gpu: &'a Gpu) -> Layout<'a> {
        Layout { gpu, instances: Vec::new() }
    }

    /// These instances, each a profile name and its start.
    ///
    /// # Errors
    /// A [`Problem`] where the GPU lacks a profile, or an instance does not go beside those before it.
    pub fn new(gpu: &'a Gpu, instances: &[(ProfileName, u8)]) -> Result<Layout<'a>, Problem> {
        let mut layout = Layout::empty(gpu);
        for (name, start) in instances {
            let instance = Instance { profile: gpu.profile(*name)?, start: *start };
            layout = layout.with(instance).ok_or_else(|| layout.refuse(instance))?;
        }
        Ok(layout)
    }

    /// The GPU.
    #[must_use]
    pub const fn gpu(&self) -> &'a Gpu {
        self.gpu
    }

    /// The instances, by start.
    #[must_use]
    pub fn instances(&self) -> &[Instance<'a>] {
        &self.instances
    }

    /// Everything that can still be created, by start; nothing for a maximal layout.
    #[must_use]
    pub fn creatable(&self) -> Vec<Instance<'a>> {
        let room = self.room();
        let free = places(self.gpu, |_| true).into_iter();
        free.filter(|place| room.with(self.gpu, *place).is_some()).map(Instance::from).collect()
    }

    /// A place for every one of `wanted` beside what stands already, or `None` where there is none:
    /// large instances first, each as high as it goes.
    #[must_use]
    pub fn place(&self, wanted: &[&'a Profile]) -> Option<Layout<'a>> {
        let mut wanted = wanted.to_vec();
        crate::order::sort_by_key(&mut wanted, |profile| {
            (profile.memory_slices, profile.compute_slices, profile.name)
        });
        self.place_last(&mut wanted, None)
    }

    /// Instances of one profile are placed from high to low, so that no set of places is tried twice.
    fn place_last(&self, wanted: &mut Vec<&'a Profile>, last: Option<Instance<'a>>) -> Option<Layout<'a>> {
        let Some(profile) = wanted.pop() else {
            return Some(self.clone());
        };
        let below = last.filter(|last| last.profile.name == profile.name).map_or(u8::MAX, |last| last.start);
        let starts = profile.placements.starts.iter().rev().filter(|start| **start < below);
        let placed = starts
            .map(|start| Instance { profile, start: *start })
            .filter_map(|instance| Some((self.with(instance)?, instance)))
            .find_map(|(layout, instance)| layout.place_last(wanted, Some(instance)));
        wanted.push(profile);
        placed
    }

    /// The layout with one instance more, or `None` where that is not legal.
    #[must_use]
    pub fn with(&self, instance: Instance<'a>) -> Option<Layout<'a>> {
        self.room().with(self.gpu, self.place_of(instance)?)?;
        let mut instances = self.instances.clone();
        put(&mut instances, instance);
        Some(Layout { gpu: self.gpu, instances })
    }

    fn room(&self) -> Room {
        let places = self.instances.iter().filter_map(|instance| self.place_of(*instance));
        places.fold(Room::EMPTY, |room, place| room.with(self.gpu, place).unwrap_or(room))
    }

    /// The instance as a place of the GPU's table, `None` where its profile may not start there.
    fn place_of(&self, instance: Instance<'a>) -> Option<Place<'a>> {
        let Instance { profile, start } = instance;
        let row = self.gpu.profiles.iter().position(|own| own.name == profile.name)?;
        let slices = span(start, profile.placements.size);
        let known = profile.placements.starts.contains(&start);
        known.then_some(Place { profile, start, slices, row })
    }

    fn refuse(&self, instance: Instance<'a>) -> Problem {
        let starts: Vec<String> =
            instance.profile.placements.starts.iter().map(ToString::to_string).collect();
        let free: Vec<String> = self
            .creatable()
            .iter()
            .filter(|free| free.profile.name == instance.profile.name)
            .map(|free| free.start.to_string())
            .collect();
        let expected = if free.is_empty() {
            "no such instance there: none is left".to_owned()
        } else {
            format!("start {}", free.join(" or "))
        };
        Problem::new(
            "no-placement",
            format!("layout of {}", self.gpu.short_name),
            format!("`{instance}`"),
            expected,
        )
        .hint(format!("{} may start at {}", instance.profile.name, starts.join(", ")))
    }
}

impl<'a> From<Place<'a>> for Instance<'a> {
    fn from(place: Place<'a>) -> Instance<'a> {
        Instance { profile: place.profile, start: place.start }
    }
}

/// `2g.20gb@0, 3g.40gb@4`, or `nothing`; [`Layout::parse`] reads it back.
impl fmt::Display for Layout<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.instances.is_empty() {
            return f.write_str("nothing");
        }
        let instances: Vec<String> = self.instances.iter().map(ToString::to_string).collect();
        f.write_str(&instances.join(", "))
    }
}

impl Serialize for Layout<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.instances)
    }
}

/// Puts `instance` among `instances`, which stand by their start.
fn put<'a>(instances: &mut Vec<Instance<'a>>, instance: Instance<'a>) {
    let place = instances.partition_point(|known| known.start <= instance.start);
    instances.insert(place, instance);
}
