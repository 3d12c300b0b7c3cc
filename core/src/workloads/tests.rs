//! A manifest and a declared workload are asked for alike.

use serde_json::{Value, json};

use super::{Asked, read};
use crate::catalog;
use crate::review::{Config, Context, Known};

const LLAMA: &str = "meta-llama/Llama-3.1-8B-Instruct";

fn all(documents: &[Value], context: &Context<'_>) -> Result<Vec<Asked>, Vec<String>> {
    let find =
        |name: &str| catalog::find(name).and_then(|entry| entry.model()).map_err(|problem| vec![problem]);
    read(documents, "here", &find, context)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn deployment(model: &str) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "chat"}, "spec": {"replicas": 3,
        "template": {"spec": {"nodeSelector": {"pool": "a"}, "containers": [
            {"name": "vllm", "image": "vllm/vllm-openai:v0.11.0", "args": ["--model", model, "--max-model-len=8192"],
             "resources": {"limits": {"nvidia.com/mig-3g.40gb": 1}}},
            {"name": "proxy", "image": "envoy"}]}}}})
}

#[test]
fn a_manifest_requires_what_its_container_claims_and_serves() {
    let asked = all(&[deployment(LLAMA)], &Context::default()).unwrap();
    let [one] = asked.as_slice() else { panic!("{asked:?}") };
    let served = "LlamaForCausalLM, 8,030,261,248 parameters, 1 sequence of 8,192 tokens under vllm-0.9";
    assert_eq!(one.served().as_deref(), Some(served));
    let requirement = one.requirement().unwrap();
    assert_eq!((requirement.name.as_str(), requirement.replicas), ("Deployment chat", 3));
    assert_eq!(requirement.resource.as_deref(), Some("nvidia.com/mig-3g.40gb"));
    assert_eq!(requirement.labels.get("pool").map(String::as_str), Some("a"));
    assert_eq!(requirement.topology.units(), 1);
    assert_eq!(requirement.open, Vec::<String>::new());
}

#[test]
fn a_model_that_is_handed_in_is_known_and_another_leaves_it_open() {
    let config = json!({"model_type": "llama", "hidden_size": 1024, "num_hidden_layers": 2, "max_position_embeddings": 8192});
    let known = Known { source: "settings", place: "models".to_owned(), config: Config::Json(&config) };
    let context = Context { models: [("own/model", known)].into(), ..Context::default() };
    let objects = [deployment("own/model"), deployment("own/other")];
    let asked = all(&objects, &context).unwrap();
    let open: Vec<Vec<String>> = asked.iter().map(|one| one.requirement().unwrap().open).collect();
    assert_eq!(open, [vec![], vec!["the model \"own/other\" is not known".to_owned()]]);
    assert_eq!(asked.iter().map(|one| one.served().is_some()).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn declared_workloads_and_objects_stand_in_one_file() {
    let declared = json!({"name": "own", "model": LLAMA});
    let asked = all(&[deployment(LLAMA), declared], &Context::default()).unwrap();
    let names: Vec<String> = asked.iter().map(|one| one.requirement().unwrap().name).collect();
    assert_eq!(names, ["own", "Deployment chat"]);
}

#[test]
fn everything_that_cannot_be_used_is_said() {
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "chat"}});
    assert_eq!(
        all(
            &[json!({"model": "no/such", "replicas": 0}), json!({"model": "zzzz/qqqq"}), service],
            &Context::default()
        )
        .unwrap_err(),
        [
            "here: replicas: found 0, expected a whole number from 1 to 10000",
            "model: found \"zzzz/qqqq\", expected a model of the catalog, or its config.json",
            "workload: found Service chat, expected an object with a container that asks for a GPU or a slice, or a claim",
        ]
    );
}

/// Name, replicas, whether something else decides how many, and units of one replica.
fn counted(object: &Value) -> Vec<(String, u64, bool, u64)> {
    let asked = all(std::slice::from_ref(object), &Context::default()).unwrap();
    let one = |asked: &Asked| {
        let requirement = asked.requirement().unwrap();
        (requirement.name, requirement.replicas, requirement.elsewhere, requirement.topology.units())
    };
    asked.iter().map(one).collect()
}

#[test]
fn replicas_are_those_of_the_object_and_what_it_does_not_say_is_told() {
    let of = |name: &str, replicas: u64, elsewhere: bool| vec![(name.to_owned(), replicas, elsewhere, 1)];
    let mut object = deployment(LLAMA);
    assert_eq!(counted(&object), of("Deployment chat", 3, false));
    object["spec"]["replicas"] = json!(0);
    assert_eq!(counted(&object), of("Deployment chat", 0, false));
    object["spec"]["replicas"] = Value::Null;
    assert_eq!(counted(&object), of("Deployment chat", 1, false));
    object["kind"] = json!("DaemonSet");
    assert_eq!(counted(&object), of("DaemonSet chat", 1, true));
}

/// A copy on two nodes is one replica, whichever pods of it have a template of their own.
#[test]
fn pods_that_serve_together_are_one_replica() {
    let pod = json!({"spec": {"containers": [{"name": "v", "image": "vllm/vllm-openai:v0.33.0",
        "args": ["--model", LLAMA, "--max-model-len=8192", "-tp=8", "-pp=2"], "resources": {"limits": {"nvidia.com/gpu": 8}}}]}});
    let mut object = json!({"apiVersion": "leaderworkerset.x-k8s.io/v1", "kind": "LeaderWorkerSet", "metadata": {"name": "big"},
        "spec": {"replicas": 4, "leaderWorkerTemplate": {"size": 2, "leaderTemplate": pod, "workerTemplate": pod}}});
    let two = |role: &str| vec![(format!("LeaderWorkerSet big{role}"), 4, false, 16)];
    assert_eq!(counted(&object), two(" leader"));
    object["spec"]["leaderWorkerTemplate"]["leaderTemplate"] = Value::Null;
    assert_eq!(counted(&object), two(""));
    let service = |replicas: u64| {
        json!({"replicas": replicas, "multinode": {"nodeCount": 2}, "resources": {"limits": {"gpu": "8"}},
            "extraPodSpec": {"mainContainer": pod["spec"]["containers"][0].clone()}})
    };
    let graph = json!({"apiVersion": "nvidia.com/v1alpha1", "kind": "DynamoGraphDeployment", "metadata": {"name": "g"},
        "spec": {"services": {"decode": service(3), "prefill": service(1)}}});
    assert_eq!(
        counted(&graph),
        [
            ("DynamoGraphDeployment g decode".to_owned(), 3, false, 16),
            ("DynamoGraphDeployment g prefill".to_owned(), 1, false, 16)
        ]
    );
}
