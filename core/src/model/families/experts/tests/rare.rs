//! Classes that few people have met.

use super::model;

/// Small models of the rarer classes, as the transformers library counts them on the meta device.
#[test]
fn rarer_classes_are_exact() {
    let rows = [
        (
            r#"{"architectures": ["Qwen4ExpTextModel"], "model_type": "qwen4_exp_text", "num_hidden_layers": 5,
               "vocab_size": 515, "num_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 58,
               "shared_expert_intermediate_size": 102, "attention_bias": true, "tie_word_embeddings": true,
               "num_attention_heads": 6, "num_key_value_heads": 3, "head_dim": 24, "linear_key_head_dim": 12,
               "linear_value_head_dim": 16, "linear_num_key_heads": 2, "linear_num_value_heads": 4,
               "linear_conv_kernel_dim": 3, "hidden_size": 96, "ple_embed_dim": 96, "indexer_n_heads": 4,
               "indexer_kv_heads": 1, "indexer_head_dim": 40, "indexer_budget": 64, "indexer_compress_ratio":
               4, "eos_token_id": 2, "ple_layer_ids": [1], "ngram_vocab_size_base": 700, "split_ngram_parts":
               2}"#,
            3_717_296,
        ),
        (
            r#"{"architectures": ["InklingForCausalLM"], "model_type": "inkling_text", "num_hidden_layers": 7,
               "vocab_size": 515, "n_routed_experts": 6, "num_experts_per_tok": 2, "intermediate_size": 150,
               "moe_intermediate_size": 58, "num_attention_heads": 6, "num_key_value_heads": 3,
               "swa_num_key_value_heads": 3, "head_dim": 24, "swa_head_dim": 28, "hidden_size": 96}"#,
            3_918_791,
        ),
        (
            r#"{"architectures": ["Inkling2ForCausalLM"], "model_type": "inkling2_text", "num_hidden_layers":
               7, "vocab_size": 515, "n_routed_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size":
               58, "num_attention_heads": 6, "num_key_value_heads": 3, "swa_num_key_value_heads": 3,
               "head_dim": 24, "swa_head_dim": 28, "hidden_size": 96}"#,
            3_901_936,
        ),
        (
            r#"{"architectures": ["ZayaForCausalLM"], "model_type": "zaya", "num_hidden_layers": 3,
               "vocab_size": 515, "num_experts": 6, "moe_intermediate_size": 58, "num_attention_heads": 6,
               "num_key_value_heads": 6, "head_dim": 16, "hidden_size": 96}"#,
            960_530,
        ),
        (
            r#"{"architectures": ["MistralLarge4TextModel"], "model_type": "mistral_large4_text",
               "num_hidden_layers": 5, "vocab_size": 515, "n_routed_experts": 6, "num_experts_per_tok": 2,
               "intermediate_size": 150, "moe_intermediate_size": 58, "attention_bias": true,
               "tie_word_embeddings": true, "num_attention_heads": 6, "num_key_value_heads": 3, "kv_lora_rank":
               40, "qk_rope_head_dim": 8, "qk_nope_head_dim": 12, "v_head_dim": 20, "index_head_dim": 32,
               "index_n_heads": 3, "hidden_size": 96}"#,
            806_666,
        ),
        (
            r#"{"architectures": ["MuseSparkTextModel"], "model_type": "muse_spark_text", "num_hidden_layers":
               3, "vocab_size": 515, "num_local_experts": 6, "num_experts_per_tok": 2, "intermediate_size":
               150, "moe_intermediate_size": 58, "attention_bias": true, "tie_word_embeddings": true,
               "num_attention_heads": 6, "num_key_value_heads": 3, "head_dim": 24, "hidden_size": 96}"#,
            15_432_288,
        ),
        (
            r#"{"architectures": ["JetMoeForCausalLM"], "model_type": "jetmoe", "num_hidden_layers": 3,
               "vocab_size": 515, "num_local_experts": 6, "intermediate_size": 150, "tie_word_embeddings":
               false, "num_attention_heads": 6, "num_key_value_heads": 3, "kv_channels": 24, "hidden_size": 96}"#,
            1_171_488,
        ),
        (
            r#"{"architectures": ["DbrxForCausalLM"], "model_type": "dbrx", "n_layers": 3, "vocab_size": 515,
               "n_heads": 6, "num_key_value_heads": 3, "d_model": 96, "max_seq_len": 96, "attn_config":
               {"kv_n_heads": 3, "rope_theta": 500000.0}, "ffn_config": {"moe_num_experts": 6, "moe_top_k": 2,
               "ffn_hidden_size": 174, "hidden_size": 96}}"#,
            1_086_240,
        ),
        (
            r#"{"architectures": ["LongcatFlashForCausalLM"], "model_type": "longcat_flash", "num_layers": 3,
               "vocab_size": 515, "n_routed_experts": 6, "moe_topk": 2, "ffn_hidden_size": 174,
               "attention_bias": true, "tie_word_embeddings": true, "num_attention_heads": 6,
               "num_key_value_heads": 3, "kv_lora_rank": 40, "q_lora_rank": 44, "qk_rope_head_dim": 8,
               "qk_nope_head_dim": 12, "v_head_dim": 20, "hidden_size": 96}"#,
            313_235_040,
        ),
        (
            r#"{"architectures": ["HYV4ForCausalLM"], "model_type": "hy_v4", "num_hidden_layers": 4,
               "vocab_size": 515, "n_routed_experts": 6, "num_experts_per_tok": 2, "intermediate_size": 150,
               "moe_intermediate_size": 58, "attention_bias": true, "tie_word_embeddings": true,
               "num_attention_heads": 6, "num_key_value_heads": 3, "kv_lora_rank": 40, "q_lora_rank": 44,
               "qk_rope_head_dim": 8, "qk_nope_head_dim": 12, "v_head_dim": 20, "index_head_dim": 32,
               "index_n_heads": 3, "hidden_size": 96}"#,
            667_949,
        ),
        (
            r#"{"architectures": ["AXK2ForCausalLM"], "model_type": "axk2", "num_hidden_layers": 3,
               "vocab_size": 515, "n_routed_experts": 6, "num_experts_per_tok": 2, "intermediate_size": 150,
               "moe_intermediate_size": 58, "attention_bias": true, "tie_word_embeddings": true,
               "num_attention_heads": 6, "num_key_value_heads": 3, "kv_lora_rank": 40, "q_lora_rank": 44,
               "qk_rope_head_dim": 8, "qk_nope_head_dim": 12, "v_head_dim": 20, "index_head_dim": 32,
               "index_n_heads": 3, "hidden_size": 96}"#,
            514_896,
        ),
        (
            r#"{"architectures": ["Dots3NoteForCausalLM"], "model_type": "dots3_note_text",
               "num_hidden_layers": 4, "vocab_size": 515, "n_routed_experts": 6, "num_experts_per_tok": 1,
               "intermediate_size": 150, "moe_intermediate_size": 58, "num_attention_heads": 6,
               "num_key_value_heads": 6, "kv_lora_rank": 40, "q_lora_rank": 44, "qk_rope_head_dim": 8,
               "qk_nope_head_dim": 12, "v_head_dim": 20, "index_head_dim": 32, "index_n_heads": 3,
               "hidden_size": 96}"#,
            79_348_056,
        ),
        (
            r#"{"architectures": ["BailingHybridForCausalLM"], "model_type": "bailing_hybrid",
               "num_hidden_layers": 7, "first_k_dense_replace": 1, "vocab_size": 515, "num_experts": 6,
               "num_experts_per_token": 2, "topk_group": 1, "num_expert_group": 1, "intermediate_size": 150,
               "moe_intermediate_size": 58, "attention_bias": true, "tie_word_embeddings": true,
               "num_attention_heads": 6, "num_key_value_heads": 3, "kv_lora_rank": 40, "qk_rope_head_dim": 8,
               "qk_nope_head_dim": 12, "v_head_dim": 20, "linear_conv_kernel_dim": 3, "hidden_size": 96}"#,
            3_589_180,
        ),
        (
            r#"{"architectures": ["Glm5NextTextModel"], "model_type": "glm5_next_text", "num_hidden_layers": 5,
               "vocab_size": 515, "n_routed_experts": 6, "num_experts_per_tok": 1, "intermediate_size": 150,
               "moe_intermediate_size": 58, "num_attention_heads": 6, "num_key_value_heads": 6, "kv_lora_rank":
               40, "q_lora_rank": 44, "qk_nope_head_dim": 12, "v_head_dim": 20, "index_head_dim": 32,
               "index_n_heads": 3, "linear_conv_kernel_dim": 3, "hidden_size": 96}"#,
            21_972_130,
        ),
        (
            r#"{"architectures": ["LagunaForCausalLM"], "model_type": "laguna", "num_hidden_layers": 3,
               "vocab_size": 515, "num_experts": 6, "num_experts_per_tok": 2, "intermediate_size": 150,
               "moe_intermediate_size": 58, "shared_expert_intermediate_size": 102, "attention_bias": true,
               "tie_word_embeddings": true, "num_attention_heads": 6, "num_key_value_heads": 3, "head_dim": 24,
               "hidden_size": 96}"#,
            481_116,
        ),
        (
            r#"{"architectures": ["Ernie4_5_MoeForCausalLM"], "model_type": "ernie4_5_moe",
               "num_hidden_layers": 3, "vocab_size": 515, "moe_num_experts": 6, "moe_k": 2,
               "intermediate_size": 150, "moe_intermediate_size": 58, "use_bias": true, "tie_word_embeddings":
               false, "num_attention_heads": 6, "num_key_value_heads": 3, "hidden_size": 96}"#,
            496_555,
        ),
        (
            r#"{"architectures": ["Cohere2MoeForCausalLM"], "model_type": "cohere2_moe", "num_hidden_layers":
               5, "vocab_size": 515, "num_experts": 6, "intermediate_size": 150, "attention_bias": true,
               "tie_word_embeddings": false, "num_attention_heads": 6, "num_key_value_heads": 3, "head_dim":
               24, "hidden_size": 96}"#,
            1_607_616,
        ),
    ];
    for (text, total) in rows {
        assert_eq!(model(text).parameters().total, total, "{text}");
    }
}
