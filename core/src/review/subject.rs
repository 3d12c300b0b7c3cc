//! Which objects are reviewed.

use serde_json::{Map, Value};

use super::context::Context;
use super::lints;
use super::object::{Review, review};
use crate::kubernetes::Kind;

/// What an object is to a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// It makes pods.
    Workload(Kind),
    /// `v1` ResourceQuota.
    Quota,
    /// `v1` Node.
    Node,
    /// `v1` ConfigMap, which is looked at where it holds a configuration of mig-parted.
    ConfigMap,
    /// A configuration of mig-parted itself, which has no kind.
    Layouts,
    /// `resource.k8s.io` ResourceClaim or ResourceClaimTemplate.
    Claim,
    /// `kueue.x-k8s.io` ClusterQueue.
    ClusterQueue,
}

impl Subject {
    /// What `object` is, `None` where its kind is not reviewed.
    ///
    /// # Errors
    /// As [`Kind::of`].
    pub fn of(object: &Map<String, Value>) -> Result<Option<Subject>, crate::problem::Problem> {
        if !object.contains_key("kind") && object.contains_key("mig-configs") {
            return Ok(Some(Subject::Layouts));
        }
        if let Some(kind) = Kind::of(object)? {
            return Ok(Some(Subject::Workload(kind)));
        }
        let word = |name| object.get(name).and_then(Value::as_str).unwrap_or_default();
        let group = word("apiVersion").split_once('/').map_or("", |(group, _)| group);
        Ok(match (group, word("kind")) {
            ("", "ResourceQuota") => Some(Subject::Quota),
            ("", "Node") => Some(Subject::Node),
            ("", "ConfigMap") => Some(Subject::ConfigMap),
            ("resource.k8s.io", "ResourceClaim" | "ResourceClaimTemplate") => Some(Subject::Claim),
            ("kueue.x-k8s.io", "ClusterQueue") => Some(Subject::ClusterQueue),
            _ => None,
        })
    }

    /// Reviews `object`, which is one.
    #[must_use]
    pub fn review(self, object: &Map<String, Value>, context: &Context) -> Review {
        let findings = match self {
            Subject::Workload(kind) => return review(kind, object, context),
            Subject::Quota => lints::quota(object, context),
            Subject::Node => lints::node(object),
            Subject::ConfigMap => lints::config_map(object, context),
            Subject::Layouts => lints::layouts(object, "", context),
            Subject::Claim => lints::claim(object, context),
            Subject::ClusterQueue => lints::queue(object, context),
        };
        // Whether a model fits is no question to ask of them.
        Review { verdict: None, ..Review { findings, ..Review::default() }.finish(context) }
    }
}
