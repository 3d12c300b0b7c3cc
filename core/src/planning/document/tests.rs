use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::gpu::catalog;

/// Everything that is wrong with a file, whether its form or its values.
fn wrong(file: &Value) -> Vec<String> {
    let read = Document::read(file);
    let models = BTreeMap::new();
    let problems = read.and_then(|document| document.fleet(catalog(), &models).map(|_| ()));
    problems.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn a_fleet_is_an_object_with_two_lists() {
    let expected = "expected an object with the lists `nodes` and `workloads`";
    assert_eq!(wrong(&json!([])), [format!("fleet: found a list, {expected}")]);
    assert_eq!(wrong(&json!("nodes")), [format!("fleet: found a text, {expected}")]);
    let misspelt =
        Document::read(&json!({"node": [], "workloads": [{"nme": "x"}], "keep": true})).unwrap_err();
    let told: Vec<String> = misspelt.iter().map(ToString::to_string).collect();
    assert_eq!(
        told[0],
        "fleet: found unknown field `node`, expected one of `nodes`, `workloads`, `alone`, `keep`"
    );
    assert_eq!(misspelt[0].hint.as_deref(), Some("nearest: nodes"));
    assert!(told[1].starts_with("workloads[0]: found unknown field `nme`"), "{told:?}");
    assert_eq!(wrong(&json!({"nodes": [], "workloads": []})), [""; 0]);
}

#[test]
fn every_row_that_cannot_be_used_is_named() {
    let file = json!({"nodes": [{"name": "a", "gpu": "H1000"}, {"name": "b"}],
        "workloads": [{"name": "x"}, {"name": "y", "memory": "lots"}]});
    assert_eq!(
        wrong(&file),
        [
            "node `a`: GPU: found `H1000`, expected a key, name, product label, PCI id or cloud accelerator name of the catalog",
            "node `b`: gpu: found nothing, expected `gpu` or `instanceType`",
            "workload `x`: model: found nothing, expected `model` or `memory`",
            "workload `y`: memory: found `lots`, expected a number with a unit, such as `40448Mi`",
        ]
    );
}

#[test]
fn a_machine_in_use_stands_alone() {
    let today = json!([{"gpu": 2, "holder": "x"}]);
    let file = json!({"nodes": [{"name": "a", "gpu": "H100-80GB", "gpus": 2, "count": 3, "today": today}],
        "workloads": []});
    assert_eq!(
        wrong(&file),
        [
            "node `a`: today: found one of 3 machines, expected a row of its own for a machine that is in use",
            "node `a`: today: found GPU 2, expected a number below 2",
        ]
    );
}
