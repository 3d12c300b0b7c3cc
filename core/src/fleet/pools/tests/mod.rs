//! Pools in every form, to the figure.

mod clusters;

use serde_json::{Value, json};

use super::{Link, NumberFormat, Pool, Pools, Sharing, Support, read};
use crate::gpu::catalog;
use crate::units::Bytes;

/// The first of issue 53's two documents.
fn first_of_53() -> Value {
    json!({"nodePools": [{
        "name": "small-models-mig",
        "acceleratorType": "nvidia-h100-80gb",
        "acceleratorCount": 8,
        "nodeCount": 0,
        "maxNodeCount": 4,
        "labels": {"modelplane.ai/pool": "small-mig"},
        "capabilities": {
            "memoryPerGpu": "40Gi",
            "interconnect": "pcie",
            "precisionSupport": ["fp16", "bf16", "fp8"],
            "multiNodeCapable": false,
            "nvlinkDomainSize": 1,
            "migConfiguration": {"enabled": true, "profile": "3g.40gb"}
        }
    }]})
}

/// The second.
fn second_of_53() -> Value {
    json!({"spec": {
        "cluster": {"source": "Existing", "existing": {"secretRef": {"name": "mig-cluster-kubeconfig"}}},
        "nodePools": [{
            "name": "small-models-mig",
            "nodeSelector": {"cloud.google.com/gke-gpu-partition-size": "3g.40gb"},
            "acceleratorType": "nvidia-h100-80gb",
            "acceleratorCount": 8,
            "nodeCount": 0,
            "maxNodeCount": 8,
            "capabilities": {
                "memoryPerGpu": "40Gi",
                "interconnect": "pcie",
                "precisionSupport": ["fp16", "bf16", "fp8"],
                "multiNodeCapable": false,
                "migConfiguration": {"enabled": true, "profile": "3g.40gb"}
            }
        }]
    }})
}

fn pools(value: &Value) -> Pools {
    read(catalog(), std::slice::from_ref(value))
}

fn only(value: &Value) -> Pool {
    let mut found = pools(value);
    assert_eq!(found.problems, []);
    assert_eq!(found.pools.len(), 1);
    found.pools.remove(0)
}

fn said(pool: &Pool) -> Vec<String> {
    pool.contradictions.iter().map(ToString::to_string).collect()
}

#[test]
fn issue_53_is_read_and_set_right() {
    let pool = only(&first_of_53());
    assert_eq!((pool.nodes, pool.max_nodes), (0, 4));
    let [supply] = pool.supplies.as_slice() else { panic!("{pool:?}") };
    assert_eq!(supply.per_node, 16);
    assert_eq!((supply.idle_compute, supply.all_compute), (8, 56), "two 3g leave a seventh of each GPU idle");
    assert_eq!(supply.unit.device, "H100-80GB 3g.40gb");
    assert_eq!(supply.unit.resource, "nvidia.com/mig-3g.40gb");
    assert_eq!(supply.unit.memory.floor, Bytes::from_mib(40_192));
    assert_eq!(supply.unit.link, Some(Link::None));
    assert_eq!(supply.unit.computes_in(NumberFormat::Fp8), Support::Yes);
    assert_eq!(supply.unit.computes_in(NumberFormat::Nvfp4), Support::No);
    assert_eq!(
        said(&pool),
        [
            "pool `small-models-mig`: capabilities.memoryPerGpu: found 40Gi (40,960 MiB), expected at most 40,448 MiB, \
             which a H100-80GB 3g.40gb has; 40,192 MiB are counted on",
            "pool `small-models-mig`: capabilities.interconnect: found `pcie`, expected `none`: MIG instances reach each \
             other neither over NVLink nor over PCIe",
        ]
    );
    assert_eq!(pool.contradictions[0].hint.as_deref(), Some("`40gb` in `3g.40gb` is a label, not an amount"));
}

