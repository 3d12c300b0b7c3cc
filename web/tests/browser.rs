//! The page's components in a real browser, run by `wasm-pack test --headless --chrome`.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use gloo::timers::future::TimeoutFuture;
use js_sys::{Reflect, Uint8Array};
use migfit_errands::{Question, answer, read, write};
use migfit_web::mount;
use migfit_web::state::examples::GRANITE_7B_BASE;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, HtmlElement, HtmlTextAreaElement, InputEvent, InputEventInit};

wasm_bindgen_test_configure!(run_in_browser);

/// The page in a node of its own.
struct Page {
    node: Element,
}

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// Stands in for the workers, whose files the server of these tests does not have: answers as the reader does.
const WORKER: &str = "globalThis.Worker = class extends EventTarget { \
    postMessage({ asked }) { setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: answered(asked) }))) } \
    terminate() {} }";

fn answered(asked: &Uint8Array) -> Uint8Array {
    let question: Question = read(&asked.to_vec()).unwrap();
    Uint8Array::from(write(&answer(&question)).as_slice())
}

fn stand_in() {
    let answered = Closure::<dyn Fn(Uint8Array) -> Uint8Array>::new(|asked| answered(&asked));
    Reflect::set(&js_sys::global(), &"answered".into(), &answered.into_js_value()).unwrap();
    js_sys::eval(WORKER).unwrap();
}

impl Page {
    /// An untouched page, whatever the one before left in the address.
    fn new() -> Page {
        stand_in();
        let window = web_sys::window().unwrap();
        let path = window.location().pathname().unwrap();
        window.history().unwrap().replace_state_with_url(&JsValue::NULL, "", Some(&path)).unwrap();
        let node = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&node).unwrap();
        mount(node.clone());
        Page { node }
    }

    async fn find(&self, css: &str) -> HtmlElement {
        for _ in 0..200 {
            if let Some(found) = self.node.query_selector(css).unwrap() {
                return found.unchecked_into();
            }
            TimeoutFuture::new(10).await;
        }
        panic!("no {css} in {}", self.node.inner_html());
    }

    async fn paste(&self, text: &str) {
        let area: HtmlTextAreaElement = self.find("#config").await.unchecked_into();
        area.set_value(text);
        let bubbles = InputEventInit::new();
        bubbles.set_bubbles(true);
        area.dispatch_event(&InputEvent::new_with_event_init_dict("input", &bubbles).unwrap()).unwrap();
    }

    async fn text(&self, css: &str, part: &str) -> String {
        let mut text = String::new();
        for _ in 0..200 {
            text = self.find(css).await.text_content().unwrap_or_default();
            if text.contains(part) {
                return text;
            }
            TimeoutFuture::new(10).await;
        }
        panic!("{css} says {text:?}, not {part:?}");
    }
}

impl Page {
    /// Waits until there are `count` of `css`: a table comes a run of rows at a time.
    async fn wait_for(&self, css: &str, count: u32) {
        for _ in 0..200 {
            if self.node.query_selector_all(css).unwrap().length() == count {
                return;
            }
            TimeoutFuture::new(10).await;
        }
        panic!("{} of {css}, not {count}", self.node.query_selector_all(css).unwrap().length());
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.node.remove();
    }
}

#[wasm_bindgen_test]
async fn a_pasted_config_gets_its_verdict() {
    let page = Page::new();
    page.paste(GRANITE_7B_BASE).await;
    let sentence = page.text(".answer__sentence", "smallest").await;
    assert_eq!(
        sentence,
        "LlamaForCausalLM at bfloat16 needs 15.3 GiB for 1 sequence of 4,096 tokens: \
         the smallest that holds it is A100-40GB 3g.20gb (19.5 GiB, 17.9 GiB of it usable)."
    );
    assert_eq!(page.text(".answer .verdict", "fits").await, "fits");
    assert_eq!(page.text(".answer__resource code", "nvidia").await, "nvidia.com/mig-3g.20gb");
    page.wait_for("tbody .devices__row", 32).await;
}

#[wasm_bindgen_test]
async fn a_bad_config_gets_the_core_s_message() {
    let page = Page::new();
    page.paste("[1]").await;
    assert_eq!(
        page.text(".problem", "found").await,
        "This config.json cannot be usedconfig.json: found a list, expected a JSON object"
    );
    assert_eq!(page.find("#config").await.get_attribute("aria-invalid").as_deref(), Some("true"));
}

#[wasm_bindgen_test]
async fn another_device_opens_its_figures() {
    let page = Page::new();
    page.find(".answer .button--main").await.click();
    page.text(".memory__device", "A100-40GB 3g.20gb").await;
    page.find("tbody .devices__open").await.click();
    page.text(".memory__device", "A100-40GB 39.6 GiB").await;
    assert_eq!(
        page.find("tbody .devices__open").await.get_attribute("aria-pressed").as_deref(),
        Some("true")
    );
}
