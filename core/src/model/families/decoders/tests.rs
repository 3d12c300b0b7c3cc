//! Published totals of models of every kind of row, from fields typed here, and the layers that see a window.

use crate::model::{Cache, KvShape, Model, read};

fn model(text: &str) -> Model {
    read(text).unwrap()
}

/// How many layers keep what, in the order of their first layer.
fn kept(model: &Model) -> Vec<(usize, Cache)> {
    let mut kept = Vec::new();
    for block in &model.blocks {
        kept.extend(block.caches.iter().map(|cache| (block.layers.len(), *cache)));
    }
    kept
}

fn full(kv_heads: u64, head_dim: u64) -> Cache {
    Cache::Full(shape(kv_heads, head_dim))
}

fn shape(kv_heads: u64, head_dim: u64) -> KvShape {
    KvShape { kv_heads, key_dim: head_dim, value_dim: head_dim }
}

#[test]
fn totals_and_caches_are_those_published() {
    for (name, text, total, caches) in [
        (
            "openai-community/gpt2",
            r#"{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_ctx": 1024, "n_embd": 768,
                "n_head": 12, "n_layer": 12, "n_positions": 1024, "vocab_size": 50257}"#,
            124_439_808,
            (12, full(12, 64)),
        ),
        (
            "Qwen/Qwen3-8B",
            r#"{"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], "head_dim": 128, "hidden_size": 4096,
                "intermediate_size": 12288, "max_window_layers": 36, "num_attention_heads": 32,
                "num_hidden_layers": 36, "num_key_value_heads": 8, "sliding_window": null,
                "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 151936}"#,
            8_190_735_360,
            (36, full(8, 128)),
        ),
        (
            "microsoft/Phi-3-mini-4k-instruct",
            r#"{"model_type": "phi3", "architectures": ["Phi3ForCausalLM"], "hidden_size": 3072,
                "intermediate_size": 8192, "num_attention_heads": 32, "num_hidden_layers": 32,
                "num_key_value_heads": 32, "sliding_window": 2047, "tie_word_embeddings": false, "vocab_size": 32064}"#,
            3_821_079_552,
            (32, Cache::Sliding { shape: shape(32, 96), window: 2047 }),
        ),
        (
            "Qwen/Qwen-7B",
            r#"{"model_type": "qwen", "architectures": ["QWenLMHeadModel"], "hidden_size": 4096,
                "intermediate_size": 22016, "kv_channels": 128, "no_bias": true, "num_attention_heads": 32,
                "num_hidden_layers": 32, "tie_word_embeddings": false, "vocab_size": 151936}"#,
            7_721_324_544,
            (32, full(32, 128)),
        ),
        (
            "THUDM/chatglm3-6b",
            r#"{"model_type": "chatglm", "architectures": ["ChatGLMModel"], "add_bias_linear": false,
                "add_qkv_bias": true, "ffn_hidden_size": 13696, "hidden_size": 4096, "kv_channels": 128,
                "multi_query_attention": true, "multi_query_group_num": 2, "num_attention_heads": 32,
                "num_layers": 28, "padded_vocab_size": 65024, "post_layer_norm": true, "tie_word_embeddings": false}"#,
            6_243_584_000,
            (28, full(2, 128)),
        ),
        (
            "internlm/internlm2-7b-reward",
            r#"{"model_type": "internlm2", "architectures": ["InternLM2ForRewardModel"], "bias": false,
                "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32,
                "num_hidden_layers": 32, "num_key_value_heads": 8, "tie_word_embeddings": false, "vocab_size": 92544}"#,
            7_358_652_416,
            (32, full(8, 128)),
        ),
        (
            "bigscience/bloom-7b1",
            r#"{"model_type": "bloom", "architectures": ["BloomForCausalLM"], "n_embed": 4096, "hidden_size": 4096,
                "n_layer": 30, "num_attention_heads": 32, "vocab_size": 250880}"#,
            7_069_016_064,
            (30, full(32, 128)),
        ),
        (
            "facebook/opt-350m",
            r#"{"model_type": "opt", "architectures": ["OPTForCausalLM"], "do_layer_norm_before": false,
                "ffn_dim": 4096, "hidden_size": 1024, "max_position_embeddings": 2048, "num_attention_heads": 16,
                "num_hidden_layers": 24, "vocab_size": 50272, "word_embed_proj_dim": 512}"#,
            331_196_416,
            (24, full(16, 64)),
        ),
        (
            "tiiuae/falcon-7b",
            r#"{"model_type": "falcon", "architectures": ["FalconForCausalLM"], "alibi": false, "bias": false,
                "hidden_size": 4544, "multi_query": true, "new_decoder_architecture": false,
                "num_attention_heads": 71, "num_hidden_layers": 32, "parallel_attn": true, "vocab_size": 65024}"#,
            6_921_720_704,
            (32, full(1, 64)),
        ),
    ] {
        let model = model(text);
        assert_eq!(model.parameters().total, total, "{name}");
        assert_eq!(kept(&model), [caches], "{name}");
        assert!(model.known, "{name}");
    }
}

