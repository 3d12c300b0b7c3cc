//! Files that were picked or dropped, and texts that were pasted.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, Event, File, HtmlInputElement};
use yew::TargetCast as _;

/// Hands over the text of `file`, `None` where the browser cannot read it.
pub(crate) fn read(file: &File, then: impl FnOnce(Option<String>) + 'static) {
    let text = file.text();
    spawn_local(async move { then(JsFuture::from(text).await.ok().and_then(|text| text.as_string())) });
}

/// The first file that was dropped.
pub(crate) fn dropped(event: &DragEvent) -> Option<File> {
    event.prevent_default();
    event.data_transfer()?.files()?.get(0)
}

/// Lets files be dropped here instead of being opened by the browser.
pub(crate) fn allow_drop(event: &DragEvent) {
    event.prevent_default();
}

/// The first file that was picked.
pub(crate) fn picked(event: &Event) -> Option<File> {
    let input = event.target_dyn_into::<HtmlInputElement>()?;
    let file = input.files()?.get(0);
    // So that picking the same file again is a change again.
    input.set_value("");
    file
}

/// The text that is pasted, where it is longer than `most` bytes; it is then not put into the field.
pub(crate) fn pasted(event: &Event, most: usize) -> Option<String> {
    use wasm_bindgen::JsCast as _;
    let pasted = event.dyn_ref::<web_sys::ClipboardEvent>()?.clipboard_data()?;
    let text = pasted.get_data("text/plain").ok().filter(|text| text.len() > most)?;
    event.prevent_default();
    Some(text)
}
