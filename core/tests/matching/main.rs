//! The laws of the matcher, and a naive matcher beside it that must agree.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod estimates;
mod laws;
mod naive;
mod worlds;
