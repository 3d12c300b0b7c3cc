//! Which modules a list in a quantization config means.
//!
//! Published lists spell module names in four ways: whole names, parts of names (`visual`), globs
//! (`model.layers.*.self_attn*`) and regular expressions (`re:.*mlp.gate$`).

use serde::{Deserialize, Serialize};

use super::expression::Expression;
use crate::order;
use crate::problem::Problem;

/// The longest regular expression that is compiled; the longest published one has 60 characters.
const MAX_PATTERN: usize = 1000;

/// Leading components that some writers of the same name leave out.
const PREFIXES: [&str; 5] = ["model", "language_model", "text_model", "llm", "thinker"];

/// The component that stands for any of them where a list is written.
const ANCHOR: &str = PREFIXES[0];

/// A list of module names. As data it is a list that spells the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<String>", try_from = "Vec<String>")]
pub struct Names {
    /// Names without leading [`PREFIXES`], which must match from the start, and parts that may stand anywhere; sorted.
    anchored: Vec<String>,
    anywhere: Vec<String>,
    globs: Vec<String>,
    expressions: Vec<Expression>,
}

impl Names {
    /// The names that `list` spells.
    ///
    /// # Errors
    /// `bad-pattern` where a regular expression cannot be read.
    pub fn new<'a>(subject: &str, list: impl IntoIterator<Item = &'a str>) -> Result<Names, Problem> {
        let mut names = Names::default();
        for entry in list {
            names.add(subject, entry)?;
        }
        for list in [&mut names.anchored, &mut names.anywhere] {
            order::sort(list);
            list.dedup();
        }
        Ok(names)
    }

    fn add(&mut self, subject: &str, entry: &str) -> Result<(), Problem> {
        if let Some(expression) = entry.strip_prefix("re:") {
            let bad =
                |why: String| Problem::new("bad-pattern", subject, why, "a regular expression after re:");
            if expression.len() > MAX_PATTERN {
                return Err(bad(format!("an expression of {} characters", expression.len())));
            }
            let read = Expression::new(expression).map_err(|error| bad(format!("{entry:?} ({error})")))?;
            self.expressions.push(read);
        } else if entry.contains('*') {
            self.globs.push(entry.to_owned());
        } else {
            let bare = without_prefixes(entry);
            if bare.len() < entry.len() {
                self.anchored.push(bare.to_owned());
            } else {
                self.anywhere.push(entry.to_owned());
            }
        }
        Ok(())
    }

    /// Whether nothing is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.anchored.is_empty()
            && self.anywhere.is_empty()
            && self.globs.is_empty()
            && self.expressions.is_empty()
    }

    /// Expressions and globs.
    pub(super) fn patterns(&self) -> usize {
        self.globs.len() + self.expressions.len()
    }

    /// Of those, the ones that take an engine.
    pub(super) fn costly(&self) -> usize {
        self.expressions.iter().filter(|expression| expression.is_costly()).count()
    }

    /// Whether `entry` of a list is a name, and no pattern.
    pub(super) fn is_plain(entry: &str) -> bool {
        !entry.starts_with("re:") && !entry.contains('*')
    }

    /// Whether `name` is listed, by itself or through one of the modules that it is part of.
    #[must_use]
    pub fn cover(&self, name: &str) -> bool {
        let bare = without_prefixes(name);
        ancestors(bare).any(|part| has(&self.anchored, part))
            || starts(name).any(|rest| ancestors(rest).any(|part| has(&self.anywhere, part)))
            || self.globs.iter().any(|glob| glob_matches(glob, name) || glob_matches(glob, bare))
            || self.expressions.iter().any(|expression| expression.covers(name, bare))
    }
}

/// Whether `name` is in the sorted `list`.
fn has(list: &[String], name: &str) -> bool {
    list.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
}

impl From<Names> for Vec<String> {
    fn from(names: Names) -> Vec<String> {
        let anchored = names.anchored.iter().map(|bare| format!("{ANCHOR}.{bare}"));
        let expressions = names.expressions.iter().map(|expression| format!("re:{}", expression.source()));
        anchored
            .chain(names.anywhere.iter().cloned())
            .chain(names.globs.iter().cloned())
            .chain(expressions)
            .collect()
    }
}

impl TryFrom<Vec<String>> for Names {
    type Error = Problem;

    fn try_from(list: Vec<String>) -> Result<Names, Problem> {
        Names::new("names", list.iter().map(String::as_str))
    }
}

/// `name` without the leading components that some writers leave out.
fn without_prefixes(name: &str) -> &str {
    let mut rest = name;
    while let Some((first, tail)) = rest.split_once('.') {
        if !PREFIXES.contains(&first) {
            break;
        }
        rest = tail;
    }
    rest
}

/// `a.b.c`, `a.b`, `a`.
fn ancestors(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.rsplit_once('.').map(|(parent, _)| parent))
}

/// `a.b.c`, `b.c`, `c`.
fn starts(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.split_once('.').map(|(_, rest)| rest))
}

/// Whether `name` has the shape of `glob`, in which `*` stands for any characters.
fn glob_matches(glob: &str, name: &str) -> bool {
    let mut parts = glob.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(entry: &str, name: &str) -> bool {
        Names::new("ignore", [entry]).unwrap().cover(name)
    }

    #[test]
    fn whole_names_parts_globs_and_expressions() {
        assert!(covers("lm_head", "lm_head"));
        assert!(covers("model.layers.1.mlp.gate", "model.layers.1.mlp.gate"));
        assert!(!covers("model.layers.1.mlp.gate", "model.layers.10.mlp.gate"));
        assert!(!covers("model.layers.1.mlp.gate", "model.layers.1.mlp.gate_proj"));
        assert!(covers("language_model.model.layers.3.mlp", "model.language_model.layers.3.mlp.up_proj"));
        assert!(!covers("model.layers.3.mlp", "vision_tower.layers.3.mlp.up_proj"));
        assert!(covers("visual", "model.visual.blocks.0.attn.qkv"));
        assert!(covers("in_proj_b", "model.layers.0.linear_attn.in_proj_b"));
        assert!(covers("model.layers.*.self_attn*", "model.layers.7.self_attn.q_proj"));
        assert!(covers("*lm_head*", "lm_head"));
        assert!(!covers("model.layers.*.self_attn", "model.layers.7.self_attn.q_proj"));
        assert!(covers("re:.*self_attn.*", "model.layers.7.self_attn.q_proj"));
        assert!(covers("re:vision_tower.*", "vision_tower.blocks.0.fc"));
        assert!(!covers("re:mm_projector", "model.layers.0.mm_projector"));
    }

    #[test]
    fn an_expression_that_cannot_be_read_is_named() {
        let message = |entry: &str| Names::new("ignore", [entry]).unwrap_err().to_string();
        assert_eq!(
            message("re:("),
            "ignore: found \"re:(\" (found open group without closing ')'), expected a regular expression after re:"
        );
        assert_eq!(
            message(&format!("re:{}", "a".repeat(1001))),
            "ignore: found an expression of 1001 characters, expected a regular expression after re:"
        );
    }
}
