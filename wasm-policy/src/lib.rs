//! The admission policy: refuses a workload whose model does not fit the GPU or MIG slice it asks for.
//!
//! The judge is pure: settings and a request in, a response out. Only the glue in `module` knows waPC, and it
//! exists in the WebAssembly build alone, so that every test may call the judge natively.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]
#![cfg_attr(test, allow(clippy::indexing_slicing))]

mod demands;
mod exempt;
mod gathered;
mod host;
mod judge;
mod message;
#[cfg(all(target_arch = "wasm32", feature = "wapc"))]
mod module;
mod raw;
mod request;
mod response;
pub mod settings;
#[cfg(all(target_arch = "wasm32", feature = "wasi"))]
mod wasi;

use serde::Serialize;
use serde_json::{Value, json};

pub use host::{Call, Host, OPERATIONS};
pub use judge::judge;
pub use response::{Response, SettingsResponse};
pub use settings::Settings;

use migfit::model::json::kind;
use migfit::problem::Problem;

/// Answers `validate`: `{"request": ..., "settings": ...}` in, a Kubewarden validation response out.
/// Whatever cannot be read is refused with the reason.
#[must_use]
pub fn validate(payload: &[u8], host: Host) -> Vec<u8> {
    let response = match serde_json::from_slice::<Value>(payload) {
        Ok(payload) => validate_value(&payload, host),
        Err(error) => Response::refuse(&[not_json("payload", &error)]),
    };
    bytes(&response)
}

/// As [`validate`], for a payload that has been parsed.
#[must_use]
pub fn validate_value(payload: &Value, host: Host) -> Response {
    let Value::Object(payload) = payload else {
        return Response::refuse(&[Problem::new("bad-request", "payload", kind(payload), "an object")]);
    };
    let empty = json!({});
    let settings = match Settings::read(payload.get("settings").unwrap_or(&empty)) {
        Ok(settings) => settings,
        Err(problems) => return Response::refuse(&problems),
    };
    match payload.get("request") {
        Some(request) => judge(request, &settings, host),
        None => {
            Response::refuse(&[Problem::new("bad-request", "request", "nothing", "an admission request")])
        }
    }
}

/// Answers `validate_settings`: settings in, `{"valid": ..., "message": ...}` out.
#[must_use]
pub fn validate_settings(payload: &[u8]) -> Vec<u8> {
    let problems = match serde_json::from_slice::<Value>(payload) {
        Ok(settings) => settings::check(&settings),
        Err(error) => vec![not_json("settings", &error)],
    };
    let valid = problems.is_empty();
    bytes(&SettingsResponse { valid, message: (!valid).then(|| message::problems(&problems)) })
}

/// Answers `protocol_version`.
#[must_use]
pub fn protocol_version() -> Vec<u8> {
    br#""v1""#.to_vec()
}

fn not_json(subject: &str, error: &serde_json::Error) -> Problem {
    Problem::new("not-json", subject, format!("text that is not JSON ({error})"), "JSON")
}

/// `answer` as JSON; an answer that JSON cannot hold, which does not exist, would be no answer.
fn bytes(answer: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(answer).unwrap_or_default()
}
