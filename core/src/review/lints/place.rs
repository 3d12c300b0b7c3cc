//! Parts of an object by their path, as findings write it.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// The part of `object` at `path`: `spec.containers[0].resources.limits["nvidia.com/gpu"]`.
pub(super) fn at<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let (first, mut rest) = step(path)?;
    let mut here = object.get(first)?;
    while !rest.is_empty() {
        let (name, after) = step(rest)?;
        here = match (here, rest.starts_with("[\"")) {
            (Value::Array(items), false) => items.get(name.parse::<usize>().ok()?)?,
            (other, _) => other.get(name)?,
        };
        rest = after;
    }
    Some(here)
}

/// The first name of a path, or place in a list, and the rest of the path.
fn step(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix('.').unwrap_or(path);
    if let Some(inside) = path.strip_prefix("[\"") {
        return inside.split_once("\"]");
    }
    match path.strip_prefix('[') {
        Some(inside) => inside.split_once(']'),
        None => path.split_at_checked(path.find(['.', '[']).unwrap_or(path.len())),
    }
}

/// The object at `path`, an empty one where there is none.
pub(super) fn part<'a>(object: &'a Map<String, Value>, path: &str) -> &'a Map<String, Value> {
    static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    at(object, path).and_then(Value::as_object).unwrap_or(&EMPTY)
}

/// The list at `path`, an empty one where there is none.
pub(super) fn list<'a>(object: &'a Map<String, Value>, path: &str) -> &'a [Value] {
    at(object, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The text below `name`.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_what_a_path_names() {
        let object = json!({"a": {"b": [{"c": 1}, {"x.y/z": {"d": 2}}]}});
        let object = object.as_object().unwrap();
        for (path, value) in [
            ("a.b[0].c", Some(json!(1))),
            ("a.b[1][\"x.y/z\"].d", Some(json!(2))),
            ("", None),
            ("a.c", None),
            ("a.b[2]", None),
            ("a.b[x]", None),
            ("a.b[0", None),
            ("a[\"b", None),
        ] {
            assert_eq!(at(object, path).cloned(), value, "{path}");
        }
    }
}
