//! One file per architecture family: what its layers hold and keep.
//!
//! A language model inside a larger one (`text_config` and the like) is built by `build_text` from the same tables,
//! looked up by the nested part's own `model_type`. A family therefore reads `config.text` and `config.tied()` and asks
//! `config.text.class()`, never `config.model_type`; it names its modules as if it stood alone (`model.layers`,
//! `lm_head`), and `Nested` says where they stand in the larger model.

mod decoders;
mod experts;
mod generic;
mod layouts;
mod pairs;

use super::build::Builder;
use super::config::Config;
use super::fields::Fields;
use super::modules::Block;
use crate::problem::Problem;

/// Fills a builder from a config of its family.
type Build = fn(&Config, &mut Builder) -> Result<(), Problem>;

/// The tables of every kind of family. A `model_type` stands in one of them.
const TABLES: [&[(&str, Build)]; 3] = [decoders::FAMILIES, experts::FAMILIES, pairs::FAMILIES];

/// Builds the model of `config`: by its family, or as a generic decoder where the family is unknown.
/// Answers whether the family is known.
///
/// # Errors
/// What the family reports; `not-a-model` where no language dimension can be read.
pub fn build(config: &Config, builder: &mut Builder) -> Result<bool, Problem> {
    if TEXT_ALONE.contains(&config.architecture.as_str()) {
        return build_text_alone(config, builder).map(|()| true);
    }
    if layouts::knows_larger(&config.model_type) {
        return layouts::build_larger(config, builder).map(|()| true);
    }
    match family(&config.model_type) {
        Some(build) => build(config, builder).map(|()| true),
        None => generic::build(config, builder).map(|()| false),
    }
}

/// Classes that are the language model of a larger model alone, although their config is that of the larger one.
const TEXT_ALONE: [&str; 7] = [
    "Dots3NoteForCausalLM",
    "Emu3ForCausalLM",
    "Llama4ForCausalLM",
    "MllamaForCausalLM",
    "Qwen3_5ForCausalLM",
    "Qwen3_5MoeForCausalLM",
    "Qwen4ExpForCausalLM",
];

/// Builds `text_config`, as if it were the whole config; its `model_type` is that of the larger model and `_text`,
/// for two of them `_text_model`.
fn build_text_alone(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let class = config.model_type.strip_suffix("_text").unwrap_or(&config.model_type);
    let end = if matches!(class, "emu3" | "mllama") { "_text_model" } else { "_text" };
    let class = format!("{class}{end}");
    let text = if config.model_type == class {
        config.text.clone()
    } else {
        config.root.part_or_default("text_config", &class)
    };
    let alone =
        Config { root: text.clone(), text, architecture: config.architecture.clone(), model_type: class };
    match family(alone.text.class()) {
        Some(build) => build(&alone, builder),
        None => Err(unknown(alone.text.class())),
    }
}

fn unknown(class: &str) -> Problem {
    Problem::new(
        "unknown-architecture",
        "text_config.model_type",
        format!("{class:?}"),
        "a language model of a known family",
    )
}

/// Where a larger model keeps its language model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model::families) enum Nested {
    /// `model.layers` is called `<name>.layers`, the output matrix stays `lm_head` (`model.language_model`).
    Inside(&'static str),
    /// Everything stands below `<name>`: `<name>.model.layers`, `<name>.lm_head` (`language_model`).
    Under(&'static str),
}

/// Builds the language model of a larger model by the family of its own class, `class` where it names none, and
/// gives its fields. It stands in a part of its own, or flat at the top level.
///
/// # Errors
/// What the family reports; `unknown-architecture` where the class of the text part has none.
pub(in crate::model::families) fn build_language<'c>(
    config: &Config<'c>,
    class: &str,
    place: Nested,
    builder: &mut Builder,
) -> Result<Fields<'c>, Problem> {
    let text = if family(config.text.class()).is_some() && config.text.class() != config.model_type {
        config.text.clone()
    } else if config.root.has("hidden_size") {
        config.root.with_class(class)
    } else {
        config.root.part_of_class("text_config", class)
    };
    let text = as_preset(config, text);
    let Some(build) = family(text.class()) else {
        return Err(unknown(text.class()));
    };
    let language = Config {
        root: config.root.clone(),
        text: text.clone(),
        // The class named in the file is that of the larger model.
        architecture: String::new(),
        model_type: config.model_type.clone(),
    };
    let before = builder.blocks.len();
    build(&language, builder)?;
    builder.blocks.iter_mut().skip(before).for_each(|block| place.rename(block));
    Ok(text)
}

