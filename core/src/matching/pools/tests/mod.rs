//! Exact answers: issue 53 as it stands, parallelism, sharing, claims.

mod domains;
mod room;

use serde_json::{Value, json};

use super::{Answer, Ledger, Matcher, Report, Room};
use crate::fleet::pools::{Pool, read};
use crate::gpu::catalog;
use crate::matching::Verdict;
use crate::matching::requirement::{Condition, Floors, Requirement, Topology, Workload};
use crate::model::tests::GRANITE_7B;
use crate::units::Bytes;

fn pools(value: &Value) -> Vec<Pool> {
    let found = read(catalog(), std::slice::from_ref(value));
    assert_eq!(found.problems, []);
    found.pools
}

fn own(rows: &Value) -> Vec<Pool> {
    pools(&json!({"pools": rows}))
}

fn answer(pools: &[Pool], requirement: &Requirement<'_>) -> (Answer, Report) {
    let (ledger, problems) = Ledger::new(pools);
    assert_eq!(problems, []);
    let answer = Matcher::new(pools).answer(requirement, &ledger);
    let report = Report::of(requirement, pools, &answer);
    (answer, report)
}

fn ask(pools: &[Pool], workload: &Value) -> Report {
    let workload = Workload::read(workload, "w").unwrap();
    answer(pools, &workload.requirement(None).unwrap()).1
}

fn order(report: &Report) -> Vec<(&str, Verdict, Room)> {
    report.pools.iter().map(|pool| (pool.pool.as_str(), pool.verdict, pool.room)).collect()
}

fn texts(report: &Report, pool: usize) -> Vec<&str> {
    let pool = &report.pools[pool];
    let units = pool.units.iter().flat_map(|unit| &unit.reasons);
    pool.reasons.iter().chain(units).map(|told| told.text.as_str()).collect()
}

fn pool_of_53(profile: &str) -> Value {
    json!({"nodePools": [{
        "name": "small-models-mig", "acceleratorType": "nvidia-h100-80gb", "acceleratorCount": 8,
        "nodeCount": 0, "maxNodeCount": 4,
        "capabilities": {
            "memoryPerGpu": "40Gi", "interconnect": "pcie", "precisionSupport": ["fp16", "bf16", "fp8"],
            "multiNodeCapable": false, "nvlinkDomainSize": 1,
            "migConfiguration": {"enabled": true, "profile": profile}
        }
    }]})
}

/// The example of the issue: 40Gi are asked for, and the slice has 40,192 MiB.
#[test]
fn gemma_27b_as_issue_53_declares_it_does_not_fit() {
    let gemma = json!({"name": "gemma-3-27b", "replicaTopology": {"nodes": 1, "gpusPerNode": 1,
        "requires": {"memoryPerGpu": "40Gi", "precisionSupport": ["fp8"]}}});
    let report = ask(&pools(&pool_of_53("3g.40gb")), &gemma);
    assert_eq!(order(&report), [("small-models-mig", Verdict::No, Room::AfterScaling)]);
    let unit = &report.pools[0].units[0];
    assert_eq!((unit.units_per_node, unit.units_now, unit.units_most), (16, 0, 64));
    assert_eq!((unit.replicas_now, unit.replicas_most), (0, 64));
    assert_eq!(unit.shortfall, Bytes::from_mib(768));
    assert_eq!(unit.resource, "nvidia.com/mig-3g.40gb");
    assert_eq!(unit.idle_compute_ten_thousandths, Some(1428), "two 3g leave a seventh idle");
    assert_eq!(
        texts(&report, 0),
        [
            "40.0 GiB (40,960 MiB) of memory are asked for, the unit has 39.3 GiB (40,192 MiB): 768 MiB short",
            "room for 0 of 1 replicas on the 0 nodes that there are; the pool may grow to 4",
            "the pool has no node yet, and the cluster autoscaler does not foresee nvidia.com/mig-3g.40gb on one \
             (kubernetes/autoscaler 8095)",
        ]
    );
    let small = ask(&pools(&pool_of_53("1g.10gb")), &gemma);
    assert_eq!(small.pools[0].units[0].units_per_node, 56, "not 28");
}

#[test]
fn what_is_asked_for_between_two_drivers_is_tight() {
    let asked = json!({"requires": {"memoryPerGpu": "40320Mi"}});
    let report = ask(&own(&json!([{"name": "a", "gpu": "H100-80GB", "layout": "2x3g.40gb"}])), &asked);
    assert_eq!(order(&report), [("a", Verdict::Tight, Room::Now)]);
    assert_eq!(
        texts(&report, 0),
        [
            "39.4 GiB (40,320 MiB) of memory are asked for, the unit has from 39.3 GiB (40,192 MiB) to 39.5 GiB (40,448 MiB) \
          by driver"
        ]
    );
}

