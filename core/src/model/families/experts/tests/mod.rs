//! Known totals and caches of models that everybody knows, from fields typed here.

mod engines;
mod rare;

use crate::model::cache::{Cache, KvShape, Mixer};
use crate::model::dtype::DType;
use crate::model::{Model, read};

fn model(text: &str) -> Model {
    let model = read(text).unwrap();
    assert!(model.known, "{text}");
    model
}

/// Caches and the number of layers that keep them, in the order of the layers' kinds.
fn caches(model: &Model) -> Vec<(Cache, u64)> {
    let mut found: Vec<(Cache, u64)> = Vec::new();
    for (cache, count) in
        model.blocks.iter().flat_map(|block| block.caches.iter().map(|c| (*c, block.count())))
    {
        match found.iter_mut().find(|(known, _)| *known == cache) {
            Some((_, layers)) => *layers += count,
            None => found.push((cache, count)),
        }
    }
    found
}

const DEEPSEEK_V3: &str = r#"{"model_type": "deepseek_v3", "architectures": ["DeepseekV3ForCausalLM"],
    "num_nextn_predict_layers": 1}"#;
const DEEPSEEK_V4_FLASH: &str = r#"{"model_type": "deepseek_v4", "architectures": ["DeepseekV4ForCausalLM"],
    "num_hidden_layers": 43, "compress_ratios": [0, 0, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128,
    4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 128, 4, 0]}"#;
fn deepseek_v4_pro() -> String {
    let ratios = format!("[128, 128{}, 4]", ", 4, 128".repeat(29));
    format!(
        r#"{{"model_type": "deepseek_v4", "hidden_size": 7168, "num_hidden_layers": 61, "num_attention_heads": 128,
            "q_lora_rank": 1536, "o_groups": 16, "n_routed_experts": 384, "moe_intermediate_size": 3072,
            "compress_ratios": {ratios}}}"#
    )
}

/// Three dense layers with full attention, then 57 sparse ones.
fn minimax_m3() -> String {
    let flags = format!("[0, 0, 0{}]", ", 1".repeat(57));
    format!(
        r#"{{"model_type": "minimax_m3_vl_text", "moe_layer_freq": {flags}, "sparse_attention_config":
            {{"sparse_attention_freq": {flags}, "sparse_num_index_heads": 4, "sparse_index_dim": 128}}}}"#
    )
}

const QWEN3_NEXT: &str = r#"{"model_type": "qwen3_next", "architectures": ["Qwen3NextForCausalLM"]}"#;

