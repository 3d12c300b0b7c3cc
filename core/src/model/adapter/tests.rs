//! Adapters of a Llama with 2 layers of width 64, hidden width 100, 4 heads of 16, 2 of them for keys and values.

use super::{Adapter, AdapterSize};
use crate::model::{DType, Model, read};
use crate::units::Bytes;

const Q: u64 = 64 + 64;
const K: u64 = 64 + 32;
const MLP: u64 = 64 + 100;

fn base() -> Model {
    read(
        r#"{"model_type": "llama", "hidden_size": 64, "intermediate_size": 100, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "vocab_size": 1000,
        "tie_word_embeddings": false}"#,
    )
    .unwrap()
}

fn size(config: &str) -> AdapterSize {
    Adapter::read(config).unwrap().size(&base()).unwrap()
}

fn problem(config: &str) -> String {
    match Adapter::read(config) {
        Ok(adapter) => adapter.size(&base()).unwrap_err().to_string(),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn counts_both_matrices_of_every_target() {
    let found = size(r#"{"peft_type": "LORA", "r": 8, "target_modules": ["q_proj", "v_proj"]}"#);
    assert_eq!(found, AdapterSize { modules: 4, rank: 8, parameters: 2 * 8 * (Q + K), whole: 0 });
    assert_eq!(found.bytes(DType::BF16), Bytes::new(2 * 2 * 8 * (Q + K)));
}

#[test]
fn all_linear_leaves_out_the_output_matrix() {
    let found = size(r#"{"r": 4, "target_modules": "all-linear"}"#);
    assert_eq!(found.modules, 14);
    assert_eq!(found.parameters, 2 * 4 * (2 * Q + 2 * K + 3 * MLP));
    let less = size(r#"{"r": 4, "target_modules": "all-linear", "exclude_modules": ["down_proj"]}"#);
    assert_eq!(less.parameters, found.parameters - 2 * 4 * MLP);
}

#[test]
fn an_expression_means_whole_names() {
    let found = size(r#"{"r": 4, "target_modules": "model\\.layers\\.1\\..*(q|k)_proj"}"#);
    assert_eq!(found.parameters, 4 * (Q + K));
    assert_eq!(
        problem(r#"{"r": 4, "target_modules": "q_proj"}"#),
        "target_modules: found q_proj, none of them in this model, expected some of down_proj, gate_proj, \
         k_proj, lm_head, o_proj, q_proj, up_proj, v_proj"
    );
}

#[test]
fn ranks_layers_and_whole_modules_are_heeded() {
    let layers = size(r#"{"r": 8, "target_modules": ["q_proj"], "layers_to_transform": [1]}"#);
    assert_eq!((layers.modules, layers.parameters), (1, 8 * Q));
    let one = size(r#"{"r": 8, "target_modules": ["q_proj"], "layers_to_transform": 0}"#);
    assert_eq!(one, layers);
    let ranks = size(
        r#"{"r": 8, "target_modules": ["q_proj", "k_proj"], "rank_pattern": {"layers.0.self_attn.k_proj": 32}}"#,
    );
    assert_eq!((ranks.rank, ranks.parameters), (32, 2 * 8 * Q + (8 + 32) * K));
    let whole =
        size(r#"{"r": 8, "target_modules": ["q_proj"], "modules_to_save": ["embed_tokens", "lm_head"]}"#);
    assert_eq!((whole.parameters, whole.whole), (2 * 8 * Q, 2 * 64_000));
    let embedding = size(r#"{"r": 8, "target_modules": ["embed_tokens"]}"#);
    assert_eq!(embedding.parameters, 8 * 1064);
}

#[test]
fn magnitudes_and_biases_are_stored_too() {
    let dora = size(r#"{"r": 8, "target_modules": ["k_proj"], "use_dora": true, "lora_bias": true}"#);
    assert_eq!(dora.parameters, 2 * (8 * K + 32 + 32));
    let biased = base_with_bias(r#"{"r": 8, "target_modules": ["k_proj"], "bias": "lora_only"}"#);
    assert_eq!(biased.whole, 2 * 32);
    let all = base_with_bias(r#"{"r": 8, "target_modules": ["k_proj"], "bias": "all"}"#);
    assert_eq!(all.whole, 2 * (64 + 32 + 32));
}

fn base_with_bias(config: &str) -> AdapterSize {
    let model = read(
        r#"{"model_type": "qwen2", "hidden_size": 64, "intermediate_size": 100, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 1000}"#,
    )
    .unwrap();
    Adapter::read(config).unwrap().size(&model).unwrap()
}

#[test]
fn messages_name_the_field() {
    assert_eq!(problem(r#"{"peft_type": "IA3", "r": 8}"#), "peft_type: found \"IA3\", expected \"LORA\"");
    assert_eq!(
        problem(r#"{"r": 8}"#),
        "target_modules: found nothing, expected a list of module names, or \"all-linear\""
    );
    assert_eq!(problem(r#"{"r": 0, "target_modules": []}"#), "r: found 0, expected a rank from 1 to 65536");
    assert_eq!(
        problem(r#"{"r": 8, "target_modules": ["q_proj"], "bias": "some"}"#),
        "bias: found \"some\", expected \"none\", \"lora_only\" or \"all\""
    );
    assert_eq!(
        problem(r#"{"r": 8, "target_modules": ["q_proj"], "layers_to_transform": "all"}"#),
        "layers_to_transform: found something else, expected a layer number or a list of them"
    );
}
