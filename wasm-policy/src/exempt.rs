//! Whom the policy leaves alone.

use migfit::kubernetes::PodSpec;

use crate::request::Who;
use crate::settings::{Exemptions, matches};

/// Why the object is none of the policy's business, for the audit log: `image docker.io/library/nginx`.
pub(crate) fn exempt(pods: &[PodSpec], who: &Who, exemptions: &Exemptions) -> Option<String> {
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
        !pods.is_empty() && pods.iter().all(wears)
    });
    if let Some((name, _)) = label {
        return Some(format!("label {name}"));
    }
    images(pods, exemptions)
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
