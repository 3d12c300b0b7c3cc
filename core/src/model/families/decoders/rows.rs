//! The families whose layers look like Llama's, each as what sets it apart.
//!
//! Source: transformers `modeling_*.py` of each `model_type`.

use super::additions as add;
use super::classic::CLASSIC;
use super::nested::NESTED;
use super::remote::REMOTE;
use super::traits::{Feed, LLAMA, NAMES, Names, Norm, Odd, Projections, Switch, Traits, Window};
use crate::model::attention::QkNorm;

/// The row of `class`.
pub(super) fn traits(class: &str) -> Option<&'static Traits> {
    [ROWS, CLASSIC, REMOTE, NESTED].into_iter().find_map(|rows| {
        let row = rows.binary_search_by_key(&class, |(name, _)| name).ok()?;
        rows.get(row).map(|(_, traits)| traits)
    })
}

const PHI: Names = Names {
    norm: "model.final_layernorm",
    attention: Projections::Apart([
        "self_attn.q_proj",
        "self_attn.k_proj",
        "self_attn.v_proj",
        "self_attn.dense",
    ]),
    feed: Feed::Plain(["mlp.fc1", "mlp.fc2"]),
    ..NAMES
};
const PHI3: Names = Names {
    attention: Projections::Fused(["self_attn.qkv_proj", "self_attn.o_proj"]),
    feed: Feed::Fused(["mlp.gate_up_proj", "mlp.down_proj"]),
    ..NAMES
};
const GLM: Names = Names { feed: Feed::Fused(["mlp.gate_up_proj", "mlp.down_proj"]), ..NAMES };
const UNGATED: Names = Names { feed: Feed::Plain(["mlp.up_proj", "mlp.down_proj"]), ..NAMES };
const STARCODER2: Names = Names { feed: Feed::Plain(["mlp.c_fc", "mlp.c_proj"]), ..NAMES };
const NANOCHAT: Names = Names { norm: "", feed: Feed::Plain(["mlp.fc1", "mlp.fc2"]), ..NAMES };
const HUNYUAN_NAMES: Names = Names { qk: ["self_attn.query_layernorm", "self_attn.key_layernorm"], ..NAMES };
const PERSIMMON: Names = Names {
    norm: "model.final_layernorm",
    attention: Projections::Fused(["self_attn.query_key_value", "self_attn.dense"]),
    feed: Feed::Plain(["mlp.dense_h_to_4h", "mlp.dense_4h_to_h"]),
    ..NAMES
};
const STABLELM: Names = Names { qk: ["self_attn.q_layernorm", "self_attn.k_layernorm"], ..NAMES };
const MODERNBERT: Names = Names {
    embedding: "model.embeddings.tok_embeddings",
    norm: "model.final_norm",
    head: "decoder",
    attention: Projections::Apart(["attn.q_proj", "attn.k_proj", "attn.v_proj", "attn.Wo"]),
    feed: Feed::Fused(["mlp.Wi", "mlp.Wo"]),
    ..NAMES
};

const LAYER_NORM: Norm = Norm::Biased(Switch::On);
const FOUR_NORMS: &[&str] = &[
    "input_layernorm",
    "post_attention_layernorm",
    "pre_feedforward_layernorm",
    "post_feedforward_layernorm",
];
const AFTER_NORMS: &[&str] = &["post_attention_layernorm", "post_feedforward_layernorm"];

pub(super) const UNBIASED: Traits = Traits { qkv_bias: Switch::Off, out_bias: Switch::Off, ..LLAMA };
pub(super) const MLP_BIAS: Traits = Traits { mlp_bias: Switch::If("mlp_bias"), ..LLAMA };
pub(super) const QWEN2: Traits = Traits { qkv_bias: Switch::On, window: Window::Qwen, ..UNBIASED };
const OLMO2: Traits = Traits { qk_norm: QkNorm::Whole, norms: AFTER_NORMS, ..LLAMA };
pub(super) const USE_BIAS: Traits = Traits {
    qkv_bias: Switch::If("use_bias"),
    out_bias: Switch::If("use_bias"),
    mlp_bias: Switch::If("use_bias"),
    ..LLAMA
};
pub(super) const COHERE: Traits = Traits {
    qk_norm: QkNorm::Whole,
    qk_switch: Switch::If("use_qk_norm"),
    norms: &["input_layernorm"],
    ..LLAMA
};

pub(super) const QWEN3: Traits = Traits { qk_norm: QkNorm::PerHead, window: Window::Qwen, ..LLAMA };
pub(super) const HUNYUAN: Traits = Traits { names: &HUNYUAN_NAMES, qk_norm: QkNorm::PerHead, ..LLAMA };
pub(super) const GLM4: Traits = Traits {
    names: &GLM,
    out_bias: Switch::Off,
    norms: &["input_layernorm", "post_self_attn_layernorm", "post_attention_layernorm", "post_mlp_layernorm"],
    ..LLAMA
};

