//! The kinds of object that are read, and where each keeps its pods.

use serde_json::{Map, Value};

use super::fields::bad;
use super::pod::{PodSpec, Source, number};
use super::readers;
use crate::problem::Problem;

/// A kind of object that makes pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Pod.
    Pod,
    /// ReplicationController.
    ReplicationController,
    /// Deployment.
    Deployment,
    /// ReplicaSet.
    ReplicaSet,
    /// StatefulSet.
    StatefulSet,
    /// DaemonSet.
    DaemonSet,
    /// Job.
    Job,
    /// CronJob.
    CronJob,
    /// LeaderWorkerSet.
    LeaderWorkerSet,
    /// JobSet.
    JobSet,
    /// InferenceService of KServe.
    InferenceService,
    /// LLMInferenceService of KServe.
    LlmInferenceService,
    /// RayCluster of KubeRay.
    RayCluster,
    /// RayService of KubeRay.
    RayService,
    /// RayJob of KubeRay.
    RayJob,
    /// NIMService of NVIDIA's NIM operator.
    NimService,
    /// DynamoGraphDeployment of NVIDIA Dynamo.
    DynamoGraphDeployment,
    /// Workspace of KAITO.
    Workspace,
    /// InferenceSet of KAITO.
    InferenceSet,
    /// ModelDeployment of Modelplane.
    ModelDeployment,
    /// PyTorchJob of Kubeflow.
    PyTorchJob,
    /// Workflow of Argo.
    Workflow,
    /// WorkflowTemplate of Argo.
    WorkflowTemplate,
    /// CronWorkflow of Argo.
    CronWorkflow,
}

/// Where a kind keeps its pods.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// One pod template below these fields; the object itself where there are none.
    Template(&'static [&'static str]),
    /// Several, or none as such.
    Read(fn(&Source<'_>) -> Result<Vec<PodSpec>, Vec<Problem>>),
}

struct Row {
    kind: Kind,
    group: &'static str,
    versions: &'static [&'static str],
    name: &'static str,
    resource: &'static str,
    shape: Shape,
}

const SPEC: Shape = Shape::Template(&["spec", "template"]);

/// Columns: kind, API group, its versions, name, resource, where its pods stand.
#[rustfmt::skip]
const ROWS: [Row; 24] = [
    row(Kind::Pod,                   "",                    &["v1"],       "Pod",                   "pods",                   Shape::Template(&[])),
    row(Kind::ReplicationController, "",                    &["v1"],       "ReplicationController", "replicationcontrollers", SPEC),
    row(Kind::Deployment,            "apps",                &["v1"],       "Deployment",            "deployments",            SPEC),
    row(Kind::ReplicaSet,            "apps",                &["v1"],       "ReplicaSet",            "replicasets",            SPEC),
    row(Kind::StatefulSet,           "apps",                &["v1"],       "StatefulSet",           "statefulsets",           SPEC),
    row(Kind::DaemonSet,             "apps",                &["v1"],       "DaemonSet",             "daemonsets",             SPEC),
    row(Kind::Job,                   "batch",               &["v1"],       "Job",                   "jobs",                   SPEC),
    row(Kind::CronJob,               "batch",               &["v1"],       "CronJob",               "cronjobs",               Shape::Template(&["spec", "jobTemplate", "spec", "template"])),
    row(Kind::LeaderWorkerSet,       "leaderworkerset.x-k8s.io", &["v1"],  "LeaderWorkerSet",       "leaderworkersets",       Shape::Read(readers::groups::leader_worker_set)),
    row(Kind::JobSet,                "jobset.x-k8s.io",     &["v1alpha2"], "JobSet",                "jobsets",                Shape::Read(readers::groups::job_set)),
    row(Kind::InferenceService,      "serving.kserve.io",   &["v1beta1"],  "InferenceService",      "inferenceservices",      Shape::Read(readers::kserve::inference_service)),
    row(Kind::LlmInferenceService,   "serving.kserve.io",   &["v1alpha1", "v1alpha2"], "LLMInferenceService", "llminferenceservices", Shape::Read(readers::llmisvc::llm_inference_service)),
    row(Kind::RayCluster,            "ray.io",              &["v1", "v1alpha1"], "RayCluster",      "rayclusters",            Shape::Read(readers::ray::cluster)),
    row(Kind::RayService,            "ray.io",              &["v1", "v1alpha1"], "RayService",      "rayservices",            Shape::Read(readers::ray::service)),
    row(Kind::RayJob,                "ray.io",              &["v1", "v1alpha1"], "RayJob",          "rayjobs",                Shape::Read(readers::ray::job)),
    row(Kind::NimService,            "apps.nvidia.com",     &["v1alpha1"], "NIMService",            "nimservices",            Shape::Read(readers::nim::nim_service)),
    row(Kind::DynamoGraphDeployment, "nvidia.com",          &["v1alpha1", "v1beta1"], "DynamoGraphDeployment", "dynamographdeployments", Shape::Read(readers::dynamo::graph_deployment)),
    row(Kind::Workspace,             "kaito.sh",            &["v1alpha1", "v1beta1"], "Workspace",  "workspaces",             Shape::Read(readers::kaito::workspace)),
    row(Kind::InferenceSet,          "kaito.sh",            &["v1alpha1", "v1beta1"], "InferenceSet", "inferencesets",        Shape::Read(readers::kaito::inference_set)),
    row(Kind::ModelDeployment,       "modelplane.ai",       &["v1alpha1"], "ModelDeployment",       "modeldeployments",       Shape::Read(readers::modelplane::model_deployment)),
    row(Kind::PyTorchJob,            "kubeflow.org",        &["v1"],       "PyTorchJob",            "pytorchjobs",            Shape::Read(readers::groups::pytorch_job)),
    row(Kind::Workflow,              "argoproj.io",         &["v1alpha1"], "Workflow",              "workflows",              Shape::Read(readers::argo::workflow)),
    row(Kind::WorkflowTemplate,      "argoproj.io",         &["v1alpha1"], "WorkflowTemplate",      "workflowtemplates",      Shape::Read(readers::argo::workflow)),
    row(Kind::CronWorkflow,          "argoproj.io",         &["v1alpha1"], "CronWorkflow",          "cronworkflows",          Shape::Read(readers::argo::cron_workflow)),
];

