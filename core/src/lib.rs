//! Does a language model fit a GPU or a MIG slice, and why?
//!
//! A pure library: no I/O, no clock, no browser, no waPC. Doors (terminal, page, policy, package)
//! hand it text and settings and get values back; a misfit is a value with reasons, not an error.
//!
//! ```
//! use migfit::engine::Serving;
//! use migfit::{catalog, gpu, matching};
//!
//! let model = catalog::find("meta-llama/Llama-3.1-8B-Instruct")?.model()?;
//! let device = gpu::device("H100-80GB 1g.20gb")?;
//! let serving = Serving { max_model_len: Some(8192), ..Serving::default() };
//! let report = matching::fit(&model, &serving, &[device])?;
//! assert_eq!(report.offers[0].verdict, matching::Verdict::Fits);
//! # Ok::<(), Vec<migfit::problem::Problem>>(())
//! ```
//!
//! Read on from the question that you have:
//!
//! | question | where | example |
//! |---|---|---|
//! | what is this model? | [`model`], [`inspect`], [`catalog`] | |
//! | does it fit that slice, and which is the smallest that holds it? | [`matching::fit`] | `does_it_fit`, `smallest_slice` |
//! | what would make it fit? | [`matching::advise`] | `make_it_fit` |
//! | what is this card, and how can it be cut? | [`gpu`], [`gpu::layout`] | |
//! | how are GPUs to be cut for these models? | [`planning`] | `cut_gpus` |
//! | does this manifest ask for a device that holds its model? | [`review`], [`kubernetes`] | `check_manifest` |
//! | which pools hold it? | [`workloads`], [`matching::pools`], [`fleet`] | |
//! | what do I give my cluster? | [`exports`] | |
//!
//! Memory is [`units::Bytes`]. Input that cannot be used is a [`problem::Problem`], all of them at once.
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
pub mod workloads;
pub mod yaml;
