//! Errands done off the main thread. The worker is started for the first errand and kept for the next ones.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::{Object, Reflect};
use migfit_errands::{Errand, Report};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{File, MessageEvent, Worker, WorkerOptions, WorkerType};

thread_local! {
    /// A worker that has nothing to do.
    static IDLE: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

/// An errand under way; dropping it ends the worker that does it.
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
    let worker = IDLE.take().or_else(start)?;
    let doing = Rc::new(RefCell::new(Some(worker.clone())));
    let told = Rc::new(told);
    let heard = {
        let (doing, told) = (doing.clone(), told.clone());
        EventListener::new(&worker, "message", move |event| {
            // Once it is back, the worker does errands of others.
            if doing.borrow().is_none() {
                return;
            }
            let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
            let read = serde_json::from_str(&text.unwrap_or_default());
            let report = read.unwrap_or_else(|error| Report::outdated(&error.to_string()));
            if !matches!(report, Report::Progress(_)) {
                IDLE.set(doing.take());
            }
            told(report);
        })
    };
    let failed = EventListener::new(&worker, "error", move |_| {
        told(Report::Broken { why: "the worker could not start".to_owned() });
    });
    let asked = serde_json::to_string(errand).ok()?;
    let message = Object::new();
    Reflect::set(&message, &JsValue::from_str("asked"), &JsValue::from_str(&asked)).ok()?;
    if let Some(file) = file {
        Reflect::set(&message, &JsValue::from_str("file"), file).ok()?;
    }
    worker.post_message(&message).ok()?;
    Some(Sent { worker: doing, _listeners: [heard, failed] })
}

fn start() -> Option<Worker> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options("./worker.js", &options).ok()
}
