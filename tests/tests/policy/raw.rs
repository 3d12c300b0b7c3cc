//! Questions without an object.

use serde_json::{Value, json};

use crate::door::{granite, told, validate};
use crate::golden::golden;

#[test]
fn a_model_and_a_device_are_a_question() {
    let ask = |question: Value| validate(&json!({"models": {"ours": {"config": granite()}}}), &question);
    let fits = ask(json!({"model": "ours", "device": "H100-80GB 2g.20gb"}));
    assert_eq!(told(&fits), "accepted");
    assert_eq!(fits["audit_annotations"]["verdict"], "fits");
    let offer: Value = serde_json::from_str(fits["audit_annotations"]["offer"].as_str().unwrap()).unwrap();
    assert_eq!(offer["resource"], "nvidia.com/mig-2g.20gb");
    golden(
        "raw",
        &[
            json!({"model": "ours", "device": "H100-80GB 1g.10gb"}),
            json!({"model": granite(), "device": "H100-80GB 2g.20gb", "serving": {"max_model_len": 4096, "sequences": 4}}),
            json!({"model": "Qwen/Qwen3-8B", "device": "A100-40GB 3g.20gb", "serving": {"max_model_len": 8192}}),
            json!({"model": "no/such", "device": "H100-80GB"}),
            json!({"model": 7, "device": "H100-80GB 9g.90gb"}),
            json!({"device": "H100-80GB", "model": "ours", "servings": {}}),
            json!({"device": "H100-80GB", "model": "ours", "serving": {"sequences": 0, "dtype": 8, "gpu_memory_utilization": 3}}),
        ]
        .map(|question| format!("{question}\n{}", told(&ask(question.clone()))))
        .join("\n"),
    );
}
