//! The policy, as a library and as the module that is shipped: every request gets one answer from both.

mod budget;
mod door;
mod errors;
mod golden;
mod mutated;
mod reviews;
mod settings;
mod verdicts;
