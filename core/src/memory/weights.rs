//! Bytes of the weights as an engine holds them.

use serde::Serialize;

use crate::model::quantization::{Packing, Quantization};
use crate::model::{Block, DType, Group, Model, Module, Split, Weight};
use crate::units::Bytes;

/// Bytes of the weights on one rank of a tensor parallel group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Weights {
    /// All of them.
    pub bytes: Bytes,
    /// By number format, widest first; scales stand with the weights that they scale.
    pub by_dtype: Vec<DTypeBytes>,
}

/// Bytes held in one number format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct DTypeBytes {
    /// The format.
    pub dtype: DType,
    /// The bytes.
    pub bytes: Bytes,
}

impl Weights {
    /// The weights of `model` on one of `ranks` of a tensor parallel group: see [`Weights::shared`].
    #[must_use]
    pub fn of(model: &Model, dtype: DType, quantization: Option<&Quantization>, ranks: u64) -> Weights {
        Weights::shared(model, dtype, quantization, Sharing::tensor(ranks))
    }

    /// The weights of `model`, packed as `quantization` says and the rest in `dtype`, on the fullest
    /// of the devices that share them. Multi-token prediction layers are not loaded.
    #[must_use]
    pub fn shared(
        model: &Model,
        dtype: DType,
        quantization: Option<&Quantization>,
        sharing: Sharing,
    ) -> Weights {
        Weights::sum(&pieces(model, quantization, sharing, Part::Model), dtype)
    }

    /// The weights that `pieces` make.
    pub(super) fn sum(pieces: &[Piece], dtype: DType) -> Weights {
        // By format, ascending. A handful: a map would be larger and slower.
        let mut sums: Vec<DTypeBytes> = Vec::new();
        let mut add = |dtype: DType, bytes: Bytes| match sums.binary_search_by_key(&dtype, |sum| sum.dtype) {
            Ok(place) => {
                if let Some(sum) = sums.get_mut(place) {
                    sum.bytes = sum.bytes + bytes;
                }
            }
            Err(place) => sums.insert(place, DTypeBytes { dtype, bytes }),
        };
        for piece in pieces {
            let count = piece.layers.saturating_mul(piece.copies);
            let [matrix, beside, bias] = piece.tensors(dtype);
            add(piece.packing.map_or(dtype, |packing| packing.dtype), (matrix + beside).times(count));
            add(dtype, bias.times(count));
        }
        sums.retain(|sum| sum.bytes > Bytes::ZERO);
        Weights { bytes: sums.iter().map(|sum| sum.bytes).sum(), by_dtype: sums }
    }
}

/// Which part of a model is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All but multi-token prediction layers, which are not loaded.
    Model,
    /// The same without what reads images and sound.
    Text,
    /// These layers alone.
    Prediction,
}

impl Part {
    const fn takes(self, group: Group) -> bool {
        match group {
            Group::Mtp => matches!(self, Part::Prediction),
            Group::VisionTower | Group::AudioTower | Group::Projector => matches!(self, Part::Model),
            Group::Embeddings
            | Group::Attention
            | Group::DenseMlp
            | Group::RoutedExperts
            | Group::SharedExperts
            | Group::Router
            | Group::RecurrentMixers
            | Group::Norms
            | Group::LmHead
            | Group::TaskHead => matches!(self, Part::Model | Part::Text),
        }
    }
}

/// A module as the layers of a block that pack it alike hold it on one rank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) block: &'a Block,
    pub(super) module: &'a Module,
    pub(super) packing: Option<Packing>,
    pub(super) layers: u64,
    pub(super) copies: u64,
    pub(super) rows: u64,
    pub(super) columns: u64,
}

impl Piece<'_> {
    /// Bytes of the matrix, of what is packed with it, and of the bias, of one copy.
    pub(super) fn tensors(&self, dtype: DType) -> [Bytes; 3] {
        let (rows, columns) = (self.rows, self.columns);
        let bias = matches!(self.module.weight, Weight::Linear { bias: true, .. });
        let bias = dense(if bias { u128::from(rows) } else { 0 }, dtype);
        match self.packing {
            Some(packing) => {
                let all = packing.bytes(rows, columns);
                let matrix = (u128::from(rows) * u128::from(columns)).saturating_mul(packing.bits.into());
                let matrix = Bytes::saturating(matrix / 8).min(all);
                [matrix, all.minus(matrix), bias]
            }
            None => [dense(u128::from(rows) * u128::from(columns), dtype), Bytes::ZERO, bias],
        }
    }
}

