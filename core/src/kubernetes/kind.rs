//! The kinds of object that are read, and where each keeps its pods.

use super::fields::bad;
use crate::problem::Problem;
use serde_json::{Map, Value};

/// A kind of object that makes pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `v1` Pod.
    Pod,
    /// `v1` ReplicationController.
    ReplicationController,
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` ReplicaSet.
    ReplicaSet,
    /// `apps/v1` StatefulSet.
    StatefulSet,
    /// `apps/v1` DaemonSet.
    DaemonSet,
    /// `batch/v1` Job.
    Job,
    /// `batch/v1` CronJob.
    CronJob,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 8] = [
        Kind::Pod,
        Kind::ReplicationController,
        Kind::Deployment,
        Kind::ReplicaSet,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
    ];

    /// The API group, empty for the core group.
    #[must_use]
    pub const fn group(self) -> &'static str {
        match self {
            Kind::Pod | Kind::ReplicationController => "",
            Kind::Deployment | Kind::ReplicaSet | Kind::StatefulSet | Kind::DaemonSet => "apps",
            Kind::Job | Kind::CronJob => "batch",
        }
    }

    /// The name: `Deployment`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Pod => "Pod",
            Kind::ReplicationController => "ReplicationController",
            Kind::Deployment => "Deployment",
            Kind::ReplicaSet => "ReplicaSet",
            Kind::StatefulSet => "StatefulSet",
            Kind::DaemonSet => "DaemonSet",
            Kind::Job => "Job",
            Kind::CronJob => "CronJob",
        }
    }

    /// The resource in rules and URLs: `deployments`.
    #[must_use]
    pub const fn resource(self) -> &'static str {
        match self {
            Kind::Pod => "pods",
            Kind::ReplicationController => "replicationcontrollers",
            Kind::Deployment => "deployments",
            Kind::ReplicaSet => "replicasets",
            Kind::StatefulSet => "statefulsets",
            Kind::DaemonSet => "daemonsets",
            Kind::Job => "jobs",
            Kind::CronJob => "cronjobs",
        }
    }

    /// The kind of this group and name.
    #[must_use]
    pub fn find(group: &str, name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.group() == group && kind.name() == name)
    }

    /// The kind that an object says it is, `None` where it is one that makes no pods or is not known.
    ///
    /// # Errors
    /// `bad-object` where `kind` or `apiVersion` is missing or no text.
    pub fn of(object: &Map<String, Value>) -> Result<Option<Kind>, Problem> {
        let word = |name| match object.get(name) {
            Some(Value::String(text)) => Ok(text.as_str()),
            Some(Value::Null) | None => Err(bad(name, "nothing", "a text")),
            Some(other) => Err(bad(name, crate::model::json::kind(other), "a text")),
        };
        let group = word("apiVersion")?.split_once('/').map_or("", |(group, _)| group);
        Ok(Kind::find(group, word("kind")?))
    }

    /// Where the pod template stands below the object: the object itself for a pod.
    #[must_use]
    pub(super) const fn template(self) -> &'static [&'static str] {
        match self {
            Kind::Pod => &[],
            Kind::CronJob => &["spec", "jobTemplate", "spec", "template"],
            Kind::ReplicationController
            | Kind::Deployment
            | Kind::ReplicaSet
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::Job => &["spec", "template"],
        }
    }
}
