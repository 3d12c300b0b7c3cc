//! JavaScript's door: the core's questions as functions that take and give plain values.
//!
//! Every 64-bit whole number is a `bigint`, so that no byte is lost; every error is an `Error` with `code`,
//! `message`, `hint` and `problems`. The types of answers are `js/types.d.ts`, written from the core's own definitions.

mod cluster;
mod error;
mod manifests;
mod model;
mod planning;
mod sizing;
mod slices;
mod value;

pub use cluster::{check, match_pools};
pub use manifests::{export_kinds, export_manifest};
pub use model::{inspect, models};
pub use planning::plan;
pub use sizing::{advise, estimate, fit};
pub use slices::{gpus, layouts};

use wasm_bindgen::prelude::wasm_bindgen;

/// What the functions take and give, by hand.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// What the core answers, written by a test from its definitions.
#[wasm_bindgen(typescript_custom_section)]
const ANSWERS: &str = include_str!("../types.d.ts");
