//! Narrow reads of settings: each knows its path, and what is wrong is noted and passed over.

use std::collections::BTreeMap;

use crate::model::json::kind;
use crate::order;
use crate::problem::Problem;
use crate::review::Reaction;
use serde_json::{Map, Value};

/// An object of the settings, and what was found wrong in it.
pub(crate) struct Part<'a> {
    map: Option<&'a Map<String, Value>>,
    path: String,
}

/// Everything that is wrong so far.
pub(crate) type Problems = Vec<Problem>;

impl<'a> Part<'a> {
    /// `value` as an object with no names but `known`; an empty one where it is none.
    pub(crate) fn new(value: &'a Value, path: String, known: &[&str], problems: &mut Problems) -> Part<'a> {
        let Value::Object(map) = value else {
            problems.push(bad(&path, kind(value), "an object"));
            return Part { map: None, path };
        };
        for name in names(map).filter(|name| !known.contains(name)) {
            let expected = format!("only {}", known.join(", "));
            problems.push(Problem::new("unknown-setting", &path, format!("{name:?}"), expected));
        }
        Part { map: Some(map), path }
    }

    /// What stands below `name`, `None` where it is absent or null.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.map?.get(name).filter(|value| !value.is_null())
    }

    /// The path of `name`.
    pub(crate) fn at(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    /// The object below `name`.
    pub(crate) fn part(&self, name: &str, known: &[&str], problems: &mut Problems) -> Option<Part<'a>> {
        Some(Part::new(self.get(name)?, self.at(name), known, problems))
    }

    /// The object below `name`, whatever names it has.
    pub(crate) fn part_of_any(&self, name: &str, problems: &mut Problems) -> Option<Part<'a>> {
        match self.get(name)? {
            Value::Object(map) => Some(Part { map: Some(map), path: self.at(name) }),
            other => {
                problems.push(bad(&self.at(name), kind(other), "an object"));
                None
            }
        }
    }

    /// Its names, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.map.map(names).into_iter().flatten()
    }

    /// The objects in the list below `name`.
    pub(crate) fn parts(&self, name: &str, known: &[&str], problems: &mut Problems) -> Vec<Part<'a>> {
        let places = self.list(name, "a list of objects", problems).iter().enumerate();
        places
            .map(|(place, value)| Part::new(value, format!("{}[{place}]", self.at(name)), known, problems))
            .collect()
    }

    /// The list below `name`, empty where it is absent.
    pub(crate) fn list(&self, name: &str, expected: &str, problems: &mut Problems) -> &'a [Value] {
        match self.get(name) {
            None => &[],
            Some(Value::Array(list)) => list,
            Some(other) => {
                problems.push(bad(&self.at(name), kind(other), expected));
                &[]
            }
        }
    }

    /// The texts in the list below `name`, each with its path.
    pub(crate) fn texts(&self, name: &str, problems: &mut Problems) -> Vec<(String, &'a str)> {
        let mut texts = Vec::new();
        for (place, value) in self.list(name, "a list of texts", problems).iter().enumerate() {
            let path = format!("{}[{place}]", self.at(name));
            match value {
                Value::String(text) => texts.push((path, text.as_str())),
                other => problems.push(bad(&path, kind(other), "a text")),
            }
        }
        texts
    }

    /// The texts in the object below `name`.
    pub(crate) fn text_map(&self, name: &str, problems: &mut Problems) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        match self.get(name) {
            None => {}
            Some(Value::Object(map)) => {
                for name_of in names(map) {
                    match map.get(name_of) {
                        Some(Value::String(text)) => _ = texts.insert(name_of.to_owned(), text.clone()),
                        other => {
                            let path = format!("{}[{name_of:?}]", self.at(name));
                            problems.push(bad(&path, other.map_or("nothing", kind), "a text"));
                        }
                    }
                }
            }
            Some(other) => problems.push(bad(&self.at(name), kind(other), "an object of texts")),
        }
        texts
    }

    /// The text below `name`.
    pub(crate) fn text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        match self.get(name)? {
            Value::String(text) => Some(text),
            other => {
                problems.push(bad(&self.at(name), kind(other), "a text"));
                None
            }
        }
    }

    /// The text below `name`, which must be there.
    pub(crate) fn needed(&self, name: &str, problems: &mut Problems) -> &'a str {
        if self.get(name).is_none() {
            problems.push(bad(&self.at(name), "nothing", "a text"));
        }
        self.text(name, problems).unwrap_or_default()
    }

    /// The switch below `name`, off where it is absent.
    pub(crate) fn switch(&self, name: &str, problems: &mut Problems) -> bool {
        match self.get(name) {
            None => false,
            Some(Value::Bool(on)) => *on,
            Some(other) => {
                problems.push(bad(&self.at(name), kind(other), "true or false"));
                false
            }
        }
    }

    /// The whole number below `name`, from 1 to 2^32.
    pub(crate) fn number(&self, name: &str, problems: &mut Problems) -> Option<u64> {
        let value = self.get(name)?;
        let number = value.as_u64().filter(|number| (1..=1 << 32).contains(number));
        if number.is_none() {
            let found = if value.is_number() { value.to_string() } else { kind(value).to_owned() };
            problems.push(bad(&self.at(name), found, "a whole number from 1 to 4294967296"));
        }
        number
    }

    /// The one of `words` below `name`.
    pub(crate) fn word<T: Copy>(
        &self,
        name: &str,
        words: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let value = self.get(name)?;
        let known = words.iter().find(|(word, _)| value.as_str() == Some(word));
        if known.is_none() {
            let found = value.as_str().map_or_else(|| kind(value).to_owned(), |word| format!("{word:?}"));
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let (last, rest) = all.split_last().unwrap_or((&"", &[]));
            problems.push(bad(&self.at(name), found, format!("{} or {last}", rest.join(", "))));
        }
        known.map(|(_, meaning)| *meaning)
    }

    /// The reaction below `name`.
    pub(crate) fn reaction(&self, name: &str, usual: Reaction, problems: &mut Problems) -> Reaction {
        self.word(name, &Reaction::ALL, problems).unwrap_or(usual)
    }
}

/// The names of a map, sorted, whatever order it keeps.
pub(crate) fn names(map: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let mut names: Vec<&str> = map.keys().map(String::as_str).collect();
    order::sort(&mut names);
    names.into_iter()
}

/// A setting that cannot be used.
pub(crate) fn bad(path: &str, found: impl Into<String>, expected: impl Into<String>) -> Problem {
    Problem::new("bad-setting", path, found, expected)
}
