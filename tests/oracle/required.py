"""Fields that a config class leaves without a usable default although its model needs them.

Every published file of these types has them; the values here are small and of no meaning."""


ROPE = {"rope_type": "default", "rope_theta": 10000.0}
TWO_ROPES = {"rope_parameters": {"full_attention": ROPE, "sliding_attention": ROPE}}


PERCEPTION = {
    "vision_config": {
        "model_type": "timm_wrapper",
        "architecture": "vit_pe_core_large_patch14_336",
        "model_args": {"embed_dim": 1024, "depth": 23, "img_size": [448, 448], "global_pool": "", "use_post_transformer_norm": False},
    }
}


def alternate(layers, first, then):
    return [first] + [then] * (layers - 1)


def fields(name, layers, size):
    """What a part of config class `name` must say beside its dimensions."""
    mixed = {
        "DbrxAttentionConfig": {"rope_theta": 500000.0},
        "Dots1Config": {"n_routed_experts": size.experts, "n_shared_experts": 2, "num_experts_per_tok": size.top_k},
        "Lfm2MoeConfig": {"layer_types": ["conv", "full_attention"] * (layers // 2) + ["conv"] * (layers % 2), "num_dense_layers": 1},
        "GPTNeoConfig": {"num_layers": 2 * layers, "attention_types": [[["global", "local"], layers]]},
        "ZambaConfig": {"num_hidden_layers": 12},
        "Zamba2Config": {"layers_block_type": ["mamba", "mamba", "hybrid", *["mamba", "hybrid"] * layers][:layers]},
        "Qwen3OmniMoeTalkerTextConfig": {"shared_expert_intermediate_size": size.moe_ffn + 8},
        "Qwen4ExpTextConfig": {
            "indexer_n_heads": 4, "indexer_kv_heads": 1, "indexer_head_dim": 40, "indexer_budget": 64, "indexer_compress_ratio": 4,
            "eos_token_id": 2, "ple_layer_ids": [1], "ngram_vocab_size_base": 700, "split_ngram_parts": 2,
        },
        "Qwen3OmniMoeTalkerConfig": {"spatial_merge_size": 2},
        "Qwen3OmniMoeTalkerCodePredictorConfig": {"tie_word_embeddings": False},
        "DeepseekOcr2TextConfig": {"mlp_layer_types": alternate(layers, "dense", "sparse")},
        "DiffusionGemmaTextConfig": {"num_experts": size.experts, "top_k_experts": size.top_k, "moe_intermediate_size": size.moe_ffn},
        "Emu3Config": {"vocabulary_map": {"<image>": 5, "<|extra_200|>": 6}},
        "ChameleonConfig": {"vocabulary_map": {"<image>": 5}},
        "Granite4VisionConfig": {"downsample_rate": "4/8", "deepstack_layer_map": [[0, 1]], "spatial_target_layers": [0, 1]},
        "Molmo2AdapterConfig": {"vision_feature_layer": [-1, -2]},
        "CohereCompassTextConfig": TWO_ROPES,
        "PerceptionLMConfig": PERCEPTION,
        "Dots3NoteVisionConfig": {"pyramid_num_routed": [-1] + [4 * n for n in range(1, layers)]},
    }
    return mixed.get(name, {})


QSA = {"indexer_n_heads": 4, "indexer_kv_heads": 1, "indexer_head_dim": 256, "indexer_budget": 2048, "indexer_compress_ratio": 4}
DEFAULTS = {
    "DbrxConfig": {"attn_config": {"rope_theta": 500000.0}},
    "NemotronConfig": {"num_key_value_heads": 8},
    "Dots1Config": {"n_routed_experts": 128, "n_shared_experts": 2},
    "Qwen3OmniMoeConfig": {
        "talker_config": {
            "spatial_merge_size": 2,
            "text_config": {"shared_expert_intermediate_size": 768},
            "code_predictor_config": {"tie_word_embeddings": False},
        }
    },
    "Emu3Config": {"vocabulary_map": {"<image>": 5, "<|extra_200|>": 6}},
    "ChameleonConfig": {"vocabulary_map": {"<image>": 5}},
    "Granite4VisionConfig": {"downsample_rate": "4/8", "deepstack_layer_map": [[-2, 1]]},
    "CohereCompassTextConfig": TWO_ROPES,
    "CohereCompassConfig": {"text_config": TWO_ROPES},
    "Qwen4ExpTextConfig": QSA,
    "Qwen4ExpConfig": {"text_config": QSA},
    "MinistralConfig": {"head_dim": 128},
    "HunYuanDenseV1Config": {"head_dim": 128},
    "HunYuanMoEV1Config": {"head_dim": 128},
    "DeepseekOcr2Config": {"text_config": {"mlp_layer_types": alternate(32, "dense", "sparse")}},
    "DeepseekOcr2TextConfig": {"mlp_layer_types": alternate(32, "dense", "sparse")},
    "DiffusionGemmaConfig": {"text_config": {"num_experts": 128, "top_k_experts": 8, "moe_intermediate_size": 704}},
    "DiffusionGemmaTextConfig": {"num_experts": 128, "top_k_experts": 8, "moe_intermediate_size": 704},
    "PerceptionLMConfig": PERCEPTION,
    "EsmConfig": {"vocab_size": 33},
    "Lfm2MoeConfig": {"layer_types": ["conv", "conv", "full_attention", "conv"] * 8},
}


def of_defaults(cls):
    """The same for a model at its class defaults."""
    return DEFAULTS.get(cls.__name__, {})
