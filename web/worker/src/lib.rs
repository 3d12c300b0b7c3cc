//! The door of the Web Worker: the bytes of an errand in, progress on the way, those of a report out.
#![cfg(target_arch = "wasm32")]

use js_sys::{Function, Uint8Array};
use migfit_errands::{Errand, Message as _, Report, perform, read, write};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Does `errand` (the bytes of an [`Errand`]) with the text of a file, where one came with it; hands those of every
/// [`Report`] to `tell`, the last one last.
#[wasm_bindgen]
pub fn asked(errand: &[u8], tell: &Function, file: Option<String>) {
    let tell = |report: &Report| {
        // A page that has gone away is not told.
        let _ = tell.call1(&JsValue::NULL, &Uint8Array::from(write(report).as_slice()));
    };
    tell(&match read::<Errand>(errand) {
        Ok(errand) => perform(errand.with_file(file), &mut |progress| tell(&Report::Progress(progress))),
        Err(why) => Report::broken(why),
    });
}
