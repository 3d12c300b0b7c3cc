//! CEL text to a tree.

use super::expr::{Expr, FUNCTIONS, Function, Pattern, RELATIONS, Relation};
use crate::problem::Problem;

/// Kubernetes takes no longer expression (`resourceapi.CELSelectorExpressionMaxLength`).
const MOST_BYTES: usize = 10 * 1024;
/// How deep brackets, negations and members may stand in one another.
const MOST_DEPTH: usize = 64;

/// Reads `text` to its end.
pub(super) fn parse(text: &str) -> Result<Expr, Problem> {
    if text.len() > MOST_BYTES {
        return Err(problem(format!("{} bytes", text.len()), format!("at most {MOST_BYTES} bytes")));
    }
    let mut parser = Parser { rest: text, depth: 0 };
    let expr = parser.either()?;
    parser.space();
    if parser.rest.is_empty() { Ok(expr) } else { Err(parser.strange()) }
}

fn problem(found: impl Into<String>, expected: impl Into<String>) -> Problem {
    Problem::new("unread-selector", "CEL selector", found, expected)
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, sign: &str) -> Result<(), Problem> {
        if self.take(sign) { Ok(()) } else { Err(self.strange()) }
    }

    fn strange(&self) -> Problem {
        let shown: String = self.rest.trim().chars().take(40).collect();
        let found = if shown.is_empty() { "its end".to_owned() } else { format!("`{shown}`") };
        problem(found, "attributes and capacities of `device`, compared with known values")
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Problem>) -> Result<T, Problem> {
        if self.depth >= MOST_DEPTH {
            return Err(problem("brackets in brackets", format!("at most {MOST_DEPTH} levels")));
        }
        self.depth = self.depth.saturating_add(1);
        let result = read(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    fn either(&mut self) -> Result<Expr, Problem> {
        self.deeper(|parser| {
            let first = parser.both()?;
            parser.chain("||", first, Expr::Or, Self::both)
        })
    }

    fn both(&mut self) -> Result<Expr, Problem> {
        let first = self.relation()?;
        self.chain("&&", first, Expr::And, Self::relation)
    }

    fn chain(
        &mut self,
        sign: &str,
        first: Expr,
        of: fn(Vec<Expr>) -> Expr,
        next: fn(&mut Self) -> Result<Expr, Problem>,
    ) -> Result<Expr, Problem> {
        let mut all = vec![first];
        while self.take(sign) {
            all.push(next(self)?);
        }
        Ok(if all.len() > 1 { of(all) } else { all.swap_remove(0) })
    }

    fn relation(&mut self) -> Result<Expr, Problem> {
        let left = self.unary()?;
        let sign = RELATIONS.iter().find(|(sign, _)| self.take(sign)).map(|(_, relation)| *relation);
        match sign.or_else(|| self.word_in()) {
            Some(relation) => Ok(Expr::Compare(relation, Box::new(left), Box::new(self.unary()?))),
            None => Ok(left),
        }
    }

    fn word_in(&mut self) -> Option<Relation> {
        self.space();
        let rest = self.rest.strip_prefix("in").filter(|rest| !rest.starts_with(is_name))?;
        self.rest = rest;
        Some(Relation::In)
    }

    fn unary(&mut self) -> Result<Expr, Problem> {
        if self.take("!") {
            return self.deeper(|parser| Ok(Expr::Not(Box::new(parser.unary()?))));
        }
        let mut expr = self.primary()?;
        let mut links: usize = 0;
        loop {
            if self.take(".") {
                let name = self.name()?;
                expr = if self.take("(") {
                    self.call(name, Some(expr))?
                } else {
                    Expr::Member(Box::new(expr), name.to_owned())
                };
            } else if self.take("[") {
                let Expr::Text(key) = self.either()? else { return Err(self.strange()) };
                self.expect("]")?;
                expr = Expr::Index(Box::new(expr), key);
            } else {
                return Ok(expr);
            }
            links = links.saturating_add(1);
            if links > MOST_DEPTH {
                return Err(problem("a chain of members", format!("at most {MOST_DEPTH} of them")));
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, Problem> {
        if self.take("(") {
            let inner = self.either()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.take("[") {
            return Ok(Expr::List(self.list("]")?));
        }
        match self.rest.chars().next() {
            Some(quote @ ('\'' | '"')) => self.text(quote),
            Some(c) if c.is_ascii_digit() || c == '-' => self.number(),
            _ => {
                let before = self.rest;
                let name = self.name()?;
                match name {
                    "device" => Ok(Expr::Device),
                    "true" => Ok(Expr::Flag(true)),
                    "false" => Ok(Expr::Flag(false)),
                    _ if self.take("(") => self.call(name, None),
                    _ => {
                        self.rest = before;
                        Err(self.strange())
                    }
                }
            }
        }
    }

    fn list(&mut self, end: &str) -> Result<Vec<Expr>, Problem> {
        let mut items = Vec::new();
        while !self.take(end) {
            if !items.is_empty() {
                self.expect(",")?;
            }
            items.push(self.either()?);
        }
        Ok(items)
    }

    fn call(&mut self, name: &str, object: Option<Expr>) -> Result<Expr, Problem> {
        let arguments = self.list(")")?;
        let known = FUNCTIONS.iter().find(|(known, method, count, _)| {
            *known == name && *method == object.is_some() && *count == arguments.len()
        });
        let Some((_, _, _, function)) = known else {
            return Err(problem(
                format!("`{name}` of {} arguments", arguments.len()),
                "a function that is read here",
            ));
        };
        match (*function, object, arguments.as_slice()) {
            (Function::Matches, Some(object), [Expr::Text(text)]) => {
                let pattern = Pattern::new(text).ok_or_else(|| {
                    problem(format!("`matches` of {text:?}"), "a regular expression that is read here")
                })?;
                Ok(Expr::Matches(Box::new(object), pattern))
            }
            (Function::Matches, _, _) => {
                Err(problem("`matches` of something that is no text", "a regular expression"))
            }
            (function, object, _) => Ok(Expr::Call(function, object.into_iter().chain(arguments).collect())),
        }
    }

    fn name(&mut self) -> Result<&'a str, Problem> {
        self.space();
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.strange());
        }
        self.rest = rest;
        Ok(name)
    }

    fn number(&mut self) -> Result<Expr, Problem> {
        let end = self.rest.char_indices().skip(1).find(|(_, c)| !c.is_ascii_digit()).map(|(place, _)| place);
        let (digits, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len())).unwrap_or_default();
        let number = digits.parse().map_err(|_| self.strange())?;
        if rest.starts_with('.') || rest.starts_with(is_name) {
            return Err(self.strange());
        }
        self.rest = rest;
        Ok(Expr::Number(number))
    }

    fn text(&mut self, quote: char) -> Result<Expr, Problem> {
        let mut text = String::new();
        let mut chars = self.rest.chars();
        chars.next();
        while let Some(c) = chars.next() {
            match c {
                c if c == quote => {
                    self.rest = chars.as_str();
                    return Ok(Expr::Text(text));
                }
                '\\' => match chars.next() {
                    Some(c @ ('\\' | '\'' | '"')) => text.push(c),
                    Some(_) | None => return Err(self.strange()),
                },
                c => text.push(c),
            }
        }
        Err(self.strange())
    }
}

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
