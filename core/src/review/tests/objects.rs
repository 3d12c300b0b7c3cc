use super::*;

fn quota(hard: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"}, "spec": {"hard": hard}})
}

#[test]
fn quotas_on_dead_keys() {
    let context = Context { cluster: cluster(&["A30-24GB"]), ..Context::default() };
    let object = quota(json!({
        "limits.nvidia.com/mig-1g.6gb": "2", "nvidia.com/mig-2g.12gb": 1, "requests.nvidia.com/mig-2g.12gb": 1,
        "requests.nvidia.com/gpu": 0, "requests.nvidia.com/mig-4g.24gb": 0, "limits.cpu": "4",
        "requests.nvidia.com/mig-1g.6gb.me": 0, "requests.nvidia.com/mig-2g.12gb.me": 0,
    }));
    assert_eq!(
        told(&object, &context),
        "-\n\
         warning quota-not-enforced\n\
         limits.nvidia.com/mig-1g.6gb is accepted and never charged\n  \
         at: spec.hard[\"limits.nvidia.com/mig-1g.6gb\"]\n  \
         why: of an extended resource only requests are counted\n  \
         fix: write requests.nvidia.com/mig-1g.6gb instead\n\
         warning quota-not-enforced\n\
         nvidia.com/mig-2g.12gb is accepted and never charged\n  \
         at: spec.hard[\"nvidia.com/mig-2g.12gb\"]\n  \
         why: of an extended resource only requests are counted\n  \
         fix: remove it: requests.nvidia.com/mig-2g.12gb says the same\n\
         note quota-leaves-open\n\
         the quota leaves 1g.6gb without a limit\n  \
         at: spec.hard\n  \
         why: a key that is not listed is unlimited; the profiles listed are those of A30-24GB\n  \
         fix: add requests.nvidia.com/mig-1g.6gb: 0"
    );
    let hami = quota(json!({"limits.nvidia.com/gpu": 2, "limits.nvidia.com/gpumem": 8000}));
    assert_eq!(told(&hami, &context), "-");
    let good = quota(json!({"requests.nvidia.com/gpu": 2}));
    assert_eq!(told(&good, &context), "-");
    let misspelt = quota(json!({"requests.nvidia.com/mig-3g.12gb": 2}));
    assert_eq!(ids(&misspelt, &context), ["no-such-device", "quota-leaves-open"]);
}

#[test]
fn nodes_that_announce_nothing() {
    let node = |labels: Value| {
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": labels},
            "status": {"allocatable": {"nvidia.com/mig-1g.5gb": "0", "cpu": "8"}}})
    };
    let context = Context::default();
    assert_eq!(told(&node(json!({"nvidia.com/mig.config.state": "success"})), &context), "-");
    assert_eq!(
        told(&node(json!({"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3-MIG-INVALID"})), &context),
        "-\n\
         warning mig-invalid\n\
         node n: found `NVIDIA-H100-80GB-HBM3-MIG-INVALID` in nvidia.com/gpu.product, expected the same profile on every GPU, as the strategy `single` demands\n  \
         at: metadata.labels\n  \
         hint: cut all GPUs of the node alike, or use the strategy `mixed`"
    );
    let failed = json!({"nvidia.com/mig.config.state": "failed", "nvidia.com/mig.config": "all-1g.10gb"});
    assert_eq!(
        told(&node(failed), &context),
        "-\n\
         warning mig-config-failed\n\
         the node was to be cut as all-1g.10gb, and that failed\n  \
         at: metadata.labels[\"nvidia.com/mig.config.state\"]\n  \
         why: what it announces is left over from before; processes on the GPUs stop a change\n  \
         fix: see the log of its mig-manager, stop what runs on the GPUs, and set the label again"
    );
}

