//! A regular expression over module names.
//!
//! Nearly all published ones are literals with `.` and `.*` between them. Those are matched here, at a hundredth of
//! what an engine for regular expressions takes: a list may hold a thousand, and a model has thousands of modules.

use regex_lite::Regex;

/// An expression, matched from the start of a name as the writers of these lists match them.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    source: String,
    matcher: Matcher,
}

#[derive(Clone, Debug)]
enum Matcher {
    Plain(Vec<Step>),
    Engine(Regex),
}

/// One step of a plain expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Byte(u8),
    /// `.`
    Any,
    /// `.*`
    Span,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.source == other.source
    }
}

impl Eq for Expression {}

impl Expression {
    /// # Errors
    /// What the engine says of an expression that it cannot read.
    pub(super) fn new(source: &str) -> Result<Expression, String> {
        let matcher = match plain(source) {
            Some(steps) => Matcher::Plain(steps),
            None => {
                let anchored = Regex::new(&format!("^(?:{source})")).map_err(|error| error.to_string())?;
                Matcher::Engine(anchored)
            }
        };
        Ok(Expression { source: source.to_owned(), matcher })
    }

    /// The text that it was read from.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Whether matching takes the engine.
    pub(super) fn is_costly(&self) -> bool {
        matches!(self.matcher, Matcher::Engine(_))
    }

    /// Whether `name` matches, or `bare`, its end without what some writers leave out.
    pub(super) fn covers(&self, name: &str, bare: &str) -> bool {
        let any_start = matches!(&self.matcher, Matcher::Plain(steps) if steps.first() == Some(&Step::Span));
        self.is_match(name) || (!any_start && bare.len() < name.len() && self.is_match(bare))
    }

    /// Whether `name`, which is ASCII as all module names are, begins as the expression says.
    fn is_match(&self, name: &str) -> bool {
        match &self.matcher {
            Matcher::Plain(steps) => follows(steps, name.as_bytes()),
            Matcher::Engine(regex) => regex.is_match(name),
        }
    }
}

/// The steps of an expression without groups, classes, alternatives and other repetitions than `.*` and `.+`.
fn plain(source: &str) -> Option<Vec<Step>> {
    let source = source.strip_prefix('^').unwrap_or(source);
    let mut steps = Vec::new();
    let mut bytes = source.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'.' => {
                let repeated = bytes.next_if(|next| matches!(next, b'*' | b'+'));
                if repeated != Some(b'*') {
                    steps.push(Step::Any);
                }
                if repeated.is_some() {
                    steps.push(Step::Span);
                    // As few as possible instead of as many: the same names match.
                    bytes.next_if_eq(&b'?');
                }
            }
            b'\\' => steps.push(Step::Byte(bytes.next().filter(u8::is_ascii_punctuation)?)),
            b'$' if bytes.peek().is_none() => return Some(steps),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'/' | b':' | b',' => {
                steps.push(Step::Byte(byte));
            }
            _ => return None,
        }
    }
    steps.push(Step::Span);
    Some(steps)
}

/// Whether `name` goes through all of `steps`. A span that was too short is made longer; only the last one needs it,
/// because what stands before it has been found as early as it can be.
fn follows(steps: &[Step], name: &[u8]) -> bool {
    let (mut step, mut at) = (0, 0);
    let mut span = None;
    while let Some(&byte) = name.get(at) {
        match steps.get(step) {
            Some(Step::Span) => {
                step += 1;
                span = Some((step, at));
                continue;
            }
            Some(Step::Any) => {}
            Some(Step::Byte(wanted)) if *wanted == byte => {}
            _ => {
                let Some((after, from)) = span else { return false };
                (step, at) = (after, from + 1);
                span = Some((after, at));
                continue;
            }
        }
        (step, at) = (step + 1, at + 1);
    }
    steps.iter().skip(step).all(|rest| *rest == Step::Span)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_expressions_need_no_engine() {
        for source in [
            ".*lm_head",
            ".*mlp.gate$",
            ".*self_attn.*",
            "visual.*",
            r".*\.mlp\.gate$",
            "^model.layers.0.*",
            ".*vision.+?",
        ] {
            assert!(!Expression::new(source).unwrap().is_costly(), "{source}");
        }
        for source in [".*(q|k)_proj$", "model.layers.[0-9].*", ".*a+", r".*\d", "a$b", ".?", "é"] {
            assert!(Expression::new(source).unwrap().is_costly(), "{source}");
        }
    }

    fn piece() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["a", "b", "ab", ".", ".*", ".+", ".*?", r"\.", "a.b", r"\."])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn plain_expressions_match_as_the_engine_does(
            start in prop::sample::select(vec!["", "^"]),
            pieces in prop::collection::vec(piece(), 0..7),
            end in prop::sample::select(vec!["", "$"]),
            name in "[ab.]{0,12}",
        ) {
            let source = format!("{start}{}{end}", pieces.concat());
            let expression = Expression::new(&source).unwrap();
            prop_assert!(!expression.is_costly(), "{source}");
            let engine = Regex::new(&format!("^(?:{source})")).unwrap();
            prop_assert_eq!(expression.is_match(&name), engine.is_match(&name), "{} {}", source, name);
        }
    }
}
