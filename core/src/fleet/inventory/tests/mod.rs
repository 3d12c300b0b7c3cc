//! Every source, told by what it prints.

use serde_json::{Value, json};

use super::*;
use crate::gpu::catalog;

mod machines;

fn nodes(value: &Value) -> Inventory {
    from_nodes(catalog(), value)
}

/// Offers in one line each: how many, of what, with how much memory, from where.
fn lines(inventory: &Inventory) -> Vec<String> {
    let line = |node: &Node, offer: &Offer| {
        format!(
            "{}: {} x {} ({} {}) {} MiB, {}",
            node.name,
            offer.count,
            offer.resource,
            offer.card.as_deref().unwrap_or("unknown card"),
            offer.profile.map_or("whole".to_owned(), |profile| profile.to_string()),
            offer.memory.floor.whole_mib(),
            offer.memory.basis
        )
    };
    inventory.nodes.iter().flat_map(|node| node.offers.iter().map(move |offer| line(node, offer))).collect()
}

fn problems(inventory: &Inventory) -> Vec<String> {
    inventory.problems.iter().map(ToString::to_string).collect()
}

fn node(labels: Value, allocatable: Value) -> Value {
    json!({"kind": "Node", "metadata": {"name": "n1", "labels": labels}, "status": {"allocatable": allocatable}})
}

#[test]
fn mixed_announces_profiles_with_their_own_memory() {
    let inventory = nodes(&node(
        json!({
            "nvidia.com/mig.strategy": "mixed",
            "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
            "nvidia.com/gpu.memory": "81559",
            "nvidia.com/mig-3g.40gb.memory": "40320",
            "nvidia.com/mig-3g.40gb.multiprocessors": "60",
            "nvidia.com/mig-3g.40gb.product": "NVIDIA-H100-80GB-HBM3-MIG-3g.40gb",
        }),
        json!({"cpu": "64", "nvidia.com/gpu": "4", "nvidia.com/mig-3g.40gb": "8", "nvidia.com/mig-1g.10gb.me": "2"}),
    ));
    assert_eq!(
        lines(&inventory),
        [
            "n1: 4 x nvidia.com/gpu (h100-80gb-sxm whole) 81559 MiB, node label nvidia.com/gpu.memory",
            "n1: 2 x nvidia.com/mig-1g.10gb.me (h100-80gb-sxm 1g.10gb+me) 9856 MiB, measured on H100 PCIe, driver R525",
            "n1: 8 x nvidia.com/mig-3g.40gb (h100-80gb-sxm 3g.40gb) 40320 MiB, node label nvidia.com/mig-3g.40gb.memory",
        ]
    );
    assert_eq!(inventory.problems, []);
    assert_eq!(inventory.nodes[0].strategy, Some(Strategy::Mixed));
    assert_eq!(inventory.nodes[0].offers[2].sms, Some(60));
}

#[test]
fn single_announces_slices_as_gpus() {
    let inventory = nodes(&node(
        json!({
            "nvidia.com/mig.strategy": "single",
            "nvidia.com/gpu.product": "NVIDIA-A100-SXM4-40GB-MIG-1g.5gb",
            "nvidia.com/gpu.memory": "4864",
            "nvidia.com/gpu.count": "56",
        }),
        json!({"nvidia.com/gpu": "56"}),
    ));
    assert_eq!(
        lines(&inventory),
        ["n1: 56 x nvidia.com/gpu (a100-40gb 1g.5gb) 4864 MiB, node label nvidia.com/gpu.memory"]
    );
}

#[test]
fn none_announces_whole_gpus_and_sharing_is_seen() {
    let inventory = nodes(&node(
        json!({
            "nvidia.com/mig.strategy": "none",
            "nvidia.com/gpu.product": "Tesla-T4-SHARED",
            "nvidia.com/gpu.memory": "15360",
            "nvidia.com/gpu.replicas": "4",
        }),
        json!({"nvidia.com/gpu": 4}),
    ));
    assert_eq!(
        lines(&inventory),
        ["n1: 4 x nvidia.com/gpu (t4-16gb whole) 15360 MiB, node label nvidia.com/gpu.memory"]
    );
    assert_eq!(inventory.nodes[0].offers[0].shared_by, 4);
}

#[test]
fn an_invalid_cut_is_a_problem_and_offers_nothing() {
    let inventory = nodes(&node(
        json!({"nvidia.com/mig.strategy": "single", "nvidia.com/gpu.product": "NVIDIA-A100-SXM4-40GB-MIG-INVALID",
               "nvidia.com/gpu.count": "0", "nvidia.com/gpu.memory": "0"}),
        json!({"nvidia.com/gpu": "0"}),
    ));
    assert_eq!(inventory.nodes, []);
    assert_eq!(
        problems(&inventory),
        ["node n1: found `NVIDIA-A100-SXM4-40GB-MIG-INVALID` in nvidia.com/gpu.product, \
          expected the same profile on every GPU, as the strategy `single` demands"]
    );
}

/// A real node kept `mig-1g.5gb: 0` beside `mig-7g.40gb: 1` after a change of layout.
#[test]
fn a_count_of_zero_is_no_device() {
    let inventory = nodes(&node(
        json!({"nvidia.com/mig.strategy": "mixed", "nvidia.com/gpu.product": "NVIDIA-A100-SXM4-40GB"}),
        json!({"nvidia.com/gpu": "0", "nvidia.com/mig-1g.5gb": "0", "nvidia.com/mig-7g.40gb": "1"}),
    ));
    assert_eq!(lines(&inventory), ["n1: 1 x nvidia.com/mig-7g.40gb (a100-40gb 7g.40gb) 40192 MiB, measured"]);
}

