//! What a field means when a file leaves it out: the defaults of the published configuration classes.
//!
//! A real `config.json` holds what differs from its class, so an absent field has a value. The table
//! `class_defaults.tsv` has one line per `model_type`, sorted, `field=value` pairs behind a tab.
//! Source: the configuration classes of the `transformers` library, version in `tests/oracle`.

use serde_json::Value;

const TABLE: &str = include_str!("class_defaults.tsv");

/// The default of `field` for the class of `model_type`: `None` where the table has none,
/// `Some(Value::Null)` where the class leaves it open.
pub(super) fn default_of(model_type: &str, field: &str) -> Option<Value> {
    let pairs = line_of(model_type)?;
    pairs.split(' ').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        (name == field).then(|| serde_json::from_str(value).unwrap_or(Value::Null))
    })
}

/// Binary search over the lines of the table by byte position, which needs no index in memory.
fn line_of(model_type: &str) -> Option<&'static str> {
    let mut rest = TABLE;
    while !rest.is_empty() {
        let bytes = rest.as_bytes();
        let middle = bytes.len() / 2;
        let start = bytes.iter().take(middle).rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1);
        let (before, from) = rest.split_at_checked(start)?;
        let (line, after) = from.split_once('\n').unwrap_or((from, ""));
        let (name, pairs) = line.split_once('\t')?;
        match model_type.cmp(name) {
            core::cmp::Ordering::Equal => return Some(pairs),
            core::cmp::Ordering::Less => rest = before,
            core::cmp::Ordering::Greater => rest = after,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_sorted_and_reads() {
        let mut last = "";
        for line in TABLE.lines() {
            let (name, pairs) = line.split_once('\t').unwrap();
            assert!(last < name, "{name} stands out of order");
            last = name;
            assert_eq!(line_of(name), Some(pairs), "{name}");
            for pair in pairs.split(' ') {
                let (_, value) = pair.split_once('=').unwrap();
                assert!(serde_json::from_str::<Value>(value).is_ok(), "{name}: {pair}");
            }
        }
        assert_eq!(line_of("no-such-class"), None);
    }
}
