//! What names mean in a layout: definitions first, then the fields of the config.

use std::cell::RefCell;

use serde_json::Value;

use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::fields::Fields;
use crate::model::heads::{Head, labels};
use crate::problem::Problem;

/// No factor is larger.
const MOST_TIMES: u64 = 1 << 20;

/// Definitions of one layer.
pub(super) type Variables = Vec<(&'static str, u64)>;

/// Definitions and fields that a layout sees.
pub(super) struct Scope<'c> {
    config: &'c Config<'c>,
    /// Where names without a part are looked up.
    fields: Fields<'c>,
    head: Head,
    parts: Vec<(&'static str, Fields<'c>)>,
    variables: Variables,
    /// Fields that have been looked up; a layout asks for some of them in every line.
    seen: RefCell<Vec<(&'static str, Option<Value>)>>,
    /// The name of the body within a model with a head, empty where the body stands alone.
    pub(super) base: &'static str,
}

impl<'c> Scope<'c> {
    pub(super) fn new(config: &'c Config<'c>, builder: &Builder) -> Scope<'c> {
        Scope {
            config,
            fields: config.text.clone(),
            head: builder.head,
            parts: Vec::new(),
            variables: Vec::new(),
            seen: RefCell::new(Vec::new()),
            base: "",
        }
    }

    pub(super) fn architecture(&self) -> &str {
        &self.config.architecture
    }

    pub(super) fn class(&self) -> &str {
        self.fields.class()
    }

    /// Whether nothing stands behind the body.
    pub(super) fn bare(&self) -> bool {
        self.head == Head::Bare
    }

    pub(super) fn define(&mut self, name: &'static str, value: u64) {
        self.variables.push((name, value));
    }

    /// Makes `name.field` mean a field of the nested object `name`, of the class `class` where it names none.
    /// Dots lead through several objects, of which the last gives the name unless `=name` stands behind the path.
    pub(super) fn part(&mut self, path: &'static str, class: &str) {
        let mut part = self.fields.clone();
        let (path, given) = path.split_once('=').map_or((path, None), |(path, name)| (path, Some(name)));
        let mut name = path;
        for step in path.split('.') {
            part = part.part_of_class(step, class);
            // Early files give an encoder the class of the whole.
            if part.class() == self.config.model_type {
                part = part.with_class(class);
            }
            name = step;
        }
        self.parts.push((given.unwrap_or(name), part));
    }

    /// Reads a larger model: names mean fields of its top level, `text.field` those of its language model.
    pub(super) fn larger(&mut self, language: Fields<'c>) {
        self.fields = self.config.root.clone();
        self.parts.push(("text", language));
    }

    /// Makes names mean fields of the top level, where the file also has a language part.
    pub(super) fn whole(&mut self) {
        self.fields = self.config.root.clone();
    }

    /// Makes `name.field` mean a field of the file itself: a part of larger models that stands alone.
    pub(super) fn itself(&mut self, name: &'static str) {
        self.parts.push((name, self.fields.clone()));
    }

    /// Whether the class of the part `name` is one of `classes`.
    pub(super) fn is_part(&self, name: &str, classes: &[&str]) -> bool {
        self.parts.iter().any(|(known, fields)| *known == name && classes.contains(&fields.class()))
    }

    /// The value of a name: a definition, `labels` and `tied`, or a field; `None` where it is absent or null.
    pub(super) fn value(&self, name: &'static str, locals: &Variables) -> Result<Option<u64>, Problem> {
        let defined =
            locals.iter().rev().chain(self.variables.iter().rev()).find(|(known, _)| *known == name);
        if let Some((_, value)) = defined {
            return Ok(Some(*value));
        }
        match name {
            "labels" => return labels(&self.config.root).map(Some),
            "headless" => return Ok(Some(u64::from(self.bare()))),
            "tied" => return self.config.tied().map(|tied| Some(u64::from(tied))),
            _ => {}
        }
        match self.raw(name) {
            // A word in place of a number leaves it to the class: "auto".
            None | Some(Value::Null | Value::String(_)) => Ok(None),
            Some(Value::Bool(on)) => Ok(Some(u64::from(on))),
            Some(_) => {
                let (fields, field) = self.place(name);
                fields.count(field)
            }
        }
    }

    /// The value of a field in the file or its class.
    pub(super) fn raw(&self, name: &'static str) -> Option<Value> {
        if let Some((_, value)) = self.seen.borrow().iter().find(|(known, _)| *known == name) {
            return value.clone();
        }
        let (fields, field) = self.place(name);
        let value = fields.value(field);
        self.seen.borrow_mut().push((name, value.clone()));
        value
    }

    /// Entry `index` of a list, or that letter of a text.
    pub(super) fn entry(&self, name: &'static str, index: Option<u64>) -> Option<Value> {
        let index = usize::try_from(index?).ok()?;
        match self.raw(name)? {
            Value::Array(list) => list.get(index).cloned(),
            Value::String(text) => text.chars().nth(index).map(|letter| Value::String(letter.to_string())),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        }
    }

    /// As many times `of` as the decimal number in the field says, without the part behind the point. No float is
    /// needed, but a product that floats would round up to a whole number is that number.
    pub(super) fn scaled(&self, name: &'static str, of: u64) -> Option<u64> {
        let text = self.raw(name)?.as_number()?.to_string();
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let part: String = part.chars().chain(std::iter::repeat('0')).take(17).collect();
        let one = 10_u128.pow(17);
        let number = whole.parse::<u64>().ok()?.min(MOST_TIMES);
        let product = (u128::from(number) * one + part.parse::<u128>().ok()?).checked_mul(u128::from(of))?;
        u64::try_from((product + (product >> 53)) / one).ok()
    }

    pub(super) fn missing(&self, name: &'static str) -> Problem {
        let (fields, field) = self.place(name);
        fields.missing(field, "a whole number")
    }

    fn place(&self, name: &'static str) -> (&Fields<'c>, &'static str) {
        if let Some((part, field)) = name.split_once('.')
            && let Some((_, fields)) = self.parts.iter().find(|(known, _)| *known == part)
        {
            return (fields, field);
        }
        (&self.fields, name)
    }
}
