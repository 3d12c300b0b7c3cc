//! What exports for nodes and teams are made from.

use std::collections::BTreeMap;

use super::names;
use crate::gpu::layout::Layout;
use crate::gpu::{Device, Gpu, ProfileName};
use crate::problem::Problem;

/// Nodes and those who share them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fleet<'a> {
    /// Nodes that are alike, each group with a name of its own.
    pub machines: Vec<Machines<'a>>,
    /// Teams, each with a name of its own.
    pub teams: Vec<Team>,
}

/// Nodes that are alike and cut alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machines<'a> {
    /// Name of the group: that of its pool.
    pub name: String,
    /// The card, the same in every node.
    pub gpu: &'a Gpu,
    /// How many nodes there are.
    pub nodes: u64,
    /// Their names, where they are known.
    pub names: Vec<String>,
    /// Labels by which they are found, where they are known.
    pub labels: BTreeMap<String, String>,
    /// How each GPU of a node is cut, by number. An empty layout is a whole GPU.
    pub layouts: Vec<Layout<'a>>,
    /// The cloud's name for the machine, where it is known.
    pub instance_type: Option<String>,
}

/// A team and what it may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// Its name, that of its objects.
    pub name: String,
    /// Its namespace; as its name where absent.
    pub namespace: Option<String>,
    /// How many devices of each profile (`None` for whole GPUs) it is promised.
    pub quota: BTreeMap<Option<ProfileName>, u64>,
    /// How many more of each it may borrow from others; as many as are idle where absent.
    pub borrow: Option<u64>,
}

impl<'a> Machines<'a> {
    /// Every device of one node, and how many there are: whole GPUs first, then slices by name.
    #[must_use]
    pub fn devices(&self) -> Vec<(Device<'a>, u64)> {
        let mut counts: BTreeMap<Option<ProfileName>, (Device<'a>, u64)> = BTreeMap::new();
        let mut add = |device: Device<'a>| {
            let name = device.profile.map(|profile| profile.name);
            counts.entry(name).or_insert((device, 0)).1 += 1;
        };
        for layout in &self.layouts {
            if layout.instances().is_empty() {
                add(Device::whole(self.gpu));
            }
            for instance in layout.instances() {
                add(Device { gpu: self.gpu, profile: Some(instance.profile) });
            }
        }
        counts.into_values().collect()
    }

    /// Numbers of the GPUs that are cut into the same instances, by the first of them.
    #[must_use]
    pub fn groups(&self) -> Vec<(Vec<u64>, &Layout<'a>)> {
        let mut groups: Vec<(Vec<u64>, &Layout<'a>)> = Vec::new();
        for (number, layout) in (0..).zip(&self.layouts) {
            match groups.iter_mut().find(|(_, known)| profiles(known) == profiles(layout)) {
                Some((numbers, _)) => numbers.push(number),
                None => groups.push((vec![number], layout)),
            }
        }
        groups
    }

    /// The one profile of all GPUs, as often as each holds it; `None` for whole GPUs.
    ///
    /// # Errors
    /// `not-uniform` where GPUs differ, or hold less than they could.
    pub fn uniform(&self, who: &str) -> Result<Option<Device<'a>>, Problem> {
        let devices = self.devices();
        let cut = self.layouts.len() as u64;
        match devices.as_slice() {
            [(device, count)] => match device.profile {
                None => Ok(None),
                Some(profile) if *count == cut.saturating_mul(u64::from(profile.max_instances)) => {
                    Ok(Some(*device))
                }
                Some(profile) => {
                    Err(not_uniform(self, who, &format!("{count} of {} on {cut} GPUs", profile.name)))
                }
            },
            several => {
                let names: Vec<String> = several.iter().map(|(device, _)| short(device)).collect();
                Err(not_uniform(self, who, &names.join(" and ")))
            }
        }
    }
}

impl Team {
    /// Reads a team as a person writes it: `team-alpha: 1g.10gb=4, gpu=1`.
    ///
    /// # Errors
    /// `bad-setting`, or as [`ProfileName::parse`].
    pub fn read(text: &str, borrow: Option<u64>) -> Result<Team, Problem> {
        let (name, promised) = text.split_once(':').unwrap_or((text, ""));
        let bad = |found: &str| {
            let expected = "a profile or `gpu`, `=` and a number, as in `team-alpha: 1g.10gb=4, gpu=1`";
            Problem::new("bad-setting", format!("team {}", name.trim()), format!("{found:?}"), expected)
        };
        let mut quota = BTreeMap::new();
        for part in promised.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (device, count) = part.split_once('=').ok_or_else(|| bad(part))?;
            let profile = match device.trim() {
                "gpu" => None,
                device => Some(ProfileName::parse(device)?),
            };
            let count: u64 = count.trim().parse().map_err(|_| bad(part))?;
            if quota.insert(profile, count).is_some() {
                return Err(bad(part));
            }
        }
        Ok(Team { name: name.trim().to_owned(), namespace: None, quota, borrow })
    }

    /// Its namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or(&self.name)
    }
}

