//! Where a pointer is.

use yew::{PointerEvent, TargetCast as _};

use super::window;

/// Lets the element that was pressed hear of the pointer until it is let go, wherever that is.
pub(crate) fn capture(event: &PointerEvent) {
    if let Some(element) = event.target_dyn_into::<web_sys::Element>() {
        // A pointer that is gone already cannot be captured, and drags nothing.
        _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// Over which of so many equal `shares` of the element `id`, from left to right, the pointer is.
pub(crate) fn share_under(event: &PointerEvent, id: &str, shares: u8) -> Option<u8> {
    let area = window()?.document()?.get_element_by_id(id)?.get_bounding_client_rect();
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    let inside = (area.left()..area.right()).contains(&x) && (area.top()..area.bottom()).contains(&y);
    inside.then(|| ((x - area.left()) / area.width() * f64::from(shares)) as u8)
}
