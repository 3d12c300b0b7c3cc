//! The address and its history.

use gloo::events::EventListener;
use wasm_bindgen::JsValue;

use super::window;

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
    if self::fragment().trim_start_matches('#') == fragment {
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