const fn row(
    kind: Kind,
    group: &'static str,
    versions: &'static [&'static str],
    name: &'static str,
    resource: &'static str,
    shape: Shape,
) -> Row {
    Row { kind, group, versions, name, resource, shape }
}

/// The row of `Pod`, for a kind without one. A test holds every kind to its own.
const POD: &Row = &row(Kind::Pod, "", &["v1"], "Pod", "pods", Shape::Template(&[]));

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 24] = [
        Kind::Pod,
        Kind::ReplicationController,
        Kind::Deployment,
        Kind::ReplicaSet,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::LeaderWorkerSet,
        Kind::JobSet,
        Kind::InferenceService,
        Kind::LlmInferenceService,
        Kind::RayCluster,
        Kind::RayService,
        Kind::RayJob,
        Kind::NimService,
        Kind::DynamoGraphDeployment,
        Kind::Workspace,
        Kind::InferenceSet,
        Kind::ModelDeployment,
        Kind::PyTorchJob,
        Kind::Workflow,
        Kind::WorkflowTemplate,
        Kind::CronWorkflow,
    ];

    fn row(self) -> &'static Row {
        ROWS.iter().find(|row| row.kind == self).unwrap_or(POD)
    }

    /// The API group, empty for the core group.
    #[must_use]
    pub fn group(self) -> &'static str {
        self.row().group
    }

    /// The versions of the API that are read, ascending.
    #[must_use]
    pub fn versions(self) -> &'static [&'static str] {
        self.row().versions
    }

    /// The name: `Deployment`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The resource in rules and URLs: `deployments`.
    #[must_use]
    pub fn resource(self) -> &'static str {
        self.row().resource
    }

    /// The kind of this group and name.
    #[must_use]
    pub fn find(group: &str, name: &str) -> Option<Kind> {
        ROWS.iter().find(|row| row.group == group && row.name == name).map(|row| row.kind)
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

    pub(super) fn shape(self) -> Shape {
        self.row().shape
    }

    /// How many pods an object of a kind with one template makes at a time.
    pub(super) fn replicas(self, object: &Map<String, Value>) -> Option<u64> {
        let spec = |name: &str| {
            let spec = object.get("spec").and_then(Value::as_object);
            spec.and_then(|spec| number(spec, name)).unwrap_or(1)
        };
        match self {
            Kind::DaemonSet | Kind::CronJob => None,
            Kind::Job => Some(spec("parallelism")),
            Kind::Pod => Some(1),
            _ => Some(spec("replicas")),
        }
    }
}
