//! Number formats, and whether a unit computes in them.

use serde::Serialize;

use crate::gpu::Architecture;

/// A number format that a pool declares and a requirement asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberFormat {
    /// 32-bit float.
    Fp32,
    /// 16-bit float.
    Fp16,
    /// bfloat16.
    Bf16,
    /// 8-bit float.
    Fp8,
    /// 8-bit integer.
    Int8,
    /// 4-bit integer.
    Int4,
    /// 4-bit float, either kind of block.
    Fp4,
    /// 4-bit float in blocks of 16.
    Nvfp4,
    /// 4-bit float in blocks of 32.
    Mxfp4,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// No source says.
    Unknown,
}

impl NumberFormat {
    /// Every format.
    pub const ALL: [NumberFormat; 9] = [
        NumberFormat::Fp32,
        NumberFormat::Fp16,
        NumberFormat::Bf16,
        NumberFormat::Fp8,
        NumberFormat::Int8,
        NumberFormat::Int4,
        NumberFormat::Fp4,
        NumberFormat::Nvfp4,
        NumberFormat::Mxfp4,
    ];

    /// The word for it: `bf16`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            NumberFormat::Fp32 => "fp32",
            NumberFormat::Fp16 => "fp16",
            NumberFormat::Bf16 => "bf16",
            NumberFormat::Fp8 => "fp8",
            NumberFormat::Int8 => "int8",
            NumberFormat::Int4 => "int4",
            NumberFormat::Fp4 => "fp4",
            NumberFormat::Nvfp4 => "nvfp4",
            NumberFormat::Mxfp4 => "mxfp4",
        }
    }

    /// The format that `text` names, in either spelling: `bf16`, `bfloat16`.
    #[must_use]
    pub fn parse(text: &str) -> Option<NumberFormat> {
        match text.trim().to_ascii_lowercase().as_str() {
            "fp32" | "float32" | "f32" => Some(NumberFormat::Fp32),
            "fp16" | "float16" | "f16" | "half" => Some(NumberFormat::Fp16),
            "bf16" | "bfloat16" => Some(NumberFormat::Bf16),
            "fp8" | "float8" | "fp8_e4m3" | "fp8_e5m2" => Some(NumberFormat::Fp8),
            "int8" => Some(NumberFormat::Int8),
            "int4" => Some(NumberFormat::Int4),
            "fp4" => Some(NumberFormat::Fp4),
            "nvfp4" => Some(NumberFormat::Nvfp4),
            "mxfp4" => Some(NumberFormat::Mxfp4),
            _ => None,
        }
    }

    /// Whether who declares it has `asked` as well: `fp4` stands for both kinds of block.
    pub(super) const fn covers(self, asked: NumberFormat) -> bool {
        matches!(
            (self, asked),
            (NumberFormat::Fp4, NumberFormat::Nvfp4 | NumberFormat::Mxfp4)
                | (NumberFormat::Nvfp4 | NumberFormat::Mxfp4, NumberFormat::Fp4)
        )
    }

    /// Whether the matrix units of `architecture` compute in it. The catalog does not say it of integers.
    #[must_use]
    pub const fn on(self, architecture: Architecture) -> Support {
        let formats = architecture.formats();
        let has = match self {
            NumberFormat::Fp32 | NumberFormat::Fp16 => true,
            NumberFormat::Bf16 => formats.bf16,
            NumberFormat::Fp8 => formats.fp8,
            NumberFormat::Fp4 => formats.nvfp4 || formats.mxfp4,
            NumberFormat::Nvfp4 => formats.nvfp4,
            NumberFormat::Mxfp4 => formats.mxfp4,
            NumberFormat::Int8 | NumberFormat::Int4 => return Support::Unknown,
        };
        if has { Support::Yes } else { Support::No }
    }
}
