//! Names of objects, as a cluster takes them.

use crate::problem::Problem;

/// The most characters of a label of the domain name system (RFC 1123).
const LONGEST: usize = 63;

/// A name for the objects of the model `id`: the last part of the id, in lower case, with `-` for whatever a
/// cluster does not take. Leaves room for a suffix.
#[must_use]
pub fn name_of(id: &str) -> String {
    let last = id.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let mut name = String::new();
    for sign in last.chars() {
        match sign.to_ascii_lowercase() {
            sign @ ('a'..='z' | '0'..='9') => name.push(sign),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        // A Service's name begins with a letter.
        name.insert_str(0, "model-");
    }
    name.truncate(LONGEST - 13);
    name.trim_end_matches('-').to_owned()
}

/// Checks a name that a user gave for `what`.
///
/// # Errors
/// `bad-name`.
pub(super) fn check(what: &str, name: &str) -> Result<(), Problem> {
    let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit();
    let good = name.len() <= LONGEST
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.ends_with(plain)
        && name.chars().all(|sign| plain(sign) || sign == '-');
    if good {
        return Ok(());
    }
    let found = if name.is_empty() { "nothing".to_owned() } else { format!("{name:?}") };
    let expected = "a lower-case letter, then letters, digits and `-`, at most 63 in all, no `-` at the end";
    Err(Problem::new("bad-name", what, found, expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_names_its_objects() {
        for (id, name) in [
            ("ibm-granite/granite-7b-base", "granite-7b-base"),
            ("meta-llama/Llama-3.1-8B-Instruct", "llama-3-1-8b-instruct"),
            ("01-ai/Yi-6B-Chat", "yi-6b-chat"),
            ("org/7B__v0.1-", "model-7b-v0-1"),
            ("", "model"),
            ("/models/é/", "model"),
        ] {
            assert_eq!(name_of(id), name, "{id}");
            assert_eq!(check("name", &name_of(id)), Ok(()), "{id}");
        }
        assert_eq!(name_of(&"x".repeat(200)).len(), 50);
    }

    #[test]
    fn says_what_a_name_may_be() {
        for bad in ["", "A", "a_b", "-a", "a-", "1a", &"a".repeat(64)] {
            assert_eq!(check("name", bad).unwrap_err().code, "bad-name", "{bad}");
        }
        let message = "namespace: found \"Team A\", expected a lower-case letter, then letters, digits and `-`, at most \
                       63 in all, no `-` at the end";
        assert_eq!(check("namespace", "Team A").unwrap_err().to_string(), message);
    }
}
