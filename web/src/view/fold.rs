//! What is folded away at first is not drawn before somebody unfolds it: half of the page's first elements are.

use yew::prelude::*;

use crate::browser;

/// Whether it was ever unfolded, and what hears of it.
#[hook]
pub(crate) fn use_fold() -> (bool, Callback<Event>) {
    let unfolded = use_state_eq(|| false);
    let toggled = {
        let unfolded = unfolded.clone();
        use_callback((), move |event: Event, ()| {
            if browser::is_open(&event) {
                unfolded.set(true);
            }
        })
    };
    (*unfolded, toggled)
}