/// Some fill what a language part leaves out with defaults of their own, whatever class the part names; the real-time
/// Voxtral even builds its own class from it.
///
/// Source: transformers `configuration_voxtral.py`, `configuration_pe_audio.py`, `modeling_voxtral_realtime.py`.
fn as_preset<'c>(config: &Config<'c>, text: Fields<'c>) -> Fields<'c> {
    match config.model_type.as_str() {
        "pe_audio" => text.with_preset("pe_audio/text_config"),
        "voxtral" => text.with_preset("voxtral/text_config"),
        "voxtral_realtime" => {
            text.with_class("voxtral_realtime_text").with_preset("voxtral_realtime/text_config")
        }
        _ => text,
    }
}

impl Nested {
    /// A block's modules are named by its prefix, or by their own paths where it has none.
    fn rename(self, block: &mut Block) {
        if !block.prefix.is_empty() {
            block.prefix = self.name(&block.prefix).into();
            return;
        }
        for module in &mut block.modules {
            module.path = self.name(&module.path).into();
        }
    }

    fn name(self, alone: &str) -> String {
        match self {
            Nested::Under(outer) => format!("{outer}.{alone}"),
            Nested::Inside(body) => match alone.strip_prefix("model") {
                Some(rest) if rest.is_empty() || rest.starts_with('.') => format!("{body}{rest}"),
                _ => alone.to_owned(),
            },
        }
    }
}

/// The `model_type` of which `architecture` is a class, for files that name only the class:
/// `XLMRobertaModel` belongs to `xlm-roberta`.
pub(super) fn class_of(architecture: &str) -> Option<&'static str> {
    let ends = ["For", "Model", "LMHead"].into_iter().filter_map(|end| architecture.find(end));
    let (stem, _) = architecture.split_at_checked(ends.min()?)?;
    let stem = stem.to_ascii_lowercase();
    let tables = TABLES.iter().flat_map(|table| table.iter().map(|row| row.0));
    tables
        .chain(layouts::classes())
        .find(|class| !stem.is_empty() && class.bytes().filter(u8::is_ascii_alphanumeric).eq(stem.bytes()))
}

fn family(model_type: &str) -> Option<Build> {
    let row = TABLES.iter().find_map(|table| {
        let row = table.binary_search_by_key(&model_type, |(name, _)| name).ok()?;
        table.get(row).map(|(_, build)| *build)
    });
    row.or_else(|| layouts::knows(model_type).then_some(layouts::build as Build))
}

#[cfg(test)]
mod tests {
    use super::{Nested, TABLES};

    #[test]
    fn a_nested_language_model_is_named_as_in_its_checkpoint() {
        let inside = Nested::Inside("model.language_model");
        assert_eq!(inside.name("model.layers"), "model.language_model.layers");
        assert_eq!(inside.name("model"), "model.language_model");
        assert_eq!(inside.name("lm_head"), "lm_head");
        assert_eq!(inside.name("models.x"), "models.x");
        let under = Nested::Under("language_model");
        assert_eq!(under.name("model.embed_tokens"), "language_model.model.embed_tokens");
        assert_eq!(under.name("lm_head"), "language_model.lm_head");
    }

    #[test]
    fn every_table_is_sorted_and_no_model_type_stands_twice() {
        let mut names: Vec<&str> = TABLES.iter().flat_map(|table| table.iter().map(|row| row.0)).collect();
        names.extend(super::layouts::classes());
        for table in TABLES {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
        }
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
