//! YAML and JSON text to values, as `kubectl` takes them: several documents in one text, anchors and merge
//! keys, and the words of YAML 1.1 for true and false.
//!
//! Text is refused where two tools could read it differently: a key twice in one map, a key that is no
//! scalar, a tag that is not of the core schema.

mod scalar;
#[cfg(test)]
mod tests;

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

use self::scalar::{known, scalar};
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
