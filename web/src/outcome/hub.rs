//! Models fetched from the Hub: where they are, and what it means where they cannot be had.

use migfit::problem::Problem;

/// Why something did not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer: there is no network, or something in between forbids it.
    Unreachable {
        /// Whether the browser knows that it is offline.
        offline: bool,
    },
    /// It took too long.
    Late,
    /// Another status than success, with the Hub's word for it where it gave one.
    Status(u16, String),
    /// More than is read.
    TooLarge,
}

/// The address of what the Hub says about `id`.
#[must_use]
pub fn about(base: &str, id: &str) -> String {
    format!("{base}/api/models/{id}")
}

/// The address of a file of `id`.
#[must_use]
pub fn file(base: &str, id: &str, name: &str) -> String {
    format!("{base}/{id}/resolve/main/{name}")
}

/// What a reader is told of a failure to fetch `id` from `base`.
#[must_use]
pub fn problem(base: &str, id: &str, failure: &Failure, with_token: bool) -> Problem {
    let problem = |code, found: &str, expected: &str| Problem::new(code, id, found, expected);
    match failure {
        Failure::Unreachable { offline: true } => {
            problem("offline", "no network", "a network, to fetch its config.json")
                .hint("the catalog works without one, and so does a config.json that is pasted")
        }
        Failure::Unreachable { offline: false } => {
            problem("unreachable", &format!("no answer from {base}"), "its config.json")
                .hint("a proxy or an extension may forbid it; download the config.json and drop it here")
        }
        Failure::Late => problem("late", &format!("no answer from {base} in time"), "its config.json"),
        Failure::TooLarge => problem("too-large", "a file of more than 16 MiB", "a config.json"),
        Failure::Status(_, word) if word == "GatedRepo" => gated(id, with_token),
        Failure::Status(403, _) => gated(id, with_token),
        // Without a token the Hub does not tell a private repository from one that is not there.
        Failure::Status(401, _) => problem("not-found", "no such public model", "the id of a public model")
            .hint("if it is private or gated, give a token that may read it"),
        Failure::Status(404, word) if word == "EntryNotFound" => {
            problem("no-config", "a repository without config.json", "a model in the format of transformers")
        }
        Failure::Status(404, _) => {
            problem("not-found", "no such model", "the id of a model, as organisation/name")
        }
        Failure::Status(429, _) => {
            problem("too-many", "too many requests from this address", "a config.json")
                .hint("wait a few minutes, or give a token")
        }
        Failure::Status(status, _) => problem("refused", &format!("status {status}"), "its config.json"),
    }
}

fn gated(id: &str, with_token: bool) -> Problem {
    let found = if with_token { "a token that may not read it" } else { "a gated model" };
    Problem::new("gated", id, found, "access, which its authors grant")
        .hint("ask for access on the model's page, then give a token; or paste its config.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_hub() {
        assert_eq!(about("https://hub", "a/b"), "https://hub/api/models/a/b");
        assert_eq!(file("https://hub", "a/b", "config.json"), "https://hub/a/b/resolve/main/config.json");
    }

    #[test]
    fn every_failure_says_what_to_do() {
        let said = |failure: Failure, token| problem("https://hub", "a/b", &failure, token).to_string();
        let status = |status, word: &str| said(Failure::Status(status, word.to_owned()), false);
        assert_eq!(
            status(401, "GatedRepo"),
            "a/b: found a gated model, expected access, which its authors grant"
        );
        assert_eq!(
            said(Failure::Status(403, String::new()), true),
            "a/b: found a token that may not read it, expected access, which its authors grant"
        );
        assert_eq!(
            status(401, "RepoNotFound"),
            "a/b: found no such public model, expected the id of a public model"
        );
        assert_eq!(
            status(404, "EntryNotFound"),
            "a/b: found a repository without config.json, expected a model in the format of transformers"
        );
        assert_eq!(
            said(Failure::Unreachable { offline: true }, false),
            "a/b: found no network, expected a network, to fetch its config.json"
        );
        assert_eq!(status(500, ""), "a/b: found status 500, expected its config.json");
    }
}
