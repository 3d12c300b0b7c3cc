//! `migfit fit` and `inspect`, as a person types them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

const GRANITE: &str = r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
    "intermediate_size": 11008, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
    "vocab_size": 32000, "max_position_embeddings": 4096, "tie_word_embeddings": false, "torch_dtype": "float32"}"#;

/// Runs the command with `input` on standard input.
fn migfit(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_migfit"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments may not wait for its input.
    _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What is printed to standard error; nothing may be printed to standard output.
fn refused(arguments: &[&str], input: &[u8]) -> String {
    let output = migfit(arguments, input);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr)
}

#[test]
fn inspect_tells_what_granite_7b_is() {
    let output = migfit(&["inspect", "-"], GRANITE.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<String> = text(&output.stdout).lines().map(|line| line.trim().to_owned()).collect();
    for expected in [
        "llama (LlamaForCausalLM)",
        "total        6,738,415,616",
        "weights    13,476,831,232 bytes (12.6 GiB) as bfloat16",
        "context    4,096 tokens (max_position_embeddings)",
        "KV cache   524,288 bytes per token, 0 bytes per sequence, as bfloat16",
        "note: the checkpoint is float32; engines serve it as bfloat16, at half the bytes",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected:?} is missing in {lines:#?}");
    }
}

#[test]
fn json_is_for_machines() {
    let output = migfit(&["fit", "-", "--json", "--gpu", "H100-80GB"], GRANITE.as_bytes());
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["model"]["parameters"]["total"], 6_738_415_616_u64);
    assert_eq!(answer["offers"].as_array().map(Vec::len), Some(8));
    assert_eq!(answer["offers"][1]["resource"], "nvidia.com/mig-1g.10gb");
    assert_eq!(answer["offers"][1]["verdict"], "no");
}

#[test]
fn a_card_of_ones_own_is_judged_like_any_other() {
    let file = std::env::temp_dir().join(format!("migfit-cards-{}.json", std::process::id()));
    std::fs::write(&file, r#"{"gpus": [{"key": "mine", "architecture": "hopper", "memoryMiB": 24000}]}"#)
        .unwrap();
    let path = file.to_str().unwrap();
    let output = migfit(&["fit", "-", "--json", "--cards", path, "--gpu", "mine"], GRANITE.as_bytes());
    std::fs::remove_file(&file).unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["offers"][0]["memory"], 24_000_u64 << 20);
    assert_eq!(answer["offers"][0]["verdict"], "fits");
}

#[test]
fn what_cannot_be_used_gets_one_clear_message() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "error: -: config.json: found nothing, expected a JSON object\n"),
        (b"[1]", "error: -: config.json: found a list, expected a JSON object\n"),
        (
            b"{\"model_type\": \"llama\"",
            "error: -: config.json: found text that is not JSON (EOF while parsing an object at line 1 column 22), \
             expected a JSON object\n",
        ),
        (
            b"{\"model_type\": \"llama\", \"hidden_size\": -5}",
            "error: -: hidden_size: found -5, expected a whole number from 0 to 16777216\n",
        ),
        (
            b"\xff\xfe",
            "error: -: file: found bytes that are not UTF-8 (invalid utf-8 sequence of 1 bytes from index 0), \
             expected a text file\n",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(refused(&["fit", "-"], input), *expected);
        assert_eq!(refused(&["inspect", "-"], input), *expected);
    }
    let deep = "{\"a\":".repeat(5000);
    assert!(refused(&["fit", "-"], deep.as_bytes()).contains("recursion limit exceeded"));
    let large = vec![b' '; 50 << 20];
    assert!(refused(&["fit", "-"], &large).starts_with("error: -: config.json: found 16777217 bytes"));
    assert_eq!(
        refused(&["fit", "no-such-file.json"], b""),
        "error: no-such-file.json: file: found nothing, expected a config.json, its folder, or a model of the catalog\n"
    );
}

#[test]
fn every_bad_setting_is_named_at_once() {
    let said = refused(
        &["fit", "-", "--sequences", "0", "--dtype", "fp3", "--engine", "vllm-9", "--max-model-len", "99999"],
        GRANITE.as_bytes(),
    );
    let told = said.lines().filter(|line| line.starts_with("error: "));
    let subjects: Vec<&str> = told.filter_map(|line| line.split(": ").nth(2)).collect();
    assert_eq!(subjects, ["sequences", "engine", "dtype", "max_model_len"], "{said}");
}
