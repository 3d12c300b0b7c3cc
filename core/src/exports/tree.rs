//! A document before it is text: maps keep the order in which they are written, and a value may say why it is there.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_saphyr::Commented;

use crate::ratio::Ratio;

/// A value of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// A text.
    Text(String),
    /// A whole number.
    Number(u64),
    /// A share: `0.92`.
    Share(Ratio),
    /// `true` or `false`.
    Switch(bool),
    /// Values in order.
    List(Vec<Tree>),
    /// Values by name, in order.
    Map(Map),
    /// A text, number or switch with a word on why it is there. JSON has no place for the word.
    Noted(Box<Tree>, String),
}

/// Values by name, in the order in which they were put.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map(Vec<(String, Tree)>);

impl Map {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Map {
        Map(Vec::new())
    }

    /// The map with one value more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Tree>) -> Map {
        self.0.push((name.into(), value.into()));
        self
    }

    /// The map with one value more, where there is one.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl Into<Tree>>) -> Map {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The map with one value more, unless that is an empty map or list.
    #[must_use]
    pub fn with_any(self, name: &str, value: impl Into<Tree>) -> Map {
        let value = value.into();
        if value.is_empty() { self } else { self.with(name, value) }
    }

    /// The entries.
    #[must_use]
    pub fn entries(&self) -> &[(String, Tree)] {
        &self.0
    }
}

impl Tree {
    /// The value with a word on why it is there.
    #[must_use]
    pub fn why(self, word: impl Into<String>) -> Tree {
        Tree::Noted(Box::new(self), word.into())
    }

    /// As plain JSON, without the words.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Tree::Text(text) => Value::from(text.as_str()),
            Tree::Number(number) => Value::from(*number),
            Tree::Share(share) => decimal(*share).map_or_else(|| Value::from(share.to_string()), Value::from),
            Tree::Switch(switch) => Value::from(*switch),
            Tree::List(items) => items.iter().map(Tree::value).collect(),
            Tree::Map(map) => map.0.iter().map(|(name, value)| (name.clone(), value.value())).collect(),
            Tree::Noted(value, _) => value.value(),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Tree::List(items) => items.is_empty(),
            Tree::Map(map) => map.0.is_empty(),
            Tree::Text(_) | Tree::Number(_) | Tree::Share(_) | Tree::Switch(_) | Tree::Noted(..) => false,
        }
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Tree {
        Tree::Text(text.to_owned())
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Tree {
        Tree::Text(text)
    }
}

impl From<u64> for Tree {
    fn from(number: u64) -> Tree {
        Tree::Number(number)
    }
}

impl From<Ratio> for Tree {
    fn from(share: Ratio) -> Tree {
        Tree::Share(share)
    }
}

/// A document has no other numbers with a point than floats.
fn decimal(share: Ratio) -> Option<f64> {
    share.to_string().parse().ok()
}

impl From<bool> for Tree {
    fn from(switch: bool) -> Tree {
        Tree::Switch(switch)
    }
}

impl From<Map> for Tree {
    fn from(map: Map) -> Tree {
        Tree::Map(map)
    }
}

impl<T: Into<Tree>> From<Vec<T>> for Tree {
    fn from(items: Vec<T>) -> Tree {
        Tree::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Tree>, const N: usize> From<[T; N]> for Tree {
    fn from(items: [T; N]) -> Tree {
        Tree::List(items.into_iter().map(Into::into).collect())
    }
}

/// Order is kept, words are left out.
impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self, serializer, false)
    }
}

/// A tree as YAML: with its words.
pub(super) struct Yaml<'a>(pub(super) &'a Tree);

impl Serialize for Yaml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self.0, serializer, true)
    }
}

fn write<S: Serializer>(tree: &Tree, serializer: S, words: bool) -> Result<S::Ok, S::Error> {
    match tree {
        Tree::Text(text) => serializer.serialize_str(text),
        Tree::Number(number) => serializer.serialize_u64(*number),
        Tree::Share(share) => match decimal(*share) {
            Some(number) => serializer.serialize_f64(number),
            None => serializer.serialize_str(&share.to_string()),
        },
        Tree::Switch(switch) => serializer.serialize_bool(*switch),
        Tree::Noted(value, word) if words => Commented(Yaml(value), word.clone()).serialize(serializer),
        Tree::Noted(value, _) => write(value, serializer, words),
        Tree::List(items) => {
            let mut list = serializer.serialize_seq(Some(items.len()))?;
            for item in items {
                if words {
                    list.serialize_element(&Yaml(item))?;
                } else {
                    list.serialize_element(item)?;
                }
            }
            list.end()
        }
        Tree::Map(map) => {
            let mut entries = serializer.serialize_map(Some(map.0.len()))?;
            for (name, value) in &map.0 {
                if words {
                    entries.serialize_entry(name, &Yaml(value))?;
                } else {
                    entries.serialize_entry(name, value)?;
                }
            }
            entries.end()
        }
    }
}
