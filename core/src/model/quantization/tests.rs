//! Bytes of published checkpoints, from fields typed here.

use super::preset;
use crate::inspect::inspect;
use crate::memory::Weights;
use crate::model::{DType, read};
use crate::problem::Problem;

/// Qwen3-8B's shape with the class and fields of a plain llama-like decoder, and `quantization` in it.
fn granite(quantization: &str) -> Result<crate::model::Model, Problem> {
    read(&format!(
        r#"{{"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 4096,
        "intermediate_size": 11008, "num_hidden_layers": 32, "num_attention_heads": 32, "vocab_size": 32000,
        "max_position_embeddings": 4096, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
        "quantization_config": {quantization}}}"#
    ))
}

/// Parameters in the matrices of the 32 layers, and those outside them.
const PACKED: u64 = 32 * (4 * 4096 * 4096 + 3 * 4096 * 11008);
const REST: u64 = 6_738_415_616 - PACKED;
/// Groups of 128 in all of these matrices (4,096 and 11,008 are multiples of 128).
const GROUPS: u64 = PACKED / 128;
/// Output rows of all of these matrices.
const ROWS: u64 = 32 * (4 * 4096 + 2 * 11008 + 4096);

fn bytes(quantization: &str) -> u64 {
    inspect(&granite(quantization).unwrap()).weights.bytes.get()
}

