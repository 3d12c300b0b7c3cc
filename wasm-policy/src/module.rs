//! The module's exports: three functions over waPC.
#![allow(unsafe_code, reason = "an exported symbol is declared unsafe since the 2024 edition")]

use wapc_guest::{CallResult, console_log, host_call, register_function};

use crate::host::Host;

/// Called by the host once per instance, before any call.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn wapc_init() {
    // A host shows a trap as a list of function numbers; this puts the reason into its log.
    std::panic::set_hook(Box::new(|panic| console_log(&panic.to_string())));
    register_function("validate", |payload| -> CallResult { Ok(crate::validate(payload, Host::new(&ask))) });
    register_function("validate_settings", |payload| -> CallResult { Ok(crate::validate_settings(payload)) });
    register_function("protocol_version", |_| -> CallResult { Ok(crate::protocol_version()) });
}

/// Asks the host for what it knows of the cluster.
fn ask(operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
    host_call("kubewarden", "kubernetes", operation, payload).map_err(|error| {
        let text = error.to_string();
        text.strip_prefix("Host error: ").unwrap_or(&text).to_owned()
    })
}
