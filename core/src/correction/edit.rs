//! Getting at a part of an object by its path, and renaming a key where it stands.

use serde_json::{Map, Value};

/// The part of `object` at `path`: `spec.template.spec.containers[0]`.
pub(super) fn part<'a>(object: &'a mut Value, path: &str) -> Option<&'a mut Map<String, Value>> {
    let mut part = object;
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let (name, places) = step.split_once('[').unwrap_or((step, ""));
        part = part.get_mut(name)?;
        for place in places.split_terminator('[') {
            part = part.get_mut(place.strip_suffix(']')?.parse::<usize>().ok()?)?;
        }
    }
    part.as_object_mut()
}

/// Renames `from` to `to` without moving it. `None` where there is a `to` already.
pub(super) fn rename(map: &mut Map<String, Value>, from: &str, to: &str) -> Option<()> {
    if from == to || !map.contains_key(from) {
        return Some(());
    }
    if map.contains_key(to) {
        return None;
    }
    let renamed = std::mem::take(map).into_iter().map(|(name, value)| {
        let name = if name == from { to.to_owned() } else { name };
        (name, value)
    });
    *map = renamed.collect();
    Some(())
}

/// The object below `name`, made where nothing stands there.
pub(super) fn below<'a>(map: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Map<String, Value>> {
    let value = map.entry(name).or_insert(Value::Null);
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut()
}

/// The list below `name`, likewise.
pub(super) fn list<'a>(map: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Vec<Value>> {
    let value = map.entry(name).or_insert(Value::Null);
    if value.is_null() {
        *value = Value::Array(Vec::new());
    }
    value.as_array_mut()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_is_renamed_where_it_stands_and_never_over_another() {
        let renamed = |from: &str, to: &str| {
            let mut map = json!({"a": 1, "b": 2, "c": 3}).as_object().cloned().unwrap();
            (rename(&mut map, from, to).is_some(), Value::Object(map).to_string())
        };
        let untouched = r#"{"a":1,"b":2,"c":3}"#.to_owned();
        assert_eq!(renamed("b", "d"), (true, r#"{"a":1,"d":2,"c":3}"#.to_owned()));
        assert_eq!(renamed("b", "c"), (false, untouched.clone()));
        assert_eq!(renamed("b", "b"), (true, untouched.clone()));
        assert_eq!(renamed("x", "a"), (true, untouched));
    }
}
