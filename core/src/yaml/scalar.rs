//! Scalars and tags, typed as YAML 1.1 does.

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// Whether the tag is absent or `!!<name>`.
pub(super) fn known(tag: Option<&Tag>, name: &str) -> Result<(), String> {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() || tag.suffix != name => {
            Err(format!("the tag {}{}", tag.handle, tag.suffix))
        }
        Some(_) | None => Ok(()),
    }
}

pub(super) fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
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