#[test]
fn on_gke_a_slice_is_asked_for_as_a_gpu() {
    let pool = only(&second_of_53());
    assert_eq!((pool.nodes, pool.max_nodes), (0, 8));
    assert_eq!(pool.supplies[0].unit.resource, "nvidia.com/gpu");
    assert_eq!(pool.labels["cloud.google.com/gke-gpu-partition-size"], "3g.40gb");
    let mut other = second_of_53();
    other["spec"]["nodePools"][0]["nodeSelector"]["cloud.google.com/gke-gpu-partition-size"] =
        json!("2g.20gb");
    assert_eq!(
        said(&only(&other))[2],
        "pool `small-models-mig`: label cloud.google.com/gke-gpu-partition-size: found `2g.20gb`, expected `3g.40gb`, as \
         the pool is cut"
    );
}

#[test]
fn seven_slices_of_eight_gpus_are_56_units() {
    let mut value = first_of_53();
    value["nodePools"][0]["capabilities"] =
        json!({"migConfiguration": {"enabled": true, "profile": "1g.10gb", "unitsPerNode": 28}});
    let pool = only(&value);
    assert_eq!(pool.supplies[0].per_node, 56);
    assert_eq!(
        said(&pool),
        [
            "pool `small-models-mig`: capabilities.migConfiguration.unitsPerNode: found 28, expected 56: 8 GPUs of 7 1g.10gb each"
        ]
    );
}

#[test]
fn a_profile_that_the_card_lacks_leaves_the_pool_without_units() {
    let mut value = first_of_53();
    value["nodePools"][0]["capabilities"] =
        json!({"migConfiguration": {"enabled": true, "profile": "3g.20gb"}});
    let pool = only(&value);
    assert_eq!(pool.supplies, []);
    assert_eq!(
        said(&pool),
        [
            "pool `small-models-mig`: capabilities.migConfiguration.profile: MIG profile of H100-80GB: found `3g.20gb`, \
          expected one of 1g.10gb, 1g.10gb+me, 1g.20gb, 2g.20gb, 3g.40gb, 4g.40gb, 7g.80gb"
        ]
    );
}

#[test]
fn what_else_a_pool_may_get_wrong_is_named() {
    let pool = only(
        &json!({"kind": "InferenceEnvironment", "metadata": {"name": "west"}, "spec": {"nodePools": [{
            "name": "a100", "acceleratorType": "A100-80GB", "acceleratorCount": 8, "nodeCount": 3, "maxNodeCount": 2,
            "taints": [],
            "capabilities": {
                "memoryPerGpu": "lots", "interconnect": "ethernet", "precisionSupport": ["fp8", "bf16", "fp9"],
                "multiNodeCapable": true, "interNodeBandwidth": "fast", "gpuDirect": true,
                "migConfiguration": {"enabled": false, "profile": "3g.40gb"}
            }
        }]}}),
    );
    assert_eq!(pool.cluster.as_deref(), Some("west"));
    assert_eq!((pool.nodes, pool.max_nodes), (3, 3));
    assert_eq!(pool.supplies[0].unit.computes_in(NumberFormat::Fp16), Support::No, "not declared");
    let prefix = "pool `a100`: ";
    let said: Vec<String> = said(&pool).iter().map(|text| text.replacen(prefix, "", 1)).collect();
    assert_eq!(
        said,
        [
            "taints: found a field, expected a field of a node pool: it is left aside",
            "capabilities.gpuDirect: found a field, expected a field of a node pool: it is left aside",
            "maxNodeCount: found 2, expected at least nodeCount, 3",
            "capabilities.memoryPerGpu: found `lots`, expected memory with a unit, such as `40192Mi`",
            "capabilities.interconnect: found `ethernet`, expected nvlink, pcie or none",
            "capabilities.precisionSupport: found `fp8`, expected a format in which Ampere computes",
            "capabilities.precisionSupport: found `fp9`, expected one of fp32, fp16, bf16, fp8, int8, int4, fp4, nvfp4, mxfp4",
            "capabilities.interNodeBandwidth: found `fast`, expected a bandwidth with its unit, such as `400Gbps`",
            "capabilities.migConfiguration.enabled: found `false`, expected `true` beside a profile; whole GPUs are counted on",
        ]
    );
}