#[test]
fn every_method_to_the_byte() {
    let cases: &[(&str, u64)] = &[
        (r#"{"quant_method": "fp8", "weight_block_size": [128, 128]}"#, PACKED + GROUPS / 128 * 4),
        (r#"{"quant_method": "fp8", "activation_scheme": "static"}"#, PACKED + 32 * 7 * 8),
        (r#"{"quant_method": "fp8", "weight_block_size": null}"#, PACKED + 32 * 7 * 4),
        (r#"{"quant_method": "fbgemm_fp8"}"#, PACKED + ROWS * 4),
        (r#"{"quant_method": "awq", "bits": 4, "group_size": 128}"#, PACKED / 2 + GROUPS * 20 / 8),
        (
            r#"{"quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": true}"#,
            PACKED / 2 + GROUPS * 20 / 8 + 32 * 4 * (6 * 4096 + 11008),
        ),
        (
            r#"{"quant_method": "compressed-tensors", "format": "pack-quantized", "ignore": ["lm_head"],
                "config_groups": {"group_0": {"targets": ["Linear"], "weights": {"num_bits": 4, "type": "int",
                "strategy": "group", "group_size": 32, "symmetric": true}}}}"#,
            PACKED / 2 + PACKED / 32 * 2,
        ),
        (
            r#"{"quant_method": "compressed-tensors", "format": "float-quantized", "ignore": ["lm_head"],
                "config_groups": {"group_0": {"targets": ["Linear"], "weights": {"num_bits": 8, "type": "float",
                "strategy": "channel"}}}}"#,
            PACKED + ROWS * 2,
        ),
        (
            r#"{"quant_method": "modelopt", "quant_algo": "NVFP4", "exclude_modules": ["lm_head"]}"#,
            PACKED / 2 + PACKED / 16 + 32 * 7 * 8,
        ),
        (
            r#"{"quant_algo": "FP8", "quant_method": "fp8", "exclude_modules": ["lm_head"]}"#,
            PACKED + 32 * 7 * 8,
        ),
        (r#"{"load_in_4bit": true, "quant_method": "bitsandbytes"}"#, PACKED / 2 + PACKED / 64 * 4),
        (
            r#"{"quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_use_double_quant": true}"#,
            PACKED / 2 + PACKED / 64 + PACKED / 16384 * 4,
        ),
        (r#"{"quant_method": "bitsandbytes", "load_in_8bit": true}"#, PACKED + ROWS * 4),
        (
            r#"{"quant_method": "hqq", "quant_config": {"weight_quant_params": {"nbits": 4, "group_size": 64}}}"#,
            PACKED / 2 + PACKED / 64 * 4,
        ),
        (r#"{"quant_method": "eetq"}"#, PACKED + ROWS * 2),
        (
            r#"{"quant_method": "torchao", "quant_type": {"default": {"_type": "Int8WeightOnlyConfig"}}}"#,
            PACKED + ROWS * 4,
        ),
        (
            r#"{"quant_method": "quark", "global_quant_config": {"weight": {"dtype": "fp8_e4m3", "qscheme": "per_tensor"}},
                "exclude": ["lm_head"]}"#,
            PACKED + 32 * 7 * 4,
        ),
    ];
    for (config, packed) in cases {
        assert_eq!(bytes(config), packed + REST * 2, "{config}");
    }
}

#[test]
fn lists_keep_modules_as_they_are() {
    let one = 2 * 4096 * 11008 - (4096 * 11008 + 32 * 86 * 4);
    let block = |list: &str| {
        bytes(&format!(
            r#"{{"quant_method": "fp8", "weight_block_size": [128, 128], "modules_to_not_convert": {list}}}"#
        ))
    };
    let all = block("[]");
    assert_eq!(block(r#"["lm_head"]"#), all);
    assert_eq!(block(r#"["model.layers.1.mlp.gate_proj"]"#), all + one);
    assert_eq!(block(r#"["re:.*layers\\.(1|2)\\.mlp\\.gate_proj"]"#), all + 2 * one);
    assert_eq!(block(r#"["model.layers.*.mlp.gate_proj"]"#), all + 32 * one);
    assert_eq!(block(r#"["gate_proj"]"#), all + 32 * one);
}

#[test]
fn mixed_precision_packs_each_module_its_own_way() {
    let mixed = bytes(
        r#"{"quant_method": "modelopt", "quant_algo": "MIXED_PRECISION", "quantized_layers": {
            "model.layers.0.mlp.gate_proj": {"quant_algo": "FP8"},
            "model.layers.0.mlp.up_proj": {"quant_algo": "NVFP4", "group_size": 16}}}"#,
    );
    let matrix = 4096 * 11008;
    assert_eq!(mixed, 6_738_415_616 * 2 - 4 * matrix + (matrix + 8) + (matrix / 2 + matrix / 16 + 8));
}

#[test]
fn what_cannot_be_read_is_named() {
    let message = |config: &str| granite(config).unwrap_err().to_string();
    assert_eq!(
        message(r#"{"quant_method": "awq", "bits": 5}"#),
        "quantization_config.bits: found 5, expected one of 2, 3, 4, 8"
    );
    assert_eq!(
        message(r#"{"quant_method": "modelopt", "quant_algo": "W1A1"}"#),
        "quantization_config.quant_algo: found \"W1A1\", expected FP8, FP8_PER_CHANNEL_PER_TOKEN, FP8_PB_WO, NVFP4, \
         NVFP4_AWQ, W4A16_NVFP4, MXFP4, MXFP8, INT4_AWQ, W4A16_AWQ, W4A8_AWQ, INT8_SQ, W8A16 or MIXED_PRECISION"
    );
    assert_eq!(message("[]"), "quantization_config: found a list, expected an object");
    assert_eq!(granite("null").unwrap().quantization, None);
}

#[test]
fn what_if_uses_the_same_arithmetic() {
    let model = granite("null").unwrap();
    let with = |name: &str| Weights::of(&model, DType::BF16, Some(&preset(name).unwrap()), 1).bytes.get();
    assert_eq!(with("nvfp4"), PACKED / 2 + PACKED / 16 + 32 * 7 * 8 + REST * 2);
    // llama.cpp stores norms at 32 bits and picks types per tensor; this is every matrix and table at one type.
    assert_eq!(with("gguf-q4_k"), (6_738_415_616 - 266_240) / 256 * 144 + 266_240 * 2);
    assert!(
        preset("q9")
            .unwrap_err()
            .to_string()
            .starts_with("quantization: found \"q9\", expected auto, none or one of fp8")
    );
}
