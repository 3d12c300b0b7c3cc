//! How one matrix is packed: bits per weight, and what each group of weights carries beside them.

use serde::{Deserialize, Serialize};

use crate::model::DType;
use crate::units::Bytes;

/// Weights that share a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Grouping {
    /// The whole matrix.
    Tensor,
    /// Each output row.
    Row,
    /// That many neighbours within a row.
    Columns(u64),
    /// That many neighbours, rows laid end to end.
    Flat(u64),
    /// Blocks of so many rows by so many columns.
    Block(u64, u64),
}

impl Grouping {
    /// Groups in a matrix of `rows` by `columns`; a part of a group counts as one.
    #[must_use]
    pub fn count(self, rows: u64, columns: u64) -> u128 {
        let (rows, columns) = (u128::from(rows), u128::from(columns));
        match self {
            Grouping::Tensor => 1,
            Grouping::Row => rows,
            Grouping::Columns(size) => rows * columns.div_ceil(u128::from(size.max(1))),
            Grouping::Flat(size) => (rows * columns).div_ceil(u128::from(size.max(1))),
            Grouping::Block(high, wide) => {
                rows.div_ceil(u128::from(high.max(1))) * columns.div_ceil(u128::from(wide.max(1)))
            }
        }
    }
}

/// How a matrix is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Packing {
    /// The format of a weight, for reports.
    pub dtype: DType,
    /// Bits per weight.
    pub bits: u64,
    /// What shares a scale.
    pub group: Grouping,
    /// Bits that a group carries: scale, zero point, minimum.
    pub group_bits: u64,
    /// Bytes that the matrix carries once: global scale, scale of its input.
    pub tensor_bytes: u64,
    /// Bytes that each input column carries (the order index of GPTQ).
    pub column_bytes: u64,
}

impl Packing {
    /// `bits` per weight as `dtype`, a scale of `scale_bits` per group.
    #[must_use]
    pub const fn new(dtype: DType, bits: u64, group: Grouping, scale_bits: u64) -> Packing {
        Packing { dtype, bits, group, group_bits: scale_bits, tensor_bytes: 0, column_bytes: 0 }
    }

    /// Bytes of a matrix of `rows` outputs by `columns` inputs.
    #[must_use]
    pub fn bytes(&self, rows: u64, columns: u64) -> Bytes {
        let weights = u128::from(rows) * u128::from(columns);
        let bits = weights
            .saturating_mul(u128::from(self.bits))
            .saturating_add(self.group.count(rows, columns).saturating_mul(u128::from(self.group_bits)));
        let once = u128::from(self.tensor_bytes) + u128::from(self.column_bytes) * u128::from(columns);
        Bytes::saturating(bits.div_ceil(8).saturating_add(once))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_those_of_published_files() {
        // DeepSeek-V3 kv_b_proj at fp8 with blocks of 128 x 128: 256 x 4 scales of 4 bytes.
        let block = Packing::new(DType::F8, 8, Grouping::Block(128, 128), 32);
        assert_eq!(block.bytes(32_768, 512).get(), 32_768 * 512 + 256 * 4 * 4);
        // AWQ, 4 bits, groups of 128: a 16-bit scale and a 4-bit zero point each.
        let awq = Packing::new(DType::I4, 4, Grouping::Columns(128), 20);
        assert_eq!(awq.bytes(4096, 4096).get(), 8_388_608 + 4096 * 32 * 20 / 8);
        // Blocks that do not divide the matrix still have a scale.
        assert_eq!(block.bytes(129, 1).get(), 129 + 2 * 4);
        let gptq = Packing { column_bytes: 4, ..awq };
        assert_eq!(gptq.bytes(4096, 4096).get() - awq.bytes(4096, 4096).get(), 4 * 4096);
    }
}
