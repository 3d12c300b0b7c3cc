//! Profiles and instances moved by pointer: grabbed, tracked over the card, let go.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::prelude::*;

use crate::browser;

/// The element that shows the slices.
pub(crate) const SLICES: &str = "card-slices";
/// How far a pointer may tremble before it drags, in CSS pixels.
const TREMBLE: i32 = 5;

/// What is being moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drag {
    /// The profile.
    pub(crate) name: String,
    /// Where it stands on the card, where it does.
    pub(crate) from: Option<u8>,
    /// The slice under the pointer.
    pub(crate) over: Option<u8>,
}

/// What handles of drags do.
#[derive(Clone, PartialEq)]
pub(crate) struct Drags {
    now: UseStateHandle<Option<Drag>>,
    grabbed: Rc<RefCell<(i32, i32)>>,
    moved: Rc<Cell<bool>>,
    slices: u8,
    drop: Callback<Drag>,
}

/// Drags over a card of so many slices; `drop` hears where they end.
#[hook]
pub(crate) fn use_drags(slices: u8, drop: Callback<Drag>) -> Drags {
    let now = use_state(|| None::<Drag>);
    let grabbed = use_mut_ref(|| (0, 0));
    let moved = use_memo((), |()| Cell::new(false));
    Drags { now, grabbed, moved, slices, drop }
}

impl Drags {
    /// What is being moved now, once it moves.
    pub(crate) fn now(&self) -> Option<&Drag> {
        self.now.as_ref().filter(|_| self.moved.get())
    }

    /// Whether the click that follows ends a drag, and means nothing else.
    pub(crate) fn ended(&self) -> bool {
        self.moved.take()
    }

    /// Begins to move `name`, which stands at `from` where it is on the card.
    pub(crate) fn grab(&self, name: &str, from: Option<u8>) -> Callback<PointerEvent> {
        let (this, name) = (self.clone(), name.to_owned());
        Callback::from(move |event: PointerEvent| {
            if event.button() == 0 {
                browser::capture(&event);
                this.moved.set(false);
                *this.grabbed.borrow_mut() = (event.client_x(), event.client_y());
                this.now.set(Some(Drag { name: name.clone(), from, over: None }));
            }
        })
    }

    /// Follows the pointer.
    pub(crate) fn track(&self) -> Callback<PointerEvent> {
        let this = self.clone();
        Callback::from(move |event: PointerEvent| {
            let Some(drag) = &*this.now else { return };
            let (x, y) = *this.grabbed.borrow();
            let far = (event.client_x() - x).abs() + (event.client_y() - y).abs() > TREMBLE;
            if far || this.moved.get() {
                let over = browser::share_under(&event, SLICES, this.slices);
                if !this.moved.replace(true) || over != drag.over {
                    this.now.set(Some(Drag { over, ..drag.clone() }));
                }
            }
        })
    }

    /// Lets go.
    pub(crate) fn release(&self) -> Callback<PointerEvent> {
        let this = self.clone();
        Callback::from(move |event: PointerEvent| {
            let Some(drag) = &*this.now else { return };
            this.now.set(None);
            if this.moved.get() {
                let over = browser::share_under(&event, SLICES, this.slices);
                this.drop.emit(Drag { over, ..drag.clone() });
            }
        })
    }

    /// Gives up.
    pub(crate) fn cancel(&self) -> Callback<PointerEvent> {
        let this = self.clone();
        Callback::from(move |_: PointerEvent| {
            this.moved.set(false);
            this.now.set(None);
        })
    }
}
