//! Values that may follow a little later than the answer.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser;

/// In which order the parts of the page follow the answer. Rows of the table come in runs, each with a rank of its own.
pub(crate) mod rank {
    /// Advice.
    pub(crate) const ADVICE: u32 = 10;
    /// The bar.
    pub(crate) const BAR: u32 = 11;
    /// The first runs of the table, which may be in view.
    pub(crate) const TABLE: u32 = 12;
    /// The chart.
    pub(crate) const CHART: u32 = 30;
    /// The card.
    pub(crate) const CARD: u32 = 31;
    /// What follows from the model alone.
    pub(crate) const MODEL: u32 = 32;
    /// The other runs of the table, one after the other.
    pub(crate) const ROWS: u32 = 40;
}

/// What `value` was when the browser last had time for work of this rank; `None` before the first time.
#[hook]
pub(crate) fn use_later<T: PartialEq + 'static>(value: Rc<T>, rank: u32) -> Option<Rc<T>> {
    let shown = use_state(|| None::<Rc<T>>);
    use_effect_with(value, {
        let shown = shown.clone();
        move |value| {
            let turn = (shown.as_ref() != Some(value)).then(|| {
                let value = value.clone();
                browser::in_turn(rank, move || shown.set(Some(value)))
            });
            move || drop(turn)
        }
    });
    (*shown).clone()
}