#[test]
fn clouds_without_product_labels() {
    let gke = node(
        json!({"cloud.google.com/gke-accelerator": "nvidia-h100-80gb", "cloud.google.com/gke-gpu-partition-size": "3g.40gb"}),
        json!({"nvidia.com/gpu": "16"}),
    );
    let mut aws =
        node(json!({"node.kubernetes.io/instance-type": "p4d.24xlarge"}), json!({"nvidia.com/gpu": "8"}));
    aws["metadata"]["name"] = json!("n0");
    assert_eq!(
        lines(&nodes(&json!({"kind": "List", "items": [gke, aws]}))),
        [
            "n0: 8 x nvidia.com/gpu (a100-40gb whole) 40537 MiB, measured",
            "n1: 16 x nvidia.com/gpu (h100-80gb-sxm 3g.40gb) 40192 MiB, measured on H100 PCIe, driver R525",
        ]
    );
}

#[test]
fn what_cannot_be_known_is_said() {
    let inventory = nodes(&node(
        json!({"nvidia.com/gpu.product": "NVIDIA-X1", "nvidia.com/mig-1g.5gb.memory": "many"}),
        json!({"nvidia.com/gpu": "1", "nvidia.com/mig-1g.5gb": "1", "nvidia.com/mig-1x": "1", "nvidia.com/mig-2g.10gb": "lots"}),
    ));
    assert_eq!(inventory.nodes, []);
    assert_eq!(
        problems(&inventory),
        [
            "node n1: quantity: found `lots`, expected a number with a unit, such as `40448Mi`",
            "node n1: nvidia.com/gpu: found the card `NVIDIA-X1`, which the catalog lacks, expected a card of the catalog, or memory that is reported",
            "node n1: nvidia.com/mig-1g.5gb.memory: found `many`, expected the MiB of one device",
            "node n1: MIG profile: found `1x`, expected slices followed by `g.`, as in `3g.40gb`",
        ]
    );
    for value in [json!(null), json!([]), json!("node"), json!({"items": [1, {}]})] {
        assert_eq!(nodes(&value), Inventory::default());
    }
}

/// Boards of 64 and of 94 GB call themselves `NVIDIA H100`: the memory tells them apart.
#[test]
fn a_label_of_two_cards_is_told_by_its_memory() {
    for (mib, key) in [("65247", "h100-64gb-sxm"), ("95830", "h100-94gb-sxm")] {
        let labels = json!({"nvidia.com/gpu.product": "NVIDIA-H100", "nvidia.com/gpu.memory": mib});
        let inventory = nodes(&node(labels, json!({"nvidia.com/gpu": "8"})));
        assert_eq!(inventory.nodes[0].offers[0].card.as_deref(), Some(key));
    }
}

fn device(profile: &str, memory: &str, more: Value) -> Value {
    let mut device = json!({
        "attributes": {"type": {"string": "mig"}, "profile": {"string": profile}, "productName": {"string": "NVIDIA A100-SXM4-40GB"}},
        "capacity": {"memory": {"value": memory}, "multiprocessors": {"value": "14"}},
    });
    for (key, value) in more.as_object().unwrap() {
        device[key] = value.clone();
    }
    device
}

#[test]
fn resource_slices_of_existing_devices() {
    let whole = json!({"basic": {
        "attributes": {"type": {"string": "gpu"}, "productName": {"string": "NVIDIA A100-SXM4-40GB"}},
        "capacity": {"memory": {"value": "40Gi"}}}});
    let slices = json!({"items": [
        {"spec": {"driver": "gpu.nvidia.com", "nodeName": "n1", "devices": [
            whole, device("1g.5gb", "4864Mi", json!({})), device("1g.5gb", "4864Mi", json!({}))]}},
        {"spec": {"driver": "other.example.com", "nodeName": "n1", "devices": [{}]}},
    ]});
    assert_eq!(
        lines(&from_resource_slices(catalog(), &slices)),
        [
            "n1: 1 x gpu.nvidia.com (a100-40gb whole) 40960 MiB, capacity of the resource slice",
            "n1: 2 x mig.nvidia.com (a100-40gb 1g.5gb) 4864 MiB, capacity of the resource slice",
        ]
    );
}

/// Dynamic MIG publishes every place of every GPU.
#[test]
fn resource_slices_of_potential_devices() {
    let place = |gpu: u32| json!({"consumesCounters": [{"counterSet": format!("gpu-{gpu}-counter-set")}]});
    let mut devices = Vec::new();
    for gpu in 0..2 {
        devices.extend((0..7).map(|_| device("1g.5gb+me", "4864Mi", place(gpu))));
        devices.extend((0..2).map(|_| device("3g.20gb", "19968Mi", place(gpu))));
    }
    let slices = json!({"spec": {"driver": "gpu.nvidia.com", "nodeName": "n1", "devices": devices}});
    let inventory = from_resource_slices(catalog(), &slices);
    assert_eq!(
        lines(&inventory),
        [
            "n1: 2 x mig.nvidia.com (a100-40gb 1g.5gb+me) 4864 MiB, capacity of the resource slice",
            "n1: 4 x mig.nvidia.com (a100-40gb 3g.20gb) 19968 MiB, capacity of the resource slice",
        ]
    );
    assert!(inventory.nodes[0].offers.iter().all(|offer| offer.potential));
}
