//! Conditions, and workloads as people write them.

use serde_json::json;

use super::{Condition, Shape, Topology, Workload};
use crate::fleet::pools::{Link, NumberFormat, Support, Unit};
use crate::gpu::device;
use crate::units::Bytes;

fn read(value: &serde_json::Value) -> Result<Workload, Vec<String>> {
    Workload::read(value, "here").map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn a_replica_topology_is_read_wherever_it_stands() {
    let topology = json!({"nodes": 2, "gpusPerNode": 8, "requires": {
        "memoryPerGpu": "40Gi", "precisionSupport": ["fp8", "bf16", "fp8"], "interconnect": "nvlink",
        "nvlinkDomainSize": 8, "interNodeBandwidth": "400Gbps", "multiprocessors": 100, "memoryBandwidth": "1.6TB/s"}});
    let own = read(&json!({"name": "gemma", "replicas": 3, "replicaTopology": topology})).unwrap();
    let object = json!({"kind": "ModelDeployment", "metadata": {"name": "gemma"},
        "spec": {"replicas": 3, "template": {"spec": {"replicaTopology": topology}}}});
    assert_eq!(read(&object), Ok(own.clone()));
    assert_eq!((own.replicas, own.topology), (3, Some((2, 8))));
    let floors = &own.floors;
    assert_eq!(floors.memory, Some(Bytes::from_gib(40)));
    assert_eq!(floors.formats, [NumberFormat::Bf16, NumberFormat::Fp8]);
    assert_eq!((floors.link, floors.nvlink_domain, floors.sms), (Some(Link::NvLink), Some(8), Some(100)));
    assert_eq!((floors.inter_node, floors.bandwidth), (Some(400_000_000_000), Some(1_600_000_000_000)));
    let requirement = own.requirement(None).unwrap();
    assert_eq!(requirement.topology.units(), 16);
}

#[test]
fn everything_wrong_with_a_workload_is_named() {
    assert_eq!(
        read(&json!({"name": "x", "replicas": 0, "model": "a/b", "config": {}, "replicaTopology": {
            "gpusPerNode": 0, "requires": {"memoryPerGpu": "much", "precisionSupport": ["fp9"],
            "interconnect": "wifi", "interNodeBandwidth": "400"}}})),
        Err(vec![
            "x: found `model` beside `config`, expected one of them".to_owned(),
            "x: replicas: found 0, expected a whole number from 1 to 10000".to_owned(),
            "x: replicaTopology.gpusPerNode: found 0, expected a whole number from 1 to 10000".to_owned(),
            "x: requires.memoryPerGpu: found `much`, expected memory with a unit, such as `39Gi`".to_owned(),
            "x: requires.precisionSupport: found `fp9`, expected number formats such as `fp8`, `bf16`".to_owned(),
            "x: requires.interconnect: found `wifi`, expected nvlink, pcie or none".to_owned(),
            "x: requires.interNodeBandwidth: found `400`, expected a bandwidth with its unit, such as `400Gbps` or `1.6TB/s`"
                .to_owned(),
        ])
    );
    assert_eq!(
        read(&json!({})),
        Err(vec![
            "here: found nothing that it requires, expected `model`, `config`, `replicaTopology` or `requires`".to_owned()
        ])
    );
    let unknown = read(&json!({"model": "a/b", "replica": 2})).unwrap_err();
    assert!(
        unknown[0].starts_with("here: found unknown field `replica`, expected one of `name`"),
        "{unknown:?}"
    );
}

#[test]
fn a_topology_must_be_that_of_the_engine() {
    let model = crate::model::read(crate::model::tests::GRANITE_7B).unwrap();
    let workload = read(&json!({"config": {}, "serving": {"tensor_parallel": 2},
        "replicaTopology": {"gpusPerNode": 4}}))
    .unwrap();
    let problems = workload.requirement(Some(&model)).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "replicaTopology: found 1 x 4 units, expected 2, one for each rank of the engine"
    );
}

#[test]
fn a_condition_that_cannot_be_read_or_decided_stays_open() {
    let holds = |cel: &str, label: &str| Condition::cel(cel).holds(&Unit::of(&device(label).unwrap()));
    let profile = "device.attributes['gpu.nvidia.com'].profile == '3g.40gb'";
    assert_eq!(holds(profile, "H100-80GB 3g.40gb"), Support::Yes);
    assert_eq!(holds(profile, "H100-80GB 2g.20gb"), Support::No);
    assert_eq!(holds(profile, "H100-80GB"), Support::No, "a whole GPU has no such attribute");
    let memory = "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40320Mi')) >= 0";
    assert_eq!(holds(memory, "H100-80GB 3g.40gb"), Support::Unknown, "drivers differ");
    assert_eq!(holds("device.attributes.exists(a, true)", "H100-80GB"), Support::Unknown);
    assert_eq!(Condition::cel(" a  ==\n b ").text, "a == b");
}

#[test]
fn groups_of_ranks_stand_together_where_one_node_holds_them() {
    let shape = |tensor, groups, per_node| {
        let Shape { pods, units_per_pod, apart } = Topology::Ranks { tensor, groups }.shape(per_node);
        (pods, units_per_pod, apart)
    };
    assert_eq!(shape(2, 3, 7), (1, 6, false));
    assert_eq!(shape(2, 3, 6), (1, 6, false));
    assert_eq!(shape(2, 3, 5), (3, 2, false));
    assert_eq!(shape(8, 1, 4), (1, 8, false), "one group is never parted");
    let stated = Topology::Stated { nodes: 3, units_per_node: 4 };
    assert_eq!(stated.shape(8), Shape { pods: 3, units_per_pod: 4, apart: true });
    assert_eq!((stated.units(), stated.shape(8).units()), (12, 12));
}
