//! The language models inside larger ones, where they have a class of their own.
//!
//! Source: transformers `modeling_*.py` of each larger model.

use super::additions as add;
use super::rows::{COHERE, GLM4, HUNYUAN, MLP_BIAS, QWEN2, QWEN3, UNBIASED, USE_BIAS};
use super::traits::{Feed, LLAMA, NAMES, Names, Switch, Traits, Window};
use crate::model::attention::QkNorm;

const COSMOS: Names = Names { feed: Feed::Plain(["mlp.fc1", "mlp.fc2"]), ..NAMES };

#[rustfmt::skip]
pub(super) const NESTED: &[(&str, Traits)] = &[
    ("cohere_compass_text", Traits { qk_norm: QkNorm::None, window: Window::Every(0), ..COHERE }),
    ("cosmos3_edge_text", Traits { names: &COSMOS, ..MLP_BIAS }),
    ("emu3_text_model", UNBIASED),
    ("glm4v_text", Traits { qkv_bias: Switch::On, ..GLM4 }),
    ("glm_image_text", GLM4),
    ("glm_ocr_text", Traits { qkv_bias: Switch::Off, ..GLM4 }),
    ("granite4_vision_text", MLP_BIAS),
    ("granite_docling_text", MLP_BIAS),
    ("hunyuan_vl_text", HUNYUAN),
    ("molmo2_text", Traits { out_bias: Switch::Off, qk_norm: QkNorm::PerHead,
                             once: add::more_tokens, ..LLAMA }),
    ("paddleocr_vl_text", USE_BIAS),
    ("qwen2_5_omni_text", QWEN2),
    ("qwen2_5_vl_text", QWEN2),
    ("qwen2_vl_text", QWEN2),
    ("qwen3_asr_text", QWEN3),
    ("qwen3_vl_text", Traits { window: Window::Never, ..QWEN3 }),
    ("voxtral_realtime_text", UNBIASED),
];
