//! Putting an entry together: the fields of the line that it is like, then its own.

use serde_json::{Map, Value};

use super::entry;
use crate::model::json;
use crate::problem::Problem;

/// Lines that are like a line that is like a line: none, the second stands for itself.
pub(super) fn config(fields: &str) -> Result<Map<String, Value>, Problem> {
    let own = json::object("catalog", fields)?;
    let Some(like) = own.get("like").and_then(Value::as_str) else {
        return Ok(own);
    };
    let Some(base) = entry(like) else {
        let expected = "an id of the catalog";
        return Err(Problem::new("bad-catalog", "like", format!("{like:?}"), expected));
    };
    let mut config = json::object("catalog", base.line.fields)?;
    change(&mut config, own);
    Ok(config)
}

/// Takes over the fields of `own`, part by part, and removes those that it names under `-`.
fn change(config: &mut Map<String, Value>, own: Map<String, Value>) {
    for (name, value) in own {
        match (name.as_str(), value) {
            ("like", _) => {}
            ("-", Value::Array(names)) => {
                for name in names.iter().filter_map(Value::as_str) {
                    config.remove(name);
                }
            }
            (_, Value::Object(part)) => match config.get_mut(&name) {
                Some(Value::Object(known)) => change(known, part),
                _ => {
                    config.insert(name, Value::Object(part));
                }
            },
            (_, value) => {
                config.insert(name, value);
            }
        }
    }
}
