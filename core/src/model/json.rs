//! Text to JSON, as tolerant as the files that are published and no more.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::problem::Problem;

/// The largest text that is read. The largest published `config.json` known is 3 MB (22,422 quantized layers).
pub const MAX_TEXT_BYTES: usize = 16 << 20;

/// Reads a JSON object from `text`.
///
/// Accepts what real files contain beside JSON: a byte order mark and the bare words `Infinity`,
/// `-Infinity` and `NaN` (read as `null`: no count depends on them).
///
/// # Errors
/// `too-large`, `not-json` (with line and column) or `not-an-object`, each naming `subject`.
pub fn object(subject: &str, text: &str) -> Result<Map<String, Value>, Problem> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Problem::new(
            "too-large",
            subject,
            format!("{} bytes", text.len()),
            format!("at most {MAX_TEXT_BYTES} bytes"),
        )
        .hint("a model's config.json is a few kilobytes; is this the right file?"));
    }
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(Problem::new("not-json", subject, "nothing", "a JSON object"));
    }
    match serde_json::from_str(&without_bare_words(text)) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(other) => Err(Problem::new("not-an-object", subject, kind(&other), "a JSON object")),
        Err(error) => Err(Problem::new(
            "not-json",
            subject,
            format!("text that is not JSON ({error})"),
            "a JSON object",
        )),
    }
}

/// The JSON kind of `value` in words, for messages.
#[must_use]
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Python's `json.dump` writes these words for floats that JSON cannot express.
const BARE_WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

fn without_bare_words(text: &str) -> Cow<'_, str> {
    // Few files have these letters at all.
    let letter = |byte| matches!(byte, b'I' | b'N');
    if !text.bytes().any(letter) || !BARE_WORDS.iter().any(|word| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_string = false;
    while let Some(c) = rest.chars().next() {
        if !in_string && let Some(word) = BARE_WORDS.iter().find(|word| rest.starts_with(**word)) {
            out.push_str("null");
            rest = rest.get(word.len()..).unwrap_or_default();
            continue;
        }
        let mut taken = c.len_utf8();
        if in_string && c == '\\' {
            taken += rest.chars().nth(1).map_or(0, char::len_utf8);
        } else if c == '"' {
            in_string = !in_string;
        }
        let (head, tail) = rest.split_at(taken);
        out.push_str(head);
        rest = tail;
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_words_that_json_lacks_but_files_contain() {
        let read = object("c", r#"{"a": [0.0, Infinity], "b": -Infinity, "c": NaN, "d": "NaN \" Infinity"}"#);
        let read = read.unwrap();
        assert_eq!(read["a"][1], Value::Null);
        assert_eq!(read["b"], Value::Null);
        assert_eq!(read["c"], Value::Null);
        assert_eq!(read["d"], "NaN \" Infinity");
    }

    #[test]
    fn says_what_is_wrong_with_a_text_that_is_no_object() {
        let message = |text: &str| object("config.json", text).unwrap_err().to_string();
        assert_eq!(message(" "), "config.json: found nothing, expected a JSON object");
        assert_eq!(message("[1]"), "config.json: found a list, expected a JSON object");
        assert_eq!(
            message("{\"a\": 1"),
            "config.json: found text that is not JSON (EOF while parsing an object at line 1 column 7), expected a JSON object"
        );
        assert!(message(&"[".repeat(1000)).contains("recursion limit exceeded"));
        assert_eq!(
            message(&" ".repeat(MAX_TEXT_BYTES + 1)),
            "config.json: found 16777217 bytes, expected at most 16777216 bytes"
        );
    }
}
