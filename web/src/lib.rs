//! The page: state -> outcome -> view.
//!
//! [`state`] is what a reader chose, [`outcome`] what follows from it; both are free of browser
//! types and run natively. The view draws an outcome, and `browser` alone touches the browser.

pub mod outcome;
pub mod state;
pub mod texts;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use browser::mount;
