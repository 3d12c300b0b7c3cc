//! Narrow reads of a JSON value, each with its path for the message.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::model::json::kind;
use crate::problem::Problem;

/// `value` as an object.
pub(super) fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>, Problem> {
    value.as_object().ok_or_else(|| bad(path, kind(value), "an object"))
}

/// The field `name`, where it is there and not null.
pub(super) fn field<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.get(name).filter(|value| !value.is_null())
}

/// The object below `name`, `None` where it is absent or null.
pub(super) fn part<'a>(
    map: &'a Map<String, Value>,
    path: &str,
    name: &str,
) -> Result<Option<&'a Map<String, Value>>, Problem> {
    match field(map, name) {
        None => Ok(None),
        Some(Value::Object(part)) => Ok(Some(part)),
        Some(other) => Err(bad(&join(path, name), kind(other), "an object")),
    }
}

/// The list below `name`, empty where it is absent or null.
pub(super) fn list<'a>(map: &'a Map<String, Value>, path: &str, name: &str) -> Result<&'a [Value], Problem> {
    match field(map, name) {
        None => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        Some(other) => Err(bad(&join(path, name), kind(other), "a list")),
    }
}

/// The text below `name`, `None` where it is absent or null.
pub(super) fn text<'a>(
    map: &'a Map<String, Value>,
    path: &str,
    name: &str,
) -> Result<Option<&'a str>, Problem> {
    match field(map, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(bad(&join(path, name), kind(other), "a text")),
    }
}

/// The texts in the list below `name`.
pub(super) fn texts(map: &Map<String, Value>, path: &str, name: &str) -> Result<Vec<String>, Problem> {
    let item = |(place, value): (usize, &Value)| match value {
        Value::String(text) => Ok(text.clone()),
        other => Err(bad(&format!("{}[{place}]", join(path, name)), kind(other), "a text")),
    };
    list(map, path, name)?.iter().enumerate().map(item).collect()
}

/// The texts in the object below `name`, by key.
pub(super) fn text_map(
    map: &Map<String, Value>,
    path: &str,
    name: &str,
) -> Result<BTreeMap<String, String>, Problem> {
    let Some(part) = part(map, path, name)? else {
        return Ok(BTreeMap::new());
    };
    let item = |(key, value): (&String, &Value)| match value {
        Value::String(text) => Ok((key.clone(), text.clone())),
        other => Err(bad(&format!("{}[{key:?}]", join(path, name)), kind(other), "a text")),
    };
    gather(part.iter().map(item))
}

/// A map of `items`, put in one by one: collected, each type of map brings a sort along.
pub(super) fn gather<V>(
    items: impl Iterator<Item = Result<(String, V), Problem>>,
) -> Result<BTreeMap<String, V>, Problem> {
    let mut map = BTreeMap::new();
    for item in items {
        let (key, value) = item?;
        map.insert(key, value);
    }
    Ok(map)
}

/// `path.name`, or `name` at the top.
pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A field of the wrong kind or value.
pub(super) fn bad(path: &str, found: impl Into<String>, expected: impl Into<String>) -> Problem {
    Problem::new("bad-object", if path.is_empty() { "object" } else { path }, found, expected)
}
