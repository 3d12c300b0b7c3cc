//! Whole-number expressions over the fields of a config, as layouts write them.

use serde_json::Value;

use super::scope::{Scope, Variables};
use crate::problem::Problem;

/// No dimension is larger: products of two of them and of copies and layers stay exact in 128 bits.
const LIMIT: u64 = 1 << 40;

/// The value of `text`.
///
/// # Errors
/// `missing-field` where a field that it needs is absent or null, `bad-field` where one cannot be used.
pub(super) fn number(text: &'static str, scope: &Scope, locals: &Variables) -> Result<u64, Problem> {
    let mut cursor = Cursor { rest: text, missing: None, scope, locals };
    let value = cursor.either()?;
    if !cursor.rest.is_empty() {
        return Err(malformed(text));
    }
    match value {
        Some(value) if value <= LIMIT => Ok(value),
        Some(value) => Err(Problem::new("bad-field", text, value.to_string(), format!("at most {LIMIT}"))),
        None => Err(scope.missing(cursor.missing.unwrap_or(text))),
    }
}

/// A layout that cannot be read: a defect of the program, which the tests of all layouts keep out.
pub(super) fn malformed(text: &str) -> Problem {
    Problem::new("bad-layout", "layout", format!("{text:?}"), "a statement of the layout language")
}

/// Reads from left to right. `None` stands for a field that is absent or null.
struct Cursor<'s, 'c> {
    rest: &'static str,
    missing: Option<&'static str>,
    scope: &'s Scope<'c>,
    locals: &'s Variables,
}

type Answer = Result<Option<u64>, Problem>;

