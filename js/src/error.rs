//! Problems as what JavaScript throws.

use js_sys::{Array, Error, Reflect};
use migfit::problem::Problem;
use wasm_bindgen::JsValue;

use crate::value;

/// An `Error` whose message has every problem, a line each, and whose `code` and `hint` are the first one's.
pub(crate) fn thrown(problems: Vec<Problem>) -> JsValue {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let error = Error::new(&lines.join("\n"));
    error.set_name("MigfitError");
    let first = problems.first();
    let hint = first.and_then(|problem| problem.hint.as_deref());
    set(&error, "code", &first.map_or("", |problem| problem.code).into());
    set(&error, "hint", &hint.map_or(JsValue::NULL, JsValue::from));
    set(&error, "problems", &value::give(&problems).unwrap_or_else(|_| Array::new().into()));
    error.into()
}

/// As [`thrown`], for one.
pub(crate) fn one(problem: Problem) -> JsValue {
    thrown(vec![problem])
}

/// A new `Error` takes any property, so there is no failure to tell of.
fn set(error: &Error, name: &str, value: &JsValue) {
    _ = Reflect::set(error, &name.into(), value);
}
