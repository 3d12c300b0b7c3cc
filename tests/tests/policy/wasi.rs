//! The form for WASI hosts: the same answers, word for word, from standard input to standard output.

use migfit_tests::wasi;
use serde_json::json;

use crate::door::{call, create, models, pod_on};

#[test]
fn a_program_gives_the_same_answers() {
    let Ok(_) = wasi::module_path() else {
        assert!(std::env::var_os("MIGFIT_POLICY_WASM").is_none(), "the WASI module is not built");
        println!("the WASI module is not built: run `cargo xtask test`");
        return;
    };
    let pod = pod_on(
        "NVIDIA-H100-80GB-HBM3",
        "nvidia.com/mig-1g.10gb",
        &["--model", "ibm-granite/granite-7b-base"],
    );
    let payload = json!({"settings": models(), "request": create(&pod)}).to_string();
    let long = json!({"settings": {"mode": "x".repeat(200_000)}}).to_string();
    for (argument, operation, input) in [
        ("validate", "validate", payload.as_str()),
        ("validate", "validate", ""),
        ("validate", "validate", long.as_str()),
        ("validate-settings", "validate_settings", "{\"mode\": \"loud\"}"),
        ("validate-settings", "validate_settings", "{}"),
    ] {
        let run = wasi::run(&["policy.wasm", argument], input.as_bytes()).unwrap();
        let answer = call(operation, input.as_bytes()).result.unwrap();
        assert_eq!(String::from_utf8_lossy(&run.output), String::from_utf8_lossy(&answer));
        assert_eq!((run.status, run.errors), (0, Vec::new()));
    }
    for arguments in [&["policy.wasm"][..], &["policy.wasm", "mutate"], &[]] {
        let run = wasi::run(arguments, b"{}").unwrap();
        assert_eq!(run.status, 2);
        let told = String::from_utf8_lossy(&run.errors).into_owned();
        assert_eq!(told, "migfit: the first argument must be validate or validate-settings\n");
    }
}
