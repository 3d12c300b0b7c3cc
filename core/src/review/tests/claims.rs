use super::*;
use crate::kubernetes::Beside;

fn template(request: Value) -> Value {
    json!({"apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaimTemplate", "metadata": {"name": "slice"},
        "spec": {"spec": {"devices": {"requests": [request]}}}})
}

fn exactly(class: &str, selectors: &[&str]) -> Value {
    let selectors: Vec<Value> = selectors.iter().map(|cel| json!({"cel": {"expression": cel}})).collect();
    template(json!({"name": "gpu", "exactly": {"deviceClassName": class, "selectors": selectors}}))
}

fn claiming(replicas: u64) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": {"replicas": replicas,
        "template": {"spec": {"resourceClaims": [{"name": "c", "resourceClaimTemplateName": "slice"}],
            "containers": [{"name": "main", "image": "vllm/vllm-openai", "args": ["--model", "opt"],
                "resources": {"claims": [{"name": "c"}]}}]}}}})
}

const MEMORY: &str = "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40Gi')) >= 0";
const PROFILE: &str = "device.attributes['gpu.nvidia.com'].profile == '3g.40gb'";

#[test]
fn the_number_in_a_name_is_no_gib() {
    let context = Context::default();
    let text = told(&exactly("mig.nvidia.com", &[MEMORY]), &context);
    assert_eq!(
        text,
        "-\n\
         warning name-is-not-gib\n\
         left out: A100-40GB 7g.40gb (40192 MiB), A100-80GB 3g.40gb (40192 MiB), A100-80GB 4g.40gb (40192 MiB), 4 more\n  \
         at: spec.spec.devices.requests[0]\n  \
         why: the number in a name is gigabytes, cut and rounded; what is asked for is GiB\n  \
         fix: ask for the profile by its name, or for the memory that the model needs"
    );
    assert_eq!(told(&exactly("mig.nvidia.com", &[PROFILE]), &context), "-");
    assert_eq!(told(&exactly("mig.nvidia.com", &[&MEMORY.replace("40Gi", "38Gi")]), &context), "-");
    let affinity = |mib: &str| {
        let mut object = pod(&json!({"image": "a", "resources": {"limits": {"nvidia.com/gpu": 1}}}));
        object["spec"]["affinity"] = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
            {"nodeSelectorTerms": [{"matchExpressions":
                [{"key": "nvidia.com/gpu.memory", "operator": "Gt", "values": [mib]}]}]}}});
        ids(&object, &context)
    };
    assert_eq!(affinity("81919"), ["name-is-not-gib"]);
    assert_eq!(affinity("80000"), [""; 0]);
}

#[test]
fn claims_that_say_too_little_or_too_much() {
    let context = Context::default();
    assert_eq!(ids(&exactly("mig.nvidia.com", &[]), &context), ["any-slice"]);
    assert_eq!(ids(&exactly("gpu.nvidia.com", &[]), &context), [""; 0]);
    let never = "device.attributes['gpu.nvidia.com'].profile == '9g.90gb'";
    assert_eq!(ids(&exactly("mig.nvidia.com", &[never]), &context), ["selects-nothing"]);
    assert_eq!(ids(&exactly("my.class", &[]), &context), ["claim-not-found"]);
}

#[test]
fn a_workload_is_judged_with_its_template_beside_it() {
    let config = opt();
    let documents = [exactly("mig.nvidia.com", &[PROFILE])];
    let context = Context { beside: Beside::of(&documents), ..knowing(&config) };
    let review = reviewed(&claiming(1), &context);
    assert_eq!(review.verdict.unwrap().word(), "fits");
    let found: Vec<&str> = review.findings.iter().map(|finding| finding.lint.id()).collect();
    assert_eq!(found, ["over-provisioned", "no-engine-limits"]);
    assert_eq!(ids(&claiming(3), &context), ["over-provisioned", "scattered-slices", "no-engine-limits"]);
    let alone = reviewed(&claiming(7), &knowing(&config));
    assert_eq!(alone.verdict.unwrap().word(), "unknown");
    let found: Vec<&str> = alone.findings.iter().map(|finding| finding.lint.id()).collect();
    assert_eq!(found, ["claim-not-found", "scattered-slices"]);
}

#[test]
fn a_turn_on_a_device_is_never_better_than_tight() {
    let config = opt();
    let context = knowing(&config);
    let mut object = pod(&vllm("nvidia.com/gpu", "1", &["--model", "opt"]));
    object["spec"]["nodeSelector"] = json!({"nvidia.com/gpu.product": "NVIDIA-A100-SXM4-40GB"});
    assert_eq!(reviewed(&object, &context).verdict.unwrap().word(), "fits");
    object["spec"]["nodeSelector"] = json!({"nvidia.com/gpu.product": "NVIDIA-A100-SXM4-40GB-SHARED",
        "nvidia.com/gpu.sharing-strategy": "time-slicing", "nvidia.com/gpu.replicas": "4"});
    assert_eq!(reviewed(&object, &context).verdict.unwrap().word(), "tight");
    let said = told(&object, &context);
    let fix = "fix: ask for a MIG slice, whose memory is its own, or give each of the 4 neighbours a \
        --gpu-memory-utilization of 1/4 or less";
    assert!(said.contains(fix), "{said}");
}
