//! What the module may cost: imports, bytes, fuel, memory.

use serde_json::json;

use crate::door::{call, create, models, module, pod, pod_on};

#[test]
fn nothing_but_wapc_is_imported() {
    let foreign: Vec<String> =
        module().imports().into_iter().filter(|import| !import.starts_with("wapc::")).collect();
    assert_eq!(foreign, [""; 0]);
}

#[test]
fn the_module_stays_small() {
    let size = module().size();
    println!("{size} bytes");
    assert!(size < 1_950_000, "{size} bytes");
}

/// Fuel of wasmi 2.0 for one call in a fresh instance, and the memory that it leaves behind. A change that
/// costs a quarter more has to be meant.
#[test]
fn a_call_stays_within_its_budget() {
    let granite = ["--model", "ibm-granite/granite-7b-base"];
    let h100 = "NVIDIA-H100-80GB-HBM3";
    let plain = {
        let mut pod = pod("cpu", &[]);
        pod["spec"]["containers"][0]["image"] = json!("nginx");
        pod
    };
    let mut over = Vec::new();
    for (name, object, budget) in [
        ("no device", plain, 572_000),
        ("fits", pod_on(h100, "nvidia.com/mig-2g.20gb", &granite), 1_258_000),
        ("refused", pod_on(h100, "nvidia.com/mig-1g.10gb", &granite), 4_615_000),
        ("refused, any card", pod("nvidia.com/mig-1g.10gb", &granite), 5_749_000),
        ("any whole GPU", pod("nvidia.com/gpu", &granite), 2_808_000),
    ] {
        let payload = json!({"settings": models(), "request": create(&object)}).to_string();
        // The interpreter charges a function's translation to the first call that reaches it.
        call("validate", payload.as_bytes());
        let answer = call("validate", payload.as_bytes());
        assert!(answer.result.is_ok(), "{name}");
        println!("{name}: {} fuel, {} bytes of memory", answer.fuel, answer.memory);
        if answer.fuel > budget || answer.memory > 2 << 20 {
            over.push(format!("{name}: {} fuel of {budget}, {} bytes", answer.fuel, answer.memory));
        }
    }
    assert_eq!(over, [""; 0]);
}
