//! One element of the open page, as a person or assistive software meets it.

use std::fmt::Debug;
use std::sync::Arc;

use anyhow::Result;
use http::Method;
use serde_json::Value;
use thirtyfour::WebElement;
use thirtyfour::common::command::{Command, ExtensionCommand};

use super::Browser;

/// An element of the page that a [`Browser`] shows. It can go stale when the page draws itself anew: find it
/// again then.
pub struct Element<'a> {
    browser: &'a Browser,
    inner: WebElement,
}

impl<'a> Element<'a> {
    pub(super) fn new(browser: &'a Browser, inner: WebElement) -> Element<'a> {
        Element { browser, inner }
    }

    /// The text that is shown, as the browser renders it.
    ///
    /// # Errors
    /// Where the element has gone.
    pub fn text(&self) -> Result<String> {
        self.browser.wait(self.inner.text())
    }

    /// The value of a form field.
    ///
    /// # Errors
    /// Where the element has gone.
    pub fn value(&self) -> Result<String> {
        Ok(self.browser.wait(self.inner.value())?.unwrap_or_default())
    }

    /// An attribute, where it is there.
    ///
    /// # Errors
    /// Where the element has gone.
    pub fn attribute(&self, name: &str) -> Result<Option<String>> {
        self.browser.wait(self.inner.attr(name))
    }

    /// Clicks in the middle of it.
    ///
    /// # Errors
    /// Where it cannot be clicked: hidden, covered or gone.
    pub fn click(&self) -> Result<()> {
        self.browser.wait(self.inner.click())
    }

    /// Presses on it, moves the pointer by so many CSS pixels, and lets go.
    ///
    /// # Errors
    /// Where the element has gone.
    pub fn drag_by(&self, right: i64, down: i64) -> Result<()> {
        let chain = self.browser.session()?.action_chain();
        // In two moves, as a hand does: the first alone is not yet a drag.
        let chain = chain.move_to_element_center(&self.inner).click_and_hold();
        let chain =
            chain.move_by_offset(right / 2, down / 2).move_by_offset(right - right / 2, down - down / 2);
        self.browser.wait(chain.release().perform())
    }

    /// Presses the keys of `text` one after the other; into a file field, the path of the file to choose.
    ///
    /// # Errors
    /// Where it takes no keys.
    pub fn type_text(&self, text: &str) -> Result<()> {
        self.browser.wait(self.inner.send_keys(text))
    }

    /// Empties a form field.
    ///
    /// # Errors
    /// Where it is not one.
    pub fn clear(&self) -> Result<()> {
        self.browser.wait(self.inner.clear())
    }

    /// Pastes `text` as a person does: a `paste` event that carries it, then, unless the page took the event
    /// for itself, the text at the cursor and an `input` event. Any length, at once.
    ///
    /// # Errors
    /// Where the element has gone.
    pub fn paste(&self, text: &str) -> Result<()> {
        let session = self.browser.session()?;
        let arguments = vec![self.inner.to_json()?, Value::from(text)];
        self.browser.wait(session.execute(PASTE, arguments)).map(drop)
    }

    /// Drops a file of this name and text on the element, as from a file manager.
    ///
    /// # Errors
    /// Where the element has gone.
    pub fn drop_file(&self, name: &str, text: &str) -> Result<()> {
        let session = self.browser.session()?;
        let arguments = vec![self.inner.to_json()?, Value::from(name), Value::from(text)];
        self.browser.wait(session.execute(DROP, arguments)).map(drop)
    }

    /// The role that assistive software is told: `button`, `textbox`, `table`.
    ///
    /// # Errors
    /// Where the element has gone.
    pub fn role(&self) -> Result<String> {
        self.computed("computedrole")
    }

    /// The name that assistive software is told.
    ///
    /// # Errors
    /// Where the element has gone.
    pub fn name(&self) -> Result<String> {
        self.computed("computedlabel")
    }

    fn computed(&self, what: &'static str) -> Result<String> {
        let session = self.browser.session()?;
        let command = Computed { endpoint: format!("/element/{}/{what}", self.inner.element_id()).into() };
        let answer = self.browser.wait(session.cmd(Command::ExtensionCommand(Box::new(command))))?;
        Ok(answer.value()?)
    }
}

const PASTE: &str = r#"
    const [element, text] = arguments;
    element.focus();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    if (element.dispatchEvent(event)) document.execCommand("insertText", false, text);
"#;

const DROP: &str = r#"
    const [element, name, text] = arguments;
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name, { type: "application/json" }));
    for (const type of ["dragenter", "dragover", "drop"])
        element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
"#;

/// A question about accessibility that the WebDriver standard has and the client library has not.
#[derive(Debug)]
struct Computed {
    endpoint: Arc<str>,
}

impl ExtensionCommand for Computed {
    fn parameters_json(&self) -> Option<Value> {
        None
    }

    fn method(&self) -> Method {
        Method::GET
    }

    fn endpoint(&self) -> Arc<str> {
        Arc::clone(&self.endpoint)
    }
}

/// A CSS selector for the elements that can have `role`; the browser is asked which of them have it.
pub(super) fn candidates(role: &str) -> String {
    let native = match role {
        "button" => "button, summary, input",
        "textbox" => "textarea, input",
        "checkbox" | "radio" | "spinbutton" | "slider" | "searchbox" => "input",
        "combobox" | "listbox" => "select, input",
        "link" => "a",
        "heading" => "h1, h2, h3, h4, h5, h6",
        "table" => "table",
        "image" => "img, svg",
        "status" => "output",
        "region" => "section",
        "group" => "fieldset, details",
        _ => "",
    };
    let separator = if native.is_empty() { "" } else { ", " };
    format!("{native}{separator}[role='{role}']")
}
