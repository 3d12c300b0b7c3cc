//! Ids of the catalog that a few letters mean.

use migfit::order;

/// The most that are shown.
pub const SHOWN: usize = 12;

/// The ids that hold every part of `typed`, wherever it stands; those whose name begins with it first.
#[must_use]
pub fn matches(ids: &[String], typed: &str) -> Vec<String> {
    let parts: Vec<String> = typed
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|part| !part.is_empty())
        .map(plain)
        .collect();
    let first = parts.first().cloned().unwrap_or_default();
    let mut found: Vec<(bool, &String)> = ids
        .iter()
        .filter_map(|id| {
            let whole = plain(id);
            let name = whole.rsplit('/').next().unwrap_or_default();
            parts.iter().all(|part| whole.contains(part)).then(|| (!name.starts_with(&first), id))
        })
        .collect();
    order::sort_by_key(&mut found, |(later, _)| *later);
    found.into_iter().take(SHOWN).map(|(_, id)| id.clone()).collect()
}

/// Lower case, with one sign for those that people mix up.
fn plain(text: &str) -> String {
    text.to_ascii_lowercase().replace(['_', '.'], "-")
}

/// Whether `typed` has the shape of an id of the Hub: `organisation/name`.
#[must_use]
pub fn is_id(typed: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.len() <= 96
            && !part.contains("..")
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    typed.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> Vec<String> {
        [
            "meta-llama/Llama-3.1-8B",
            "mistralai/Mistral-7B-v0.1",
            "nvidia/Llama-3.1-Nemotron-70B",
            "Qwen/Qwen2.5-7B",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    #[test]
    fn parts_in_any_order_and_spelling_find_an_id() {
        assert_eq!(
            matches(&ids(), "llama 3_1"),
            ["meta-llama/Llama-3.1-8B", "nvidia/Llama-3.1-Nemotron-70B"]
        );
        assert_eq!(matches(&ids(), "7b QWEN"), ["Qwen/Qwen2.5-7B"]);
        assert_eq!(matches(&ids(), "no such").len(), 0);
        assert_eq!(matches(&ids(), "").len(), 4);
    }

    #[test]
    fn a_name_that_begins_so_stands_first() {
        assert_eq!(matches(&ids(), "mistral"), ["mistralai/Mistral-7B-v0.1"]);
        assert_eq!(matches(&ids(), "qwen")[0], "Qwen/Qwen2.5-7B");
    }

    #[test]
    fn an_id_of_the_hub_has_two_plain_parts() {
        assert!(is_id("meta-llama/Llama-3.1-8B"));
        for text in ["llama", "a/b/c", "a/", "/b", "../b", "a/b?c", "a/..", "a b/c", "<a>/b"] {
            assert!(!is_id(text), "{text}");
        }
    }
}
