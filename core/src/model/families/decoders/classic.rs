//! The families before Llama: learnt positions, biases, layer norms, matrices of their own names.
//!
//! Source: transformers `modeling_*.py` of each `model_type`.

use super::additions as add;
use super::shapes;
use super::traits::{Feed, LLAMA, NAMES, Names, Norm, Odd, Projections, Switch, Traits, Window, fourfold};

const GPT2: Names = Names {
    embedding: "transformer.wte",
    layers: "transformer.h",
    norm: "transformer.ln_f",
    attention: Projections::Fused(["attn.c_attn", "attn.c_proj"]),
    feed: Feed::Plain(["mlp.c_fc", "mlp.c_proj"]),
    ..NAMES
};
const OPENAI: Names = Names { embedding: "transformer.tokens_embed", norm: "", ..GPT2 };
const GPT_NEO: Names = Names {
    attention: Projections::Apart([
        "attn.attention.q_proj",
        "attn.attention.k_proj",
        "attn.attention.v_proj",
        "attn.attention.out_proj",
    ]),
    ..GPT2
};
const GPTJ: Names = Names {
    attention: Projections::Apart(["attn.q_proj", "attn.k_proj", "attn.v_proj", "attn.out_proj"]),
    feed: Feed::Plain(["mlp.fc_in", "mlp.fc_out"]),
    ..GPT2
};
const CODEGEN: Names = Names { attention: Projections::Fused(["attn.qkv_proj", "attn.out_proj"]), ..GPTJ };
const NEOX: Names = Names {
    embedding: "gpt_neox.embed_in",
    layers: "gpt_neox.layers",
    norm: "gpt_neox.final_layer_norm",
    head: "embed_out",
    attention: Projections::Fused(["attention.query_key_value", "attention.dense"]),
    feed: Feed::Plain(["mlp.dense_h_to_4h", "mlp.dense_4h_to_h"]),
    ..NAMES
};
const NEOX_JAPANESE: Names = Names {
    embedding: "gpt_neox_japanese.embed_in",
    layers: "gpt_neox_japanese.layers",
    norm: "gpt_neox_japanese.final_layer_norm",
    ..NEOX
};
const BLOOM: Names = Names {
    embedding: "transformer.word_embeddings",
    attention: Projections::Fused(["self_attention.query_key_value", "self_attention.dense"]),
    feed: Feed::Plain(["mlp.dense_h_to_4h", "mlp.dense_4h_to_h"]),
    ..GPT2
};
const MPT: Names = Names {
    layers: "transformer.blocks",
    norm: "transformer.norm_f",
    attention: Projections::Fused(["attn.Wqkv", "attn.out_proj"]),
    feed: Feed::Plain(["ffn.up_proj", "ffn.down_proj"]),
    ..GPT2
};
const CTRL: Names = Names {
    embedding: "transformer.w",
    norm: "transformer.layernorm",
    attention: Projections::Apart([
        "multi_head_attention.Wq",
        "multi_head_attention.Wk",
        "multi_head_attention.Wv",
        "multi_head_attention.dense",
    ]),
    feed: Feed::Plain(["ffn.0", "ffn.2"]),
    ..GPT2
};
const CPMANT: Names = Names {
    embedding: "cpmant.input_embedding",
    layers: "cpmant.encoder.layers",
    norm: "cpmant.encoder.output_layernorm",
    attention: Projections::Apart([
        "self_att.self_attention.project_q",
        "self_att.self_attention.project_k",
        "self_att.self_attention.project_v",
        "self_att.self_attention.attention_out",
    ]),
    feed: Feed::Gated(["ffn.ffn.w_in.w_0", "ffn.ffn.w_in.w_1", "ffn.ffn.w_out"]),
    ..NAMES
};
const BART_LIKE: Projections =
    Projections::Apart(["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"]);
const BIOGPT: Names = Names {
    embedding: "biogpt.embed_tokens",
    layers: "biogpt.layers",
    norm: "biogpt.layer_norm",
    head: "output_projection",
    attention: BART_LIKE,
    feed: Feed::Plain(["fc1", "fc2"]),
    ..NAMES
};
const XGLM: Names =
    Names { norm: "model.layer_norm", attention: BART_LIKE, feed: Feed::Plain(["fc1", "fc2"]), ..NAMES };
const OPT: Names =
    Names { embedding: "model.decoder.embed_tokens", layers: "model.decoder.layers", norm: "", ..XGLM };
