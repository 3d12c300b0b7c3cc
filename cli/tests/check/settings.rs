use super::*;

/// A policy with a namespace that is only warned, and an exemption.
const POLICY: &str = "\
apiVersion: policies.kubewarden.io/v1
kind: ClusterAdmissionPolicy
metadata: {name: migfit}
spec:
  settings:
    gpus: [H100-80GB]
    namespaces: [{names: [dev], mode: warn}]
    exemptions: {users: [root], labels: {skip: \"*\"}}
    lookups: {claims: true}
";

fn pod(namespace: &str, labels: &str, device: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, {namespace}labels: {{{labels}}}}}\nspec:\n  resourceClaims: \
         [{{name: g, resourceClaimTemplateName: t}}]\n  containers:\n  - name: c\n    image: vllm/vllm-openai:v0.33.0\n    \
         args: [--model, meta-llama/Llama-3.1-8B-Instruct, --max-model-len, \"4096\"]\n    resources: {{{device}}}\n"
    )
}

const SMALL: &str = "limits: {nvidia.com/mig-1g.10gb: 1}";
const CLAIM: &str = "claims: [{name: g}]";
const TEMPLATE: &str = "---\napiVersion: resource.k8s.io/v1\nkind: ResourceClaimTemplate\nmetadata: {name: t}\nspec: {spec: \
                        {devices: {requests: [{name: r, exactly: {deviceClassName: gpu.nvidia.com}}]}}}\n";

/// What is printed behind the findings, and the exit status.
fn answer(object: &str, args: &[&str]) -> (i32, String) {
    let folder = folder(&[("a.yaml", object), ("policy.yaml", POLICY)]);
    let (status, out, _) = check(folder.path(), &[&["a.yaml", "--settings", "policy.yaml"], args].concat());
    let (_, answers) = out.split_once("the policy answers:\n").unwrap();
    (status, answers.split_once("\n\n").unwrap().0.to_owned())
}

#[test]
fn the_policy_is_tried_without_a_cluster() {
    let small = pod("", "", SMALL);
    assert_eq!(answer(&small, &[]), (1, "  refused   Pod p".to_owned()));
    assert_eq!(answer(&small, &["-n", "dev"]), (0, "  accepted  Pod p, mode warn".to_owned()));
    assert_eq!(answer(&small, &["--as", "root"]), (0, "  accepted  Pod p, exempt: user root".to_owned()));
    let own = pod("namespace: dev, ", "", SMALL);
    assert_eq!(answer(&own, &[]), (0, "  accepted  Pod dev/p, mode warn".to_owned()));
    assert_eq!(answer(&own, &["--strict"]).0, 1);
    let skipped = pod("", "skip: \"yes\"", SMALL);
    assert_eq!(answer(&skipped, &[]), (0, "  accepted  Pod p, exempt: label skip".to_owned()));
}

#[test]
fn the_files_stand_for_the_cluster() {
    let class = "            lookups: DeviceClass gpu.nvidia.com: not among the files";
    let both = format!(
        "  accepted  Pod p\n{class}\n            sources: ResourceClaimTemplate default/t\n  accepted  \
         ResourceClaimTemplate t\n{class}"
    );
    assert_eq!(answer(&format!("{}{TEMPLATE}", pod("", "", CLAIM)), &[]), (0, both));
    let alone = "  accepted  Pod p\n            lookups: ResourceClaimTemplate t: not among the files";
    assert_eq!(answer(&pod("", "", CLAIM), &[]), (2, alone.to_owned()));
}

#[test]
fn settings_that_cannot_be_used_are_all_named() {
    let folder =
        folder(&[("a.yaml", MANIFEST), ("s.yaml", "mode: loud\nmodels: {a: {config: {}}}\ngpu: []\n")]);
    let (status, out, err) = check(folder.path(), &["a.yaml", "--settings", "s.yaml"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(
        err.contains("s.yaml: settings.mode: found \"loud\", expected monitor, warn or enforce"),
        "{err}"
    );
    assert!(err.contains("s.yaml: settings: found \"gpu\", expected only exemptions, gpus,"), "{err}");
    let status = |args: &[&str]| check(folder.path(), args).0;
    assert_eq!(status(&["a.yaml", "--settings", "s.yaml", "--gpus", "A30"]), 2, "they contradict each other");
    assert_eq!(status(&["a.yaml", "--as", "root"]), 2, "nobody asks who it is");
}