impl Cursor<'_, '_> {
    /// Takes `sign` if it is next.
    fn take(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn either(&mut self) -> Answer {
        let mut left = self.both()?;
        while self.take('|') {
            let right = self.both()?;
            left = combine(left, right, |a, b| Some(u64::from(a > 0 || b > 0)));
        }
        Ok(left)
    }

    fn both(&mut self) -> Answer {
        let mut left = self.comparison()?;
        while self.take('&') {
            let right = self.comparison()?;
            left = combine(left, right, |a, b| Some(u64::from(a > 0 && b > 0)));
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Answer {
        let left = self.sum()?;
        let compare: fn(u64, u64) -> bool = if self.take('=') {
            |a, b| a == b
        } else if self.take('<') {
            |a, b| a < b
        } else if self.take('>') {
            |a, b| a > b
        } else {
            return Ok(left);
        };
        let right = self.sum()?;
        Ok(combine(left, right, |a, b| Some(u64::from(compare(a, b)))))
    }

    fn sum(&mut self) -> Answer {
        let mut left = self.product()?;
        loop {
            let apply: fn(u64, u64) -> u64 = if self.take('+') {
                u64::saturating_add
            } else if self.take('-') {
                u64::saturating_sub
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = combine(left, right, |a, b| Some(apply(a, b)));
        }
    }

    fn product(&mut self) -> Answer {
        let mut left = self.unary()?;
        loop {
            let apply: fn(u64, u64) -> Option<u64> = if self.take('*') {
                |a, b| Some(a.saturating_mul(b))
            } else if self.take('/') {
                u64::checked_div
            } else if self.take('%') {
                u64::checked_rem
            } else {
                return Ok(left);
            };
            let right = self.unary()?;
            left = combine(left, right, apply);
        }
    }

    fn unary(&mut self) -> Answer {
        if self.take('!') {
            return Ok(self.unary()?.map(|value| u64::from(value == 0)));
        }
        let left = self.atom()?;
        if self.take('~') {
            let right = self.unary()?;
            return Ok(left.or(right));
        }
        Ok(left)
    }

    fn atom(&mut self) -> Answer {
        if self.take('(') {
            let value = self.either()?;
            return if self.take(')') { Ok(value) } else { Err(malformed(self.rest)) };
        }
        let word = self.word();
        if word.is_empty() {
            return Err(malformed(self.rest));
        }
        if self.take('(') {
            let arguments = self.arguments()?;
            return self.call(word, &arguments);
        }
        if let Ok(literal) = word.parse() {
            return Ok(Some(literal));
        }
        let value = self.scope.value(word, self.locals)?;
        if value.is_none() {
            self.missing = Some(word);
        }
        Ok(value)
    }

    fn word(&mut self) -> &'static str {
        let end = self
            .rest
            .find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_' || sign == '.'))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }

    /// The texts between commas up to the bracket that closes.
    fn arguments(&mut self) -> Result<Vec<&'static str>, Problem> {
        let (mut depth, mut start, mut found) = (0_u32, 0, Vec::new());
        for (at, sign) in self.rest.char_indices() {
            let closes = sign == ')' && depth == 0;
            if closes || sign == ',' && depth == 0 {
                found.push(self.rest.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            if closes {
                self.rest = self.rest.get(start..).unwrap_or_default();
                return Ok(found);
            }
            depth = match sign {
                '(' => depth + 1,
                ')' => depth.saturating_sub(1),
                _ => depth,
            };
        }
        Err(malformed(self.rest))
    }

    /// The value of a whole expression that may be absent.
    fn inner(&mut self, text: &'static str) -> Answer {
        let mut cursor = Cursor { rest: text, missing: None, scope: self.scope, locals: self.locals };
        let value = cursor.either()?;
        self.missing = self.missing.or(cursor.missing);
        if cursor.rest.is_empty() { Ok(value) } else { Err(malformed(text)) }
    }

    fn call(&mut self, name: &str, arguments: &[&'static str]) -> Answer {
        let truth = |holds: bool| Ok(Some(u64::from(holds)));
        match (name, arguments) {
            ("if", [condition, then, otherwise]) => {
                let holds = self.inner(condition)?.unwrap_or_default() > 0;
                self.inner(if holds { then } else { otherwise })
            }
            ("min", [a, b]) => Ok(combine(self.inner(a)?, self.inner(b)?, |a, b| Some(a.min(b)))),
            ("max", [a, b]) => Ok(combine(self.inner(a)?, self.inner(b)?, |a, b| Some(a.max(b)))),
            ("ceil", [a, b]) => {
                Ok(combine(self.inner(a)?, self.inner(b)?, |a, b| (b > 0).then(|| a.div_ceil(b))))
            }
            ("up", [a, b]) => {
                Ok(combine(self.inner(a)?, self.inner(b)?, |a, b| a.checked_next_multiple_of(b)))
            }
            ("scaled", [field, of]) => Ok(self.inner(of)?.and_then(|of| self.scope.scaled(field, of))),
            ("has", [field]) => truth(self.scope.raw(field).is_some_and(|value| !value.is_null())),
            ("above0", [field]) => {
                Ok(self.scope.raw(field).and_then(|value| value.as_u64()).filter(|n| *n > 0))
            }
            ("len", [field]) => Ok(self.scope.raw(field).and_then(|value| length(&value))),
            ("is", [field, words @ ..]) => truth(
                self.scope
                    .raw(field)
                    .is_some_and(|value| value.as_str().is_some_and(|text| words.contains(&text))),
            ),
            ("sum", [field]) => Ok(self
                .scope
                .raw(field)
                .as_ref()
                .and_then(Value::as_array)
                .map(|list| list.iter().filter_map(Value::as_u64).fold(0, u64::saturating_add))),
            ("half", [a, times]) => Ok(combine(self.inner(a)?, self.inner(times)?, |a, times| {
                u32::try_from(times).ok().and_then(|times| a.checked_shr(times))
            })),
            ("double", [times]) => Ok(self
                .inner(times)?
                .and_then(|times| u32::try_from(times).ok())
                .and_then(|times| 1_u64.checked_shl(times))),
            ("split", [field, index]) => {
                let index = self.inner(index)?;
                Ok(self.scope.raw(field).and_then(|value| split(&value, index?)))
            }
            ("most", [field]) => Ok(self.scope.raw(field).and_then(|value| most(&value))),
            ("count", [field, words @ ..]) => {
                Ok(self.scope.raw(field).and_then(|value| count(&value, words)))
            }
            ("kind", [part, classes @ ..]) => truth(self.scope.is_part(part, classes)),
            ("class", words) => truth(words.contains(&self.scope.class())),
            ("arch", ends) => truth(ends.iter().any(|end| self.scope.architecture().ends_with(end))),
            ("at", [field, index]) => {
                let index = self.inner(index)?;
                Ok(self.scope.entry(field, index).and_then(|entry| match entry {
                    Value::Bool(on) => Some(u64::from(on)),
                    other => other.as_u64(),
                }))
            }
            ("at", [field, index, words @ ..]) => {
                let index = self.inner(index)?;
                let entry = self.scope.entry(field, index);
                truth(entry.is_some_and(|entry| entry.as_str().is_some_and(|text| words.contains(&text))))
            }
            ("in", [field, number]) => {
                let number = self.inner(number)?;
                let list = self.scope.raw(field);
                let list = list.as_ref().and_then(Value::as_array);
                truth(list.is_some_and(|list| list.iter().any(|entry| entry.as_u64() == number)))
            }
            ("own", [list, index, field]) => {
                let index = self.inner(index)?;
                Ok(self.scope.raw(list).and_then(|layers| own(&layers, index?, field)))
            }
            _ => Err(malformed(name)),
        }
    }
}

/// Number `index` of a text with strokes between numbers: `4/8`.
fn split(value: &Value, index: u64) -> Option<u64> {
    value.as_str()?.split('/').nth(usize::try_from(index).ok()?)?.trim().parse().ok()
}

/// The greatest number in an object.
fn most(value: &Value) -> Option<u64> {
    value.as_object()?.values().filter_map(Value::as_u64).max()
}

/// `field` of the object that `layers` has for layer `index`: `{"05": {"head_dim": 512}}`.
fn own(layers: &Value, index: u64, field: &str) -> Option<u64> {
    let (_, layer) = layers.as_object()?.iter().find(|(key, _)| key.parse() == Ok(index))?;
    layer.get(field)?.as_u64()
}

/// Number of entries of a list or an object, of characters of a text.
fn length(value: &Value) -> Option<u64> {
    match value {
        Value::Array(list) => Some(list.len() as u64),
        Value::String(text) => Some(text.chars().count() as u64),
        Value::Object(map) => Some(map.len() as u64),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// How many entries of a list, or of a text with bars between entries, are among `words`.
fn count(value: &Value, words: &[&str]) -> Option<u64> {
    let matches = match value {
        Value::Array(list) => {
            list.iter().filter_map(Value::as_str).filter(|word| words.contains(word)).count()
        }
        Value::String(text) => text.split('|').filter(|word| words.contains(word)).count(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
    };
    Some(matches as u64)
}

fn combine(left: Option<u64>, right: Option<u64>, apply: impl Fn(u64, u64) -> Option<u64>) -> Option<u64> {
    apply(left?, right?)
}
