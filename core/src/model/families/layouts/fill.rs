//! From the statements of a layout to blocks of modules and caches.

use std::borrow::Cow;

use super::expression::{malformed, number};
use super::scope::{Scope, Variables};
use super::section;
use super::words::{cache, named, part_of_model};
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::families::{Nested, build_language};
use crate::model::fields::Fields;
use crate::model::heads::Head;
use crate::model::modules::{Block, Module, Split, Weight};
use crate::model::{Cache, Dims, Task};
use crate::problem::Problem;

/// A statement without the blanks, and without the words from `if` on.
struct Statement {
    words: Vec<&'static str>,
    /// Expressions of which none may be 0.
    conditions: Vec<&'static str>,
    /// What `%` before a path stands for.
    within: String,
}

impl Statement {
    fn read(line: &'static str, within: String) -> Statement {
        let mut words: Vec<&'static str> = line.split_ascii_whitespace().collect();
        let conditions = match words.iter().position(|word| *word == "if") {
            Some(at) => words.split_off(at).into_iter().skip(1).collect(),
            None => Vec::new(),
        };
        Statement { words, conditions, within }
    }

    fn holds(&self, scope: &Scope, locals: &Variables) -> Result<bool, Problem> {
        for text in &self.conditions {
            if number(text, scope, locals)? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

pub(super) fn fill(body: &'static str, config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let mut lines = Vec::new();
    expand(body, "", &mut lines)?;
    let mut scope = Scope::new(config, builder);
    let mut blocks = lines.split(|statement| statement.words.first() == Some(&"@"));
    for statement in blocks.next().unwrap_or_default() {
        if let ["language", place, name, class] = statement.words.as_slice() {
            if !statement.holds(&scope, &Variables::new())? {
                continue;
            }
            let place = match *place {
                "bare" => {
                    scope.larger(bare(name, class, config, builder)?);
                    continue;
                }
                "inside" => Nested::Inside(name),
                "under" => Nested::Under(name),
                other => return Err(malformed(other)),
            };
            scope.larger(build_language(config, class, place, builder)?);
            continue;
        }
        setting(statement, &mut scope, builder)?;
    }
    let headers = lines.iter().filter(|statement| statement.words.first() == Some(&"@"));
    for (header, statements) in headers.zip(blocks) {
        block(header, statements, &scope, builder)?;
    }
    Ok(())
}

/// A language model that neither keeps anything nor has an output matrix.
fn bare<'c>(
    name: &'static str,
    class: &str,
    config: &Config<'c>,
    builder: &mut Builder,
) -> Result<Fields<'c>, Problem> {
    let (head, before) = (std::mem::replace(&mut builder.head, Head::Bare), builder.blocks.len());
    let text = build_language(config, class, Nested::Inside(name), builder)?;
    builder.head = head;
    builder.blocks.iter_mut().skip(before).for_each(|block| block.caches.clear());
    Ok(text)
}

/// Takes in what `use` names. A condition of the `use` holds for all of it.
fn expand(body: &'static str, within: &str, lines: &mut Vec<Statement>) -> Result<(), Problem> {
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let statement = Statement::read(line, within.to_owned());
        let (name, path) = match statement.words.as_slice() {
            ["use", name] => (name, ""),
            ["use", name, path] => (name, *path),
            _ => {
                lines.push(statement);
                continue;
            }
        };
        let before = lines.len();
        let path = match path.strip_prefix('%') {
            Some("") => within.to_owned(),
            Some(rest) => format!("{within}.{rest}"),
            None => path.to_owned(),
        };
        expand(section(&format!("%{name}")).ok_or_else(|| malformed(line))?, &path, lines)?;
        for taken in lines.iter_mut().skip(before) {
            taken.conditions.extend(&statement.conditions);
        }
    }
    Ok(())
}

/// A statement before the first block.
fn setting(statement: &Statement, scope: &mut Scope, builder: &mut Builder) -> Result<(), Problem> {
    let none = Variables::new();
    if !statement.holds(scope, &none)? {
        return Ok(());
    }
    match statement.words.as_slice() {
        [name, ":=", text] => {
            let value = number(text, scope, &none)?;
            scope.define(name, value);
        }
        ["part", name, class] => scope.part(name, class),
        ["whole"] => scope.whole(),
        ["itself", name] => scope.itself(name),
        ["base", name] => scope.base = if scope.bare() { "" } else { name },
        ["refuse", text @ ..] => {
            return Err(Problem::new(
                "unknown-architecture",
                "architectures",
                text.join(" "),
                "an architecture whose shape is known",
            ));
        }
        ["assume", code, text @ ..] => builder.assume(code, text.join(" ")),
        ["task", "embed"] => builder.task = Task::Embed,
        ["task", "seq2seq"] => builder.task = Task::EncodeThenGenerate,
        ["states", "model"] => {
            for cache in builder.blocks.iter_mut().flat_map(|block| &mut block.caches) {
                if let Cache::State { recurrent_dtype, .. } = cache {
                    *recurrent_dtype = None;
                }
            }
        }
        ["dims", hidden, width, vocabulary, layers, heads, kv_heads, head_dim] => {
            let value = |text| number(text, scope, &none);
            builder.dims = Dims {
                hidden_size: value(hidden)?,
                intermediate_size: value(width)?,
                vocab_size: value(vocabulary)?,
                layers: value(layers)?,
                heads: value(heads)?,
                kv_heads: value(kv_heads)?,
                head_dim: value(head_dim)?,
            };
        }
        ["vocab", path, rows, width, tied @ ..] => {
            let (rows, width) = (number(rows, scope, &none)?, number(width, scope, &none)?);
            let tied = number(tied.first().unwrap_or(&"tied"), scope, &none)? > 0;
            builder.vocabulary(path, rows, width, tied);
        }
        words => return Err(malformed(&words.join(" "))),
    }
    Ok(())
}

