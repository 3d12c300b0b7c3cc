//! Work that can wait: done after the browser has shown what is urgent, a piece at a time, so that no key press waits.

use std::cell::RefCell;
use std::collections::BTreeMap;

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

use super::window;

/// Least rank first, of the same rank the oldest.
type Place = (u32, u64);

#[derive(Default)]
struct Queue {
    taken: u64,
    waiting: BTreeMap<Place, Box<dyn FnOnce()>>,
    running: bool,
}

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
}

/// A piece of work that waits; it is not done where this is dropped before.
pub(crate) struct Turn(Place);

impl Drop for Turn {
    fn drop(&mut self) {
        let dropped = QUEUE.with_borrow_mut(|queue| queue.waiting.remove(&self.0));
        drop(dropped);
    }
}

/// Does `work` once the next frame is on the screen, after all work of lower rank.
#[must_use]
pub(crate) fn in_turn(rank: u32, work: impl FnOnce() + 'static) -> Turn {
    let (place, idle) = QUEUE.with_borrow_mut(|queue| {
        queue.taken += 1;
        let place = (rank, queue.taken);
        queue.waiting.insert(place, Box::new(work));
        (place, !std::mem::replace(&mut queue.running, true))
    });
    if idle {
        after_frame();
    }
    Turn(place)
}

fn after_frame() {
    // A callback before the frame, and from it a task, which comes after the frame.
    let before = Closure::once_into_js(|| Timeout::new(0, next).forget());
    let asked = window().map(|window| window.request_animation_frame(before.unchecked_ref()));
    if !matches!(asked, Some(Ok(_))) {
        Timeout::new(0, next).forget();
    }
}

/// One piece of work, then the browser's turn, then the next.
fn next() {
    let work = QUEUE.with_borrow_mut(|queue| {
        let work = queue.waiting.pop_first();
        queue.running = work.is_some();
        work
    });
    if let Some((_, work)) = work {
        work();
        Timeout::new(0, next).forget();
    }
}
