//! The weights as an engine holds them once they are loaded: fused and repacked, in the pieces that its allocator hands
//! out, and beside them the tables of rotary positions.
//!
//! Sources: vLLM 0.8 to 0.33 `model_executor/layers/linear.py`, `fused_moe`, `quantization`, `rotary_embedding`;
//! SGLang and TensorRT-LLM fuse the same matrices.

use serde::Serialize;

use super::allocator::held;
use super::weights::{Part, Piece, Weights};
use crate::model::quantization::{Grouping, Packing};
use crate::model::{DType, Group, Model};
use crate::units::Bytes;



/// Weights on one rank as an engine holds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// The tensors, as the engine packs them.
    pub tensors: Bytes,
    /// What the allocator adds to them.
    pub rounding: Bytes,
    /// The part of the tensors that lies in layers.
    pub layers: Bytes,
    /// Tables of rotary positions; every rank holds all of them.
    pub rotary: Bytes,
}

impl Loaded {
    /// What `found` of `model` takes, packed as it says and the rest in `dtype`.
    pub(super) fn of(model: &Model, mut found: Vec<Piece>, dtype: DType, part: Part, scales: Scales) -> Loaded {
        second_values(model, &mut found);
        for piece in &mut found {
            piece.packing = piece.packing.map(|packing| scales.repacked(packing));
            pad(piece);
        }
        let tensors = Weights::sum(&found, dtype).bytes;
        let in_layers: Vec<Piece> = found.iter().filter(|piece| !piece.block.layers.is_empty()).copied().collect();
        let all: Bytes = fused(&found).iter().map(|tensor| tensor.held(dtype)).sum();
        let table = |rotary: &crate::model::Rotary| {
            let elements = u128::from(rotary.positions) * u128::from(rotary.width);
            Bytes::saturating(elements.saturating_mul(u128::from(dtype.bits())) / 8)
        };
        let rotary = match part {
            Part::Model | Part::Text => model.rotary.iter().map(table).map(|bytes| held(bytes, 1)).sum(),
            Part::Prediction => Bytes::ZERO,
        };
        let layers = Weights::sum(&in_layers, dtype).bytes;
        Loaded { tensors, layers, rounding: all.minus(tensors), rotary }
    }

    /// All of it.
    #[must_use]
    pub fn bytes(self) -> Bytes {
        self.tensors + self.rounding + self.rotary
    }
}

/// What becomes of the scales of bitsandbytes: one of 32 bits for 64 weights, or one of 8 bits, and one of 32 for 256
/// of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scales {
    /// They stay as they are in the file.
    AsStored,
    /// They have 32 bits, whatever the file has.
    Restored,
    /// They are packed on loading, which quantizes them too.
    Packed,
}

impl Scales {
    fn repacked(self, packing: Packing) -> Packing {
        let group = |weights, bits| Packing { group: Grouping::Flat(weights), group_bits: bits, ..packing };
        match (self, packing.group) {
            _ if packing.dtype != DType::F4 => packing,
            (Scales::Restored, Grouping::Flat(_)) => group(64, 32),
            (Scales::Packed, Grouping::Flat(_)) => group(64 * 256, 256 * 8 + 32),
            _ => packing,
        }
    }
}

/// Layers of Gemma 4 whose values are their keys have a copy of them: queries, keys and values are one matrix.
/// Source: vLLM 0.33 `model_executor/models/gemma4.py`.
fn second_values<'a>(model: &Model, found: &mut Vec<Piece<'a>>) {
    if !model.model_type.starts_with("gemma4") {
        return;
    }
    let named = |block: &crate::model::Block, name: &str| {
        block.modules.iter().any(|module| module.path == format!("self_attn.{name}"))
    };
    let keys = |piece: &&Piece| {
        piece.module.path == "self_attn.k_proj" && !named(piece.block, "v_proj") && named(piece.block, "q_proj")
    };
    let copies: Vec<(usize, Piece<'a>)> =
        found.iter().enumerate().filter(|(_, piece)| keys(piece)).map(|(place, piece)| (place, *piece)).collect();
    for (place, piece) in copies.into_iter().rev() {
        found.insert(place, piece);
    }
}

/// Experts at 4 bits with a shared exponent are padded to whole tiles: 256 of the residual stream, 128 of an expert on
/// one rank. Source: vLLM `fused_moe/oracle/mxfp4.py`; gpt-oss-20b loads 13.47 GiB of a file of 12.8.
fn pad(piece: &mut Piece) {
    let shared_exponent = |packing: &Packing| packing.group == Grouping::Columns(32) && packing.group_bits == 8;
    if piece.module.group != Group::RoutedExperts || !piece.packing.as_ref().is_some_and(shared_exponent) {
        return;
    }
    let (rows, columns) = if writes(&piece.module.path) { (256, 128) } else { (128, 256) };
    piece.rows = piece.rows.checked_next_multiple_of(rows).unwrap_or(piece.rows);
    piece.columns = piece.columns.checked_next_multiple_of(columns).unwrap_or(piece.columns);
}

/// Whether an expert's matrix leads back into the residual stream.
fn writes(path: &str) -> bool {
    path.contains("down") || path.ends_with("w2")
}

/// Pieces that an engine keeps in one tensor.
struct Tensor<'a> {
    parts: Vec<&'a Piece<'a>>,
    name: (&'a str, &'static str),
}

impl Tensor<'_> {
    /// What it takes on all layers, with scales and biases, which are tensors of their own.
    fn held(&self, dtype: DType) -> Bytes {
        let Some(first) = self.parts.first() else { return Bytes::ZERO };
        let stacked = first.module.group == Group::RoutedExperts;
        let (inside, apart) = if stacked { (first.copies, 1) } else { (1, first.copies) };
        let count = first.layers.saturating_mul(apart);
        let mut sums = [Bytes::ZERO; 3];
        for part in &self.parts {
            for (sum, bytes) in sums.iter_mut().zip(part.tensors(dtype)) {
                *sum = *sum + bytes.times(inside);
            }
        }
        sums.into_iter().map(|bytes| held(bytes, count)).sum()
    }
}

/// Pieces of one block that are fused, for the layers that pack them alike.
fn fused<'a>(pieces: &'a [Piece<'a>]) -> Vec<Tensor<'a>> {
    let mut found: Vec<Tensor> = Vec::new();
    let mut block_start = 0;
    for piece in pieces {
        let name = fused_name(&piece.module.path);
        if found.get(block_start).and_then(|tensor| tensor.parts.first()).is_some_and(|first| !std::ptr::eq(first.block, piece.block)) {
            block_start = found.len();
        }
        let joins = |tensor: &&mut Tensor| {
            tensor.name == name
                && !name.1.is_empty()
                && tensor.parts.first().is_some_and(|first| first.layers == piece.layers && first.packing == piece.packing)
        };
        match found.get_mut(block_start..).and_then(|open| open.iter_mut().find(joins)) {
            Some(tensor) => tensor.parts.push(piece),
            None => found.push(Tensor { parts: vec![piece], name }),
        }
    }
    found
}

/// What a module is fused to: the name in front, and a word for the tensor; no word where it stays alone.
fn fused_name(path: &str) -> (&str, &'static str) {
    let (front, last) = path.rsplit_once('.').unwrap_or(("", path));
    let word = match last {
        "q_proj" | "k_proj" | "v_proj" | "query" | "key" | "value" => "qkv",
        "gate_proj" | "up_proj" | "w1" | "w3" => "gate_up",
        "q_a_proj" | "kv_a_proj_with_mqa" => "qkv_a",
        _ => return (path, ""),
    };
    (front, word)
}
