//! Settings: strict, every error at once.

use serde_json::json;

use crate::door::{create, granite, models, pod_on, told, validate, validate_settings};
use crate::golden::golden;

#[test]
fn what_operators_write_is_valid() {
    for settings in [
        json!({}),
        models(),
        json!({"gpus": ["H100-80GB", "NVIDIA-A30"], "unknownModel": "deny", "unreadable": "warn"}),
        json!({"models": null, "gpus": [], "unknownDevice": "allow", "parallelOnSlices": "warn"}),
    ] {
        assert_eq!(validate_settings(&settings), json!({"valid": true}), "{settings}");
    }
}

#[test]
fn every_error_is_reported_at_once() {
    let settings = json!({
        "model": {}, "gpus": ["A100", 3], "unknownModel": "maybe", "unreadable": 1,
        "models": {"a": {"config": {}, "cfg": 1}, "b": []},
    });
    let answer = validate_settings(&settings);
    assert_eq!(answer["valid"], false);
    golden("settings-shape", answer["message"].as_str().unwrap());
    let response = validate(&settings, &json!({}));
    assert_eq!(response["accepted"], false);
    assert_eq!(response["message"], answer["message"]);
}

#[test]
fn configs_of_models_are_read_when_settings_are_checked() {
    let settings = json!({"models": {"a": {"config": {"model_type": "llama", "hidden_size": -1}}, "b": {}}});
    golden("settings-models", validate_settings(&settings)["message"].as_str().unwrap());
    for (settings, message) in [
        (json!([]), "settings: found a list, expected an object"),
        (json!(null), "settings: found null, expected an object"),
    ] {
        assert_eq!(validate_settings(&settings)["message"], message);
    }
}

#[test]
fn a_reaction_decides_what_is_not_proved() {
    let object = pod_on("NVIDIA-H100-80GB-HBM3", "nvidia.com/mig-1g.10gb", &["--model", "unheard/of"]);
    let with = |reaction: &str| told(&validate(&json!({"unknownModel": reaction}), &create(&object)));
    let text = "container vllm: nothing is known of its model \"unheard/of\", so nothing was checked";
    assert_eq!(with("allow"), "accepted");
    assert!(with("warn").starts_with(&format!("accepted\nwarning: {text}")));
    assert!(with("deny").starts_with(&format!("refused\n{text}")));
}

#[test]
fn the_gpus_of_the_cluster_say_what_a_resource_means() {
    let mut object = pod_on("", "nvidia.com/mig-1g.10gb", &["--model", "g", "--max-model-len", "256"]);
    object["spec"]["nodeSelector"] = json!({});
    let with = |gpus: &[&str]| {
        let settings = json!({"gpus": gpus, "models": {"g": {"config": granite()}}});
        told(&validate(&settings, &create(&object)))
    };
    assert!(with(&["H100-80GB"]).contains("the GPUs in the policy's settings"));
    golden("settings-gpus", &with(&["A30-24GB"]));
}