fn block(
    header: &Statement,
    statements: &[Statement],
    scope: &Scope,
    builder: &mut Builder,
) -> Result<(), Problem> {
    if !header.holds(scope, &Variables::new())? {
        return Ok(());
    }
    let (prefix, count) = match header.words.as_slice() {
        [_, prefix] => (prefix, None),
        [_, prefix, count] => (prefix, Some(number(count, scope, &Variables::new())?)),
        words => return Err(malformed(&words.join(" "))),
    };
    let prefix = if *prefix == "-" { "" } else { prefix };
    let prefix = named(prefix, &header.within, scope).trim_end_matches('.').to_owned();
    let defined = statements.iter().take_while(|statement| statement.words.get(1) == Some(&":=")).count();
    let (definitions, contents) = statements.split_at_checked(defined).unwrap_or_default();
    let Some(count) = count else {
        let mut result = Ok(());
        builder.once(prefix, |block| result = layer(contents, &Variables::new(), scope, block));
        return result;
    };
    let kind = |number_of_layer| kind(definitions, number_of_layer, scope);
    builder.layers(prefix, count, kind, |locals, block| layer(contents, locals, scope, block))
}

/// The definitions of a block in layer `number_of_layer`: layers where they are equal are equal.
fn kind(definitions: &[Statement], number_of_layer: u64, scope: &Scope) -> Result<Variables, Problem> {
    if definitions.is_empty() {
        return Ok(Variables::new());
    }
    let mut locals = vec![("i", number_of_layer)];
    for statement in definitions {
        if let [name, _, text] = statement.words.as_slice() {
            let value = number(text, scope, &locals)?;
            locals.push((name, value));
        }
    }
    locals.remove(0);
    Ok(locals)
}

fn layer(
    contents: &[Statement],
    locals: &Variables,
    scope: &Scope,
    block: &mut Block,
) -> Result<(), Problem> {
    for statement in contents {
        if !statement.holds(scope, locals)? {
            continue;
        }
        match statement.words.as_slice() {
            ["cache", kind, texts @ ..] => block.caches.push(cache(kind, texts, scope, locals)?),
            [group, path, shape, options @ ..] => {
                let path = named(path, &statement.within, scope);
                let module = module(group, path, shape, scope, locals)?;
                block.modules.push(divided(module, options, scope, locals)?);
            }
            words => return Err(malformed(&words.join(" "))),
        }
    }
    Ok(())
}

fn module(
    group: &str,
    path: Cow<'static, str>,
    shape: &'static str,
    scope: &Scope,
    locals: &Variables,
) -> Result<Module, Problem> {
    let value = |text| number(text, scope, locals);
    let weight = if let Some((inputs, outputs)) = shape.split_once(':') {
        Weight::Linear { inputs: value(inputs)?, outputs: value(outputs)?, bias: false }
    } else if let Some((rows, width)) = shape.split_once('#') {
        Weight::Embedding { rows: value(rows)?, width: value(width)? }
    } else {
        Weight::Plain { elements: value(shape)? }
    };
    Ok(Module {
        path,
        group: part_of_model(group)?,
        weight,
        copies: 1,
        active_copies: 1,
        split: Split::Replicated,
    })
}

fn divided(
    mut module: Module,
    options: &[&'static str],
    scope: &Scope,
    locals: &Variables,
) -> Result<Module, Problem> {
    for option in options {
        let (name, value) = match option.split_once('=') {
            Some((name, text)) => (name, number(text, scope, locals)?),
            None => (*option, 1),
        };
        match (name, &mut module.weight) {
            ("b", Weight::Linear { bias, .. }) => *bias = value > 0,
            ("c", _) => module.split = Split::Columns,
            ("r", _) => module.split = Split::Rows,
            ("v", _) => module.split = Split::Vocabulary,
            ("e", _) => module.split = Split::Elements,
            ("k", _) => module.split = Split::KvHeads { heads: value },
            ("x", _) => (module.copies, module.active_copies) = (value, value),
            ("y", _) => module.active_copies = value.min(module.copies),
            _ => return Err(malformed(option)),
        }
    }
    Ok(module)
}