impl<'a> Fleet<'a> {
    /// Checks that it can be written down.
    ///
    /// # Errors
    /// Every reason at once: `bad-name`, `twice` for a name that stands twice, `no-gpus`, `no-such-device` for a quota
    /// of something that no node has.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let mut seen = BTreeMap::new();
        for machines in &self.machines {
            problems.extend(names::check("pool", &machines.name).err());
            problems.extend(again(&mut seen, "pool", &machines.name));
            if machines.layouts.is_empty() {
                let expected = "at least one GPU on each node";
                problems.push(Problem::new("no-gpus", format!("pool {}", machines.name), "none", expected));
            }
        }
        for team in &self.teams {
            problems.extend(names::check("team", &team.name).err());
            problems.extend(names::check("namespace", team.namespace()).err());
            problems.extend(again(&mut seen, "team", &team.name));
            problems.extend(self.foreign(team));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// What a team is promised of and no node has.
    fn foreign(&self, team: &Team) -> Vec<Problem> {
        let supply = self.supply();
        let has = |wanted: &Option<ProfileName>| {
            supply.iter().any(|(device, _)| device.profile.map(|profile| profile.name) == *wanted)
        };
        let offered = || supply.iter().map(|(device, _)| short(device)).collect::<Vec<_>>().join(", ");
        let missing = team.quota.iter().filter(|(name, count)| **count > 0 && !has(name));
        missing
            .map(|(name, _)| {
                let found = name.map_or_else(|| "whole GPUs".to_owned(), |name| name.to_string());
                let expected = format!("a device of the nodes: {}", offered());
                Problem::new("no-such-device", format!("quota of {}", team.name), found, expected)
            })
            .collect()
    }

    /// Every device of all nodes, and how many there are. Slices of one name on two cards are one row, with the device
    /// of the first.
    #[must_use]
    pub fn supply(&self) -> Vec<(Device<'a>, u64)> {
        let mut counts: BTreeMap<Option<ProfileName>, (Device<'a>, u64)> = BTreeMap::new();
        for machines in &self.machines {
            for (device, count) in machines.devices() {
                let name = device.profile.map(|profile| profile.name);
                let row = counts.entry(name).or_insert((device, 0));
                row.1 = row.1.saturating_add(count.saturating_mul(machines.nodes));
            }
        }
        counts.into_values().collect()
    }
}

/// Reads a layout as a person writes it, `3x2g.20gb 1g.10gb`: what is wanted, not in which order it comes about. Large
/// instances go as high as they can, which leaves the least stranded.
///
/// # Errors
/// As [`Layout::parse`], where no placement holds it.
pub fn read_layout<'a>(gpu: &'a Gpu, text: &str) -> Result<Layout<'a>, Problem> {
    if text.contains('@') {
        return Layout::parse(gpu, text);
    }
    let mut wanted = Vec::new();
    for item in text.split([',', ' ', '\n']).filter(|item| !item.is_empty()) {
        wanted.extend(Layout::parse(gpu, item)?.instances().iter().map(|instance| instance.profile));
    }
    match Layout::empty(gpu).place(&wanted) {
        Some(layout) => Ok(layout),
        None => Layout::parse(gpu, text),
    }
}

/// `1g.10gb`, or `whole GPUs`.
fn short(device: &Device<'_>) -> String {
    device.profile.map_or_else(|| "whole GPUs".to_owned(), |profile| profile.name.to_string())
}

fn again<'n>(
    seen: &mut BTreeMap<(&'static str, &'n str), ()>,
    what: &'static str,
    name: &'n str,
) -> Option<Problem> {
    let twice = seen.insert((what, name), ()).is_some();
    twice.then(|| Problem::new("twice", what, format!("{name:?} twice"), "names that differ"))
}

fn profiles(layout: &Layout<'_>) -> Vec<ProfileName> {
    let mut names: Vec<ProfileName> =
        layout.instances().iter().map(|instance| instance.profile.name).collect();
    names.sort_unstable();
    names
}

fn not_uniform(machines: &Machines<'_>, who: &str, found: &str) -> Problem {
    let expected = format!("one profile as often as each GPU holds it: {who} cuts every GPU of a pool alike");
    Problem::new("not-uniform", format!("pool {}", machines.name), found, expected)
        .hint("split the pool, or cut its GPUs with the GPU operator")
}
