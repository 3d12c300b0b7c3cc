//! The admission policy: refuses a workload whose model does not fit the GPU or MIG slice it asks for.
//!
//! The judge is `migfit::admission`: settings and a request in, a response out. This crate knows its hosts: waPC
//! and WASI. The glue exists in the WebAssembly build alone, so that every test may call the policy natively.
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]
#![cfg_attr(test, allow(clippy::indexing_slicing))]

#[cfg(any(target_arch = "wasm32", test))]
mod bytes;
mod host;
#[cfg(any(target_arch = "wasm32", test))]
mod memory;
#[cfg(all(target_arch = "wasm32", feature = "wapc"))]
mod module;
#[cfg(all(target_arch = "wasm32", feature = "wasi"))]
mod wasi;

use migfit::admission;
use serde::Serialize;

pub use host::{Call, Host, OPERATIONS};

/// Answers `validate`: `{"request": ..., "settings": ...}` in, a Kubewarden validation response out.
/// Whatever cannot be read is refused with the reason.
#[must_use]
pub fn validate(payload: &[u8], host: Host) -> Vec<u8> {
    written(&admission::validate(payload, &|query| host.answer(query)))
}

/// Answers `validate_settings`: settings in, `{"valid": ..., "message": ...}` out.
#[must_use]
pub fn validate_settings(payload: &[u8]) -> Vec<u8> {
    written(&admission::validate_settings(payload))
}

/// Answers `protocol_version`.
#[must_use]
pub fn protocol_version() -> Vec<u8> {
    br#""v1""#.to_vec()
}

/// `answer` as JSON; an answer that JSON cannot hold, which does not exist, would be no answer.
fn written(answer: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(answer).unwrap_or_default()
}
