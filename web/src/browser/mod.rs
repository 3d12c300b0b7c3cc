//! The only room that touches the browser: its storage, address, clipboard, files and events.

mod address;
mod files;
mod hub;
mod picture;
mod pointer;
mod save;
mod theme;
mod turns;
mod worker;

use gloo::timers::callback::Timeout;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, InputEvent, Window};
use yew::TargetCast as _;

pub(crate) use address::{address_of, fragment, on_navigation, push_fragment};
pub(crate) use files::{allow_drop, dropped, pasted, picked, read};
pub(crate) use hub::{Fetching, fetch, hub};
pub(crate) use picture::save_png;
pub(crate) use pointer::{capture, share_under};
pub(crate) use save::save;
pub(crate) use theme::{set_theme, theme};
pub(crate) use turns::in_turn;
pub(crate) use web_sys::File;
pub(crate) use worker::{Sent, ask, send, wake_reader};

use crate::view::App;

/// Draws the page into `node`.
#[wasm_bindgen]
pub fn mount(node: Element) {
    yew::Renderer::<App>::with_root(node).render();
}

fn window() -> Option<Window> {
    web_sys::window()
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

/// Whether something that folds was opened.
pub(crate) fn is_open(event: &Event) -> bool {
    event.target_dyn_into::<Element>().is_some_and(|folded| folded.has_attribute("open"))
}

/// Whether a box was ticked.
pub(crate) fn ticked(event: &Event) -> bool {
    event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked())
}
