//! Which layers of a sparse model have an indexer of their own.

use super::latent::{Indexer, Latent};
use super::layers::Words;
use crate::model::fields::Fields;
use crate::problem::Problem;

/// The answer to which layers have an indexer: `indexer_types`, else the schedules that stood for it.
///
/// Source: transformers `configuration_glm_moe_dsa.py`, `configuration_hy_v4.py`.
#[derive(Debug)]
pub(super) struct Indexers<'a> {
    words: Words<'a>,
    indexer: Option<Indexer>,
    /// "FSSF…": a letter per layer.
    pattern: Option<String>,
    every: u64,
    offset: u64,
    /// Hunyuan 4: the first layer, then every fourth from the second.
    fourth: bool,
}

impl<'a> Indexers<'a> {
    pub(super) fn read(text: &'a Fields<'a>) -> Result<Indexers<'a>, Problem> {
        let pattern = match text.value("index_topk_pattern") {
            Some(serde_json::Value::String(pattern)) => Some(pattern),
            Some(serde_json::Value::Array(words)) => Some(letters(&words)),
            _ => None,
        };
        let indexed = text.count("index_head_dim")?.is_some_and(|dim| dim > 0);
        Ok(Indexers {
            words: Words::read(text, "indexer_types")?,
            indexer: if indexed { Some(Latent::indexer(text)?) } else { None },
            pattern,
            every: text.count_or("index_topk_freq", 1)?.max(1),
            offset: text.count_or("index_skip_topk_offset", 2)?,
            fourth: text.class() == "hy_v4",
        })
    }

    /// Whether the model is sparse at all.
    pub(super) const fn any(&self) -> bool {
        self.indexer.is_some()
    }

    /// The indexer of `layer`.
    pub(super) fn at(&self, layer: u64) -> Result<Option<Indexer>, Problem> {
        let own = match (self.words.at(layer)?, &self.pattern) {
            (Some(word), _) => word == "full",
            (None, Some(pattern)) => {
                let letter = usize::try_from(layer).ok().and_then(|layer| pattern.as_bytes().get(layer));
                letter.is_none_or(|letter| *letter == b'F')
            }
            (None, None) if self.fourth => layer == 0 || (layer - 1).is_multiple_of(4),
            (None, None) => (layer + 1).saturating_sub(self.offset).is_multiple_of(self.every),
        };
        Ok(self.indexer.filter(|_| own))
    }
}

/// A list of words as a pattern of letters.
fn letters(words: &[serde_json::Value]) -> String {
    words.iter().map(|word| if word.as_str() == Some("full") { 'F' } else { 'S' }).collect()
}
