//! `ConfigMap` of MIG manager: layouts that a GPU cannot have, and those that leave something over.

use serde_json::{Map, Value};

use super::cards;
use super::place::part;
use crate::gpu::layout::Layout;
use crate::gpu::{Gpu, Profile, ProfileName};
use crate::order;
use crate::problem::Problem;
use crate::review::context::Context;
use crate::review::finding::Finding;
use crate::review::lint::Lint;
use crate::yaml;

/// The most configurations of a file that are looked at; the published table has about sixty.
const MOST: usize = 512;

/// What is wrong with the configurations in a config map; nothing where it holds none.
pub(in crate::review) fn config_map(object: &Map<String, Value>, context: &Context) -> Vec<Finding> {
    let mut found = Vec::new();
    for (key, value) in part(object, "data") {
        let Some(text) = value.as_str().filter(|text| text.contains("mig-configs")) else { continue };
        let path = format!("data[{key:?}]");
        match yaml::documents(&path, text) {
            Ok(files) => found.extend(
                files.iter().filter_map(Value::as_object).flat_map(|file| layouts(file, &path, context)),
            ),
            Err(problem) => found.push(Finding::of(Lint::Unreadable, &problem).at(&path)),
        }
    }
    found
}

/// What is wrong with the configurations of one file at `path`.
pub(in crate::review) fn layouts(file: &Map<String, Value>, path: &str, context: &Context) -> Vec<Finding> {
    let mut found = Vec::new();
    let configs = file.get("mig-configs").and_then(Value::as_object);
    for (name, rules) in configs.into_iter().flatten().take(MOST) {
        for (place, rule) in rules.as_array().into_iter().flatten().enumerate() {
            if rule.get("mig-enabled").and_then(Value::as_bool) != Some(true) {
                continue;
            }
            let at = format!("{path}.mig-configs[{name:?}][{place}]");
            let at = at.trim_start_matches('.');
            found.extend(one(name, rule, context).map(|finding| finding.at(at)));
        }
    }
    found
}

/// One rule: how one GPU is cut.
fn one(name: &str, rule: &Value, context: &Context) -> Option<Finding> {
    let wanted = match wanted(rule) {
        Ok(wanted) => wanted,
        Err(problem) => return Some(Finding::of(Lint::ImpossibleLayout, &problem)),
    };
    let shown: Vec<String> = wanted.iter().map(|(profile, count)| format!("{count} x {profile}")).collect();
    let shown = shown.join(" + ");
    let cards = cards(context);
    let having: Vec<(&Gpu, Vec<&Profile>)> =
        cards.iter().filter_map(|gpu| Some((*gpu, profiles(gpu, &wanted)?))).collect();
    if having.is_empty() {
        let text = format!("{name}: no GPU has all of {shown}");
        return Some(
            Finding::new(Lint::ImpossibleLayout, text).fix("take profiles of one GPU, as in docs/gpus.md"),
        );
    }
    let placed: Vec<Layout> =
        having.iter().filter_map(|(gpu, profiles)| Layout::empty(gpu).place(profiles)).collect();
    let names = || having.iter().map(|(gpu, _)| gpu.short_name.as_ref()).collect::<Vec<_>>().join(", ");
    if placed.is_empty() {
        let text = format!("{name}: {shown} do not go together on {}", names());
        let why = "an instance takes a run of memory slices that starts where its profile says, and compute slices besides";
        return Some(
            Finding::new(Lint::ImpossibleLayout, text)
                .why(why)
                .fix("see what goes together with migfit layouts"),
        );
    }
    let idle = placed.iter().map(Layout::leftover).min_by_key(|left| left.idle_compute)?;
    (idle.idle_compute > 0 && idle.free_memory == 0).then(|| {
        let whole = placed.first().map_or(0, |layout| layout.gpu().compute_slices);
        let text = format!(
            "{name}: {shown} leave {} of {whole} compute slices without an instance",
            idle.idle_compute
        );
        Finding::new(Lint::IdleCompute, text)
            .why("all memory slices are taken, so nothing can be created for them")
            .fix("give one instance the next profile of the same memory, as 4g.40gb beside 3g.40gb")
    })
}

/// Profiles and counts of a rule.
fn wanted(rule: &Value) -> Result<Vec<(ProfileName, u64)>, Problem> {
    let devices = rule.get("mig-devices").and_then(Value::as_object);
    let mut wanted = Vec::new();
    for (name, count) in devices.into_iter().flatten() {
        let profile = ProfileName::parse(name)?;
        let count = count.as_u64().filter(|count| *count <= 32).ok_or_else(|| {
            Problem::new("mig-parted", name.as_str(), count.to_string(), "a count up to 32")
        })?;
        wanted.push((profile, count));
    }
    order::sort_by_key(&mut wanted, |(profile, _)| core::cmp::Reverse((profile.slices, profile.nominal_gb)));
    Ok(wanted)
}

fn profiles<'a>(gpu: &'a Gpu, wanted: &[(ProfileName, u64)]) -> Option<Vec<&'a Profile>> {
    let mut all = Vec::new();
    for (name, count) in wanted {
        let profile = gpu.profile(*name).ok()?;
        all.extend((0..*count).map(|_| profile));
    }
    Some(all)
}
