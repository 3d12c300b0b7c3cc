//! The weights as an engine holds them once they are loaded: fused and repacked, in the pieces that its allocator hands
//! out, and beside them the tables of rotary positions.
//!
//! Sources: vLLM 0.8 to 0.33 `model_executor/layers/linear.py`, `fused_moe`, `quantization`, `rotary_embedding`;
//! SGLang and TensorRT-LLM fuse the same matrices.

use serde::Serialize;

use super::allocator::held;
use super::weights::{Part, Piece};
use crate::model::quantization::{Grouping, Packing};
use crate::model::{Block, DType, Group, Model};
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
    pub(super) fn of(
        model: &Model,
        mut found: Vec<Piece>,
        dtype: DType,
        part: Part,
        scales: Scales,
    ) -> Loaded {
        second_values(model, &mut found);
        for piece in &mut found {
            piece.packing = piece.packing.map(|packing| scales.repacked(packing));
            pad(piece);
        }
        let (mut tensors, mut layers) = (Bytes::ZERO, Bytes::ZERO);
        let mut fused = Fused::default();
        for piece in &found {
            let parts = piece.tensors(dtype);
            let count = piece.layers.saturating_mul(piece.copies);
            let all = parts.into_iter().sum::<Bytes>().times(count);
            tensors = tensors + all;
            if !piece.block.layers.is_empty() {
                layers = layers + all;
            }
            fused.add(piece, parts);
        }
        let all = fused.held();
        let table = |rotary: &crate::model::Rotary| {
            let elements = u128::from(rotary.positions) * u128::from(rotary.width);
            Bytes::saturating(elements.saturating_mul(u128::from(dtype.bits())) / 8)
        };
        let rotary = match part {
            Part::Model | Part::Text => model.rotary.iter().map(table).map(|bytes| held(bytes, 1)).sum(),
            Part::Prediction => Bytes::ZERO,
        };
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
    let named = |block: &Block, name: &str| {
        block.modules.iter().any(|module| module.path == format!("self_attn.{name}"))
    };
    let keys = |piece: &&Piece| {
        piece.module.path == "self_attn.k_proj"
            && !named(piece.block, "v_proj")
            && named(piece.block, "q_proj")
    };
    let copies: Vec<(usize, Piece<'a>)> = found
        .iter()
        .enumerate()
        .filter(|(_, piece)| keys(piece))
        .map(|(place, piece)| (place, *piece))
        .collect();
    for (place, piece) in copies.into_iter().rev() {
        found.insert(place, piece);
    }
}

/// Experts at 4 bits with a shared exponent are padded to whole tiles: 256 of the residual stream, 128 of an expert on
/// one rank. Source: vLLM `fused_moe/oracle/mxfp4.py`; gpt-oss-20b loads 13.47 GiB of a file of 12.8.
fn pad(piece: &mut Piece) {
    let shared_exponent =
        |packing: &Packing| packing.group == Grouping::Columns(32) && packing.group_bits == 8;
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

/// Pieces that an engine keeps in one tensor, for the layers that pack them alike; scales and biases are tensors of
/// their own.
struct Tensor<'a> {
    front: &'a str,
    word: &'static str,
    packing: Option<Packing>,
    layers: u64,
    count: u64,
    sums: [Bytes; 3],
}

/// The tensors of a model, block by block.
#[derive(Default)]
struct Fused<'a> {
    block: Option<&'a Block>,
    open: Vec<Tensor<'a>>,
    held: Bytes,
}

impl<'a> Fused<'a> {
    fn add(&mut self, piece: &Piece<'a>, parts: [Bytes; 3]) {
        if !self.block.is_some_and(|block| std::ptr::eq(block, piece.block)) {
            self.close();
            self.block = Some(piece.block);
        }
        let (front, word) = fused_name(&piece.module.path);
        let stacked = piece.module.group == Group::RoutedExperts;
        let (inside, apart) = if stacked { (piece.copies, 1) } else { (1, piece.copies) };
        let parts = parts.map(|bytes| bytes.times(inside));
        let joins = |tensor: &&mut Tensor| {
            tensor.word == word
                && tensor.layers == piece.layers
                && tensor.packing == piece.packing
                && tensor.front == front
        };
        if word.is_empty() {
            let count = piece.layers.saturating_mul(apart);
            self.held = self.held + parts.into_iter().map(|bytes| held(bytes, count)).sum();
        } else if let Some(tensor) = self.open.iter_mut().find(joins) {
            for (sum, bytes) in tensor.sums.iter_mut().zip(parts) {
                *sum = *sum + bytes;
            }
        } else {
            let count = piece.layers.saturating_mul(apart);
            let (packing, layers) = (piece.packing, piece.layers);
            self.open.push(Tensor { front, word, packing, layers, count, sums: parts });
        }
    }

    fn close(&mut self) {
        for tensor in self.open.drain(..) {
            self.held = self.held + tensor.sums.into_iter().map(|bytes| held(bytes, tensor.count)).sum();
        }
    }

    fn held(mut self) -> Bytes {
        self.close();
        self.held
    }
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

#[cfg(test)]
mod tests;
