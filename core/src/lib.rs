//! Does a language model fit a GPU or a MIG slice, and why?
//!
//! A pure library: no I/O, no clock, no browser, no waPC. Doors (terminal, page, policy, package)
//! hand it text and settings and get values back; a misfit is a value with reasons, not an error.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::float_arithmetic))]

pub mod admission;
pub mod catalog;
pub mod correction;
pub mod engine;
pub mod exports;
pub mod fleet;
pub mod gpu;
pub mod inspect;
pub mod kubernetes;
pub mod matching;
pub mod memory;
pub mod model;
pub mod order;
mod packed;
pub mod planning;
pub mod problem;
pub mod ratio;
pub mod review;
pub mod source;
pub mod units;
pub mod yaml;