#[test]
fn known_totals_are_exact() {
    let rows = [
        (r#"{"model_type": "mixtral"}"#, 46_702_792_704),
        (
            r#"{"model_type": "qwen3_moe", "hidden_size": 2048, "num_hidden_layers": 48, "num_attention_heads": 32,
               "num_key_value_heads": 4, "head_dim": 128, "num_experts": 128, "moe_intermediate_size": 768}"#,
            30_532_122_624,
        ),
        (
            r#"{"model_type": "qwen3_moe", "hidden_size": 4096, "num_hidden_layers": 94, "num_attention_heads": 64,
               "num_key_value_heads": 4, "head_dim": 128, "num_experts": 128, "moe_intermediate_size": 1536}"#,
            235_093_634_560,
        ),
        (
            r#"{"model_type": "qwen3_moe", "hidden_size": 6144, "num_hidden_layers": 62, "num_attention_heads": 96,
               "num_key_value_heads": 8, "head_dim": 128, "num_experts": 160, "moe_intermediate_size": 2560}"#,
            480_154_875_392,
        ),
        (QWEN3_NEXT, 79_674_391_296),
        (r#"{"model_type": "qwen3_5_moe_text"}"#, 34_660_610_688),
        (
            r#"{"model_type": "qwen3_5_text", "hidden_size": 5120, "num_hidden_layers": 64, "num_attention_heads": 24,
               "num_key_value_heads": 4, "intermediate_size": 17408, "linear_num_value_heads": 48}"#,
            26_895_998_464,
        ),
        (
            r#"{"model_type": "qwen3_5_moe_text", "hidden_size": 4096, "num_hidden_layers": 60,
               "num_attention_heads": 32, "num_experts": 512, "num_experts_per_tok": 10,
               "moe_intermediate_size": 1024, "shared_expert_intermediate_size": 1024,
               "linear_num_value_heads": 64}"#,
            396_346_350_336,
        ),
        (r#"{"model_type": "llama4_text"}"#, 107_769_861_120),
        (
            r#"{"model_type": "llama4_text", "num_local_experts": 128, "interleave_moe_layer_step": 2}"#,
            400_711_848_960,
        ),
        (DEEPSEEK_V3, 671_026_404_352),
        (r#"{"model_type": "deepseek_v32"}"#, 671_877_929_216),
        (DEEPSEEK_V4_FLASH, 284_332_230_231),
        (&deepseek_v4_pro(), 1_572_997_179_491),
        (r#"{"model_type": "glm_moe_dsa"}"#, 743_911_199_232),
        (r#"{"model_type": "glm_moe_dsa", "index_topk_freq": 4}"#, 743_377_000_704),
        (r#"{"model_type": "gpt_oss", "num_hidden_layers": 24, "num_local_experts": 32}"#, 20_914_757_184),
        (r#"{"model_type": "gpt_oss"}"#, 116_829_156_672),
        (r#"{"model_type": "minimax_m2"}"#, 228_689_748_992),
        (
            r#"{"model_type": "ernie4_5_vl_moe_text", "architectures": ["Ernie4_5_VLMoeTextModel"]}"#,
            28_624_635_776,
        ),
        (r#"{"model_type": "mimo_v2_flash"}"#, 308_778_768_832),
        (r#"{"model_type": "kimi_linear"}"#, 49_133_074_464),
        (
            r#"{"model_type": "kimi_linear", "linear_attn_config": {"full_attn_layers": [4, 8, 12, 16, 20, 24, 27],
               "head_dim": 128, "num_heads": 32, "short_conv_kernel_size": 4}}"#,
            49_122_675_072,
        ),
    ];
    for (text, total) in rows {
        assert_eq!(model(text).parameters().total, total, "{text}");
    }
}

#[test]
fn active_parameters_leave_out_the_experts_that_are_not_chosen() {
    let rows = [
        (r#"{"model_type": "gpt_oss", "num_hidden_layers": 24, "num_local_experts": 32}"#, 4_187_440_704),
        (r#"{"model_type": "gpt_oss"}"#, 5_711_982_912),
        (QWEN3_NEXT, 3_874_929_408),
    ];
    for (text, active) in rows {
        assert_eq!(model(text).parameters().active, active, "{text}");
    }
}

#[test]
fn prediction_layers_stand_beside_the_model() {
    // One layer, 2 H² for the projection, 3 H for norms, and a vocabulary of its own.
    let layer = 11_507_286_016;
    assert_eq!(model(DEEPSEEK_V3).parameters().mtp, layer + 2 * 7168 * 7168 + 3 * 7168 + 2 * 129_280 * 7168);
    let next = model(QWEN3_NEXT).parameters();
    let attention = 2048 * (8192 + 2 * 512) + 4096 * 2048 + 2 * 256;
    let mixture = 512 * 3 * 2048 * 512 + 2048 * 512 + 3 * 2048 * 512 + 2048;
    assert_eq!(next.mtp, attention + mixture + 2 * 2048 + 2 * 2048 * 2048 + 3 * 2048);
}

#[test]
fn minimax_m3_has_an_index_in_its_sparse_layers() {
    let m3 = model(&minimax_m3());
    // 427,040,132,864 with its vision tower of 865,567,232.
    assert_eq!(m3.parameters().total, 426_174_565_632);
    let full = Cache::Full(KvShape { kv_heads: 4, key_dim: 128, value_dim: 128 });
    let index = Cache::Indexer { head_dim: 128, dtype: Some(DType::BF16) };
    assert_eq!(caches(&m3), [(full, 60), (index, 57)]);
}

#[test]
fn latent_attention_keeps_one_vector_and_sparse_layers_an_index() {
    let latent = |sparse| Cache::Latent { rank: 512, rope_dim: 64, sparse };
    let index = Cache::Indexer { head_dim: 128, dtype: None };
    assert_eq!(caches(&model(DEEPSEEK_V3)), [(latent(false), 61)]);
    assert_eq!(caches(&model(r#"{"model_type": "deepseek_v32"}"#)), [(latent(true), 61), (index, 61)]);
    let shared = model(r#"{"model_type": "glm_moe_dsa", "index_topk_freq": 4}"#);
    assert_eq!(caches(&shared), [(latent(true), 78), (index, 21)]);
    let expanded = Cache::Full(KvShape { kv_heads: 40, key_dim: 96, value_dim: 96 });
    assert_eq!(caches(&model(r#"{"model_type": "minicpm3"}"#)), [(expanded, 62)]);
}

#[test]
fn deepseek_v4_compresses_by_4_and_by_128() {
    let entries =
        |ratio, entry_bytes, state_bytes| Cache::Compressed { ratio, window: None, entry_bytes, state_bytes };
    let window = Cache::Compressed { ratio: 1, window: Some(128), entry_bytes: 584, state_bytes: 0 };
    assert_eq!(
        caches(&model(DEEPSEEK_V4_FLASH)),
        [
            (window, 43),
            (entries(4, 584, 8 * 8192), 21),
            (entries(4, 132, 8 * 2048), 21),
            (entries(128, 584, 128 * 4096), 20),
        ]
    );
}

#[test]
fn linear_layers_keep_a_state() {
    let net = |recurrent_dtype| Cache::State {
        mixer: Mixer::GatedDeltaNet,
        conv: 3 * 8192,
        recurrent: 32 * 128 * 128,
        recurrent_dtype,
    };
    let heads = |kv_heads| Cache::Full(KvShape { kv_heads, key_dim: 256, value_dim: 256 });
    assert_eq!(caches(&model(QWEN3_NEXT)), [(net(None), 36), (heads(2), 12)]);
    let fixed = model(r#"{"model_type": "qwen3_5_text", "mamba_ssm_dtype": "float32"}"#);
    assert_eq!(caches(&fixed), [(net(Some(DType::F32)), 24), (heads(4), 8)]);
    let kda = Cache::State {
        mixer: Mixer::Kda,
        conv: 3 * 12_288,
        recurrent: 32 * 128 * 128,
        recurrent_dtype: Some(DType::F32),
    };
    let latent = Cache::Latent { rank: 512, rope_dim: 64, sparse: false };
    assert_eq!(caches(&model(r#"{"model_type": "kimi_linear"}"#)), [(kda, 21), (latent, 6)]);
    let lightning = Cache::State {
        mixer: Mixer::Lightning,
        conv: 0,
        recurrent: 32 * 128 * 128,
        recurrent_dtype: Some(DType::F32),
    };
    let full = Cache::Full(KvShape { kv_heads: 8, key_dim: 128, value_dim: 128 });
    let minimax = model(r#"{"model_type": "minimax", "num_hidden_layers": 3, "attn_type_list": [0, 0, 1]}"#);
    assert_eq!(caches(&minimax), [(lightning, 2), (full, 1)]);
    let mamba =
        Cache::State { mixer: Mixer::Mamba2, conv: 3 * 8704, recurrent: 8192 * 256, recurrent_dtype: None };
    let granite = model(
        r#"{"model_type": "granitemoehybrid", "num_hidden_layers": 2, "layers_block_type": ["mamba", "attention"],
            "num_key_value_heads": 8}"#,
    );
    assert_eq!(caches(&granite), [(mamba, 1), (full, 1)]);
}

#[test]
fn windows_and_chunks_follow_the_layers() {
    let shape = KvShape { kv_heads: 8, key_dim: 64, value_dim: 64 };
    assert_eq!(
        caches(&model(r#"{"model_type": "gpt_oss"}"#)),
        [(Cache::Sliding { shape, window: 128 }, 18), (Cache::Full(shape), 18)]
    );
    let shape = KvShape { kv_heads: 8, key_dim: 128, value_dim: 128 };
    let chunked = (Cache::Chunked { shape, chunk: 8192 }, 36);
    assert_eq!(caches(&model(r#"{"model_type": "llama4_text"}"#)), [chunked, (Cache::Full(shape), 12)]);
    assert_eq!(
        caches(&model(r#"{"model_type": "llama4_text", "no_rope_layers": []}"#)),
        [chunked, (Cache::Full(shape), 12)]
    );
    let full = Cache::Full(KvShape { kv_heads: 4, key_dim: 192, value_dim: 128 });
    let shape = KvShape { kv_heads: 8, key_dim: 192, value_dim: 128 };
    let mimo = r#"{"model_type": "mimo_v2_flash", "sliding_window": 128, "num_hidden_layers": 3,
        "hybrid_layer_pattern": [0, 1, 1], "moe_layer_freq": [0, 1, 1]}"#;
    assert_eq!(caches(&model(mimo)), [(full, 1), (Cache::Sliding { shape, window: 128 }, 2)]);
    // Switched off, a window does not count.
    let shape = KvShape { kv_heads: 4, key_dim: 64, value_dim: 64 };
    assert_eq!(
        caches(&model(r#"{"model_type": "qwen3_moe", "sliding_window": 4096, "use_sliding_window": false}"#)),
        [(Cache::Full(shape), 24)]
    );
}

#[test]
fn a_list_that_is_too_short_is_named() {
    let message = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(
        message(r#"{"model_type": "gpt_oss", "num_hidden_layers": 3, "layer_types": ["full_attention"]}"#),
        "layer_types: found a list of 1, expected an entry for layer 1"
    );
    assert_eq!(
        message(r#"{"model_type": "hunyuan", "use_cla": true}"#),
        "use_cla: found true, expected layers that each keep their own keys and values"
    );
}
