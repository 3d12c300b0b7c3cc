//! What is asked of the cluster, whoever asks it: the host of a policy, or files that stand for a cluster.

use serde_json::Value;

/// A question to the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query<'a> {
    /// `resource.k8s.io/v1`.
    pub api_version: &'a str,
    /// `ResourceClaimTemplate`.
    pub kind: &'a str,
    /// Which objects of the kind.
    pub which: Which<'a>,
    /// The fields that are needed: `metadata.labels`.
    pub fields: &'a [&'a str],
}

/// Which objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// One, by its namespace, which is empty where it has none, and its name.
    One(&'a str, &'a str),
    /// All of them, as a list.
    All,
}

/// Answers questions about the cluster.
pub type Ask<'a> = &'a dyn Fn(&Query<'_>) -> Result<Value, String>;

/// The resources that may be asked for: API version and kind, sorted, as `kwctl annotate` writes them.
pub const KINDS: [(&str, &str); 10] = [
    ("apps.nvidia.com/v1alpha1", "NIMCache"),
    ("resource.k8s.io/v1", "DeviceClass"),
    ("resource.k8s.io/v1", "ResourceClaim"),
    ("resource.k8s.io/v1", "ResourceClaimTemplate"),
    ("resource.k8s.io/v1", "ResourceSlice"),
    ("serving.kserve.io/v1alpha1", "ClusterServingRuntime"),
    ("serving.kserve.io/v1alpha1", "LLMInferenceServiceConfig"),
    ("serving.kserve.io/v1alpha1", "ServingRuntime"),
    ("v1", "ConfigMap"),
    ("v1", "Node"),
];

/// Of nobody who can be asked.
///
/// # Errors
/// Always.
pub fn nobody(_: &Query<'_>) -> Result<Value, String> {
    Err("this host cannot be asked".to_owned())
}

/// Asks for `which` objects of a kind.
pub(super) fn ask(by: Ask, kind: &str, which: Which, fields: &[&str]) -> Result<Value, String> {
    let known = KINDS.iter().find(|(_, known)| *known == kind);
    let api_version = known.map_or("v1", |(version, _)| *version);
    by(&Query { api_version, kind, which, fields })
}
