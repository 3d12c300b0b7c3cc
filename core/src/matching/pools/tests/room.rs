//! The ledger, the order of what holds, and labels.

use serde_json::{Value, json};

use super::{answer, ask, order, own, texts};
use crate::matching::Verdict;
use crate::matching::pools::{Ledger, Matcher, Room};
use crate::matching::requirement::{Floors, Requirement, Shape, Topology};

/// All hold it; what decides is named in the second column.
#[test]
fn ties_are_broken_in_the_documented_order() {
    let rows = json!([
        {"name": "z-cheaper", "gpu": "H100-80GB", "layout": "4g.40gb, 3g.40gb", "pricePerGpuHour": 2},
        {"name": "y-dearer", "gpu": "H100-80GB", "layout": "4g.40gb, 3g.40gb", "pricePerGpuHour": 3},
        {"name": "b-no-price", "gpu": "H100-80GB", "layout": "4g.40gb, 3g.40gb"},
        {"name": "a-no-price", "gpu": "H100-80GB", "layout": "4g.40gb, 3g.40gb"},
        {"name": "a-idle", "gpu": "H100-80GB", "layout": "2x3g.40gb"},
        {"name": "a-whole", "gpu": "H100-80GB"},
        {"name": "z-small", "gpu": "H100-80GB", "layout": "3x2g.20gb, 1g.10gb"},
        {"name": "a-tiny", "gpu": "H100-80GB", "layout": "7x1g.10gb"}
    ]);
    let report = ask(&own(&rows), &json!({"requires": {"memoryPerGpu": "15Gi"}}));
    let names: Vec<&str> = report.pools.iter().map(|pool| pool.pool.as_str()).collect();
    assert_eq!(
        names,
        ["z-small", "z-cheaper", "y-dearer", "a-no-price", "b-no-price", "a-idle", "a-whole", "a-tiny"]
    );
    assert_eq!(report.pools[1].units[0].price_per_hour.unwrap().to_string(), "1");
}

#[test]
fn a_replica_is_charged_for_its_slice_not_its_node() {
    let pools = own(&json!([{"name": "a", "gpu": "H100-80GB", "gpusPerNode": 8, "nodes": 1, "maxNodes": 2,
        "layout": "2x3g.40gb", "placed": [{"unit": "3g.40gb", "count": 1}]}]));
    let (mut ledger, _) = Ledger::new(&pools);
    assert_eq!((ledger.taken(0, 0), ledger.free(&pools, 0, 0, 1), ledger.free(&pools, 0, 0, 2)), (1, 15, 31));
    let one = Shape { pods: 1, units_per_pod: 1, apart: false };
    for _ in 0..31 {
        assert!(ledger.charge(&pools, 0, 0, one));
    }
    assert!(!ledger.charge(&pools, 0, 0, one));
    assert_eq!((ledger.taken(0, 0), ledger.free(&pools, 0, 0, 2)), (32, 0));
}

#[test]
fn more_than_there_is_cannot_be_placed() {
    let pools = own(&json!([{"name": "a", "gpu": "H100-80GB", "layout": "2x3g.40gb",
        "placed": [{"unit": "3g.40gb", "count": 5}]},
        {"name": "b", "gpu": "H100-80GB", "placed": [{"unit": "gpu", "onNodes": [0, 1]}]}]));
    let (ledger, problems) = Ledger::new(&pools);
    assert_eq!((ledger.taken(0, 0), ledger.taken(1, 0)), (2, 0));
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "pool `a`: placed: found 3 of 3g.40gb too many, expected no more than 2 on 1 nodes",
            "pool `b`: placed: found 1 of gpu too many, expected no more than 1 on 1 nodes",
        ]
    );
}

#[test]
fn labels_must_be_those_of_the_pool() {
    let rows = json!([{"name": "a", "gpu": "L4", "labels": {"zone": "x"}}, {"name": "b", "gpu": "L4"},
        {"name": "c", "gpu": "L4", "labels": {"zone": "y"}}]);
    let asked = |labels: &Value| {
        ask(&own(&rows), &json!({"requires": {"memoryPerGpu": "1Gi"}, "nodeSelector": labels}))
    };
    let report = asked(&json!({"zone": "x"}));
    assert_eq!(
        order(&report),
        [("a", Verdict::Fits, Room::Now), ("b", Verdict::Unknown, Room::Now), ("c", Verdict::No, Room::Now)]
    );
    assert_eq!(texts(&report, 2), ["label zone = x is asked for, the nodes have y"]);
    // What the hardware decides needs no label on the pool.
    let verdict = |key: &str, value: &str| asked(&json!({key: value})).pools[0].verdict;
    assert_eq!(verdict("nvidia.com/gpu.product", "NVIDIA-L4"), Verdict::Fits);
    assert_eq!(verdict("nvidia.com/gpu.product", "NVIDIA-H100-80GB-HBM3"), Verdict::No);
    assert_eq!(verdict("cloud.google.com/gke-accelerator", "nvidia-l4"), Verdict::Fits);
    assert_eq!(verdict("cloud.google.com/gke-gpu-partition-size", "3g.40gb"), Verdict::No);
    assert_eq!(verdict("nvidia.com/gpu.product", "never-heard-of"), Verdict::Unknown);
}

#[test]
fn no_replica_takes_nothing_and_one_that_others_count_is_told() {
    let pools = own(&json!([{"name": "a", "gpu": "L4"}, {"name": "none", "gpu": "L4", "nodes": 0}]));
    let asked = |replicas: u64, elsewhere: bool| {
        let requirement = Requirement {
            replicas,
            elsewhere,
            ..Requirement::declared("w", Topology::ONE, Floors::default())
        };
        let (answer, report) = answer(&pools, &requirement);
        let mut ledger = Ledger::new(&pools).0;
        let placed = Matcher::new(&pools).place(&requirement, &answer, &mut ledger);
        let told =
            report.pools.iter().map(|pool| (pool.pool.clone(), pool.verdict, pool.room)).collect::<Vec<_>>();
        (told, texts(&report, 0).join("; "), placed.iter().map(|share| share.replicas).sum::<u64>())
    };
    let now = |name: &str| (name.to_owned(), Verdict::Fits, Room::Now);
    let nothing = "0 replicas are asked for: nothing is taken until there are more";
    assert_eq!(asked(0, false), (vec![now("a"), now("none")], nothing.to_owned(), 0));
    let elsewhere = "how many replicas there are is decided elsewhere (one for each node, an autoscaler, a schedule); 1 is counted";
    let never = ("none".to_owned(), Verdict::No, Room::Never);
    assert_eq!(asked(1, true), (vec![now("a"), never], elsewhere.to_owned(), 1));
}
