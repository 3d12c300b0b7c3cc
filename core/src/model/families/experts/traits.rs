//! What tells apart the decoders with grouped attention and a mixture of experts.
//!
//! Source: the `configuration_*.py` and `modeling_*.py` of the transformers library named like the class.

use super::decoder::NORMS;
use super::grouped::Gate;
use super::layers::{Sparse, Window};
use super::mixture::{self, Names};
use crate::model::attention::QkNorm;

/// How wide the experts are that every token passes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shared {
    /// There are none.
    None,
    /// As many as `n_shared_experts` says, each as wide as a routed one.
    Count,
    /// As wide as a field says.
    Width(&'static str),
}

/// What a class has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    /// Fields of which one that is on puts a bias on queries, keys and values.
    pub(super) qkv_bias: &'static [&'static str],
    /// The same for the output.
    pub(super) out_bias: &'static [&'static str],
    /// The field that puts biases on dense and shared feed-forward layers.
    pub(super) mlp_bias: &'static str,
    pub(super) qk_norm: QkNorm,
    /// The field that switches the norms of queries and keys.
    pub(super) qk_norm_field: &'static str,
    pub(super) gate: Gate,
    /// A parameter of one element per head.
    pub(super) per_head: Option<&'static str>,
    pub(super) window: Window,
    pub(super) sparse: Sparse,
    /// The fields of the widths of dense layers and of experts; absent, `intermediate_size`.
    pub(super) dense_width: &'static str,
    pub(super) expert_width: &'static str,
    pub(super) names: &'static Names,
    pub(super) shared: Shared,
    pub(super) shared_gate: bool,
    pub(super) router_bias: bool,
    pub(super) expert_bias: bool,
    pub(super) correction: Option<&'static str>,
    pub(super) norms: &'static [&'static str],
    pub(super) norm_bias: bool,
    /// The field that puts a bias on the output matrix.
    pub(super) head_bias: &'static str,
    /// Whether a head is `hidden_size / num_attention_heads` wide whatever `head_dim` says.
    pub(super) divided: bool,
}

const ATTENTION: &[&str] = &["attention_bias"];

/// The fewest: no bias, no norm over queries, a mixture in every layer.
const PLAIN: Traits = Traits {
    qkv_bias: &[],
    out_bias: &[],
    mlp_bias: "",
    qk_norm: QkNorm::None,
    qk_norm_field: "",
    gate: Gate::None,
    per_head: None,
    window: Window::Never,
    sparse: Sparse::All,
    dense_width: "intermediate_size",
    expert_width: "moe_intermediate_size",
    names: &mixture::USUAL,
    shared: Shared::None,
    shared_gate: false,
    router_bias: false,
    expert_bias: false,
    correction: None,
    norms: NORMS,
    norm_bias: false,
    head_bias: "",
    divided: false,
};
const BIASED: Traits = Traits { qkv_bias: ATTENTION, out_bias: ATTENTION, ..PLAIN };
const NORMED: Traits = Traits { qk_norm: QkNorm::PerHead, ..BIASED };
const WIDE: Traits = Traits { expert_width: "intermediate_size", ..BIASED };
const GRANITE: Traits = Traits { names: &mixture::GRANITE, shared: SHARED_WIDTH, ..WIDE };
const DEEPSEEK: Traits =
    Traits { sparse: Sparse::From("first_k_dense_replace", 0), shared: Shared::Count, ..BIASED };
const BAILING: Traits = Traits {
    qkv_bias: &["use_bias", "use_qkv_bias"],
    out_bias: &["use_bias"],
    qk_norm: QkNorm::PerHead,
    qk_norm_field: "use_qk_norm",
    ..DEEPSEEK
};
const SHARED_WIDTH: Shared = Shared::Width("shared_expert_intermediate_size");

const QWEN3_MOE: Traits =
    Traits { window: Window::All, sparse: Sparse::Step, names: &mixture::QWEN, ..NORMED };