/// The layouts of the reference's mig-parted file: four GPUs 4g+3g, two 3x2g+1g, two whole.
#[test]
fn gpus_of_one_node_may_be_cut_differently() {
    let pool = only(&json!({"pools": [{
        "name": "mixed", "gpu": "H100-80GB", "gpusPerNode": 8, "nodes": 2, "maxNodes": 4, "pricePerGpuHour": 2.5,
        "layouts": [
            {"gpus": 4, "layout": "4g.40gb, 3g.40gb"},
            {"gpus": 2, "layout": "1g.10gb, 3x2g.20gb"},
            {"gpus": 2}
        ],
        "placed": [{"unit": "3g.40gb", "onNodes": [2, 1]}, {"unit": "gpu", "count": 1}]
    }]}));
    let units: Vec<(String, u64, u64, u64)> = pool
        .supplies
        .iter()
        .map(|one| (one.unit.short_name(), one.per_node, one.idle_compute, one.all_compute))
        .collect();
    let expected = [
        ("gpu", 2, 0, 2),
        ("4g.40gb", 4, 0, 28),
        ("3g.40gb", 4, 0, 28),
        ("2g.20gb", 6, 0, 14),
        ("1g.10gb", 2, 0, 14),
    ];
    assert_eq!(units, expected.map(|(name, count, idle, all)| (name.to_owned(), count, idle, all)));
    assert_eq!(pool.gpus_per_node(), Some(8));
    assert_eq!(pool.price_of(&pool.supplies[2].unit).unwrap().to_string(), "1.25");
    assert_eq!(pool.placed[0].on_nodes, [2, 1]);
    assert_eq!(said(&pool), [""; 0]);
}

#[test]
fn the_short_form_refuses_what_it_does_not_know() {
    let found = pools(&json!({"pools": [
        {"name": "a", "gpu": "H100-80GB", "node": 2},
        {"name": "b", "gpu": "H100-80GB", "nodes": -1},
        {"name": "c", "gpu": "H100-80GB", "layout": "3g.40gb, 3g.40gb, 1g.10gb"},
        {"name": "d", "gpu": "H100-80GB", "placed": [{"unit": "3g.40gb", "count": 1}]},
        {"name": "e", "gpu": "H100-80GB", "gpusPerNode": 4, "layouts": [{"gpus": 3}]},
        {"name": "f", "gpu": "H100-81GB"}
    ]}));
    let problems: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    assert!(problems[0].starts_with("pools[0] (`a`): found unknown field `node`, expected one of `name`"));
    assert!(problems[1].starts_with("pools[1] (`b`): found invalid value: integer `-1`"));
    let said: Vec<String> = found.pools.iter().flat_map(said).collect();
    assert_eq!(
        said,
        [
            "pool `c`: layout of H100-80GB: found `1g.10gb` beside 3g.40gb@0, 3g.40gb@4, expected start 0 or 1 or 2 or 3 or \
             4 or 5 or 6 free, and no more than 7 of this profile",
            "pool `d`: placed[0]: found `3g.40gb`, expected one of gpu",
            "pool `e`: GPUs: found 3, expected 4, as a node has",
            "pool `f`: gpu: found `H100-81GB`, expected a key, name, product label, PCI id or cloud accelerator name of the \
             catalog",
        ]
    );
}

#[test]
fn more_nodes_than_any_cluster_has_are_not_counted_on() {
    let pool =
        only(&json!({"pools": [{"name": "a", "gpu": "L4", "nodes": 1, "maxNodes": 1_000_000_000_000_u64,
        "placed": [{"unit": "gpu", "count": 1_000_000_000_000_u64}]}]}));
    assert_eq!((pool.nodes, pool.max_nodes), (1, 50_000));
    assert_eq!(
        said(&pool),
        ["pool `a`: nodes: found 1000000000000, expected at most 50000, which are counted on"]
    );
}

#[test]
fn sharing_multiplies_units_and_divides_memory() {
    let of = |kind: &str| {
        only(&json!({"pools": [{
            "name": "l4", "gpu": "L4", "gpusPerNode": 2, "sharing": {"kind": kind, "replicas": 4}
        }]}))
    };
    let (sliced, mps) = (of("time-slicing"), of("mps"));
    assert_eq!(sliced.supplies[0].unit.sharing, Sharing::TimeSliced(4));
    assert_eq!(mps.supplies[0].unit.sharing, Sharing::Mps(4));
    assert_eq!(mps.supplies[0].per_node, 8);
    let unit = &mps.supplies[0].unit;
    assert_eq!(unit.promised(), unit.memory.floor.share(1, 4));
}
