//! Classes that engines and their own repositories have and the transformers library lacks.

use super::{caches, model};
use crate::model::cache::{Cache, KvShape};

/// Against the round numbers of their cards.
#[test]
fn classes_of_engines_alone_are_as_large_as_their_cards_say() {
    let rows = [
        (
            r#"{"model_type": "arctic", "hidden_size": 7168, "num_hidden_layers": 35, "num_attention_heads": 56,
                "num_key_value_heads": 8, "intermediate_size": 4864, "num_local_experts": 128,
                "num_experts_per_tok": 2, "moe_layer_frequency": 1, "parallel_attn_mlp_res": true,
                "vocab_size": 32000, "tie_word_embeddings": false}"#,
            479,
        ),
        (
            r#"{"model_type": "grok-1", "hidden_size": 6144, "num_hidden_layers": 64, "num_attention_heads": 48,
                "num_key_value_heads": 8, "intermediate_size": 32768, "num_experts": 8, "num_experts_per_tok": 2,
                "vocab_size": 131072, "tie_word_embeddings": false}"#,
            316,
        ),
        (
            r#"{"model_type": "deepseek", "hidden_size": 2048, "num_hidden_layers": 28, "num_attention_heads": 16,
                "num_key_value_heads": 16, "intermediate_size": 10944, "moe_intermediate_size": 1408,
                "n_routed_experts": 64, "n_shared_experts": 2, "num_experts_per_tok": 6, "first_k_dense_replace": 1,
                "moe_layer_freq": 1, "vocab_size": 102400, "tie_word_embeddings": false}"#,
            16,
        ),
    ];
    for (text, billions) in rows {
        assert_eq!((model(text).parameters().total + 500_000_000) / 1_000_000_000, billions, "{text}");
    }
}

#[test]
fn step_3_is_as_large_as_its_card_says() {
    // 316 billion parameters by its card, without the vision tower.
    let step = model(
        r#"{"model_type": "step3_text", "hidden_size": 7168, "intermediate_size": 18432, "num_attention_heads": 64,
            "num_attention_groups": 1, "head_dim": 256, "share_q_dim": 2048, "num_hidden_layers": 61,
            "vocab_size": 128815, "moe_intermediate_size": 5120, "moe_num_experts": 48, "moe_top_k": 3,
            "share_expert_dim": 5120, "moe_layers_enum": [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
            28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
            52, 53, 54, 55, 56, 57, 58, 59]}"#,
    );
    assert_eq!(step.parameters().total / 1_000_000_000, 316);
    assert_eq!(step.parameters().active / 1_000_000_000, 38);
    let shape = KvShape { kv_heads: 1, key_dim: 256, value_dim: 256 };
    assert_eq!(caches(&step), [(Cache::Full(shape), 61)]);
}
