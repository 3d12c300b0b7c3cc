//! Pools of clusters: classes, nodes, and what is none.

use serde_json::json;

use super::{pools, said};
use crate::fleet::pools::read;
use crate::gpu::catalog;
use crate::units::Bytes;

/// The example of the reference: a node of 16 slices as devices of a class, with the memory that a node reports.
#[test]
fn a_class_of_slices_is_read_with_its_cluster() {
    let class = |count: u64, memory: &str, gpus: u64| {
        json!({"apiVersion": "modelplane.ai/v1alpha1", "kind": "InferenceClass", "metadata": {"name": "h100-mig-3g"},
        "spec": {
            "provisioning": {"provider": "AKS", "aks": {
                "vmSize": "Standard_ND96isr_H100_v5", "accelerator": {"type": "nvidia-h100", "count": gpus}}},
            "devices": [
                {"name": "gpu", "claim": "DRA", "driver": "gpu.nvidia.com", "deviceClassName": "mig.nvidia.com",
                 "count": count, "attributes": {"type": {"string": "mig"}, "profile": {"string": "3g.40gb"},
                 "architecture": {"string": "Hopper"}}, "capacity": {"memory": {"value": memory}}},
                {"name": "fabric", "claim": "Synthetic", "driver": "fabric.example.com"}
            ]}})
    };
    let cluster = json!({"kind": "InferenceCluster", "metadata": {"name": "west"}, "spec": {"nodePools": [
        {"name": "a", "className": "h100-mig-3g", "nodeCount": 1, "maxNodeCount": 4},
        {"name": "b", "className": "nothing"}]}});
    let found = read(catalog(), &[cluster.clone(), class(16, "40320Mi", 8)]);
    assert_eq!(found.pools.len(), 2);
    let supply = &found.pools[0].supplies[0];
    assert_eq!((supply.per_node, supply.unit.resource.as_str()), (16, "mig.nvidia.com"));
    assert_eq!(supply.unit.memory.floor, Bytes::from_mib(40_320));
    assert_eq!(supply.unit.device, "H100-80GB 3g.40gb");
    assert_eq!(said(&found.pools[0]), [""; 0]);
    assert_eq!(
        said(&found.pools[1]),
        [
            "pool `b`: className: found `nothing`, which is not among the files, expected an InferenceClass that is given too"
        ]
    );
    // Without a machine type the memory tells the SXM board, which reports it, from the PCIe board.
    let mut bare = class(16, "40320Mi", 8);
    bare["spec"].as_object_mut().unwrap().remove("provisioning");
    let found = read(catalog(), &[cluster.clone(), bare]);
    assert_eq!(found.pools[0].supplies[0].unit.device, "H100-80GB 3g.40gb");
    assert_eq!(said(&found.pools[0]), [""; 0]);
    let wrong = read(catalog(), &[cluster, class(17, "40Gi", 8)]);
    assert_eq!(
        said(&wrong.pools[0]),
        [
            "pool `a`: device `gpu`: capacity.memory: found 40Gi (40,960 MiB), expected at most 40,448 MiB, which a \
             H100-80GB 3g.40gb has; 40,192 MiB are counted on",
            "pool `a`: device `gpu`: count: found 17, expected 16: 8 GPUs of 2 3g.40gb each",
        ]
    );
}

#[test]
fn nodes_that_are_alike_are_one_pool() {
    let node = |name: &str, slices: &str| {
        json!({"kind": "Node", "metadata": {"name": name, "labels": {
            "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3", "nvidia.com/mig.strategy": "mixed",
            "nvidia.com/mig-3g.40gb.memory": "40320"}},
            "status": {"allocatable": {"nvidia.com/mig-3g.40gb": slices}}})
    };
    let list = json!({"kind": "List", "items": [node("a", "16"), node("b", "16"), node("c", "2")]});
    let found = pools(&list);
    let names: Vec<(&str, u64, u64)> =
        found.pools.iter().map(|pool| (pool.name.as_str(), pool.nodes, pool.supplies[0].per_node)).collect();
    assert_eq!(names, [("a and 1 alike", 2, 16), ("c", 1, 2)]);
    assert_eq!(found.pools[0].supplies[0].unit.memory.floor, Bytes::from_mib(40_320));
}

#[test]
fn what_is_no_pool_is_said() {
    let found = read(catalog(), &[json!({"kind": "Pod"}), json!(null), json!({"a": 1})]);
    let problems: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    let expected = "expected InferenceEnvironment, InferenceClass, InferenceCluster, Node, ResourceSlice, or a list `pools`";
    assert_eq!(
        problems,
        [
            format!("pools: found kind `Pod`, {expected}"),
            format!("pools: found neither `kind` nor `pools`, {expected}")
        ]
    );
}
