//! A policy that parses its payload, writes it back and accepts.

use serde_json::Value;
use wapc_guest::{CallResult, register_function};

/// Called by the host once per instance.
#[unsafe(no_mangle)]
pub extern "C" fn wapc_init() {
    register_function("validate", |payload| -> CallResult {
        let payload: Value = serde_json::from_slice(payload)?;
        Ok(serde_json::to_vec(&serde_json::json!({"accepted": true, "message": payload["request"]}))?)
    });
}
