//! Work done off the main thread. A worker is started for the first that it is asked, and kept for the next.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::{Object, Reflect, Uint8Array};
use migfit_errands::{Answer, Errand, Message, Question, Report, write};
use serde::Serialize;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{File, MessageEvent, Worker, WorkerOptions, WorkerType};

/// The module that knows models, and the one that knows everything.
const READER: &str = "migfit_reader";
const WORKER: &str = "migfit_worker";

thread_local! {
    /// Workers that have nothing to do, by the module that they run.
    static IDLE: RefCell<Vec<(&'static str, Worker)>> = const { RefCell::new(Vec::new()) };
    static READER_STARTED: Cell<bool> = const { Cell::new(false) };
}

/// Work under way; dropping it ends the worker that does it.
pub(crate) struct Sent {
    worker: Rc<RefCell<Option<Worker>>>,
    _listeners: [EventListener; 2],
}

impl Drop for Sent {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            worker.terminate();
        }
    }
}

/// Sends `errand`, with a file whose text the worker reads; `told` hears every report, the last one last.
/// `None` where this browser has no module workers.
pub(crate) fn send(errand: &Errand, file: Option<&File>, told: impl Fn(Report) + 'static) -> Option<Sent> {
    post(WORKER, errand, file, told)
}

/// Asks the reader; `told` hears its answer. `None` where this browser has no module workers.
pub(crate) fn ask(question: &Question, told: impl Fn(Answer) + 'static) -> Option<Sent> {
    post(READER, question, None, told)
}

/// Starts the reader, unless it ever was: the first question need not wait for it then.
pub(crate) fn wake_reader() {
    if READER_STARTED.get() {
        return;
    }
    if let Some(reader) = start(READER) {
        IDLE.with_borrow_mut(|idle| idle.push((READER, reader)));
    }
}

fn post<M: Message>(
    module: &'static str,
    asked: &impl Serialize,
    file: Option<&File>,
    told: impl Fn(M) + 'static,
) -> Option<Sent> {
    let worker = idle(module).or_else(|| start(module))?;
    let doing = Rc::new(RefCell::new(Some(worker.clone())));
    let told = Rc::new(told);
    let heard = {
        let (doing, told) = (doing.clone(), told.clone());
        EventListener::new(&worker, "message", move |event| {
            // Once it is back, the worker does what others ask.
            if doing.borrow().is_none() {
                return;
            }
            let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data).unwrap_or_default();
            // Bytes of the module, or a word of the script around it that it failed.
            let message = match data.as_string() {
                Some(why) => M::broken(why),
                None => M::read(&Uint8Array::new(&data).to_vec()),
            };
            if let Some(worker) = message.is_last().then(|| doing.take()).flatten() {
                IDLE.with_borrow_mut(|idle| idle.push((module, worker)));
            }
            told(message);
        })
    };
    let failed = EventListener::new(&worker, "error", move |_| {
        told(M::broken("the worker could not start".to_owned()));
    });
    let asked = Uint8Array::from(write(asked).as_slice());
    let message = Object::new();
    Reflect::set(&message, &JsValue::from_str("asked"), &asked).ok()?;
    if let Some(file) = file {
        Reflect::set(&message, &JsValue::from_str("file"), file).ok()?;
    }
    worker.post_message(&message).ok()?;
    Some(Sent { worker: doing, _listeners: [heard, failed] })
}

fn idle(module: &str) -> Option<Worker> {
    IDLE.with_borrow_mut(|idle| {
        let place = idle.iter().position(|(of, _)| *of == module)?;
        Some(idle.swap_remove(place).1)
    })
}

/// A worker is named after the module that it runs.
fn start(module: &str) -> Option<Worker> {
    READER_STARTED.set(READER_STARTED.get() || module == READER);
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(module);
    Worker::new_with_options("./worker.js", &options).ok()
}
