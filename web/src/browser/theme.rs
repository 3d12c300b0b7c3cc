//! The colours that a reader chose.

use gloo::storage::{LocalStorage, Storage as _};

use super::window;

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
