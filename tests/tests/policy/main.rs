//! The policy, as a library and as the module that is shipped: every request gets one answer from both.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod apiserver;
mod budget;
mod claims;
mod cluster;
mod corpus;
mod door;
mod doubling;
mod errors;
mod examples;
mod golden;
mod kubewarden;
mod lints;
mod lookups;
mod metadata;
mod modes;
mod mutated;
mod mutation;
mod patch;
mod raw;
mod reviews;
mod settings;
mod subjects;
mod verdicts;
mod wasi;
