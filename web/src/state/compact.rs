//! JSON without the white space that is a third of most files and says nothing.

/// `text` without white space between tokens. What is no JSON stays none, and what is stays the same.
#[must_use]
pub fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut escaped, mut space) = (false, false, false);
    for letter in text.trim().chars() {
        if inside {
            out.push(letter);
            inside = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
        } else if matches!(letter, ' ' | '\t' | '\n' | '\r') {
            space = true;
        } else {
            // Between two numbers or words it is what keeps them two.
            if space && !parts(letter) && !out.ends_with(parts) {
                out.push(' ');
            }
            out.push(letter);
            (inside, space) = (letter == '"', false);
        }
    }
    out
}

/// Whether a token ends before and behind `letter` whatever stands there.
fn parts(letter: char) -> bool {
    matches!(letter, '{' | '}' | '[' | ']' | ':' | ',' | '"')
}

/// `text` as a string of JSON, without what cannot be seen.
#[must_use]
pub fn quoted(text: &str) -> String {
    let seen: String = text.chars().filter(|letter| !letter.is_control()).collect();
    format!("\"{}\"", seen.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn white_space_goes_and_texts_stay() {
        assert_eq!(compact(" {\n \"a b\" : [ 1 , -2.50 ,\ttrue ] }\r\n"), r#"{"a b":[1,-2.50,true]}"#);
        assert_eq!(compact(r#"{"a\" b\\" : "c  d"}"#), r#"{"a\" b\\":"c  d"}"#);
        assert_eq!(compact("{\"a\": 1  2}"), "{\"a\":1 2}", "two numbers do not become one");
        assert_eq!(quoted("a\"b\\c\n"), r#""a\"b\\c""#);
    }

    fn piece() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "{", "}", "[", "]", ":", ",", " ", "\n", "\"", "\\", "\"a b\"", "\"\\\"\"", "1", "-2", "true",
            "null", "é",
        ])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]
        #[test]
        fn what_it_means_stays(pieces in prop::collection::vec(piece(), 0..12)) {
            let text = pieces.concat();
            let read = |text: &str| serde_json::from_str::<Value>(text).ok();
            prop_assert_eq!(read(&compact(&text)), read(&text), "{}", text);
        }
    }
}