#[test]
fn no_parallelism_across_slices() {
    let rows = json!([
        {"name": "slices", "gpu": "H100-80GB", "gpusPerNode": 8, "layout": "2x3g.40gb", "multiNode": false},
        {"name": "whole", "gpu": "H100-80GB", "gpusPerNode": 8, "multiNode": true},
        {"name": "pcie", "gpu": "L40S", "gpusPerNode": 8}
    ]);
    let report = ask(&own(&rows), &json!({"replicaTopology": {"gpusPerNode": 2}}));
    assert_eq!(
        order(&report),
        [
            ("pcie", Verdict::Fits, Room::Now),
            ("whole", Verdict::Fits, Room::Now),
            ("slices", Verdict::No, Room::Now)
        ]
    );
    assert_eq!(texts(&report, 0), ["2 ranks talk over PCIe, which slows every layer"]);
    assert_eq!(
        texts(&report, 2),
        [
            "2 units for one replica: MIG slices reach each other neither over NVLink nor over PCIe, and a process sees one slice \
          only; take a larger slice, a whole GPU, or packed weights"
        ]
    );
    let linked = json!({"replicaTopology": {"gpusPerNode": 2, "requires": {"interconnect": "nvlink"}}});
    let report = ask(&own(&rows), &linked);
    assert_eq!(order(&report)[0].0, "whole");
    assert_eq!(texts(&report, 2), ["nvlink between units is asked for, there is pcie"]);
}

#[test]
fn several_nodes_must_be_allowed_and_fast_enough() {
    let rows = |multi: &Value, rate: &Value| {
        own(&json!([{"name": "a", "gpu": "H100-80GB", "gpusPerNode": 8, "nodes": 3, "multiNode": multi,
            "interNodeBandwidth": rate}]))
    };
    let two = json!({"replicaTopology": {"nodes": 2, "gpusPerNode": 8,
        "requires": {"interNodeBandwidth": "400Gbps"}}});
    let fast = ask(&rows(&json!(true), &json!("3.2Tbps")), &two);
    assert_eq!(order(&fast), [("a", Verdict::Fits, Room::Now)]);
    assert_eq!(fast.pools[0].units[0].replicas_now, 1, "two nodes of three, the third is left over");
    let slow = ask(&rows(&json!(true), &json!("100Gbps")), &two);
    assert_eq!(texts(&slow, 0), ["400 Gbit/s between nodes are asked for, there are 100"]);
    let unsaid = ask(&rows(&json!(null), &json!(null)), &two);
    assert_eq!(order(&unsaid), [("a", Verdict::Unknown, Room::Now)]);
    assert_eq!(
        texts(&unsaid, 0),
        [
            "one replica takes 2 nodes, the pool does not say whether that is possible",
            "400 Gbit/s between nodes are asked for, what there is is not known"
        ]
    );
    let never = ask(&rows(&json!(false), &json!("3.2Tbps")), &two);
    assert_eq!(texts(&never, 0), ["one replica takes 2 nodes, the pool is not for several"]);
    let wide = ask(&rows(&json!(true), &json!("3.2Tbps")), &json!({"replicaTopology": {"gpusPerNode": 9}}));
    assert_eq!(
        texts(&wide, 0),
        ["9 units on one node are asked for, a node has 8", "no room for 1 replica, even with every node"]
    );
}

#[test]
fn floors_of_compute_and_bandwidth_are_those_of_the_slice() {
    let rows = json!([{"name": "a", "gpu": "H100-80GB", "layout": "4g.40gb, 3g.40gb"}]);
    let asked = |sms: u32, rate: &str| {
        ask(&own(&rows), &json!({"requires": {"multiprocessors": sms, "memoryBandwidth": rate}}))
    };
    let report = asked(64, "1.675TB/s");
    let units: Vec<(&str, Verdict)> =
        report.pools[0].units.iter().map(|unit| (unit.device.as_str(), unit.verdict)).collect();
    assert_eq!(units, [("H100-80GB 4g.40gb", Verdict::Fits), ("H100-80GB 3g.40gb", Verdict::No)]);
    assert_eq!(texts(&report, 0), ["64 multiprocessors are asked for, the unit has 60"]);
    let faster = asked(60, "1.7TB/s");
    assert_eq!(texts(&faster, 0)[0], "1,700 GB/s of memory bandwidth are asked for, the unit has 1,675");
}

