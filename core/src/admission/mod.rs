//! Whether a cluster is to store an object: a review under the settings of an operator.
//!
//! Every door gives the same answer: the policy's module, and whoever tries its settings without a cluster.
//! What the cluster would have to be asked for is asked of a function that the door hands in.

mod demands;
mod exempt;
mod gathered;
mod judge;
mod lookup;
mod message;
mod raw;
mod request;
mod response;
mod ruling;
pub mod settings;

use serde_json::{Map, Value, json};

pub use judge::judge;
pub use lookup::{Ask, KINDS, Query, Which, nobody};
pub use request::{Object, Who};
pub use response::{Response, SettingsResponse};
pub use ruling::Ruling;
pub use settings::Settings;

use crate::model::json::kind;
use crate::problem::Problem;

/// Answers `validate`: `{"request": ..., "settings": ...}` in, a Kubewarden validation response out.
/// Whatever cannot be read is refused with the reason.
#[must_use]
pub fn validate(payload: &[u8], ask: Ask) -> Response {
    // Text is tested as a whole, which is faster than string by string; what is none gets the parser's message.
    let parsed = match str::from_utf8(payload) {
        Ok(text) => serde_json::from_str::<Value>(text),
        Err(_) => serde_json::from_slice(payload),
    };
    match parsed {
        Ok(Value::Object(payload)) => validate_value(&payload, ask),
        Ok(other) => Response::refuse(&[Problem::new("bad-request", "payload", kind(&other), "an object")]),
        Err(error) => Response::refuse(&[not_json("payload", &error)]),
    }
}

fn validate_value(payload: &Map<String, Value>, ask: Ask) -> Response {
    let empty = json!({});
    let settings = match Settings::read(payload.get("settings").unwrap_or(&empty)) {
        Ok(settings) => settings,
        Err(problems) => return Response::refuse(&problems),
    };
    match payload.get("request") {
        Some(request) => judge(request, &settings, ask),
        None => {
            Response::refuse(&[Problem::new("bad-request", "request", "nothing", "an admission request")])
        }
    }
}

/// Answers `validate_settings`: settings in, `{"valid": ..., "message": ...}` out.
#[must_use]
pub fn validate_settings(payload: &[u8]) -> SettingsResponse {
    let problems = match serde_json::from_slice::<Value>(payload) {
        Ok(settings) => settings::check(&settings),
        Err(error) => vec![not_json("settings", &error)],
    };
    let valid = problems.is_empty();
    SettingsResponse { valid, message: (!valid).then(|| message::problems(&problems)) }
}

fn not_json(subject: &str, error: &serde_json::Error) -> Problem {
    Problem::new("not-json", subject, format!("text that is not JSON ({error})"), "JSON")
}
