//! Files that were picked or dropped.

use migfit::model::json::MAX_TEXT_BYTES;
use migfit::problem::Problem;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};
use yew::TargetCast as _;

/// A file: its name and text, or why it cannot be taken.
pub(crate) type Opened = Result<(String, String), Problem>;

fn open(file: File, then: impl FnOnce(Opened) + 'static) {
    let name = file.name();
    if file.size() > MAX_TEXT_BYTES as f64 {
        let (found, expected) =
            (format!("{:.0} bytes", file.size()), format!("at most {MAX_TEXT_BYTES} bytes"));
        let hint = "a model's config.json is a few kilobytes; is this the right file?";
        return then(Err(Problem::new("too-large", name, found, expected).hint(hint)));
    }
    spawn_local(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
        let unreadable =
            || Problem::new("unreadable", name.clone(), "a file that the browser cannot read", "a text file");
        then(text.map(|text| (name.clone(), text)).ok_or_else(unreadable));
    });
}

fn open_first(files: Option<FileList>, then: impl FnOnce(Opened) + 'static) {
    if let Some(file) = files.and_then(|files| files.get(0)) {
        open(file, then);
    }
}

/// Reads the first file that was dropped.
pub(crate) fn open_dropped(event: &DragEvent, then: impl FnOnce(Opened) + 'static) {
    event.prevent_default();
    open_first(event.data_transfer().and_then(|transfer| transfer.files()), then);
}

/// Lets files be dropped here instead of being opened by the browser.
pub(crate) fn allow_drop(event: &DragEvent) {
    event.prevent_default();
}

/// Reads the first file that was picked.
pub(crate) fn open_picked(event: &Event, then: impl FnOnce(Opened) + 'static) {
    let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
    open_first(input.files(), then);
    // So that picking the same file again is a change again.
    input.set_value("");
}