/// 1.5 GiB of 5.6 GiB each: the same need under time slicing, MPS and alone.
#[test]
fn shared_units_are_judged_by_their_share() {
    let rows = json!([
        {"name": "alone", "gpu": "L4"},
        {"name": "mps", "gpu": "L4", "sharing": {"kind": "mps", "replicas": 4}},
        {"name": "turns", "gpu": "L4", "sharing": {"kind": "time-slicing", "replicas": 4}}
    ]);
    let small = ask(&own(&rows), &json!({"requires": {"memoryPerGpu": "5Gi"}}));
    assert_eq!(
        order(&small),
        [
            ("mps", Verdict::Fits, Room::Now),
            ("alone", Verdict::Fits, Room::Now),
            ("turns", Verdict::Tight, Room::Now)
        ]
    );
    assert_eq!(texts(&small, 0), ["shared among 4 under MPS, each with 5.6 GiB"]);
    assert_eq!(
        texts(&small, 2),
        [
            "time-sliced among 4 without isolation: it holds only while every neighbour keeps to 5.6 GiB; set the engine's \
          share of the GPU to 1/4 or less"
        ]
    );
    let large = ask(&own(&rows), &json!({"requires": {"memoryPerGpu": "8Gi"}}));
    assert_eq!(order(&large).iter().filter(|(_, verdict, _)| *verdict == Verdict::Fits).count(), 1);
}

#[test]
fn a_claim_is_judged_by_its_selectors() {
    let pools = own(&json!([{"name": "a", "gpu": "H100-80GB", "layout": "4g.40gb, 3g.40gb"}]));
    let memory = "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40Gi')) >= 0";
    let compute = "device.capacity['gpu.nvidia.com'].multiprocessors.isGreaterThan(quantity('63'))";
    let unread = "device.attributes['gpu.nvidia.com'].uuid.size() > 3";
    let requirement = Requirement {
        conditions: [memory, compute, unread].map(Condition::cel).to_vec(),
        ..Requirement::declared("claim", Topology::ONE, Floors::default())
    };
    let (_, report) = answer(&pools, &requirement);
    assert_eq!(order(&report), [("a", Verdict::No, Room::Now)]);
    assert_eq!(
        texts(&report, 0)[..2],
        [
            "the claim's selector `device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40Gi')) >= 0` does not hold",
            "whether the claim's selector `device.attributes['gpu.nvidia.com'].uuid.size() > 3` holds cannot be said"
        ]
    );
}

#[test]
fn an_estimate_is_that_of_fit() {
    let workload = Workload::read(&json!({"config": {}, "replicas": 3}), "granite").unwrap();
    let model = crate::model::read(GRANITE_7B).unwrap();
    let rows = json!([{"name": "a", "gpu": "H100-80GB", "layout": "1g.10gb, 3x2g.20gb"}]);
    let (_, report) = answer(&own(&rows), &workload.requirement(Some(&model)).unwrap());
    let device = crate::gpu::device("H100-80GB 2g.20gb").unwrap();
    let fit = crate::matching::fit(&model, &workload.serving, &[device]).unwrap();
    let unit = &report.pools[0].units[0];
    assert_eq!((unit.device.as_str(), unit.verdict), ("H100-80GB 2g.20gb", fit.offers[0].verdict));
    let need = fit.offers[0].estimate.total + fit.offers[0].estimate.beside();
    assert_eq!((unit.need, unit.stranded), (Some(need), unit.memory.minus(need)));
    assert_eq!((unit.replicas_now, report.pools[0].room), (3, Room::Now));
    assert_eq!(report.pools[0].units[1].verdict, Verdict::No);
}

#[test]
fn numbers_that_are_widened_on_the_way_are_told_once() {
    let model = crate::model::read(GRANITE_7B).unwrap();
    let pools = own(&json!([{"name": "a", "gpu": "V100-32GB"}]));
    let told = |asked: &Value| {
        let workload = Workload::read(asked, "granite").unwrap();
        let (_, report) = answer(&pools, &workload.requirement(Some(&model)).unwrap());
        let unit = &report.pools[0].units[0];
        assert!(unit.node_selector.is_empty(), "{:?}", unit.node_selector);
        unit.reasons.iter().map(|told| told.code).collect::<Vec<_>>()
    };
    assert_eq!(told(&json!({"config": {}})), ["format-widened"]);
    let floor = told(&json!({"config": {}, "requires": {"precisionSupport": ["bf16"]}}));
    assert_eq!(floor, ["no-such-format"]);
}

/// Room for four on one node is room for none where the two pods of a replica stand apart.
#[test]
fn pods_that_stand_apart_need_as_many_nodes() {
    let two = json!({"replicaTopology": {"nodes": 2, "gpusPerNode": 1}});
    let now = |nodes: u64| {
        let pools = own(
            &json!([{"name": "a", "gpu": "H100-80GB", "gpusPerNode": 8, "nodes": nodes, "multiNode": true}]),
        );
        ask(&pools, &two).pools[0].units[0].replicas_now
    };
    assert_eq!((now(1), now(2), now(3)), (0, 8, 12));
}
