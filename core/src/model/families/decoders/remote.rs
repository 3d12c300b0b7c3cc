//! Families whose code their publishers ship with the checkpoints.
//!
//! Source: the published modelling files of each family and vLLM 0.33 `model_executor/models`.

use super::publishers as own;
use super::traits::{Feed, LLAMA, NAMES, Names, Norm, Projections, Switch, Traits, fourfold};

const BAICHUAN: Names =
    Names { attention: Projections::Fused(["self_attn.W_pack", "self_attn.o_proj"]), ..NAMES };
const CHATGLM: Names = Names {
    embedding: "transformer.embedding.word_embeddings",
    layers: "transformer.encoder.layers",
    norm: "",
    head: "transformer.output_layer",
    attention: Projections::Fused(["self_attention.query_key_value", "self_attention.dense"]),
    feed: Feed::Fused(["mlp.dense_h_to_4h", "mlp.dense_4h_to_h"]),
    ..NAMES
};
const EXAONE: Names = Names {
    embedding: "transformer.wte",
    layers: "transformer.h",
    norm: "transformer.ln_f",
    attention: Projections::Apart([
        "attn.attention.q_proj",
        "attn.attention.k_proj",
        "attn.attention.v_proj",
        "attn.attention.out_proj",
    ]),
    feed: Feed::Gated(["mlp.c_fc_0", "mlp.c_fc_1", "mlp.c_proj"]),
    ..NAMES
};
const INTERNLM2: Names = Names {
    embedding: "model.tok_embeddings",
    head: "output",
    attention: Projections::Fused(["attention.wqkv", "attention.wo"]),
    feed: Feed::Gated(["feed_forward.w1", "feed_forward.w3", "feed_forward.w2"]),
    ..NAMES
};
const JAIS: Names = Names {
    embedding: "transformer.wte",
    layers: "transformer.h",
    norm: "transformer.ln_f",
    attention: Projections::Fused(["attn.c_attn", "attn.c_proj"]),
    feed: Feed::Gated(["mlp.c_fc2", "mlp.c_fc", "mlp.c_proj"]),
    ..NAMES
};
const PHI3SMALL: Names = Names {
    norm: "model.final_layernorm",
    attention: Projections::Fused(["self_attn.query_key_value", "self_attn.dense"]),
    feed: Feed::Fused(["mlp.up_proj", "mlp.down_proj"]),
    ..NAMES
};
const QWEN: Names = Names { feed: Feed::Gated(["mlp.w1", "mlp.w2", "mlp.c_proj"]), ..JAIS };

const PLAIN: Traits = Traits { qkv_bias: Switch::Off, out_bias: Switch::Off, ..LLAMA };
const BIASED: Traits = Traits {
    qkv_bias: Switch::On,
    out_bias: Switch::On,
    mlp_bias: Switch::On,
    norm: Norm::Biased(Switch::On),
    ..LLAMA
};

#[rustfmt::skip]
pub(super) const REMOTE: &[(&str, Traits)] = &[
    ("Yi", PLAIN),
    ("aquila", PLAIN),
    ("baichuan", Traits { names: &BAICHUAN, ..PLAIN }),
    ("chatglm", Traits { names: &CHATGLM, attention: own::chatglm, qkv_bias: Switch::If("add_qkv_bias"),
                         out_bias: Switch::If("add_bias_linear"), mlp_bias: Switch::If("add_bias_linear"), once: own::chatglm_norm, ..LLAMA }),
    ("exaone", Traits { names: &EXAONE, norms: &["ln_1", "ln_2"], ..PLAIN }),
    ("internlm", Traits { qkv_bias: Switch::If("bias"), out_bias: Switch::If("bias"), ..LLAMA }),
    ("internlm2", Traits { names: &INTERNLM2, qkv_bias: Switch::If("bias"), out_bias: Switch::If("bias"),
                           norms: &["attention_norm", "ffn_norm"], ..LLAMA }),
    ("jais", Traits { names: &JAIS, width: fourfold, norms: &["ln_1", "ln_2"], once: own::jais_positions, ..BIASED }),
    ("minicpm", LLAMA),
    ("orion", Traits { norm: Norm::Biased(Switch::On), ..LLAMA }),
    ("phi3small", Traits { names: &PHI3SMALL, ..BIASED }),
    ("qwen", Traits { names: &QWEN, width: own::qwen_width, qkv_bias: Switch::On, out_bias: Switch::Unless("no_bias"),
                      mlp_bias: Switch::Unless("no_bias"), norms: &["ln_1", "ln_2"], ..LLAMA }),
    ("skywork", PLAIN),
    ("solar", Traits { mlp_bias: Switch::If("mlp_bias"), ..LLAMA }),
    ("xverse", PLAIN),
];
