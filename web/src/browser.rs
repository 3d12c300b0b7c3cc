//! The only room that touches the browser: its storage, address, clipboard, files and events.

use gloo::events::EventListener;
use gloo::storage::{LocalStorage, Storage as _};
use gloo::timers::callback::Timeout;
use migfit::model::json::MAX_TEXT_BYTES;
use migfit::problem::Problem;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    DragEvent, Element, Event, File, FileList, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
    InputEvent, Window,
};
use yew::TargetCast as _;

use crate::view::App;

/// Draws the page into `node`.
#[wasm_bindgen]
pub fn mount(node: Element) {
    yew::Renderer::<App>::with_root(node).render();
}

fn window() -> Option<Window> {
    web_sys::window()
}

/// What stands behind the `#` of the address.
pub(crate) fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// The address without what stands behind the `#`.
fn address() -> String {
    let href = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// The address of `fragment`.
pub(crate) fn address_of(fragment: &str) -> String {
    format!("{}#{fragment}", address())
}

/// Puts `fragment` into the address as a step that "back" undoes.
pub(crate) fn push_fragment(fragment: &str) {
    if crate::browser::fragment().trim_start_matches('#') == fragment {
        return;
    }
    let url = if fragment.is_empty() { address() } else { address_of(fragment) };
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        // A browser that counts too many steps refuses; the page works without the link.
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&url));
    }
}

/// Calls `then` with the fragment whenever the reader goes back, forward, or edits the address.
pub(crate) fn on_navigation(then: impl Fn(String) + 'static) -> Option<EventListener> {
    let window = window()?;
    Some(EventListener::new(&window, "popstate", move |_| then(fragment())))
}

/// Calls `then` in `milliseconds`, unless what is returned is dropped before.
pub(crate) fn later(milliseconds: u32, then: impl FnOnce() + 'static) -> Timeout {
    Timeout::new(milliseconds, then)
}

/// Copies `text`; says whether the browser let it.
pub(crate) fn copy(text: String, then: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let clipboard = window().map(|window| window.navigator().clipboard());
        // Pages that are not served securely have no clipboard at all.
        let done = match clipboard.filter(|clipboard| !clipboard.is_undefined()) {
            Some(clipboard) => JsFuture::from(clipboard.write_text(&text)).await.is_ok(),
            None => false,
        };
        then(done);
    });
}

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

/// What was typed into a text field of several lines.
pub(crate) fn text(event: &InputEvent) -> String {
    event.target_dyn_into::<HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default()
}

/// What was typed into a field.
pub(crate) fn typed(event: &InputEvent) -> String {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

/// What was chosen from a list.
pub(crate) fn chosen(event: &Event) -> String {
    event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default()
}

/// Whether a box was ticked.
pub(crate) fn ticked(event: &Event) -> bool {
    event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked())
}

const THEME: &str = "migfit-theme";

/// The colours that the reader chose: `system`, `light` or `dark`.
pub(crate) fn theme() -> String {
    LocalStorage::get(THEME).unwrap_or_else(|_| "system".to_owned())
}

/// Shows and keeps the colours that the reader chose.
pub(crate) fn set_theme(theme: &str) {
    // A browser that stores nothing still shows them until the page is left.
    let _ = LocalStorage::set(THEME, theme);
    let root = window().and_then(|window| window.document()).and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = root.set_attribute("data-theme", theme);
    }
}