const GLM4_MOE: Traits = Traits {
    out_bias: &[],
    qk_norm_field: "use_qk_norm",
    sparse: Sparse::From("first_k_dense_replace", 1),
    shared: Shared::Count,
    ..NORMED
};
const GPT_OSS: Traits = Traits {
    per_head: Some("sinks"),
    window: Window::Rule(|layer, _| layer.is_multiple_of(2)),
    names: &mixture::GPT_OSS,
    router_bias: true,
    expert_bias: true,
    ..WIDE
};
/// DeepSeek V2 without latent attention, as OCR models have it.
const OCR: Traits = Traits {
    mlp_bias: "mlp_bias",
    sparse: Sparse::From("first_k_dense_replace", 1),
    divided: true,
    ..DEEPSEEK
};

/// Classes and what they have. Sorted.
#[rustfmt::skip]
pub(super) const TRAITS: &[(&str, Traits)] = &[
    ("afmoe", Traits {
        gate: Gate::Elements("gate_proj"), window: Window::Except("global_attn_every_n_layers", 4),
        sparse: Sparse::From("num_dense_layers", 1), names: &mixture::AFMOE, shared: Shared::Count,
        correction: Some("mlp.expert_bias"),
        norms: &["input_layernorm", "post_attention_layernorm", "pre_mlp_layernorm", "post_mlp_layernorm"], ..NORMED
    }),
    ("aria_text", Traits { names: &mixture::ARIA, shared: Shared::Count, mlp_bias: "mlp_bias", ..WIDE }),
    ("bailing_moe", BAILING),
    ("bailing_moe_v2", BAILING),
    ("beam", Traits {
        gate: Gate::Elements("gate_proj"), per_head: Some("gate_bias"),
        window: Window::Rule(|layer, layers| !(layer + 1).is_multiple_of(6) && layer + 1 != layers),
        sparse: Sparse::From("first_k_dense_replace", 3),
        norms: &["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"],
        ..NORMED
    }),
    ("cohere2_moe", Traits {
        window: Window::Except("sliding_window_pattern", 4), sparse: Sparse::From("first_k_dense_replace", 0),
        dense_width: "prefix_dense_intermediate_size", shared: Shared::Count, norms: &["input_layernorm"], ..WIDE
    }),
    ("deepseek", DEEPSEEK),
    ("deepseek_ocr2_text", OCR),
    ("dots1", Traits { qk_norm: QkNorm::PerHead, window: Window::From("max_window_layers"), ..DEEPSEEK }),
    ("ernie4_5_moe", Traits {
        qkv_bias: &["use_bias"], out_bias: &["use_bias"], mlp_bias: "use_bias", head_bias: "use_bias",
        sparse: Sparse::Span, shared: Shared::Count,
        correction: Some("mlp.moe_statics.e_score_correction_bias"), ..PLAIN
    }),
    ("exaone_moe", Traits {
        qk_norm: QkNorm::PerHead, window: Window::Except("sliding_window_pattern", 4),
        sparse: Sparse::From("first_k_dense_replace", 1), shared: Shared::Count, ..PLAIN
    }),
    ("flex_olmo", Traits {
        qk_norm: QkNorm::Whole, norms: &["post_attention_layernorm", "post_feedforward_layernorm"], ..WIDE
    }),
    ("flint", Traits {
        per_head: Some("sinks"), sparse: Sparse::Step, names: &mixture::QWEN, shared: SHARED_WIDTH,
        window: Window::Rule(|layer, layers| layer > 1 && layer % 4 != 1 && layer + 1 != layers), ..NORMED
    }),
    ("glm4_moe", GLM4_MOE),
    ("glm4v_moe_text", GLM4_MOE),
    ("gpt_oss", GPT_OSS),
    ("granitemoe", GRANITE),
    ("granitemoe_swa", Traits {
        per_head: Some("sinks"), window: Window::Rule(|layer, _| !layer.is_multiple_of(4)), ..GRANITE
    }),
    ("granitemoeshared", GRANITE),
    ("grok-1", Traits {
        expert_width: "intermediate_size",
        norms: &["pre_attn_norm", "post_attn_norm", "pre_moe_norm", "post_moe_norm"], ..PLAIN
    }),
    ("hunyuan_v1_moe", Traits { names: &mixture::HUNYUAN, shared: Shared::Count, ..NORMED }),
    ("hy_v3", Traits {
        mlp_bias: "mlp_bias", sparse: Sparse::From("first_k_dense_replace", 1), shared: Shared::Count, ..NORMED
    }),
    ("kolibri1", Traits {
        qk_norm: QkNorm::PerHead, window: Window::Except("sliding_window_pattern", 5), shared: SHARED_WIDTH,
        norms: &["input_layernorm", "post_attention_layernorm", "post_self_attn_layernorm", "post_mlp_layernorm"],
        ..PLAIN
    }),
    ("laguna", Traits {
        gate: Gate::Heads("g_proj"), sparse: Sparse::From("first_k_dense_replace", 1), shared: SHARED_WIDTH,
        correction: Some("mlp.gate.e_score_correction_bias"), ..NORMED
    }),
    ("mellum", NORMED),
    ("minimax_m2", Traits {
        qk_norm: QkNorm::Whole, names: &mixture::SPARSE_BLOCK, expert_width: "intermediate_size", ..PLAIN
    }),
    ("minimax_m3_vl_text", Traits {
        qk_norm: QkNorm::PerHead, sparse: Sparse::From("first_k_dense_replace", 0),
        dense_width: "dense_intermediate_size", expert_width: "intermediate_size", names: &mixture::SPARSE_BLOCK,
        shared: SHARED_WIDTH, ..PLAIN
    }),
    ("mixtral", Traits {
        window: Window::All, names: &mixture::SPARSE_BLOCK, expert_width: "intermediate_size", ..PLAIN
    }),
    ("olmoe", Traits { qk_norm: QkNorm::Stream, ..WIDE }),
    ("openai_privacy_filter", GPT_OSS),
    ("phimoe", Traits {
        window: Window::All, names: &mixture::SPARSE_BLOCK, norm_bias: true, head_bias: "lm_head_bias", ..WIDE
    }),
    ("qwen2_moe", Traits {
        qkv_bias: &["qkv_bias"], window: Window::AlternateBefore("max_window_layers"), sparse: Sparse::Step,
        names: &mixture::QWEN, shared: SHARED_WIDTH, shared_gate: true, ..PLAIN
    }),
    ("qwen3_moe", QWEN3_MOE),
    ("qwen3_omni_moe_talker_text", Traits { shared: SHARED_WIDTH, shared_gate: true, ..QWEN3_MOE }),
    ("qwen3_omni_moe_text", QWEN3_MOE),
    ("qwen3_vl_moe_text", QWEN3_MOE),
    ("solar_open", Traits { out_bias: &[], ..DEEPSEEK }),
    ("step3p5", Traits {
        gate: Gate::Heads("g_proj"), mlp_bias: "mlp_bias", sparse: Sparse::Listed("moe_layers_enum", 3),
        shared: Shared::Width("share_expert_dim"), names: &mixture::STEP, ..NORMED
    }),
    ("unlimited_ocr_text", OCR),
];

#[cfg(test)]
mod tests {
    use super::super::FAMILIES;
    use super::TRAITS;

    #[test]
    fn classes_are_sorted_and_stand_in_the_table_of_families() {
        assert!(TRAITS.is_sorted_by(|a, b| a.0 < b.0));
        for (class, _) in TRAITS {
            assert!(FAMILIES.iter().any(|(name, _)| name == class), "{class}");
        }
    }
}
