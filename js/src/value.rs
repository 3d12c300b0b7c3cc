//! Values on their way in and out.

use js_sys::{JSON, JsString};
use migfit::problem::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::error::one;

/// A value for JavaScript: plain objects, `null` for what is absent, `bigint` for 64-bit whole numbers.
pub(crate) fn give(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = Serializer::new()
        .serialize_missing_as_null(true)
        .serialize_maps_as_objects(true)
        .serialize_large_number_types_as_bigints(true);
    value.serialize(&serializer).map_err(|error| {
        one(Problem::new("unprintable", "answer", error.to_string(), "an answer that JavaScript can hold"))
    })
}

/// The value called `name`, its default where it is missing. Numbers may be `number` or `bigint`; a field that is
/// `null` or `undefined` is a field that is absent.
///
/// By way of JSON's values: read directly, a field that the type does not have would go unnoticed.
pub(crate) fn take<T: DeserializeOwned + Default>(name: &str, value: JsValue) -> Result<T, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(T::default());
    }
    let bad =
        |error: String| one(Problem::new("bad-argument", name, error, "the fields that its type names"));
    let mut plain: Value = serde_wasm_bindgen::from_value(value).map_err(|error| bad(error.to_string()))?;
    if let Value::Object(fields) = &mut plain {
        fields.retain(|_, field| !field.is_null());
    }
    serde_json::from_value(plain).map_err(|error| bad(error.to_string()))
}

/// The text of a value that JSON can hold: a text as it is, anything else written as JSON.
pub(crate) fn text(name: &str, value: &JsValue) -> Result<String, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(text);
    }
    let written = if value.is_object() { JSON::stringify(value).ok() } else { None };
    written.and_then(|text| text.as_string()).ok_or_else(|| {
        let kind = String::from(JsString::from(value.js_typeof()));
        one(Problem::new("bad-argument", name, kind, "a text, or an object that JSON can hold"))
    })
}
