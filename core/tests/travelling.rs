//! A model as data is the model: read again, it is equal, whatever its config says of packing.

use migfit::model::{Model, read};

fn travelled(model: &Model) -> serde_json::Result<Model> {
    serde_json::from_str(&serde_json::to_string(model)?)
}

#[test]
fn every_model_of_the_catalog_comes_back_the_same() {
    for id in migfit::catalog::ids() {
        let model = migfit::catalog::find(id).unwrap().model().unwrap();
        assert_eq!(travelled(&model).unwrap(), model, "{id}");
    }
}

#[test]
fn lists_of_modules_come_back_the_same_in_each_of_their_four_spellings() {
    let packed = |ignored: serde_json::Value| {
        let config = serde_json::json!({
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096, "intermediate_size": 11008,
            "num_hidden_layers": 4, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32000,
            "max_position_embeddings": 4096, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
            "quantization_config": {"quant_method": "fp8", "ignored_layers": ignored},
        });
        read(&config.to_string()).unwrap()
    };
    let lists = [
        serde_json::json!([
            "lm_head",
            "model.layers.1.mlp.up_proj",
            "model.layers.1.mlp.up_proj",
            "model.lm_head"
        ]),
        serde_json::json!(["language_model.model.layers.2.self_attn", "visual", "model."]),
        serde_json::json!(["model.layers.*.self_attn*", "*lm_head*"]),
        serde_json::json!(["re:.*mlp.gate_proj$", "re:model.layers.[0-2].mlp.(up|down)_proj"]),
    ];
    let plain = packed(serde_json::json!([]));
    for list in lists {
        let model = packed(list.clone());
        assert_ne!(model, plain, "{list}");
        assert_eq!(travelled(&model).unwrap(), model, "{list}");
    }
}
