//! The colours that a reader chose.

use web_sys::Storage;

use super::window;

const THEME: &str = "migfit-theme";

/// The colours that the reader chose: `system`, `light` or `dark`.
pub(crate) fn theme() -> String {
    let stored = storage().and_then(|storage| storage.get_item(THEME).ok().flatten());
    stored.unwrap_or_else(|| "system".to_owned())
}

/// Shows and keeps the colours that the reader chose.
pub(crate) fn set_theme(theme: &str) {
    // A browser that stores nothing still shows them until the page is left.
    let _ = storage().map(|storage| storage.set_item(THEME, theme));
    let root = window().and_then(|window| window.document()).and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = root.set_attribute("data-theme", theme);
    }
}

/// Not gloo's, which writes JSON and brings its reader and writer along.
fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}