const TROCR: Names = Names { head: "output_projection", ..OPT };

const BIASED: Traits = Traits {
    width: fourfold,
    qkv_bias: Switch::On,
    out_bias: Switch::On,
    mlp_bias: Switch::On,
    norm: Norm::Biased(Switch::On),
    window: Window::Never,
    ..LLAMA
};
const LN: &[&str] = &["ln_1", "ln_2"];
const BART_NORMS: &[&str] = &["self_attn_layer_norm", "final_layer_norm"];
const GPT2_ROW: Traits =
    Traits { names: &GPT2, norms: LN, more: shapes::gpt2_cross, once: shapes::wpe, ..BIASED };
const GPTJ_ROW: Traits = Traits {
    names: &GPTJ,
    norms: &["ln_1"],
    qkv_bias: Switch::Off,
    out_bias: Switch::Off,
    once: add::head_bias,
    ..BIASED
};

#[rustfmt::skip]
pub(super) const CLASSIC: &[(&str, Traits)] = &[
    ("biogpt", Traits { names: &BIOGPT, norms: BART_NORMS, once: shapes::biogpt_positions, ..BIASED }),
    ("bloom", Traits { names: &BLOOM, width: shapes::four_times, once: shapes::bloom_norm, ..BIASED }),
    ("codegen", Traits { names: &CODEGEN, ..GPTJ_ROW }),
    ("cpmant", Traits { names: &CPMANT, attention: shapes::cpmant, width: shapes::dim_ff, qkv_bias: Switch::Off, out_bias: Switch::Off,
                        mlp_bias: Switch::Off, norms: &["self_att.layernorm_before_attention", "ffn.layernorm_before_ffn"],
                        norm: Norm::Weight, once: shapes::cpmant_once, ..BIASED }),
    ("ctrl", Traits { names: &CTRL, attention: shapes::undivided, width: shapes::dff, norms: &["layernorm1", "layernorm2"], once: add::head_bias, ..BIASED }),
    ("falcon", Traits { names: &BLOOM, attention: shapes::falcon, qkv_bias: Switch::If("bias"), out_bias: Switch::If("bias"),
                        mlp_bias: Switch::If("bias"), norms: &[], more: shapes::falcon_norms, ..BIASED }),
    ("gpt-sw3", GPT2_ROW),
    ("gpt2", GPT2_ROW),
    ("gpt_bigcode", Traits { attention: shapes::bigcode, ..GPT2_ROW }),
    ("gpt_neo", Traits { names: &GPT_NEO, qkv_bias: Switch::Off, ..GPT2_ROW }),
    ("gpt_neox", Traits { names: &NEOX, qkv_bias: Switch::If("attention_bias"), out_bias: Switch::If("attention_bias"), ..BIASED }),
    ("gpt_neox_japanese", Traits { names: &NEOX_JAPANESE, attention: shapes::undivided, width: shapes::japanese, qkv_bias: Switch::Off, out_bias: Switch::Off,
                                   mlp_bias: Switch::Off, odd: Odd::Last, more: shapes::dense_bias, ..BIASED }),
    ("gptj", GPTJ_ROW),
    ("mpt", Traits { names: &MPT, attention: shapes::mpt, width: shapes::expansion, qkv_bias: Switch::Off, out_bias: Switch::Off,
                     mlp_bias: Switch::Off, norms: &["norm_1", "norm_2"], norm: Norm::Weight, ..BIASED }),
    ("openai-gpt", Traits { names: &OPENAI, width: shapes::four_times, once: shapes::positions_embed, ..GPT2_ROW }),
    ("opt", Traits { names: &OPT, embedding: Some("word_embed_proj_dim"), qkv_bias: Switch::If("enable_bias"),
                     out_bias: Switch::If("enable_bias"), mlp_bias: Switch::If("enable_bias"), norms: BART_NORMS,
                     norm: Norm::Affine(Switch::If("layer_norm_elementwise_affine")), once: shapes::opt_once, ..BIASED }),
    ("trocr", Traits { names: &TROCR, width: shapes::decoder_ffn, norms: &["self_attn_layer_norm", "encoder_attn_layer_norm", "final_layer_norm"],
                       more: shapes::cross_attention, once: shapes::trocr_once, ..BIASED }),
    ("xglm", Traits { names: &XGLM, norms: BART_NORMS, more: shapes::xglm_cross, ..BIASED }),
];
