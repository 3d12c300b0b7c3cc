//! YAML and JSON text to values, as `kubectl` takes them: several documents in one text, anchors and merge
//! keys, and the words of YAML 1.1 for true and false.
//!
//! Text is refused where two tools could read it differently: a key twice in one map, a key that is no
//! scalar, a tag that is not of the core schema.

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Number, Value};

use crate::problem::Problem;

/// The largest text that is read.
pub const MAX_TEXT_BYTES: usize = 16 << 20;
/// The most values in all documents of a text, those that aliases repeat included.
const MOST_VALUES: usize = 1_000_000;
/// How deep values may stand in one another.
const MOST_DEPTH: usize = 100;

/// The documents in `text`; empty ones are left out.
///
/// # Errors
/// `too-large`, or `not-yaml` with line and column, each naming `subject`.
pub fn documents(subject: &str, text: &str) -> Result<Vec<Value>, Problem> {
    if text.len() > MAX_TEXT_BYTES {
        let found = format!("{} bytes", text.len());
        return Err(Problem::new("too-large", subject, found, format!("at most {MAX_TEXT_BYTES} bytes")));
    }
    let text = text.trim_start_matches('\u{feff}');
    let json: Option<Vec<Value>> = text
        .trim_start()
        .starts_with(['{', '['])
        .then(|| serde_json::Deserializer::from_str(text).into_iter().collect::<Result<_, _>>().ok())
        .flatten();
    let read = json.map_or_else(|| yaml(text), Ok).map_err(|found| {
        let problem = Problem::new("not-yaml", subject, found, "YAML or JSON");
        if text.contains("{{") {
            problem.hint("render the template first, as `helm template` does")
        } else {
            problem
        }
    })?;
    Ok(read.into_iter().filter(|value| !value.is_null()).collect())
}

fn yaml(text: &str) -> Result<Vec<Value>, String> {
    let mut builder = Builder::default();
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|error| format!("text that is neither ({error})"))?;
        let line = span.start.line();
        builder.take(event).map_err(|fault| format!("{fault} in line {line}"))?;
    }
    Ok(builder.documents)
}

/// A list or map that is not at its end.
enum Open {
    List(Vec<Value>),
    Map { map: Map<String, Value>, key: Option<String>, merged: Vec<Value> },
}

#[derive(Default)]
struct Builder {
    documents: Vec<Value>,
    open: Vec<(Open, usize)>,
    /// By the numbers of the anchors, which are counted up.
    anchors: Vec<Option<(Value, usize)>>,
    values: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref())?;
                self.put(value, anchor, 1)
            }
            Event::SequenceStart(anchor, tag) => {
                known(tag.as_deref(), "seq")?;
                self.deeper(Open::List(Vec::new()), anchor)
            }
            Event::MappingStart(anchor, tag) => {
                known(tag.as_deref(), "map")?;
                self.deeper(Open::Map { map: Map::new(), key: None, merged: Vec::new() }, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => {
                let (value, size) =
                    self.anchors.get(anchor).cloned().flatten().ok_or("an alias of itself")?;
                self.put(value, 0, size)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn deeper(&mut self, open: Open, anchor: usize) -> Result<(), String> {
        if self.open.len() >= MOST_DEPTH {
            return Err(format!("more than {MOST_DEPTH} levels"));
        }
        self.open.push((open, anchor));
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        match self.open.pop() {
            Some((Open::List(items), anchor)) => self.put(Value::Array(items), anchor, 1),
            Some((Open::Map { mut map, merged, .. }, anchor)) => {
                for one in merged {
                    merge(&mut map, one)?;
                }
                self.put(Value::Object(map), anchor, 1)
            }
            None => Err("an end without a beginning".to_owned()),
        }
    }

    /// Puts a value of `size` values in its place.
    fn put(&mut self, value: Value, anchor: usize, size: usize) -> Result<(), String> {
        self.values = self.values.saturating_add(size);
        if self.values > MOST_VALUES {
            return Err(format!("more than {MOST_VALUES} values"));
        }
        if anchor != 0 {
            self.anchors.resize(self.anchors.len().max(anchor.saturating_add(1)), None);
            if let Some(place) = self.anchors.get_mut(anchor) {
                *place = Some((value.clone(), count(&value)));
            }
        }
        match self.open.last_mut() {
            None => self.documents.push(value),
            Some((Open::List(items), _)) => items.push(value),
            Some((Open::Map { map, key, merged }, _)) => match key.take() {
                None => *key = Some(name(value)?),
                Some(name) if name == "<<" => merged.push(value),
                Some(name) => {
                    if map.contains_key(&name) {
                        return Err(format!("the key {name:?} a second time"));
                    }
                    map.insert(name, value);
                }
            },
        }
        Ok(())
    }
}

/// How many values `value` is made of.
fn count(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(count).fold(0, usize::saturating_add),
        Value::Object(map) => map.values().map(count).fold(0, usize::saturating_add),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    };
    inner.saturating_add(1)
}

fn name(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null => Ok("null".to_owned()),
        Value::Array(_) | Value::Object(_) => Err("a list or map as a key".to_owned()),
    }
}

