//! Families whose layers differ in names and flags only, written down as layouts instead of code.
//!
//! A layout is a section of a `.layout` file. `= a b` opens the section of the classes `a` and `b`, `= %name` a part
//! that other sections take in by `use name` or `use name path`, where `%` before a
//! path stands for `path.`; `#` at the beginning of a line is a comment. Statements:
//!
//! | statement | meaning |
//! |---|---|
//! | `name := expression` | a definition; within a block it is worked out per layer, where `i` is the layer's number |
//! | `language inside name class`, `language under name class` | a larger model: builds its language model, of `class` unless it names its own, see `Nested`; names then mean fields of the top level, `text.field` those of the language model |
//! | `language bare name class` | the same without caches and output matrix, beside what else the layout holds |
//! | `part name class`, `part path=name class` | `name.field` is a field of the nested object `name`, or of the one at `path` |
//! | `whole` | names mean fields of the top level, for models of several parts of which none is a decoder |
//! | `itself name` | `name.field` is a field of the file: a part of larger models that stands alone |
//! | `states model` | states of the language model are kept in the model's own format, whatever its class asks for |
//! | `base name` | `$` before a path is `name.`, and nothing where the body stands alone |
//! | `task embed`, `task seq2seq` | what the model is for, where the head does not say |
//! | `assume code text` | something that the answer rests on and the file does not say |
//! | `refuse text` | an architecture of the class that the layout does not describe |
//! | `dims H I V L heads kv head_dim` | the widths for activation formulas |
//! | `vocab path rows width tied` | token embedding and output matrix, see `Builder::vocabulary`; `tied` as the config has it unless given |
//! | `@ prefix count` | opens a block of `count` equal or different layers; without `count` one that exists once |
//! | `group path shape options` | a module: `in:out` a matrix, `rows#width` a table, otherwise so many elements |
//! | `cache kind expressions` | what a layer keeps: `full kv k v`, `sliding kv k v window`, `cross kv k v tokens`, `state mixer conv recurrent format` |
//!
//! Groups are `emb att mlp exp shx rtr rec nrm vis aud prj lmh tsk mtp`. Options: `b` or `b=expression` a bias, `c r v`
//! how ranks divide it (columns, rows, vocabulary), `k=heads` by key/value head, `x=copies`, `y=copies that a token
//! passes`. `if expression` at the end of a statement drops it where the expression is 0.
//!
//! Expressions have no blanks: numbers, names, `+ - * / %`, `= < >`, `& | !`, brackets, `a~b` (b where a is absent or
//! null), and the functions `if(c,a,b) min max ceil(a,b) up(a,multiple) scaled(field,a) has(field) above0(field) len(field)
//! count(list,word..) is(field,word..) class(name..) arch(end..) most(object) half(a,times) double(times) split(text,index) at(list,index) at(list,index,word..) in(list,number) kind(part,class..)
//! own(object,layer,field)`.

mod expression;
mod fill;
mod scope;
#[cfg(test)]
mod tests;
mod words;

use crate::model::build::Builder;
use crate::model::config::Config;
use crate::packed::{LARGER_LAYOUTS, LAYOUTS, Table};
use crate::problem::Problem;

/// Builds the model of `config` by the layout of its class.
///
/// # Errors
/// `missing-field`, `bad-field`; `unknown-architecture` where the class has no layout.
pub(in crate::model::families) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let class = config.text.class();
    match section_of(&LAYOUTS, class) {
        Some(body) => fill::fill(body, config, builder),
        None => Err(Problem::new(
            "unknown-architecture",
            "model_type",
            format!("{class:?}"),
            "a model of a known family",
        )),
    }
}

/// Builds a larger model by the layout of its top level's class.
///
/// # Errors
/// As [`build`].
pub(in crate::model::families) fn build_larger(
    config: &Config,
    builder: &mut Builder,
) -> Result<(), Problem> {
    match section_of(&LARGER_LAYOUTS, &config.model_type) {
        Some(body) => fill::fill(body, config, builder),
        None => Err(Problem::new(
            "unknown-architecture",
            "model_type",
            format!("{:?}", config.model_type),
            "a larger model",
        )),
    }
}

/// Whether `class` is that of a larger model with a layout.
pub(in crate::model::families) fn knows_larger(class: &str) -> bool {
    !class.starts_with('%') && section_of(&LARGER_LAYOUTS, class).is_some()
}

/// Whether there is a layout for `class`.
pub(in crate::model::families) fn knows(class: &str) -> bool {
    !class.starts_with('%') && section_of(&LAYOUTS, class).is_some()
}

/// The classes that have a layout.
pub(in crate::model::families) fn classes() -> impl Iterator<Item = &'static str> {
    LAYOUTS.records().flat_map(|(names, _)| names.split(' ')).filter(|name| !name.starts_with('%'))
}

fn section_of(layouts: &'static Table, name: &str) -> Option<&'static str> {
    let (names, body) = layouts.find(name)?;
    names.split(' ').any(|known| known == name).then_some(body)
}

/// A part that other sections take in.
fn section(name: &str) -> Option<&'static str> {
    section_of(&LAYOUTS, name).or_else(|| section_of(&LARGER_LAYOUTS, name))
}
