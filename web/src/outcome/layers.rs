//! What the layers of a model keep while it serves.

use migfit::memory::{CacheKind, LayerCache, Plan};
use migfit::units::{Bytes, grouped};

use super::Judged;
use crate::texts::layers as texts;

/// Layers of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The kind.
    pub kind: &'static str,
    /// How many layers there are.
    pub layers: String,
    /// What each token costs in all of them.
    pub per_token: String,
    /// Most tokens held.
    pub window: String,
    /// What each sequence costs whatever its length, in all of them.
    pub state: String,
}

/// All layers that keep something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers {
    /// Kinds, in the order of the model.
    pub rows: Vec<Row>,
    /// Format of keys and values.
    pub dtype: String,
    /// What each further token costs.
    pub per_token: String,
    /// What each sequence costs whatever its length.
    pub state: String,
}

/// The layers of the model, served so, on one device; none where nothing is kept.
#[must_use]
pub fn of(judged: &Judged) -> Option<Layers> {
    let cache = Plan::new(&judged.model.model, &judged.serving).ok()?.kv_cache;
    let rows: Vec<Row> = cache.layers.iter().filter(|row| !row.is_empty()).map(row).collect();
    (!rows.is_empty()).then(|| Layers {
        rows,
        dtype: cache.dtype.to_string(),
        per_token: exact(cache.bytes_per_token),
        state: exact(cache.state_bytes_per_sequence),
    })
}

fn row(row: &LayerCache) -> Row {
    let entry = exact(row.bytes_per_token.times(row.layers));
    let per_token = match row.tokens_per_entry {
        0 | 1 => entry,
        several => texts::for_tokens(&entry, several),
    };
    Row {
        kind: kind(row.kind),
        layers: grouped(row.layers),
        per_token,
        window: row.window.map_or(texts::WHOLE.to_owned(), texts::tokens),
        state: exact(row.state_bytes.times(row.layers)),
    }
}

fn exact(bytes: Bytes) -> String {
    format!("{} B", grouped(bytes.get()))
}

const fn kind(kind: CacheKind) -> &'static str {
    match kind {
        CacheKind::Full => "full attention",
        CacheKind::Sliding => "sliding window",
        CacheKind::Chunked => "chunks",
        CacheKind::Latent => "latent attention (MLA)",
        CacheKind::Indexer => "indexer",
        CacheKind::Compressed => "compressed attention",
        CacheKind::Cross => "cross attention",
        CacheKind::State => "recurrent state",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::here;
    use crate::outcome::{Outcome, Reading};
    use crate::state::{Form, Gpus, ModelInput, examples};

    #[test]
    fn layers_of_a_plain_decoder_keep_keys_and_values() {
        let text = examples::GRANITE_7B_BASE.into();
        let reading = Reading::of(&ModelInput { text, ..ModelInput::default() }, here);
        let Outcome::Judged(judged) = Outcome::of(&reading, &Form::default(), &Gpus::default()) else {
            panic!("no answer")
        };
        let layers = of(&judged).unwrap();
        assert_eq!(layers.rows.len(), 1);
        let row = &layers.rows[0];
        assert_eq!(
            (row.kind, row.layers.as_str(), row.window.as_str()),
            ("full attention", "32", "all of them")
        );
        // 32 layers x 2 x 32 heads x 128 x 2 bytes.
        assert_eq!((row.per_token.as_str(), layers.per_token.as_str()), ("524,288 B", "524,288 B"));
    }
}
