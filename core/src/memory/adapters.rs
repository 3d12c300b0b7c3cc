//! Room that an engine takes at start for LoRA adapters, whatever adapters come.
//!
//! Source: vLLM 0.33.0 `lora/layers`, `lora/model_manager.py`: for each adapter of a batch and up to the largest rank
//! both matrices of every matrix of the language model; a column-parallel matrix divides the second, a row-parallel one
//! the first. Classes that list `embedding_modules` have room for embedding and output matrix as well.

use super::allocator::held;
use super::weights::{Part, Sharing, pieces};
use crate::engine::Engine;
use crate::model::{DType, Group, Model, Split, Weight};
use crate::units::Bytes;

/// Room for `adapters` of at most `rank` on one rank of the devices that share `model`.
pub(super) fn slots(
    model: &Model,
    engine: &Engine,
    (adapters, rank): (u64, u64),
    sharing: Sharing,
    dtype: DType,
) -> Bytes {
    let matrix = |side: u64, count: u64| {
        let elements = u128::from(side) * u128::from(rank) * u128::from(adapters);
        held(Bytes::saturating(elements.saturating_mul(dtype.bits().into()).div_ceil(8)), count)
    };
    let words = engine.lora_embeddings.iter().any(|class| *class == model.model_type);
    let mut sum = Bytes::ZERO;
    for piece in pieces(model, None, sharing, Part::Model) {
        let module = piece.module;
        let vocabulary = matches!(module.group, Group::Embeddings | Group::LmHead);
        let matrix_of_layers = takes_adapter(module.group) && matches!(module.weight, Weight::Linear { .. });
        let of_words = words && vocabulary && module.split == Split::Vocabulary;
        if !(matrix_of_layers || of_words) {
            continue;
        }
        let (inputs, outputs) = if vocabulary {
            (module_rows(model).saturating_add(engine.lora_extra_vocabulary), piece.columns)
        } else {
            (piece.columns, piece.rows)
        };
        let stacked = module.group == Group::RoutedExperts;
        let (wide, count) = if stacked { (piece.copies, 1) } else { (1, piece.copies) };
        let count = count.saturating_mul(piece.layers);
        sum = sum + matrix(inputs.saturating_mul(wide), count) + matrix(outputs.saturating_mul(wide), count);
    }
    // A tied output matrix has room of its own.
    let tied =
        !model.blocks.iter().flat_map(|block| &block.modules).any(|module| module.group == Group::LmHead);
    if words && tied {
        let rows = module_rows(model).saturating_add(engine.lora_extra_vocabulary);
        sum = sum + matrix(rows, 1) + matrix(model.dims.hidden_size, 1);
    }
    sum
}

/// Every rank has room for the whole vocabulary.
const fn module_rows(model: &Model) -> u64 {
    model.dims.vocab_size
}

/// Parts of a language model whose matrices are wrapped.
const fn takes_adapter(group: Group) -> bool {
    match group {
        Group::Attention
        | Group::DenseMlp
        | Group::RoutedExperts
        | Group::SharedExperts
        | Group::RecurrentMixers => true,
        Group::Embeddings
        | Group::Router
        | Group::Norms
        | Group::VisionTower
        | Group::AudioTower
        | Group::Projector
        | Group::LmHead
        | Group::TaskHead
        | Group::Mtp => false,
    }
}
