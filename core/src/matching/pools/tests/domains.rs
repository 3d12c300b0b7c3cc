//! What several units ask of a pool, and what a unit is told apart by.

use serde_json::{Value, json};

use super::{answer, ask, order, own, pools, texts};
use crate::fleet::pools::NumberFormat;
use crate::gpu::Architecture;
use crate::matching::Verdict;
use crate::matching::pools::why::Why;
use crate::matching::pools::{Ledger, Matcher, Room};
use crate::matching::requirement::{Floors, Requirement, Topology, Workload};
use crate::model::tests::GRANITE_7B;

fn domain(offer: &Value, units: u64, need: &Value) -> Vec<String> {
    let rows = json!([{"name": "a", "gpu": "H100-80GB", "gpusPerNode": 8, "nvlinkDomain": offer}]);
    let topology = json!({"gpusPerNode": units, "requires": {"nvlinkDomainSize": need}});
    texts(&ask(&own(&rows), &json!({"replicaTopology": topology})), 0)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_domain_connects_as_many_as_it_has() {
    let none = Vec::<String>::new();
    let (null, asked) = (json!(null), "units in one NVLink domain are asked for");
    assert_eq!(domain(&json!(8), 2, &json!(8)), none);
    assert_eq!(domain(&json!(4), 2, &json!(8)), [format!("8 {asked}, a domain has 4")]);
    assert_eq!(domain(&null, 2, &json!(8)), [format!("8 {asked}, how many a domain has is not known")]);
    assert_eq!(domain(&null, 2, &json!(2)), [format!("2 {asked}, how many a domain has is not known")]);
    assert_eq!(domain(&null, 2, &json!(1)), none, "one is no domain");
    assert_eq!(domain(&null, 2, &null), none);
    // A pod's units are expected in one, asked for or not.
    assert_eq!([domain(&json!(4), 4, &null), domain(&json!(4), 4, &json!(1))], [none.clone(), none]);
    assert_eq!(domain(&json!(4), 5, &null), [format!("5 {asked}, a domain has 4")]);
    let slices = json!([{"name": "a", "gpu": "H100-80GB", "gpusPerNode": 8, "layout": "2x3g.40gb", "nvlinkDomain": 1}]);
    let report = ask(&own(&slices), &json!({"replicaTopology": {"gpusPerNode": 2}}));
    assert_eq!(texts(&report, 0).len(), 1, "that they are slices says all: {:?}", texts(&report, 0));
}

#[test]
fn a_pool_that_never_has_a_node_waits_for_none() {
    let rows = json!([{"name": "a", "gpu": "H100-80GB", "layout": "2x3g.40gb", "nodes": 0}]);
    let report = ask(&own(&rows), &json!({"requires": {"memoryPerGpu": "1Gi"}}));
    assert_eq!(order(&report), [("a", Verdict::No, Room::Never)]);
    assert_eq!(texts(&report, 0), ["no room for 1 replica, even with every node"]);
}

/// What the hardware decides cannot be said of hardware that is not known.
#[test]
fn a_card_that_is_not_known_may_have_any_label() {
    let rows = json!({"nodePools": [{"name": "a", "acceleratorType": "never-heard-of", "acceleratorCount": 8,
        "nodeCount": 1, "maxNodeCount": 1, "capabilities": {"memoryPerGpu": "40Gi"}}]});
    let asked =
        json!({"requires": {"memoryPerGpu": "1Gi"}, "nodeSelector": {"nvidia.com/gpu.product": "NVIDIA-L4"}});
    let report = ask(&pools(&rows), &asked);
    assert_eq!(order(&report), [("a", Verdict::Unknown, Room::Now)]);
    assert_eq!(
        texts(&report, 0),
        ["label nvidia.com/gpu.product = NVIDIA-L4 is asked for, the pool does not name it"]
    );
}

/// Google's nodes give slices out as whole GPUs.
#[test]
fn slices_are_told_apart_by_the_labels_of_their_pool() {
    let size = "cloud.google.com/gke-gpu-partition-size";
    let selected = |profile: &Value, labels: &Value| {
        let rows = json!({"nodePools": [{"name": "a", "acceleratorType": "nvidia-h100-80gb", "acceleratorCount": 8,
            "nodeCount": 1, "maxNodeCount": 1, "labels": labels,
            "capabilities": {"migConfiguration": profile}}]});
        let report = ask(&pools(&rows), &json!({"requires": {"memoryPerGpu": "1Gi"}}));
        let unit = &report.pools[0].units[0];
        (unit.resource.clone(), json!(unit.node_selector))
    };
    let cut = json!({"enabled": true, "profile": "3g.40gb"});
    let gke = json!({size: "3g.40gb", "zone": "x"});
    assert_eq!(selected(&cut, &gke), ("nvidia.com/gpu".to_owned(), json!({size: "3g.40gb"})));
    let own = json!({"nvidia.com/gpu.product": "x", "zone": "x"});
    assert_eq!(selected(&cut, &own), ("nvidia.com/mig-3g.40gb".to_owned(), json!({})));
    assert_eq!(selected(&json!(null), &own), ("nvidia.com/gpu".to_owned(), json!({})));
}

#[test]
fn a_format_is_missing_in_the_hardware_or_in_the_declaration() {
    let said = |on| Why::Format { format: NumberFormat::Fp8, on }.to_string();
    assert_eq!(said(Some(Architecture::Ampere)), "fp8 is asked for, Ampere does not compute in it");
    assert_eq!(said(Some(Architecture::Hopper)), "fp8 is asked for, the pool does not declare it");
    assert_eq!(said(None), "fp8 is asked for, the pool does not declare it");
}

#[test]
fn packed_weights_are_widened_where_the_card_does_not_compute_in_them() {
    let model = crate::model::read(GRANITE_7B).unwrap();
    let asked = json!({"config": {}, "serving": {"quantization": "fp8"}});
    let workload = Workload::read(&asked, "w").unwrap();
    let (_, report) = answer(
        &own(&json!([{"name": "a", "gpu": "A100-40GB"}])),
        &workload.requirement(Some(&model)).unwrap(),
    );
    assert_eq!(
        texts(&report, 0),
        ["Ampere does not compute in fp8: such numbers are stored so and widened on the way"]
    );
}

#[test]
fn the_resource_that_is_written_must_be_that_of_the_unit() {
    let rows = own(&json!([{"name": "a", "gpu": "L4"}]));
    let asked = |resource: &str| {
        let declared = Requirement::declared("w", Topology::ONE, Floors::default());
        let (_, report) = answer(&rows, &Requirement { resource: Some(resource.to_owned()), ..declared });
        texts(&report, 0).join("; ")
    };
    assert_eq!(asked("nvidia.com/gpu"), "");
    assert_eq!(
        asked("nvidia.com/mig-1g.10gb"),
        "its containers ask for nvidia.com/mig-1g.10gb, the unit is given out as nvidia.com/gpu"
    );
}

#[test]
fn as_many_are_placed_as_are_asked_for() {
    let mut pools = own(&json!([{"name": "a", "gpu": "L4", "gpusPerNode": 8}, {"name": "b", "gpu": "L4"}]));
    pools.reverse();
    let declared = Requirement::declared("w", Topology::ONE, Floors::default());
    let requirement = Requirement { replicas: 3, ..declared };
    let (answer, report) = answer(&pools, &requirement);
    let mut ledger = Ledger::new(&pools).0;
    let shares = Matcher::new(&pools).place(&requirement, &answer, &mut ledger);
    assert_eq!(
        shares.iter().map(|share| (share.pool.as_str(), share.replicas)).collect::<Vec<_>>(),
        [("a", 3)]
    );
    assert_eq!((ledger.taken(0, 0), ledger.taken(1, 0)), (0, 3));
    assert_eq!(report.pools[0].pool, "a");
}

/// Alike but for their names, and given in the other order.
#[test]
fn names_decide_last() {
    let mut pools =
        own(&json!([{"name": "a", "gpu": "L4"}, {"name": "b", "gpu": "L4"}, {"name": "c", "gpu": "L4"}]));
    pools.swap(0, 2);
    let declared = Requirement::declared("w", Topology::ONE, Floors::default());
    let (_, report) = answer(&pools, &declared);
    let names: Vec<&str> = report.pools.iter().map(|pool| pool.pool.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
}
