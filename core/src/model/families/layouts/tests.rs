//! Every layout reads, and well-known models come out to the parameter and to the element of state.

use super::{classes, knows};
use crate::model::{Cache, DType, KvShape, Mixer, Model, read};

fn model(text: &str) -> Model {
    read(text).unwrap()
}

/// Caches of layer `number`.
fn caches(model: &Model, number: u32) -> &[Cache] {
    &model.blocks.iter().find(|block| block.layers.contains(&number)).unwrap().caches
}

#[test]
fn every_class_stands_once() {
    let mut names: Vec<&str> = classes().collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(knows("mamba2"));
    assert!(!knows("%mamba2"), "a part is no class");
}

#[test]
fn every_class_is_filled_from_its_defaults() {
    // Classes that leave open what every file of theirs says.
    let open = ["lfm2_moe"];
    for class in classes().filter(|class| !open.contains(class)) {
        let model = read(&format!(r#"{{"model_type": "{class}"}}"#)).unwrap_or_else(|problem| {
            panic!("{class}: {problem}");
        });
        assert!(model.known && model.parameters().total > 0, "{class}");
    }
}

/// `tiiuae/Falcon-H1-0.5B-Instruct`: both mixers in every layer.
#[test]
fn falcon_h1_has_a_cache_and_a_state_per_layer() {
    let model = model(
        r#"{"model_type": "falcon_h1", "hidden_size": 1024, "intermediate_size": 2048, "num_hidden_layers": 36,
        "num_attention_heads": 8, "num_key_value_heads": 2, "head_dim": 64, "vocab_size": 32784,
        "mamba_d_ssm": 1536, "mamba_n_heads": 24, "mamba_d_head": 64, "mamba_d_state": 128,
        "tie_word_embeddings": false}"#,
    );
    assert_eq!(model.parameters().total, 521_411_104);
    assert_eq!(
        caches(&model, 35),
        [
            Cache::Full(KvShape { kv_heads: 2, key_dim: 64, value_dim: 64 }),
            Cache::State {
                mixer: Mixer::Mamba2,
                conv: 3 * (1536 + 2 * 128),
                recurrent: 24 * 64 * 128,
                recurrent_dtype: None
            }
        ]
    );
}

/// `nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B` in shape, with one layer of each kind.
#[test]
fn nemotron_reads_its_pattern_as_letters_or_words() {
    let shape = r#""model_type": "nemotron_h", "hidden_size": 2688, "vocab_size": 131072, "n_routed_experts": 128,
        "num_experts_per_tok": 6, "moe_intermediate_size": 1856, "moe_shared_expert_intermediate_size": 3712,
        "num_attention_heads": 32, "num_key_value_heads": 2, "head_dim": 128, "mamba_num_heads": 64,
        "mamba_head_dim": 64, "ssm_state_size": 128, "n_groups": 8, "intermediate_size": 1856"#;
    let letters = model(&format!(r#"{{{shape}, "hybrid_override_pattern": "ME*-"}}"#));
    let words = model(&format!(r#"{{{shape}, "layers_block_type": ["mamba", "moe", "attention", "mlp"]}}"#));
    let mamba = 3 * 64 + 6144 * 5 + 2688 * 10_304 + 4096 + 4096 * 2688;
    let experts = 2688 * 128 + 128 * 2 * 2688 * 1856 + 2 * 2688 * 3712;
    let attention = 2 * 2688 * 4096 + 2 * 2688 * 256;
    let total = 2 * 131_072 * 2688 + mamba + experts + attention + 2 * 2688 * 1856 + 5 * 2688;
    assert_eq!(letters.parameters().total, total);
    assert_eq!(words.parameters(), letters.parameters());
    assert_eq!(letters.parameters().active, total - (128 - 6) * 2 * 2688 * 1856);
    assert_eq!(
        caches(&letters, 0),
        [Cache::State {
            mixer: Mixer::Mamba2,
            conv: 3 * 6144,
            recurrent: 64 * 64 * 128,
            recurrent_dtype: Some(DType::F32)
        }]
    );
    assert_eq!(caches(&letters, 1), []);
}