#[rustfmt::skip]
const ROWS: &[(&str, Traits)] = &[
    ("apertus", Traits { names: &UNGATED, qk_norm: QkNorm::PerHead, norms: &["attention_layernorm", "feedforward_layernorm"],
                         more: add::xielu, ..LLAMA }),
    ("arcee", Traits { names: &UNGATED, ..MLP_BIAS }),
    ("bitnet", Traits { more: add::sub_norms, ..LLAMA }),
    ("cohere", COHERE),
    ("cohere2", Traits { qk_norm: QkNorm::None, window: Window::Every(4), ..COHERE }),
    ("cwm", Traits { window: Window::AllButFirst(4), mlp_bias: Switch::If("mlp_bias"), ..UNBIASED }),
    ("diffllama", Traits { more: add::lambdas, ..LLAMA }),
    ("doge", Traits { qk_norm: QkNorm::PerHead, more: add::doge, ..MLP_BIAS }),
    ("ernie4_5", USE_BIAS),
    ("exaone4", Traits { qk_norm: QkNorm::PerHead, norms: AFTER_NORMS, window: Window::Every(4), ..UNBIASED }),
    ("gemma", LLAMA),
    ("gemma2", Traits { norms: FOUR_NORMS, window: Window::Every(2), ..LLAMA }),
    ("gemma3_text", Traits { norms: FOUR_NORMS, qk_norm: QkNorm::PerHead, window: Window::Every(6), ..LLAMA }),
    ("glm", Traits { names: &GLM, out_bias: Switch::Off, ..LLAMA }),
    ("glm4", GLM4),
    ("granite", MLP_BIAS),
    ("granite_swa", Traits { window: Window::AllButFirst(4), more: add::sinks, ..MLP_BIAS }),
    ("helium", Traits { out_bias: Switch::Off, square_out: true, ..MLP_BIAS }),
    ("hunyuan_v1_dense", HUNYUAN),
    ("hyperclovax", Traits { more: add::post_norms, ..MLP_BIAS }),
    ("internlm3", MLP_BIAS),
    ("iquestcoder", MLP_BIAS),
    ("jais2", Traits { names: &UNGATED, norm: LAYER_NORM, ..MLP_BIAS }),
    ("llama", MLP_BIAS),
    ("ministral", UNBIASED),
    ("ministral3", UNBIASED),
    ("mistral", UNBIASED),
    ("modernbert-decoder", Traits { names: &MODERNBERT, mlp_bias: Switch::If("mlp_bias"), norms: &["mlp_norm"],
                                    norm: Norm::Biased(Switch::If("norm_bias")), window: Window::Local, odd: Odd::First,
                                    more: add::modernbert, once: add::modernbert_once, ..LLAMA }),
    ("nanochat", Traits { names: &NANOCHAT, norms: &[], norm: Norm::Bare, ..LLAMA }),
    ("nemotron", Traits { names: &UNGATED, norm: LAYER_NORM, ..MLP_BIAS }),
    ("olmo", Traits { norms: &[], norm: Norm::Bare, ..LLAMA }),
    ("olmo2", OLMO2),
    ("olmo3", Traits { window: Window::Every(4), ..OLMO2 }),
    ("persimmon", Traits { names: &PERSIMMON, qkv_bias: Switch::On, out_bias: Switch::On, mlp_bias: Switch::On, norm: LAYER_NORM,
                           more: add::biased_qk_norms, ..LLAMA }),
    ("phi", Traits { names: &PHI, qkv_bias: Switch::On, out_bias: Switch::On, mlp_bias: Switch::On, norms: &["input_layernorm"],
                     norm: LAYER_NORM, more: add::biased_qk_norms, once: add::head_bias, ..LLAMA }),
    ("phi3", Traits { names: &PHI3, ..UNBIASED }),
    ("qwen2", QWEN2),
    ("qwen3", QWEN3),
    ("seed_oss", Traits { out_bias: Switch::If("attention_out_bias"), ..MLP_BIAS }),
    ("smollm3", Traits { window: Window::NoRope, ..MLP_BIAS }),
    ("stablelm", Traits { names: &STABLELM, qkv_bias: Switch::If("use_qkv_bias"), qk_norm: QkNorm::Whole,
                          qk_switch: Switch::If("qk_layernorm"), norms: &["input_layernorm"], norm: LAYER_NORM,
                          more: add::stablelm, ..UNBIASED }),
    ("starcoder2", Traits { names: &STARCODER2, norm: LAYER_NORM, ..USE_BIAS }),
    ("vaultgemma", Traits { norms: &["input_layernorm", "pre_feedforward_layernorm"], window: Window::Every(2), ..LLAMA }),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted() {
        for rows in [ROWS, CLASSIC, REMOTE, NESTED] {
            assert!(rows.is_sorted_by(|a, b| a.0 < b.0));
        }
    }
}
