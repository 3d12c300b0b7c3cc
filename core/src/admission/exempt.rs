//! Whom the policy leaves alone.

use super::request::Object;
use super::settings::{Exemptions, matches};
use crate::kubernetes::PodSpec;

/// Why the object is none of the policy's business, for the audit log: `image docker.io/library/nginx`.
pub(super) fn exempt(object: &Object, pods: &[PodSpec], exemptions: &Exemptions) -> Option<String> {
    let who = &object.who;
    let user = exemptions.users.iter().find(|pattern| matches(pattern, who.user));
    if user.is_some() {
        return Some(format!("user {}", who.user));
    }
    let group =
        who.groups.iter().find(|group| exemptions.groups.iter().any(|pattern| matches(pattern, group)));
    if let Some(group) = group {
        return Some(format!("group {group}"));
    }
    let label = exemptions.labels.iter().find(|(name, pattern)| {
        let wears = |pod: &PodSpec| pod.labels.get(*name).is_some_and(|value| matches(pattern, value));
        let own = || label(object, name).is_some_and(|value| matches(pattern, value));
        if object.subject.kind().is_some() { !pods.is_empty() && pods.iter().all(wears) } else { own() }
    });
    if let Some((name, _)) = label {
        return Some(format!("label {name}"));
    }
    images(pods, exemptions)
}

fn label<'a>(object: &Object<'a>, name: &str) -> Option<&'a str> {
    object.object.get("metadata")?.get("labels")?.get(name)?.as_str()
}

fn images(pods: &[PodSpec], exemptions: &Exemptions) -> Option<String> {
    if exemptions.images.is_empty() {
        return None;
    }
    let all = pods.iter().flat_map(|pod| &pod.containers).filter(|container| !container.claims.is_empty());
    let mut images: Vec<&str> = all.map(|container| container.image.as_str()).collect();
    images.dedup();
    let known = |image: &&str| exemptions.images.iter().any(|pattern| matches(pattern, image));
    (!images.is_empty() && images.iter().all(known)).then(|| format!("image {}", images.join(", ")))
}
