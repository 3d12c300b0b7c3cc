//! Input that cannot be read gets one clear message, and never an acceptance.

use serde_json::{Value, json};

use crate::door::{call, create, models, pod, validate};
use crate::golden::golden;

#[test]
fn a_payload_that_is_no_request_is_refused() {
    for (payload, message) in [
        (
            "",
            "payload: found text that is not JSON (EOF while parsing a value at line 1 column 0), expected JSON",
        ),
        ("[]", "payload: found a list, expected an object"),
        ("{}", "request: found nothing, expected an admission request"),
        ("{\"request\": 1}", "request: found a number, expected an object"),
        ("{\"request\": {}}", "request.operation: found nothing, expected a text"),
        (
            "{\"request\": {\"operation\": \"READ\"}}",
            "request.operation: found \"READ\", expected CREATE, UPDATE, DELETE or CONNECT",
        ),
        ("{\"request\": {\"operation\": \"CREATE\"}}", "request.kind: found nothing, expected an object"),
        (
            "{\"request\": {\"operation\": \"CREATE\", \"kind\": {\"kind\": \"Pod\"}}}",
            "request.object: found nothing, expected an object",
        ),
        (
            "{\"request\": {\"operation\": \"CREATE\", \"kind\": {\"group\": \"\"}, \"object\": {}}}",
            "request.kind.kind: found nothing, expected a text",
        ),
        (
            "{\"request\": {\"operation\": \"CREATE\", \"kind\": {\"kind\": \"Pod\"}, \"object\": {}}}",
            "spec: found nothing, expected a pod spec",
        ),
    ] {
        let answer = call("validate", payload.as_bytes()).result.unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer, json!({"accepted": false, "message": message}), "{payload}");
    }
    let deep = format!("{{\"request\": {}", "[".repeat(100_000));
    let answer = call("validate", deep.as_bytes()).result.unwrap();
    assert_eq!(
        String::from_utf8_lossy(&answer),
        "{\"accepted\":false,\"message\":\"payload: found text that is not JSON (recursion limit exceeded at line 1 column 139), expected JSON\"}"
    );
}

#[test]
fn every_part_that_cannot_be_read_is_named() {
    let mut object = pod("nvidia.com/mig-3g.40", &[]);
    object["spec"]["containers"][0]["args"] = json!("--model");
    let message = validate(&models(), &create(&object))["message"].clone();
    golden("unreadable", message.as_str().unwrap());
    let settings = json!({"unreadable": "warn"});
    let answer = validate(&settings, &create(&object));
    assert_eq!(answer["accepted"], true);
    assert_eq!(answer["warnings"].as_array().unwrap().len(), 2);
}

#[test]
fn a_config_that_cannot_be_read_is_refused_with_the_reason() {
    let with = |config: &str| {
        let mut object = pod("nvidia.com/gpu", &[]);
        object["metadata"]["annotations"] = json!({"migfit.io/config": config});
        validate(&json!({}), &create(&object))["message"].clone()
    };
    let told = ["", "{\"model_type\": \"llama\", \"hidden_size\": \"wide\"}", "[1]"].map(with);
    let lines: Vec<&str> = told.iter().filter_map(Value::as_str).collect();
    golden("config-unreadable", &lines.join("\n"));
}

#[test]
fn an_operation_that_is_not_known_is_an_error_of_the_call() {
    let answer = call("mutate", b"{}");
    assert_eq!(answer.result, Err("No handler registered for function mutate".to_owned()));
    assert_eq!(call("protocol_version", b"").result, Ok(b"\"v1\"".to_vec()));
}
