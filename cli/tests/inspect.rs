//! `migfit inspect` and `migfit fit` on what a person has: a name, a folder, a checkpoint's own figures.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::PathBuf;
use std::process::Command;

fn migfit(arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_migfit")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

const LLAMA: &str = r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
    "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "vocab_size": 128256, "max_position_embeddings": 131072, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}"#;

#[test]
fn a_model_of_the_catalog_by_name() {
    let (out, _, status) = migfit(&["inspect", "llama-3.1-8b-instruct", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status, Some(0));
    assert_eq!(found["file"], "llama-3.1-8b-instruct");
    assert_eq!(found["parameters"]["total"], 8_030_261_248_u64);
    let (_, error, status) = migfit(&["fit", "llama-3.1-8b-instuct"]);
    assert_eq!(status, Some(1));
    assert!(error.contains("hint: nearest: meta-llama/Llama-3.1-8B-Instruct, "), "{error}");
    let (_, error, _) = migfit(&["inspect", "./no/config.json"]);
    assert_eq!(
        error,
        "error: ./no/config.json: file: found nothing, expected a config.json, its folder, or a model of the catalog\n"
    );
}

#[test]
fn a_folder_with_the_index_and_the_quantization_beside_the_config() {
    let folder = folder("inspect-folder");
    std::fs::write(folder.join("config.json"), LLAMA).unwrap();
    let index = r#"{"metadata": {"total_size": 16060522496}, "weight_map": {"lm_head.weight": "a"}}"#;
    std::fs::write(folder.join("model.safetensors.index.json"), index).unwrap();
    let path = folder.display().to_string();
    let (out, _, _) = migfit(&["inspect", &path]);
    assert!(
        out.ends_with("evidence   16,060,522,496 bytes in the checkpoint, 16,060,522,496 counted\n"),
        "{out}"
    );
    let side = r#"{"quantization": {"quant_algo": "FP8", "kv_cache_quant_algo": "FP8", "exclude_modules": ["lm_head"]}}"#;
    std::fs::write(folder.join("hf_quant_config.json"), side).unwrap();
    let (out, _, _) = migfit(&["inspect", &path, "--json"]);
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["quantization"], "modelopt FP8");
    assert_eq!(found["kv_cache"]["dtype"], "fp8");
    assert_eq!(found["evidence"]["difference_bytes"], 6_979_321_856_u64 - 32 * 7 * 8);
}

#[test]
fn the_header_of_one_file_of_several() {
    let folder = folder("inspect-header");
    std::fs::write(folder.join("config.json"), LLAMA).unwrap();
    let header = r#"{"model.norm.weight": {"dtype": "BF16", "shape": [4096], "data_offsets": [0, 8192]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(&[0; 8192]);
    let file = folder.join("model-00002-of-00002.safetensors");
    std::fs::write(&file, bytes).unwrap();
    let path = folder.join("config.json").display().to_string();
    let (out, _, _) = migfit(&["inspect", &path, "--evidence", &file.display().to_string()]);
    assert!(
        out.ends_with(
            "evidence   8,192 bytes in the checkpoint, 16,060,522,496 counted\n           \
             4,096 elements of BF16\n           \
             -16060514304 bytes: this may be one file of several\n"
        ),
        "{out}"
    );
}

#[test]
fn a_pattern_stands_for_the_files_that_match_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.json", "b.json", "c.txt"] {
        std::fs::write(folder.path().join(name), r#"{"model_type": "llama"}"#).unwrap();
    }
    let run = |pattern: &str| {
        Command::new(env!("CARGO_BIN_EXE_migfit"))
            .current_dir(folder.path())
            .args(["inspect", "--json", pattern])
            .output()
            .unwrap()
    };
    let said = String::from_utf8(run("*.json").stdout).unwrap();
    let files: Vec<&str> = said.lines().filter_map(|line| line.split('"').nth(3)).collect();
    assert_eq!(files, ["a.json", "b.json"]);
    let output = run("*.yaml");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told, "error: *.yaml: pattern: found no file, expected a pattern that files match\n");
}