/// What of `part` of `model` lies on the fullest of the devices that share it.
pub(super) fn pieces<'a>(
    model: &'a Model,
    quantization: Option<&'a Quantization>,
    sharing: Sharing,
    part: Part,
) -> Vec<Piece<'a>> {
    let mut found = Vec::new();
    for block in &model.blocks {
        let meant = |module: &&Module| part.takes(module.group);
        for module in block.modules.iter().filter(meant) {
            let (ranks, copies) = sharing.of(module);
            let (rows, columns) = on_one_rank(module, ranks);
            for (packing, layers) in packings(block, module, quantization) {
                let layers = sharing.layers(module, layers);
                let packing = packing.copied();
                found.push(Piece { block, module, packing, layers, copies, rows, columns });
            }
        }
    }
    found
}

/// Devices that share the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// Devices that each hold a part of every matrix.
    pub tensor: u64,
    /// Groups of devices that each hold a part of the layers.
    pub stages: u64,
    /// Devices over which experts are divided.
    pub experts: u64,
    /// Whether these hold whole experts instead of a part of each.
    pub whole_experts: bool,
}

impl Sharing {
    /// A tensor parallel group of `ranks` and nothing else.
    #[must_use]
    pub const fn tensor(ranks: u64) -> Sharing {
        Sharing { tensor: ranks, stages: 1, experts: ranks, whole_experts: false }
    }

    /// Devices that divide a module, and copies of it on one of them.
    fn of(self, module: &Module) -> (u64, u64) {
        match module.group {
            Group::RoutedExperts if self.whole_experts => (1, module.copies.div_ceil(self.experts.max(1))),
            Group::RoutedExperts => (self.experts.max(1), module.copies),
            _ => (self.tensor.max(1), module.copies),
        }
    }

    /// Layers on the fullest stage: no kind of layer has more than its part, rounded up; towers are not divided.
    fn layers(self, module: &Module, count: u64) -> u64 {
        match module.group {
            Group::VisionTower | Group::AudioTower | Group::Projector => count,
            _ => count.div_ceil(self.stages.max(1)),
        }
    }
}

/// How the layers of a block pack a module, and how many layers do it so.
fn packings<'a>(
    block: &Block,
    module: &Module,
    quantization: Option<&'a Quantization>,
) -> Vec<(Option<&'a Packing>, u64)> {
    let Some(quantization) = quantization else { return vec![(None, block.count())] };
    let mut found: Vec<(Option<&Packing>, u64)> = Vec::new();
    let asked = if quantization.by_layer() { block.layers.as_slice() } else { &[] };
    if asked.is_empty() {
        return vec![(quantization.packing(&name(block, None, module), module), block.count())];
    }
    for layer in asked {
        let packing = quantization.packing(&name(block, Some(*layer), module), module);
        match found.iter_mut().find(|(known, _)| *known == packing) {
            Some((_, count)) => *count += 1,
            None => found.push((packing, 1)),
        }
    }
    found
}

/// The whole name of a module, as lists in quantization configs spell it; the first expert stands for all.
fn name(block: &Block, layer: Option<u32>, module: &Module) -> String {
    let path = module.path.replace('*', "0");
    match (block.prefix.is_empty(), layer) {
        (true, None) => path,
        (false, None) => format!("{}.{path}", block.prefix),
        (true, Some(layer)) => format!("{layer}.{path}"),
        (false, Some(layer)) => format!("{}.{layer}.{path}", block.prefix),
    }
}

fn dense(elements: u128, dtype: DType) -> Bytes {
    Bytes::saturating(elements.saturating_mul(u128::from(dtype.bits())).div_ceil(8))
}

/// Rows of the vocabulary are padded to this many. Source: vLLM 0.33.0 `vocab_parallel_embedding.py`.
const VOCABULARY_PADDING: u64 = 64;

/// Rows and columns of one copy of `module` on one of `ranks`.
fn on_one_rank(module: &Module, ranks: u64) -> (u64, u64) {
    let (rows, columns) = match module.weight {
        Weight::Linear { inputs, outputs, .. } => (outputs, inputs),
        Weight::Embedding { rows, width } => (rows, width),
        Weight::Plain { elements } => (elements, 1),
    };
    match module.split {
        _ if ranks == 1 => (rows, columns),
        Split::Replicated => (rows, columns),
        Split::Columns | Split::Elements => (rows.div_ceil(ranks), columns),
        Split::Rows => (rows, columns.div_ceil(ranks)),
        Split::KvHeads { heads } => (rows.div_ceil(ranks.min(heads.max(1))), columns),
        Split::Vocabulary => (rows.next_multiple_of(VOCABULARY_PADDING).div_ceil(ranks), columns),
    }
}

#[cfg(test)]
mod tests;
