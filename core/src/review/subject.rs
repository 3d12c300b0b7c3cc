//! Which objects are reviewed.

use serde_json::{Map, Value};

use super::context::Context;
use super::lints;
use super::object::{Review, review};
use crate::kubernetes::{Beside, Kind, pods_beside, requested};

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

/// A resource of the Kubernetes API whose objects are reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// What its objects are to a review.
    pub subject: Subject,
    /// The API group, empty for the core group.
    pub group: &'static str,
    /// The versions of the API that are read, ascending.
    pub versions: &'static [&'static str],
    /// The name of the kind: `ResourceQuota`.
    pub name: &'static str,
    /// The resource in rules and URLs: `resourcequotas`.
    pub resource: &'static str,
}

const DRA: &[&str] = &["v1", "v1beta1", "v1beta2"];

/// The resources that make no pods.
#[rustfmt::skip]
const OTHERS: [Served; 6] = [
    served(Subject::Quota,        "",                &["v1"],                 "ResourceQuota",         "resourcequotas"),
    served(Subject::Node,         "",                &["v1"],                 "Node",                  "nodes"),
    served(Subject::ConfigMap,    "",                &["v1"],                 "ConfigMap",             "configmaps"),
    served(Subject::Claim,        "resource.k8s.io", DRA,                     "ResourceClaim",         "resourceclaims"),
    served(Subject::Claim,        "resource.k8s.io", DRA,                     "ResourceClaimTemplate", "resourceclaimtemplates"),
    served(Subject::ClusterQueue, "kueue.x-k8s.io",  &["v1beta1", "v1beta2"], "ClusterQueue",          "clusterqueues"),
];

const fn served(
    subject: Subject,
    group: &'static str,
    versions: &'static [&'static str],
    name: &'static str,
    resource: &'static str,
) -> Served {
    Served { subject, group, versions, name, resource }
}

impl Subject {
    /// Everything that a cluster has and that is reviewed: workloads in their order, then the rest.
    pub fn served() -> impl Iterator<Item = Served> {
        let workload = |kind: Kind| {
            served(Subject::Workload(kind), kind.group(), kind.versions(), kind.name(), kind.resource())
        };
        Kind::ALL.into_iter().map(workload).chain(OTHERS)
    }

    /// What an object of this group and kind is, `None` where it is not reviewed.
    #[must_use]
    pub fn find(group: &str, name: &str) -> Option<Subject> {
        if let Some(kind) = Kind::find(group, name) {
            return Some(Subject::Workload(kind));
        }
        OTHERS.iter().find(|one| one.group == group && one.name == name).map(|one| one.subject)
    }

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
        Ok(Subject::find(group, word("kind")))
    }

    /// The kind of its pods' owner, `None` where it makes none.
    #[must_use]
    pub const fn kind(self) -> Option<Kind> {
        match self {
            Subject::Workload(kind) => Some(kind),
            Subject::Quota
            | Subject::Node
            | Subject::ConfigMap
            | Subject::Layouts
            | Subject::Claim
            | Subject::ClusterQueue => None,
        }
    }

    /// Whether it stands in a namespace.
    #[must_use]
    pub const fn is_namespaced(self) -> bool {
        !matches!(self, Subject::Node | Subject::ClusterQueue)
    }

    /// Reads what `object` refers to, so that `beside` notes what of it is not there.
    pub fn look_around(self, object: &Map<String, Value>, beside: &Beside) {
        match self {
            Subject::Workload(kind) => drop(pods_beside(kind, object, beside)),
            Subject::Claim => drop(requested(object, beside)),
            Subject::Quota
            | Subject::Node
            | Subject::ConfigMap
            | Subject::Layouts
            | Subject::ClusterQueue => {}
        }
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
