//! The door of the page's reader: the bytes of a question in, those of an answer out.
#![cfg(target_arch = "wasm32")]

use js_sys::{Function, Uint8Array};
use migfit_errands::{Answer, Message as _, Question, answer, read, write};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers `question` (the bytes of a [`Question`]): hands those of an [`Answer`] to `tell`.
#[wasm_bindgen]
pub fn asked(question: &[u8], tell: &Function) {
    let told = match read::<Question>(question) {
        Ok(question) => answer(&question),
        Err(why) => Answer::broken(why),
    };
    // A page that has gone away is not told.
    let _ = tell.call1(&JsValue::NULL, &Uint8Array::from(write(&told).as_slice()));
}
