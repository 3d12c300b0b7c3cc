//! Formats of keys and values, beside the plain ones.
//!
//! Source: vLLM 0.33.0 `config/cache.py`, `v1/kv_cache_interface.py`.

use super::kv_cache::sized;
use crate::model::{DType, KvShape};
use crate::problem::Problem;
use crate::units::Bytes;

/// How keys and values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The format of one element. At 4 bits, floats carry a scale of 8 bits for 16 of them.
    pub dtype: DType,
    /// Bytes of a scale for each head of each token, for keys and for values.
    pub head_bytes: u64,
    /// Whether layers with one compressed vector keep its position at 16 bits and scales beside it (`fp8_ds_mla`).
    pub parted: bool,
}

impl From<DType> for Format {
    fn from(dtype: DType) -> Format {
        Format { dtype, head_bytes: 0, parted: false }
    }
}

impl Format {
    /// The format that `--kv-cache-dtype` names.
    ///
    /// # Errors
    /// `bad-setting`, with those that are known.
    pub fn read(setting: &str) -> Result<Format, Problem> {
        let scaled = |dtype| Format { dtype, head_bytes: 4, parted: false };
        let parted = |dtype| Format { dtype, head_bytes: 0, parted: true };
        match setting {
            "fp8_per_token_head" => Ok(scaled(DType::F8)),
            "int8_per_token_head" => Ok(scaled(DType::I8)),
            "int4_per_token_head" => Ok(scaled(DType::I4)),
            "fp8_ds_mla" => Ok(parted(DType::F8)),
            "nvfp4_ds_mla" => Ok(parted(DType::F4)),
            "nvfp4" | "nvfp4_4over6" => Ok(DType::F4.into()),
            "fp8_inc" => Ok(DType::F8.into()),
            _ => match DType::parse(setting) {
                Some(dtype) if matches!(dtype.bits(), 8 | 16) => Ok(dtype.into()),
                _ => {
                    let expected = "auto, bfloat16, float16, fp8, int8, nvfp4, fp8_per_token_head, int8_per_token_head, \
                                    int4_per_token_head, fp8_ds_mla or nvfp4_ds_mla";
                    let known = expected.split([',', ' ']).filter(|word| !matches!(*word, "" | "or"));
                    Err(Problem::new("bad-setting", "kv_cache_dtype", format!("{setting:?}"), expected)
                        .nearest(setting, known))
                }
            },
        }
    }

    /// Bytes of one token in one layer on one of `ranks`.
    pub(super) fn keys_and_values(self, shape: KvShape, ranks: u64) -> Bytes {
        let heads = shape.kv_heads.div_ceil(ranks.max(1));
        let elements = shape.elements(ranks);
        sized(elements, self.dtype)
            + self.scales(elements)
            + Bytes::new(heads).times(self.head_bytes.saturating_mul(2))
    }

    /// Bytes of one compressed vector: 656 for rank 512 and 64 of position at 8 bits in parts, 352 at 4 bits.
    pub(super) fn latent(self, rank: u64, rope_dim: u64, sparse: bool) -> Bytes {
        match self.dtype {
            DType::F8 if sparse || self.parted => {
                sized(rank, DType::F8)
                    + Bytes::new(rank.div_ceil(128)).times(4)
                    + sized(rope_dim, DType::BF16)
            }
            DType::F4 => sized(rank, DType::F4) + self.scales(rank) + sized(rope_dim, DType::F8),
            dtype => sized(rank.saturating_add(rope_dim), dtype),
        }
    }

    fn scales(self, elements: u64) -> Bytes {
        Bytes::new(if self.dtype == DType::F4 { elements.div_ceil(16) } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_to_the_byte() {
        let shape = KvShape { kv_heads: 8, key_dim: 128, value_dim: 128 };
        let bytes = |setting: &str| Format::read(setting).unwrap().keys_and_values(shape, 1).get();
        assert_eq!(bytes("bfloat16"), 4096);
        assert_eq!(bytes("fp8_e5m2"), 2048);
        assert_eq!(bytes("int8_per_token_head"), 2048 + 64);
        assert_eq!(bytes("int4_per_token_head"), 1024 + 64);
        assert_eq!(bytes("fp8_per_token_head"), 2048 + 64);
        assert_eq!(bytes("fp8_inc"), 2048);
        assert_eq!(bytes("nvfp4"), 1024 + 128);
        let latent = |setting: &str, sparse| Format::read(setting).unwrap().latent(512, 64, sparse).get();
        assert_eq!(latent("fp8_ds_mla", false), 656);
        assert_eq!((latent("fp8", true), latent("fp8", false)), (656, 576));
        assert_eq!(latent("nvfp4_ds_mla", true), 352);
        assert_eq!(latent("bfloat16", true), 1152);
        let unknown = Format::read("fp8_ds_mlaa").unwrap_err();
        assert_eq!(
            (unknown.code, unknown.hint.as_deref()),
            ("bad-setting", Some("nearest: fp8_ds_mla, nvfp4_ds_mla"))
        );
        assert_eq!(Format::read("fp3").unwrap_err().code, "bad-setting");
        assert_eq!(Format::read("float32").unwrap_err().code, "bad-setting");
    }
}
