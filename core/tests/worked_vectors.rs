//! Cases worked out by hand from the rules of vLLM, some of them found in published logs.
#![allow(clippy::unwrap_used, reason = "a test")]

use migfit::catalog;
use migfit::memory::{CacheKind, InFlight, KvCache, LayerCache, Paging};
use migfit::model::{DType, read};
use migfit::units::Bytes;

fn rows(dtype: DType, layers: Vec<LayerCache>) -> KvCache {
    KvCache { dtype, bytes_per_token: Bytes::ZERO, state_bytes_per_sequence: Bytes::ZERO, layers }
}

fn row(kind: CacheKind, layers: u64, bytes: u64, window: Option<u64>) -> LayerCache {
    LayerCache {
        kind,
        layers,
        bytes_per_token: Bytes::new(bytes),
        tokens_per_entry: 1,
        window,
        state_bytes: Bytes::ZERO,
    }
}

fn state(layers: u64, bytes: u64) -> LayerCache {
    LayerCache { state_bytes: Bytes::new(bytes), ..row(CacheKind::State, layers, 0, Some(0)) }
}

fn of(id: &str, dtype: DType) -> KvCache {
    KvCache::of(&catalog::find(id).unwrap().model().unwrap(), dtype, 1)
}

fn in_flight(tokens: u64) -> InFlight {
    InFlight { tokens, ..InFlight::STEADY }
}

/// Gigabytes of one request at a batch of 16,384 tokens, at two of 2,048, and while it decodes.
fn request(paging: &Paging, tokens: u64) -> [String; 3] {
    [in_flight(16_384), in_flight(4096), InFlight::STEADY].map(|f| paging.sequence(tokens, f).in_gib(3))
}

#[test]
fn gemma_4_31b_keeps_the_26_800_tokens_of_its_log() {
    let full = row(CacheKind::Full, 10, 4 * 2 * 512 * 2, None);
    let sliding = row(CacheKind::Sliding, 50, 16 * 2 * 256 * 2, Some(1024));
    let paging = Paging::of(&rows(DType::BF16, vec![full, sliding]), 262_144);
    assert_eq!(paging.bytes_per_block, Bytes::new(2_621_440));
    let tokens: Vec<u64> = paging.groups.iter().map(|group| group.block_tokens).collect();
    assert_eq!(tokens, [32, 16, 16, 16, 16, 16]);
    // 24.54 GiB as the log prints it.
    let blocks = Bytes::from_gib(1).share(2454, 100).holds(paging.bytes_per_block).unwrap();
    assert_eq!((blocks, blocks / 6 * 16), (10_051, 26_800));
    assert_eq!(request(&paging, 262_144), ["33.293", "23.918", "20.793"]);
}

#[test]
fn gpt_oss_is_charged_for_what_is_under_way() {
    let small = Paging::of(&of("openai/gpt-oss-20b", DType::BF16), 131_072);
    assert_eq!(request(&small, 131_072), ["3.378", "3.097", "3.003"]);
    let large = Paging::of(&of("openai/gpt-oss-120b", DType::BF16), 131_072);
    assert_eq!(request(&large, 131_072), ["5.067", "4.646", "4.505"]);
    // 5.38 GiB as the log prints it; 78,384 there, less than one in the last digit away.
    let blocks =
        |hundredths| Bytes::from_gib(1).share(hundredths, 1000).holds(large.bytes_per_block).unwrap();
    assert_eq!(blocks(5380) / 2 * 16, 78_336);
    assert!(blocks(5375) / 2 * 16 <= 78_384 && 78_384 <= blocks(5385) / 2 * 16);
}

#[test]
fn latent_caches_are_one_vector_per_token() {
    let bytes = |id, dtype| of(id, dtype).bytes_per_token.get();
    assert_eq!(bytes("meta-llama/Llama-3.1-8B-Instruct", DType::BF16), 131_072);
    assert_eq!(bytes("deepseek-ai/DeepSeek-V3", DType::BF16), 70_272);
    assert_eq!(bytes("deepseek-ai/DeepSeek-V3.2", DType::F8), 61 * 788);
}

/// 78 layers with an indexer each, and with one in the 21 that have their own.
#[test]
fn glm_5_keeps_an_indexer_where_it_has_one() {
    let config = |types: &str| {
        format!(
            r#"{{"architectures": ["GlmMoeDsaForCausalLM"], "model_type": "glm_moe_dsa", "hidden_size": 6144,
            "num_hidden_layers": 78, "num_attention_heads": 64, "num_key_value_heads": 64, "q_lora_rank": 2048,
            "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 192, "v_head_dim": 256,
            "index_n_heads": 32, "index_head_dim": 128, "n_routed_experts": 256, "moe_intermediate_size": 2048,
            "intermediate_size": 12288, "first_k_dense_replace": 3, "vocab_size": 154880{types}}}"#
        )
    };
    let bytes = |types: &str| KvCache::of(&read(&config(types)).unwrap(), DType::F8, 1).bytes_per_token.get();
    assert_eq!(bytes(""), 78 * 788);
    let types: Vec<&str> = (0..78).map(|i| if i < 21 { "\"full\"" } else { "\"shared\"" }).collect();
    assert_eq!(bytes(&format!(", \"indexer_types\": [{}]", types.join(","))), 78 * 656 + 21 * 132);
}

/// The block of attention grows until it holds a state, which is padded to it.
#[test]
fn states_set_the_block_of_attention() {
    let block = |full: LayerCache, state: LayerCache| {
        let paging = Paging::of(&rows(DType::BF16, vec![full, state]), 262_144);
        paging.groups.iter().find(|group| group.kind == CacheKind::Full).unwrap().block_tokens
    };
    // Qwen3.5-35B-A3B, Qwen3.5-27B, Nemotron-3-Nano.
    assert_eq!(block(row(CacheKind::Full, 10, 2048, None), state(30, 2_146_304)), 1056);
    assert_eq!(block(row(CacheKind::Full, 16, 4096, None), state(48, 3_207_168)), 784);
    assert_eq!(block(row(CacheKind::Full, 6, 1024, None), state(23, 2_134_016)), 2096);
}

/// 249 blocks of attention, and two for each of the three groups of states.
#[test]
fn qwen_3_5_35b_takes_255_blocks() {
    let layers = vec![row(CacheKind::Full, 10, 2048, None), state(30, 2_146_304)];
    let paging = Paging::of(&rows(DType::BF16, layers), 262_144);
    assert_eq!(paging.bytes_per_block, Bytes::new(10 * 2_162_688));
    let kept = InFlight { state_blocks: 2, ..InFlight::STEADY };
    assert_eq!(paging.blocks_per_sequence(262_144, kept), 249 + 6);
    assert_eq!(paging.sequence(262_144, kept).in_gib(3), "5.136");
}