#[test]
fn fused_matrices_keep_one_name_and_divide_by_their_own_heads() {
    let text = r#"{"model_type": "phi3", "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4,
        "num_hidden_layers": 1, "num_key_value_heads": 2, "tie_word_embeddings": true, "vocab_size": 100}"#;
    let model = model(text);
    let paths: Vec<_> =
        model.blocks.iter().flat_map(|b| &b.modules).map(|m| (&*m.path, m.elements())).collect();
    assert_eq!(
        paths,
        [
            ("model.embed_tokens", 6400),
            ("self_attn.qkv_proj", 64 * 64),
            ("self_attn.qkv_proj", 64 * 64),
            ("self_attn.o_proj", 64 * 64),
            ("mlp.gate_up_proj", 64 * 256),
            ("mlp.down_proj", 128 * 64),
            ("input_layernorm", 64),
            ("post_attention_layernorm", 64),
            ("model.norm", 64),
        ]
    );
}

/// A small decoder of `class` with eight layers and `more` fields; the layers that see a window, and how wide it is.
fn windows(class: &str, more: &str) -> Vec<(u32, u64)> {
    let text = format!(
        r#"{{"model_type": "{class}", "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4,
            "num_key_value_heads": 2, "num_hidden_layers": 8, "vocab_size": 100{more}}}"#
    );
    let mut found = Vec::new();
    for block in &model(&text).blocks {
        for cache in &block.caches {
            if let Cache::Sliding { window, .. } = cache {
                found.extend(block.layers.iter().map(|layer| (*layer, *window)));
            }
        }
    }
    found.sort_unstable();
    found
}

fn layers(class: &str, more: &str) -> Vec<u32> {
    windows(class, more).into_iter().map(|(layer, _)| layer).collect()
}

#[test]
fn every_family_has_its_own_rule_for_windows() {
    let all: Vec<u32> = (0..8).collect();
    let none: [u32; 0] = [];
    assert_eq!(
        windows("mistral", r#", "sliding_window": 16"#),
        all.iter().map(|l| (*l, 16)).collect::<Vec<_>>()
    );
    assert_eq!(layers("mistral", r#", "sliding_window": null"#), none);
    assert_eq!(windows("mistral", "").first(), Some(&(0, 4096)), "the class's own window");
    assert_eq!(layers("gemma2", ""), [0, 2, 4, 6]);
    assert_eq!(layers("gemma3_text", ""), [0, 1, 2, 3, 4, 6, 7]);
    assert_eq!(layers("gemma3_text", r#", "sliding_window_pattern": 2"#), [0, 2, 4, 6]);
    assert_eq!(layers("cohere2", ""), [0, 1, 2, 4, 5, 6]);
    assert_eq!(layers("exaone4", r#", "sliding_window_pattern": "LLG""#), [0, 1, 3, 4, 6, 7]);
    assert_eq!(layers("exaone4", r#", "sliding_window": null"#), none);
    assert_eq!(layers("granite_swa", ""), [1, 2, 3, 5, 6, 7]);
    assert_eq!(layers("qwen2", ""), none, "off unless switched on");
    let on = r#", "use_sliding_window": true, "sliding_window": 64, "max_window_layers": 6"#;
    assert_eq!(layers("qwen2", on), [6, 7]);
    assert_eq!(layers("smollm3", r#", "use_sliding_window": true, "sliding_window": 64"#), [3, 7]);
    assert_eq!(windows("modernbert-decoder", "").first(), Some(&(1, 64)), "half of local_attention");
    assert_eq!(layers("phi", r#", "sliding_window": 64"#), all, "engines heed the field in every decoder");
    assert_eq!(layers("gpt2", r#", "sliding_window": 64"#), none);
}

/// A field that decides nothing is not among what the answer rests on.
#[test]
fn a_window_that_is_off_asks_for_nothing() {
    let notes = |more: &str| {
        let model = read(&format!(r#"{{"model_type": "qwen3", "num_hidden_layers": 8{more}}}"#)).unwrap();
        model.assumptions.iter().any(|note| note.text.contains("max_window_layers"))
    };
    assert!(!notes(""));
    assert!(notes(r#", "use_sliding_window": true, "sliding_window": 64"#));
}

#[test]
fn layer_types_win_over_every_rule() {
    let types = |list: &str| format!(r#", "sliding_window": 32, "layer_types": [{list}]"#);
    let mixed = r#""full_attention", "sliding_attention", "full_attention", "full_attention", "full_attention",
        "full_attention", "full_attention", "sliding_attention""#;
    assert_eq!(windows("gemma3_text", &types(mixed)), [(1, 32), (7, 32)]);
    assert_eq!(windows("llama", &types(mixed)), [(1, 32), (7, 32)]);
    let short = r#"{"model_type": "olmo3", "num_hidden_layers": 3, "layer_types": ["full_attention", "full_attention"]}"#;
    let message = read(short).unwrap_err().to_string();
    assert_eq!(message, "layer_types: found a list of 2, expected an entry for layer 2");
}

#[test]
fn a_foreign_layout_is_refused() {
    let message = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(
        message(r#"{"model_type": "llama", "architectures": ["LlamaForCausalLMEagle3"]}"#),
        "architectures: found \"LlamaForCausalLMEagle3\" with model_type \"llama\", expected a class of that model_type"
    );
    assert_eq!(
        message(r#"{"model_type": "chatglm", "hidden_size": 4096, "inner_hidden_size": 16384}"#),
        "inner_hidden_size: found a ChatGLM of the first generation, expected ChatGLM2 or later"
    );
}
