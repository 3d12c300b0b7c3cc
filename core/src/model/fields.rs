//! Reading fields: spellings, class defaults, and messages that name the field.

use std::cell::RefCell;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::class_defaults::{self, ClassDefaults};
use super::json::kind;
use super::spellings::SPELLINGS;
use crate::problem::Problem;

/// The largest width, row count or head count that is read. Products of two stay exact in 64 bits.
pub const MAX_COUNT: u64 = 1 << 24;
/// The longest context that is read, in tokens.
pub const MAX_TOKENS: u64 = 1 << 40;

/// The fields of a part that a file leaves out.
static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// A part of a config: its own fields, then the defaults of its class.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: String,
    class: String,
    defaults: ClassDefaults,
    defaulted: &'a RefCell<Vec<Defaulted>>,
}

/// A class default that an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaulted {
    /// The field with its path.
    pub field: String,
    /// The `model_type` whose class says so.
    pub class: String,
    /// The value.
    pub value: String,
}

impl<'a> Fields<'a> {
    /// The fields of `map`; what is absent is looked up in the class of `class`, and noted in `defaulted`.
    #[must_use]
    pub fn new(
        map: &'a Map<String, Value>,
        class: &str,
        defaulted: &'a RefCell<Vec<Defaulted>>,
    ) -> Fields<'a> {
        let defaults = ClassDefaults::of(class);
        Fields { map, path: String::new(), class: class.to_owned(), defaults, defaulted }
    }

    /// The nested object `name`, whose class is its own `model_type`, else `class`.
    #[must_use]
    pub fn part(&self, name: &str, class: &str) -> Option<Fields<'a>> {
        let map = self.map.get(name)?.as_object()?;
        let named = map.get("model_type").and_then(Value::as_str).filter(|name| !name.is_empty());
        let class = named.unwrap_or(class);
        Some(Fields { map, path: format!("{}{name}.", self.path), ..self.with_class(class) })
    }

    /// The objects of the list `name`, whose class is `class`; `None` where it is no list. What is no object is left out.
    #[must_use]
    pub fn parts(&self, name: &str, class: &str) -> Option<Vec<Fields<'a>>> {
        let list = self.map.get(name)?.as_array()?;
        let part = |(number, value): (usize, &'a Value)| {
            let path = format!("{}{name}[{number}].", self.path);
            Some(Fields { map: value.as_object()?, path, ..self.with_class(class) })
        };
        Some(list.iter().enumerate().filter_map(part).collect())
    }

    /// As [`Fields::part`]; where it is absent or null, the part that this class has by default, else all of `class`.
    #[must_use]
    pub fn part_or_default(&self, name: &str, class: &str) -> Fields<'a> {
        self.part(name, class).unwrap_or_else(|| {
            let default = format!("{}/{name}", self.class);
            let class = if class_defaults::has_class(&default) { &default } else { class };
            Fields { map: &EMPTY, path: format!("{}{name}.", self.path), ..self.with_class(class) }
        })
    }

    /// As [`Fields::part_or_default`], and where the file names no class it is `class` by name.
    #[must_use]
    pub fn part_of_class(&self, name: &str, class: &str) -> Fields<'a> {
        let part = self.part_or_default(name, class);
        if part.class.contains('/') { Fields { class: class.to_owned(), ..part } } else { part }
    }

    /// The same fields read as those of another class.
    #[must_use]
    pub fn with_class(&self, class: &str) -> Fields<'a> {
        Fields { class: class.to_owned(), defaults: ClassDefaults::of(class), ..self.clone() }
    }

    /// The same fields, of which absent ones are first looked up in the line `name` of the class defaults.
    #[must_use]
    pub fn with_preset(mut self, name: &str) -> Fields<'a> {
        self.defaults = self.defaults.over(name);
        self
    }

    /// The `model_type` whose class gives the defaults.
    #[must_use]
    pub fn class(&self) -> &str {
        &self.class
    }

    /// Every field that the file itself has here.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.map.keys().map(String::as_str)
    }

    /// Whether the file itself has `name` here, in any spelling, and it is not null.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.written(name).is_some_and(|(_, value)| !value.is_null())
    }

    /// What the file itself says for `name`: the spelling used and the value. A spelling that is null counts
    /// only where no other one is there.
    #[must_use]
    pub fn written(&self, name: &str) -> Option<(&'a str, &'a Value)> {
        let exact = self.map.get_key_value(name).map(|(key, value)| (key.as_str(), value));
        if exact.is_some_and(|(_, value)| !value.is_null()) {
            return exact;
        }
        if let Some(other) = self.defaults.other_name(name) {
            return self.written(other).or(exact);
        }
        let Some(spellings) = SPELLINGS.iter().find(|row| row.first() == Some(&name)) else {
            return exact;
        };
        // A class that itself has a field of the other name means something else by it.
        let others = || {
            let there = spellings.iter().filter_map(|other| self.map.get_key_value(*other));
            there.map(|(key, value)| (key.as_str(), value)).filter(|(key, _)| !self.defaults.names(key))
        };
        others().find(|(_, value)| !value.is_null()).or(exact).or_else(|| others().next())
    }

    /// A number of things, from 0 to [`MAX_COUNT`]; `None` where it is null or neither the file nor the class has it.
    ///
    /// # Errors
    /// `bad-field` where it is anything else.
    pub fn count(&self, name: &str) -> Result<Option<u64>, Problem> {
        match self.written(name) {
            Some((_, Value::Null)) => Ok(None),
            Some((key, value)) => self.whole(key, value, MAX_COUNT).map(Some),
            None => Ok(self.default(name).and_then(|value| value.as_u64())),
        }
    }

    /// As [`Fields::count`], `default` where it is absent.
    ///
    /// # Errors
    /// `bad-field`.
    pub fn count_or(&self, name: &str, default: u64) -> Result<u64, Problem> {
        Ok(self.count(name)?.unwrap_or(default))
    }

    /// A number of things that must be there and at least 1.
    ///
    /// # Errors
    /// `missing-field`, `bad-field`.
    pub fn need(&self, name: &str) -> Result<u64, Problem> {
        match self.count(name)? {
            Some(0) => Err(self.bad(name, "0".to_owned(), format!("a whole number from 1 to {MAX_COUNT}"))),
            Some(count) => Ok(count),
            None => Err(self.missing(name, "a whole number")),
        }
    }

    /// A number of tokens, from 1 to [`MAX_TOKENS`], as the file itself has it under exactly `name`.
    ///
    /// # Errors
    /// `bad-field`.
    pub fn tokens(&self, name: &str) -> Result<Option<u64>, Problem> {
        match self.map.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => self.whole(name, value, MAX_TOKENS).map(Some),
        }
    }

    /// One number for all layers or a list with one per layer; `None` where absent.
    ///
    /// # Errors
    /// `bad-field` where an entry is no whole number, or the list has no entry for `layer`.
    pub fn count_at(&self, name: &str, layer: u64) -> Result<Option<u64>, Problem> {
        let Some((key, Value::Array(list))) = self.written(name) else {
            return self.count(name);
        };
        let entry = usize::try_from(layer).ok().and_then(|layer| list.get(layer));
        match entry {
            Some(value) => self.whole(key, value, MAX_COUNT).map(Some),
            None => {
                Err(self.bad(key, format!("a list of {}", list.len()), format!("an entry for layer {layer}")))
            }
        }
    }

    /// A list of whole numbers; `None` where absent or null.
    ///
    /// # Errors
    /// `bad-field` where it is no list or an entry is no whole number.
    pub fn counts(&self, name: &str) -> Result<Option<Vec<u64>>, Problem> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) => list
                .iter()
                .map(|value| self.whole(name, value, MAX_COUNT))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(other) => Err(self.bad(name, kind(&other).to_owned(), "a list of whole numbers".to_owned())),
        }
    }

    /// A switch; `default` where it is null or neither the file nor the class has it. 0 and 1 count as off and on.
    ///
    /// # Errors
    /// `bad-field` where it is anything else.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, Problem> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(default),
            Some(Value::Bool(on)) => Ok(on),
            Some(Value::Number(n)) if n.as_u64().is_some_and(|n| n < 2) => Ok(n.as_u64() == Some(1)),
            Some(other) => Err(self.bad(name, shown(&other), "true or false".to_owned())),
        }
    }

    /// A word; `None` where absent or null.
    ///
    /// # Errors
    /// `bad-field` where it is no text.
    pub fn text(&self, name: &str) -> Result<Option<String>, Problem> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.bad(name, shown(&other), "a text".to_owned())),
        }
    }

    /// A list of words, for instance one per layer; `None` where absent or null.
    ///
    /// # Errors
    /// `bad-field` where it is no list of words.
    pub fn words(&self, name: &str) -> Result<Option<Vec<String>>, Problem> {
        let list = match self.value(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Array(list)) => list,
            Some(other) => return Err(self.bad(name, shown(&other), "a list of words".to_owned())),
        };
        let word = |value: Value| match value {
            Value::String(word) => Ok(word),
            other => Err(self.bad(name, shown(&other), "a list of words".to_owned())),
        };
        list.into_iter().map(word).collect::<Result<_, _>>().map(Some)
    }

    /// The value of `name` in the file, else in the class.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Value> {
        match self.written(name) {
            Some((_, value)) => Some(value.clone()),
            None => self.default(name),
        }
    }

    /// A message about `name` of these fields.
    #[must_use]
    pub fn bad(&self, name: &str, found: String, expected: String) -> Problem {
        Problem::new("bad-field", format!("{}{name}", self.path), found, expected)
    }

    /// The message that `name` is not there.
    #[must_use]
    pub fn missing(&self, name: &str, expected: &str) -> Problem {
        Problem::new("missing-field", format!("{}{name}", self.path), "nothing", expected)
            .hint("the whole config.json of the model is needed, as its repository has it")
    }

    fn default(&self, name: &str) -> Option<Value> {
        let value = self.defaults.value(name)?;
        // A switch that is off and a number that is absent add nothing that a reader would miss.
        if value.is_number() || value == Value::Bool(true) {
            let note = Defaulted {
                field: format!("{}{name}", self.path),
                class: self.class.clone(),
                value: shown(&value),
            };
            let mut defaulted = self.defaulted.borrow_mut();
            if !defaulted.contains(&note) {
                defaulted.push(note);
            }
        }
        Some(value)
    }

    /// Python writes some whole numbers as `4096.0`.
    fn whole(&self, name: &str, value: &Value, limit: u64) -> Result<u64, Problem> {
        let number = match value {
            Value::Number(n) => n.as_u64().or_else(|| n.to_string().strip_suffix(".0")?.parse().ok()),
            Value::Bool(_) | Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
        };
        match number {
            Some(n) if n <= limit => Ok(n),
            _ => Err(self.bad(name, shown(value), format!("a whole number from 0 to {limit}"))),
        }
    }
}

/// A value as a message shows it: whole where it is short, else its kind.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.len() <= 40 { text } else { kind(value).to_owned() }
}