/// `<<: *other`: what the map does not say itself.
fn merge(map: &mut Map<String, Value>, other: Value) -> Result<(), String> {
    match other {
        Value::Object(other) => {
            for (key, value) in other {
                map.entry(key).or_insert(value);
            }
            Ok(())
        }
        Value::Array(others) => others.into_iter().try_for_each(|other| merge(map, other)),
        _ => Err("a merge of something that is no map".to_owned()),
    }
}

/// Whether the tag is absent or `!!<name>`.
fn known(tag: Option<&Tag>, name: &str) -> Result<(), String> {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() || tag.suffix != name => {
            Err(format!("the tag {}{}", tag.handle, tag.suffix))
        }
        Some(_) | None => Ok(()),
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    let own = |tag: &&Tag| tag.is_yaml_core_schema();
    match (tag.filter(own).map(|tag| tag.suffix.as_str()), tag) {
        (Some("str"), _) => return Ok(Value::String(text.to_owned())),
        (Some("int" | "float" | "bool" | "null"), _) => return Ok(plain(text)),
        (_, Some(tag)) => return Err(format!("the tag {}{}", tag.handle, tag.suffix)),
        (_, None) => {}
    }
    Ok(if style == ScalarStyle::Plain { plain(text) } else { Value::String(text.to_owned()) })
}

/// A scalar without quotes, as YAML 1.1 types it: Kubernetes and Python's readers do.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let based =
        |digits: &str, base| i64::from_str_radix(&format!("{sign}{digits}"), base).ok().map(Number::from);
    for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return based(digits, base);
        }
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        if digits.len() > 1 && digits.starts_with('0') {
            return based(digits, 8);
        }
        let negative = || format!("{sign}{digits}").parse::<i64>().ok().map(Number::from);
        return if sign.is_empty() { digits.parse::<u64>().ok().map(Number::from) } else { negative() };
    }
    let of_float = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    if digits.bytes().all(of_float) && digits.bytes().any(|byte| byte.is_ascii_digit()) {
        return format!("{sign}{digits}").parse().ok().and_then(Number::from_f64);
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(text: &str) -> Value {
        documents("file", text).unwrap().remove(0)
    }

    fn refused(text: &str) -> String {
        documents("file", text).unwrap_err().to_string()
    }

    #[test]
    fn reads_documents_and_leaves_out_empty_ones() {
        assert_eq!(
            documents("file", "---\na: 1\n---\n# nothing\n---\n- b\n"),
            Ok(vec![json!({"a": 1}), json!(["b"])])
        );
        assert_eq!(documents("file", "{\"a\": 1}\n{\"a\": 2}\n"), Ok(vec![json!({"a": 1}), json!({"a": 2})]));
        assert_eq!(
            documents("file", "\u{feff}{a: 1}\n---\n{a: 2}"),
            Ok(vec![json!({"a": 1}), json!({"a": 2})])
        );
        assert_eq!(documents("file", ""), Ok(vec![]));
    }

    #[test]
    fn types_scalars_as_kubernetes_does() {
        assert_eq!(
            one("[1, -2, 0x10, 017, 1.5, 1e3, ~, yes, Off, \"1\", '2', !!str 3, 1.2.3, 4Gi, 08, nan, 1-2]"),
            json!([
                1, -2, 16, 15, 1.5, 1000.0, null, true, false, "1", "2", "3", "1.2.3", "4Gi", "08", "nan",
                "1-2"
            ])
        );
        assert_eq!(one("18446744073709551615"), json!(u64::MAX));
        assert_eq!(one("a: |\n  x\n  y\nb: >-\n  x\n  y\n"), json!({"a": "x\ny\n", "b": "x y"}));
    }

    #[test]
    fn anchors_and_merge_keys_are_put_in_place() {
        let text =
            "base: &base {a: 1, b: 2}\none:\n  <<: *base\n  b: 3\ntwo: *base\nthree: {<<: [*base, {c: 4}]}\n";
        let base = json!({"a": 1, "b": 2});
        assert_eq!(
            one(text),
            json!({"base": base, "one": {"a": 1, "b": 3}, "two": base, "three": {"a": 1, "b": 2, "c": 4}})
        );
        let mut bomb = "a0: &a0 [x]\n".to_owned();
        for i in 1..9 {
            bomb.push_str(&format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(",")));
        }
        assert_eq!(refused(&bomb), "file: found more than 1000000 values in line 7, expected YAML or JSON");
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        assert_eq!(
            refused("a: 1\na: 2\n"),
            "file: found the key \"a\" a second time in line 2, expected YAML or JSON"
        );
        let key = "file: found a list or map as a key in line 1, expected YAML or JSON";
        assert_eq!(refused("? [a]\n: 1\n"), key);
        assert_eq!(refused("a: !Ref b\n"), "file: found the tag !Ref in line 1, expected YAML or JSON");
        assert_eq!(
            refused(&"[".repeat(200)),
            "file: found more than 100 levels in line 1, expected YAML or JSON"
        );
        let problem = documents("file", "a: {{ .Values.model }}\n").unwrap_err();
        assert_eq!(problem.to_string(), key);
        assert_eq!(problem.hint.as_deref(), Some("render the template first, as `helm template` does"));
    }
}