#[test]
fn queues_that_leave_something_out() {
    let queue = |groups: Value| {
        json!({"apiVersion": "kueue.x-k8s.io/v1beta2", "kind": "ClusterQueue", "metadata": {"name": "q"},
            "spec": {"resourceGroups": groups}})
    };
    let group = |names: &[&str], quotas: &[&str]| {
        let resources: Vec<Value> =
            quotas.iter().map(|name| json!({"name": name, "nominalQuota": 1})).collect();
        json!({"coveredResources": names, "flavors": [{"name": "f", "resources": resources}]})
    };
    let slices = ["nvidia.com/mig-1g.10gb", "nvidia.com/mig-3g.40gb"];
    let rest = group(&["cpu", "memory"], &["cpu", "memory"]);
    let context = Context::default();
    assert_eq!(told(&queue(json!([group(&slices, &slices), rest])), &context), "-");
    assert_eq!(
        told(&queue(json!([group(&["nvidia.com/mig-4g.5gb", "cpu"], &["cpu"])])), &context),
        "-\n\
         warning no-such-device\n\
         nvidia.com/mig-4g.5gb names a profile that no card has\n  \
         at: spec.resourceGroups[0].coveredResources[0]\n\
         warning queue-leaves-uncovered\n\
         the flavor f has no quota for nvidia.com/mig-4g.5gb\n  \
         at: spec.resourceGroups[0].flavors[0]\n  \
         why: a flavor has a quota for every resource of its group: the API server refuses the queue\n\
         warning queue-leaves-uncovered\n\
         the queue covers GPUs and not memory, which their pods ask for as well\n  \
         at: spec.resourceGroups\n  \
         why: a pod that asks for a resource that its queue does not cover waits for ever, unless Kueue is told to ignore what is undeclared\n  \
         fix: add memory to coveredResources, with a flavor of its own"
    );
}

#[test]
fn layouts_that_no_gpu_can_have() {
    let file = "mig-configs:\n  bad:\n  - {devices: all, mig-enabled: true, mig-devices: {4g.40gb: 2}}\n  odd:\n  - \
                {devices: all, mig-enabled: true, mig-devices: {3g.40gb: 1, 2g.10gb: 1}}\n  idle:\n  - {devices: all, \
                mig-enabled: true, mig-devices: {3g.40gb: 2}}\n  good:\n  - {devices: [0], mig-enabled: true, \
                mig-devices: {4g.40gb: 1, 3g.40gb: 1}}\n  - {devices: [1], mig-enabled: false}\n";
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"},
        "data": {"config.yaml": file, "other": "mig-enabled"}});
    let context = Context { cluster: cluster(&["H100-80GB"]), ..Context::default() };
    assert_eq!(
        told(&map, &context),
        "-\n\
         error impossible-layout\n\
         bad: 2 x 4g.40gb do not go together on H100-80GB\n  \
         at: data[\"config.yaml\"].mig-configs[\"bad\"][0]\n  \
         why: an instance takes a run of memory slices that starts where its profile says, and compute slices besides\n  \
         fix: see what goes together with migfit layouts\n\
         error impossible-layout\n\
         odd: no GPU has all of 1 x 3g.40gb + 1 x 2g.10gb\n  \
         at: data[\"config.yaml\"].mig-configs[\"odd\"][0]\n  \
         fix: take profiles of one GPU, as in docs/gpus.md\n\
         note idle-compute\n\
         idle: 2 x 3g.40gb leave 1 of 7 compute slices without an instance\n  \
         at: data[\"config.yaml\"].mig-configs[\"idle\"][0]\n  \
         why: all memory slices are taken, so nothing can be created for them\n  \
         fix: give one instance the next profile of the same memory, as 4g.40gb beside 3g.40gb"
    );
    let bare = json!({"version": "v1", "mig-configs": {"bad": [{"mig-enabled": true, "mig-devices": {"4g.40gb": 2}}]}});
    assert_eq!(ids(&bare, &context), ["impossible-layout"]);
    let broken = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"config.yaml": "mig-configs: ["}});
    assert_eq!(ids(&broken, &context), ["unreadable"]);
}
