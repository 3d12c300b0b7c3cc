//! Where one instance more goes, and what lies idle where nothing can use it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::measure::Measure;
use super::states::States;
use crate::gpu::layout::{Instance, Layout, Set};
use crate::gpu::{Device, Gpu, Profile};
use crate::units::Bytes;

/// A GPU and what stands on it.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// What a reader calls it: `node-a:3`.
    pub name: String,
    /// Its number on its machine, for commands.
    pub index: u32,
    /// Its instances; they stay.
    pub layout: Layout<'a>,
    /// Instances of it that nobody has.
    pub idle: Vec<Instance<'a>>,
    /// Whether somebody has it whole.
    pub whole: bool,
}

/// A place for the instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spot<'a> {
    /// The GPU.
    pub site: String,
    /// The instance.
    pub instance: Instance<'a>,
    /// What is there afterwards.
    pub layout: Layout<'a>,
    /// Whether the instance stands there already and is idle: nothing has to be created.
    pub stands: bool,
    /// What it costs those who may still come, in thousandths of a memory slice; the least is the best.
    pub loss: i64,
    /// Memory of the GPU that no further instance reaches afterwards.
    pub stranded: Bytes,
    /// The command that creates it, empty where it stands.
    pub command: String,
}

/// Every place for an instance of `wanted`, the best first: idle instances before new ones, then by the least loss,
/// then the GPU that has least left. `wanted` are devices that would do, all equally welcome.
#[must_use]
pub fn spots<'a>(sites: &[Site<'a>], wanted: &[Device<'a>]) -> Vec<Spot<'a>> {
    let mut tables = Tables::default();
    let mut found: Vec<((bool, i64, u8), Spot<'a>)> = Vec::new();
    for site in sites.iter().filter(|site| !site.whole) {
        let gpu = site.layout.gpu();
        for profile in
            wanted.iter().filter(|device| device.gpu.key == gpu.key).filter_map(|device| device.profile)
        {
            for spot in on_site(site, profile, &mut tables) {
                found.push(((!spot.stands, spot.loss, spot.layout.leftover().free_memory), spot));
            }
        }
    }
    found.sort_by(|a, b| {
        let key = |spot: &Spot<'a>| {
            (
                spot.instance.profile.memory_slices,
                spot.instance.profile.name,
                spot.site.clone(),
                spot.instance.start,
            )
        };
        a.0.cmp(&b.0).then_with(|| key(&a.1).cmp(&key(&b.1)))
    });
    found.into_iter().map(|(_, spot)| spot).collect()
}

fn on_site<'a>(site: &Site<'a>, profile: &'a Profile, tables: &mut Tables<'a>) -> Vec<Spot<'a>> {
    let mut found = Vec::new();
    let stranded = |layout: &Layout<'a>| layout.leftover().stranded;
    for instance in site.idle.iter().filter(|idle| idle.profile.name == profile.name) {
        found.push(Spot {
            site: site.name.clone(),
            instance: *instance,
            stranded: stranded(&site.layout),
            layout: site.layout.clone(),
            stands: true,
            loss: 0,
            command: String::new(),
        });
    }
    for start in profile.placements.starts.iter() {
        let instance = Instance { profile, start: *start };
        let Some(layout) = site.layout.with(instance) else { continue };
        let loss = tables.loss(&site.layout, &layout);
        let alone = Layout::empty(site.layout.gpu()).with(instance);
        found.push(Spot {
            site: site.name.clone(),
            instance,
            stranded: stranded(&layout),
            layout,
            stands: false,
            loss,
            command: alone.map_or_else(String::new, |alone| alone.command(site.index)),
        });
    }
    found
}

/// The tables of the cards that were asked about.
#[derive(Default)]
struct Tables<'a> {
    known: BTreeMap<String, (States<'a>, Measure)>,
}

impl<'a> Tables<'a> {
    /// In thousandths of a memory slice. Instances that are no plain ones count as the plain ones of their size.
    fn loss(&mut self, from: &Layout<'a>, to: &Layout<'a>) -> i64 {
        let gpu = from.gpu();
        let (states, measure) = self.known.entry(gpu.key.to_string()).or_insert_with(|| {
            let states = States::new(gpu, |profile| Set::Plain.has(gpu, profile));
            let measure = Measure::new(&states);
            (states, measure)
        });
        match (states.of(&plain(from)), states.of(&plain(to))) {
            (Some(from), Some(to)) => measure.loss_in_thousandths(from, to),
            (None, _) | (_, None) => i64::MAX,
        }
    }
}

/// The layout with plain profiles in place of media and graphics variants.
fn plain<'a>(layout: &Layout<'a>) -> Layout<'a> {
    let gpu: &'a Gpu = layout.gpu();
    let alike = |own: &Profile| {
        gpu.profiles.iter().find(|other| {
            Set::Plain.has(gpu, other)
                && other.memory_slices == own.memory_slices
                && other.compute_slices == own.compute_slices
        })
    };
    let instances = layout.instances().iter();
    let plain =
        instances.map(|i| Instance { profile: alike(i.profile).unwrap_or(i.profile), start: i.start });
    plain.fold(Layout::empty(gpu), |layout, instance| layout.with(instance).unwrap_or(layout))
}

/// What nothing can use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stranded<'a> {
    /// The GPU.
    pub site: String,
    /// What is there.
    pub layout: Layout<'a>,
    /// Memory slices that no further instance reaches, and their memory.
    pub slices: u8,
    /// Their memory.
    pub memory: Bytes,
    /// Compute slices of no instance.
    pub idle_compute: u8,
    /// Instances that nobody has.
    pub idle: Vec<Instance<'a>>,
    /// The same instances placed so that nothing, or less, is stranded; `None` where there is no such layout.
    pub better: Option<Layout<'a>>,
}

/// Every cut GPU that strands memory or has idle instances, in the order given.
#[must_use]
pub fn stranded<'a>(sites: &[Site<'a>]) -> Vec<Stranded<'a>> {
    let report = |site: &Site<'a>| {
        let left = site.layout.leftover();
        let wasted = left.stranded_memory > 0 || !site.idle.is_empty();
        wasted.then(|| Stranded {
            site: site.name.clone(),
            layout: site.layout.clone(),
            slices: left.stranded_memory,
            memory: left.stranded,
            idle_compute: left.idle_compute,
            idle: site.idle.clone(),
            better: rearranged(&site.layout),
        })
    };
    sites
        .iter()
        .filter(|site| !site.whole && !site.layout.instances().is_empty())
        .filter_map(report)
        .collect()
}

/// The same profiles at the starts that strand least, where that is less than now.
fn rearranged<'a>(layout: &Layout<'a>) -> Option<Layout<'a>> {
    let names = |layout: &Layout<'a>| {
        let mut names: Vec<_> = layout.instances().iter().map(|instance| instance.profile.name).collect();
        names.sort_unstable();
        names
    };
    let own = names(layout);
    let now = layout.leftover().stranded_memory;
    let all = crate::gpu::layout::layouts_beside(&Layout::empty(layout.gpu()), |profile| {
        own.contains(&profile.name)
    });
    let same = all.into_iter().filter(|other| names(other) == own);
    same.map(|other| (other.leftover().stranded_memory, other))
        .filter(|(less, _)| *less < now)
        .min_by_key(|(less, _)| *less)
        .map(|(_, other)| other)
}
