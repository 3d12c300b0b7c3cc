//! Known totals of models that everybody knows, from fields typed here.

use super::read;
use crate::inspect::inspect;
use crate::units::Bytes;

/// `ibm-granite/granite-7b-base`.
pub(crate) const GRANITE_7B: &str = r#"{
    "architectures": ["LlamaForCausalLM"], "attention_bias": false, "hidden_act": "silu", "hidden_size": 4096,
    "intermediate_size": 11008, "max_position_embeddings": 4096, "model_type": "llama", "num_attention_heads": 32,
    "num_hidden_layers": 32, "num_key_value_heads": 32, "rms_norm_eps": 1e-05, "rope_scaling": null,
    "tie_word_embeddings": false, "torch_dtype": "float32", "vocab_size": 32000
}"#;

#[test]
fn granite_7b_is_exact() {
    let model = read(GRANITE_7B).unwrap();
    assert_eq!(model.parameters().total, 6_738_415_616);
    assert_eq!(model.context.tokens, 4096);
    assert!(model.known);
    let notes: Vec<&str> = model.assumptions.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes, ["the checkpoint is float32; engines serve it as bfloat16, at half the bytes"]);
    let told = inspect(&model);
    assert_eq!(told.weights.bytes.get(), 13_476_831_232);
    assert_eq!(told.kv_cache.bytes_per_token.get(), 524_288);
    assert_eq!(told.kv_cache.held(4096), Bytes::from_gib(2));
}

#[test]
fn messages_name_the_field() {
    let message = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(
        message(r#"{"model_type": "llama", "hidden_size": -1}"#),
        "hidden_size: found -1, expected a whole number from 0 to 16777216"
    );
    assert_eq!(
        message(r#"{"model_type": "llama", "num_hidden_layers": 1e99}"#),
        "num_hidden_layers: found 1e+99, expected a whole number from 0 to 16777216"
    );
    assert_eq!(
        message(r#"{"model_type": "llama", "num_hidden_layers": 5000}"#),
        "model.layers (number of layers): found 5000, expected at most 4096"
    );
    assert_eq!(
        message(r#"{"model_type": "llama", "num_attention_heads": 0}"#),
        "num_attention_heads: found 0, expected a whole number from 1 to 16777216"
    );
    assert_eq!(
        message("{}"),
        "config.json: found model_type \"\" and no dimension of a language model, expected hidden_size, \
         num_hidden_layers, num_attention_heads, intermediate_size and vocab_size"
    );
}

/// As `tests/oracle` finds it for each of these classes.
#[test]
fn which_level_decides_whether_the_output_matrix_is_tied() {
    let stored = |class: &str, top: bool, text: bool| {
        let file = format!(
            r#"{{"model_type": "{class}", "tie_word_embeddings": {top},
            "text_config": {{"tie_word_embeddings": {text}}}}}"#
        );
        let model = read(&file).unwrap();
        let mut modules = model.blocks.iter().flat_map(|block| &block.modules);
        modules.any(|module| module.path.ends_with("lm_head"))
    };
    for (class, both, top, text, neither) in [
        ("gemma3", false, false, true, true),
        ("qwen2_5_vl", false, false, false, true),
        ("kosmos-2.5", false, true, false, true),
        ("voxtral", true, true, true, true),
    ] {
        assert_eq!(stored(class, true, true), both, "{class} tied by both");
        assert_eq!(stored(class, true, false), top, "{class} tied by the top level");
        assert_eq!(stored(class, false, true), text, "{class} tied by the language model");
        assert_eq!(stored(class, false, false), neither, "{class} tied by neither");
    }
}
