//! Number formats of weights and caches.

use core::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub enum DType {
    /// 64-bit float.
    F64,
    /// 32-bit float.
    F32,
    /// 16-bit float, 8-bit exponent.
    BF16,
    /// 16-bit float, 5-bit exponent.
    F16,
    /// 8-bit float (either split of exponent and fraction).
    F8,
    /// 8-bit integer.
    I8,
    /// 4-bit float.
    F4,
    /// 4-bit integer.
    I4,
}

impl DType {
    /// Every format.
    pub const ALL: [DType; 8] =
        [DType::F64, DType::F32, DType::BF16, DType::F16, DType::F8, DType::I8, DType::F4, DType::I4];

    /// Bits per element.
    #[must_use]
    pub const fn bits(self) -> u64 {
        match self {
            DType::F64 => 64,
            DType::F32 => 32,
            DType::BF16 | DType::F16 => 16,
            DType::F8 | DType::I8 => 8,
            DType::F4 | DType::I4 => 4,
        }
    }

    /// The name that `config.json` and engines use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            DType::F64 => "float64",
            DType::F32 => "float32",
            DType::BF16 => "bfloat16",
            DType::F16 => "float16",
            DType::F8 => "fp8",
            DType::I8 => "int8",
            DType::F4 => "fp4",
            DType::I4 => "int4",
        }
    }

    /// The format that `text` names: `bfloat16`, `torch.float16`, `half`, `fp8_e4m3` ...
    #[must_use]
    pub fn parse(text: &str) -> Option<DType> {
        let name = text.trim().to_ascii_lowercase();
        match name.strip_prefix("torch.").unwrap_or(&name) {
            "float64" | "double" | "f64" => Some(DType::F64),
            "float32" | "float" | "fp32" | "f32" => Some(DType::F32),
            "bfloat16" | "bf16" => Some(DType::BF16),
            "float16" | "half" | "fp16" | "f16" => Some(DType::F16),
            "fp8" | "float8" | "fp8_e4m3" | "fp8_e5m2" | "float8_e4m3fn" | "float8_e5m2" | "f8_e4m3"
            | "f8_e5m2" => Some(DType::F8),
            "int8" | "i8" => Some(DType::I8),
            "fp4" | "float4" => Some(DType::F4),
            "int4" | "i4" => Some(DType::I4),
            _ => None,
        }
    }

    /// The format in which engines serve weights stored in `self`: what is wider than 16 bits is cast.
    ///
    /// Source: vLLM 0.33 `dtype=auto`, which casts float32 checkpoints to a 16-bit type.
    #[must_use]
    pub const fn served(self) -> DType {
        match self {
            DType::F64 | DType::F32 => DType::BF16,
            DType::BF16 | DType::F16 | DType::F8 | DType::I8 | DType::F4 | DType::I4 => self,
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for DType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for DType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DType, D::Error> {
        let name = String::deserialize(deserializer)?;
        DType::parse(&name).ok_or_else(|| D::Error::custom(format_args!("{name:?} is no number format")))
    }
}

#[cfg(test)]
mod tests {
    use super::DType;

    #[test]
    fn every_name_reads_back() {
        for dtype in DType::ALL {
            assert_eq!(DType::parse(dtype.name()), Some(dtype));
        }
        assert_eq!(DType::parse("torch.bfloat16"), Some(DType::BF16));
        assert_eq!(DType::parse("q4_k_m"), None);
    }
}
