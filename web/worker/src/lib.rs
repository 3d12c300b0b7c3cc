//! The door of the Web Worker: an errand as JSON in, progress on the way, a report as JSON out.
#![cfg(target_arch = "wasm32")]

use js_sys::Function;
use migfit_errands::{Errand, Report, perform};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Does `errand` (the JSON of an [`Errand`]) with the text of a file, where one came with it; hands every
/// [`Report`] to `tell` as JSON, the last one last.
#[wasm_bindgen]
pub fn errand(errand: &str, file: Option<String>, tell: &Function) {
    let tell = |report: &Report| {
        let json = serde_json::to_string(report).unwrap_or_default();
        // A page that has gone away is not told.
        let _ = tell.call1(&JsValue::NULL, &JsValue::from_str(&json));
    };
    let asked = serde_json::from_str::<Errand>(errand);
    tell(&match asked {
        Ok(errand) => perform(errand.with_file(file), &mut |progress| tell(&Report::Progress(progress))),
        // Page and worker come from the same place, but one of them may be older.
        Err(error) => Report::outdated(&error.to_string()),
    });
}
