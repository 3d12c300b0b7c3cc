//! What costs clusters hours and is no matter of memory. Each lint adds what it finds; none stops another.

mod claims;
mod dra;
mod engine;
mod layouts;
mod names;
mod node;
mod place;
mod pod;
mod queue;
mod quota;

pub(super) use dra::claim;
pub(super) use engine::{engine, larger_than_needed};
pub(super) use layouts::{config_map, layouts};
pub(super) use node::node;
pub(super) use queue::queue;
pub(super) use quota::quota;

use serde_json::{Map, Value};

use super::context::Context;
use super::finding::Finding;
use crate::gpu::{Gpu, ProfileName, catalog};
use crate::kubernetes::PodSpec;

/// What is wrong with a pod besides memory. `object` is the object that it is the template of, `placed` whether
/// a scheduler places it.
pub(super) fn pod(object: &Map<String, Value>, pod: &PodSpec, placed: bool) -> Vec<Finding> {
    let mut found = claims::claims(object, pod);
    found.extend(dra::pod(pod));
    found.extend(names::affinity(object, &pod.path));
    found.extend(pod::pod(object, pod, placed));
    found
}

/// The cards that may be meant: those of the cluster, or the whole catalog.
fn cards<'a>(context: &Context<'a>) -> Vec<&'a Gpu> {
    if context.cluster.gpus.is_empty() { catalog().iter().collect() } else { context.cluster.gpus.clone() }
}

/// Whether one of `cards` has the profile of `resource`.
fn exists(resource: &str, cards: &[&Gpu]) -> bool {
    let profile = ProfileName::from_resource_name(resource);
    profile.is_ok_and(|profile| cards.iter().any(|gpu| gpu.profile(profile).is_ok()))
}
