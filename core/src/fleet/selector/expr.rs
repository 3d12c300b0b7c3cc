//! The tree of a CEL expression.

use regex_lite::Regex;

/// A CEL expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    /// The device that is asked about.
    Device,
    /// `'text'`
    Text(String),
    /// `7`
    Number(i64),
    /// `true`
    Flag(bool),
    /// `['a', 'b']`
    List(Vec<Expr>),
    /// `x.name`
    Member(Box<Expr>, String),
    /// `x['name']`
    Index(Box<Expr>, String),
    /// `!x`
    Not(Box<Expr>),
    /// `a && b`
    And(Vec<Expr>),
    /// `a || b`
    Or(Vec<Expr>),
    /// `a == b`
    Compare(Relation, Box<Expr>, Box<Expr>),
    /// `x.matches('pattern')`
    Matches(Box<Expr>, Pattern),
    /// `f(x)` and `x.f(y)`, the object first.
    Call(Function, Vec<Expr>),
}

/// A regular expression, compiled once for all devices.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Regex);

impl Pattern {
    /// `None` for what is no regular expression.
    pub(super) fn new(text: &str) -> Option<Pattern> {
        Regex::new(text).ok().map(Pattern)
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

/// How two values stand to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    In,
}

/// A function or method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Quantity,
    Semver,
    CompareTo,
    IsGreaterThan,
    IsLessThan,
    LowerAscii,
    UpperAscii,
    Matches,
    StartsWith,
    EndsWith,
    Contains,
    Has,
}

/// Functions by name: whether it is a method, and how many arguments it takes beside its object.
#[rustfmt::skip]
pub(super) const FUNCTIONS: &[(&str, bool, usize, Function)] = &[
    ("quantity",      false, 1, Function::Quantity),
    ("semver",        false, 1, Function::Semver),
    ("has",           false, 1, Function::Has),
    ("compareTo",     true,  1, Function::CompareTo),
    ("isGreaterThan", true,  1, Function::IsGreaterThan),
    ("isLessThan",    true,  1, Function::IsLessThan),
    ("lowerAscii",    true,  0, Function::LowerAscii),
    ("upperAscii",    true,  0, Function::UpperAscii),
    ("matches",       true,  1, Function::Matches),
    ("startsWith",    true,  1, Function::StartsWith),
    ("endsWith",      true,  1, Function::EndsWith),
    ("contains",      true,  1, Function::Contains),
];

/// Signs of comparison; longer ones before those that they begin with.
pub(super) const RELATIONS: [(&str, Relation); 6] = [
    ("==", Relation::Equal),
    ("!=", Relation::Unequal),
    ("<=", Relation::AtMost),
    (">=", Relation::AtLeast),
    ("<", Relation::Less),
    (">", Relation::Greater),
];

impl Expr {
    pub(super) fn demands(&self, name: &str) -> Option<&str> {
        match self {
            Expr::And(all) => all.iter().find_map(|one| one.demands(name)),
            Expr::Compare(Relation::Equal, a, b) => match (&**a, &**b) {
                (Expr::Member(_, member), Expr::Text(text)) | (Expr::Text(text), Expr::Member(_, member)) => {
                    (member == name).then_some(text.as_str())
                }
                _ => None,
            },
            _ => None,
        }
    }
}
