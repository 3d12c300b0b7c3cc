//! Environment variables of a container.

use serde_json::{Map, Value};

use super::fields::{bad, field, list, object, text};
use crate::order;
use crate::problem::Problem;

/// Environment variables, by name. A pod has dozens, of which a few are asked for: all their text is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    /// Names and values, each value behind its name.
    text: String,
    /// As listed; where there are [`MANY`], by name and each name once.
    places: Vec<Place>,
}

/// So many are sorted: fewer are looked through in less time than that takes.
const MANY: usize = 256;

/// A variable in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    start: usize,
    name: usize,
    /// Length of the value, which stands behind the name; `None` where it comes from elsewhere.
    value: Option<usize>,
}

/// A variable and its value, which may come from elsewhere.
type Variable<'a> = (&'a str, Option<&'a str>);

impl Variables {
    /// The value of `name`: `Some(None)` where it is known only at run time, `None` where there is no such variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Option<&str>> {
        let place = if self.places.len() < MANY {
            self.places.iter().rev().find(|place| place.name == name.len() && self.name(place) == name)?
        } else {
            let place = self.places.binary_search_by(|place| self.name(place).cmp(name)).ok()?;
            self.places.get(place)?
        };
        let start = place.start.saturating_add(place.name);
        Some(place.value.and_then(|length| self.text.get(start..start.saturating_add(length))))
    }

    fn name(&self, place: &Place) -> &str {
        self.text.get(place.start..place.start.saturating_add(place.name)).unwrap_or_default()
    }

    /// Those in the list `env` of the container `map` at `path`. Of several of one name the last counts.
    pub(super) fn read(map: &Map<String, Value>, path: &str) -> Result<Variables, Problem> {
        let mut found: Vec<Variable> = Vec::new();
        for (place, value) in list(map, path, "env")?.iter().enumerate() {
            found.push(match usual(value) {
                Some(variable) => variable,
                None => variable(value, &format!("{path}.env[{place}]"))?,
            });
        }
        Ok(Variables::of(found))
    }

    pub(super) fn of(mut found: Vec<Variable>) -> Variables {
        if found.len() >= MANY {
            found = distinct(found);
        }
        let length = |(name, value): &Variable| name.len().saturating_add(value.map_or(0, str::len));
        let mut variables = Variables {
            text: String::with_capacity(found.iter().map(length).fold(0, usize::saturating_add)),
            places: Vec::with_capacity(found.len()),
        };
        for (name, value) in &found {
            let start = variables.text.len();
            variables.text.push_str(name);
            variables.text.push_str(value.unwrap_or_default());
            variables.places.push(Place { start, name: name.len(), value: value.map(str::len) });
        }
        variables
    }
}

/// By name, the last of each.
fn distinct(mut found: Vec<Variable>) -> Vec<Variable> {
    order::sort_by(&mut found, |(a, _), (b, _)| a.cmp(b));
    let followed = |place: usize, name: &str| found.get(place + 1).is_some_and(|(next, _)| *next == name);
    let last = found.iter().enumerate().filter(|(place, (name, _))| !followed(*place, name));
    last.map(|(_, variable)| *variable).collect()
}

/// A variable without anything to object to: the path is for messages only. Its fields are gone through: to look
/// three up in a map of two takes longer.
fn usual(value: &Value) -> Option<Variable<'_>> {
    let (mut name, mut text, mut elsewhere) = (None, None, false);
    for (field, value) in value.as_object()? {
        match field.as_str() {
            "name" => name = value.as_str(),
            "value" => text = value.as_str(),
            "valueFrom" => elsewhere = !value.is_null(),
            _ => {}
        }
    }
    if elsewhere { Some((name?, None)) } else { Some((name?, Some(text?))) }
}

fn variable<'a>(value: &'a Value, path: &str) -> Result<Variable<'a>, Problem> {
    let map = object(value, path)?;
    let name = text(map, path, "name")?.ok_or_else(|| bad(&format!("{path}.name"), "nothing", "a text"))?;
    let value = match field(map, "valueFrom") {
        Some(_) => None,
        None => Some(text(map, path, "value")?.unwrap_or_default()),
    };
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_of_a_name_counts_and_none_is_known_of_what_comes_from_elsewhere() {
        let container = json!({"env": [
            {"name": "B", "value": "1"}, {"name": "A", "valueFrom": {"secretKeyRef": {}}},
            {"name": "B", "value": "two"}, {"name": "C"}, {"name": "D", "value": null, "valueFrom": null}]});
        let variables = Variables::read(container.as_object().unwrap(), "spec").unwrap();
        let got = ["A", "B", "C", "D", "E", ""].map(|name| variables.get(name));
        assert_eq!(got, [Some(None), Some(Some("two")), Some(Some("")), Some(Some("")), None, None]);
    }

    proptest! {
        /// As a map has it, few or many.
        #[test]
        fn every_name_is_found(
            list in prop::collection::vec(("[A-C]{0,5}", prop::option::of("[xé]{0,4}")), 0..2 * MANY),
        ) {
            let of = |(name, value): &(String, Option<String>)| (name.clone(), value.clone());
            let known: BTreeMap<String, Option<String>> = list.iter().map(of).collect();
            let variables =
                Variables::of(list.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect());
            for name in ["", "A", "B", "CC", "ABC", "D"].into_iter().chain(known.keys().map(String::as_str)) {
                prop_assert_eq!(variables.get(name), known.get(name).map(Option::as_deref));
            }
        }
    }
}
