//! Bytes of the weights as an engine holds them.

use serde::Serialize;

use crate::model::{DType, Group, Model, Module, Split, Weight};
use crate::units::Bytes;

/// Bytes of the weights on one rank of a tensor parallel group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Weights {
    /// All of them.
    pub bytes: Bytes,
    /// By number format, largest format first.
    pub by_dtype: Vec<DTypeBytes>,
}

/// Bytes held in one number format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DTypeBytes {
    /// The format.
    pub dtype: DType,
    /// The bytes.
    pub bytes: Bytes,
}

impl Weights {
    /// The weights of `model` with every parameter in `dtype`, on one of `tensor_parallel` ranks.
    /// Multi-token prediction layers are not loaded.
    #[must_use]
    pub fn uniform(model: &Model, dtype: DType, tensor_parallel: u64) -> Weights {
        let elements: u128 = model
            .blocks
            .iter()
            .flat_map(|block| block.modules.iter().map(|module| (module, u128::from(block.count()))))
            .filter(|(module, _)| module.group != Group::Mtp)
            .map(|(module, count)| on_one_rank(module, tensor_parallel.max(1)).saturating_mul(count))
            .fold(0, u128::saturating_add);
        let bytes = Bytes::saturating(elements.saturating_mul(u128::from(dtype.bits())).div_ceil(8));
        Weights { bytes, by_dtype: vec![DTypeBytes { dtype, bytes }] }
    }
}

/// Rows of the vocabulary are padded to this many. Source: vLLM `vocab_parallel_embedding.py`, 0.33.0.
const VOCABULARY_PADDING: u64 = 64;

/// Parameters of all copies of `module` on one of `ranks`.
fn on_one_rank(module: &Module, ranks: u64) -> u128 {
    if ranks == 1 {
        return module.elements();
    }
    let (outputs, inputs) = match module.split {
        Split::Replicated => (1, 1),
        Split::Columns | Split::Elements => (ranks, 1),
        Split::Rows => (1, ranks),
        Split::KvHeads { heads } => (ranks.min(heads.max(1)), 1),
        Split::Vocabulary => return vocabulary_rank(module, ranks),
    };
    let one = match module.weight {
        Weight::Linear { inputs: columns, outputs: rows, bias } => {
            let rows = u128::from(rows.div_ceil(outputs));
            rows * u128::from(columns.div_ceil(inputs)) + if bias { rows } else { 0 }
        }
        Weight::Embedding { rows, width } => u128::from(rows) * u128::from(width.div_ceil(outputs)),
        Weight::Plain { elements } => u128::from(elements.div_ceil(outputs)),
    };
    one * u128::from(module.copies)
}

fn vocabulary_rank(module: &Module, ranks: u64) -> u128 {
    let (rows, width, bias) = match module.weight {
        Weight::Linear { inputs, outputs, bias } => (outputs, inputs, bias),
        Weight::Embedding { rows, width } => (rows, width, false),
        Weight::Plain { elements } => (elements, 1, false),
    };
    let padded = rows.div_ceil(VOCABULARY_PADDING).saturating_mul(VOCABULARY_PADDING).div_ceil(ranks);
    u128::from(padded) * (u128::from(width) + u128::from(bias)) * u128::from(module.copies)
}
