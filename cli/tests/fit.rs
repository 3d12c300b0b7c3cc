//! `migfit fit`: every setting has its flag, and the answer says what each pays for.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

fn migfit(arguments: &[&str]) -> (String, String, bool) {
    let out = Command::new(env!("CARGO_BIN_EXE_migfit")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr), out.status.success())
}

/// Terms of the first device, as `name bytes`.
fn terms(arguments: &[&str]) -> Vec<String> {
    let base = ["fit", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "h100-80gb", "--json"];
    let (out, error, fine) = migfit(&[&base[..], arguments].concat());
    assert!(fine, "{error}");
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    let terms = answer["offers"][0]["estimate"]["terms"].as_array().unwrap().clone();
    terms.iter().map(|term| format!("{} {}", term["name"].as_str().unwrap(), term["bytes"])).collect()
}

#[test]
fn what_is_asked_beside_the_model_is_a_term_of_its_own() {
    let plain = terms(&["--enforce-eager"]);
    // 8,030,261,248 parameters of 2 bytes and 131,072 positions of 128.
    assert_eq!(plain[0], format!("weights {}", 8_030_261_248_u64 * 2 + (32 << 20)));
    let asked = terms(&[
        "--enforce-eager",
        "--max-loras",
        "1",
        "--max-lora-rank",
        "16",
        "--speculative-method",
        "eagle",
        "--speculative-tokens",
        "3",
    ]);
    assert_eq!(asked[0], plain[0]);
    // 4,096 x 4,096 twice, 1,024 twice, 14,336 three times, and 8,192 x 4,096 that joins two states to one.
    assert_eq!(asked[1], format!("draft {}", 2 * (8192 * 4096 + 4096 * (2 * 4096 + 2 * 1024 + 3 * 14_336))));
    assert!(asked[2].starts_with("adapters "), "{asked:?}");
    let kept = terms(&["--enforce-eager", "--cpu-offload-gb", "2"]);
    assert_eq!(kept[0], format!("weights {}", 8_030_261_248_u64 * 2 + (32 << 20) - (2 << 30)));
}

#[test]
fn settings_that_do_not_go_together_are_named() {
    let model = "Qwen/Qwen3-0.6B";
    let (_, error, fine) =
        migfit(&["fit", model, "--speculative-method", "mtp", "--speculative-tokens", "1"]);
    assert!(!fine);
    assert_eq!(
        error,
        "error: command line: speculative_method: found \"mtp\", expected a model whose config.json has prediction layers \
         (num_nextn_predict_layers)\n"
    );
    let (_, error, fine) = migfit(&["fit", model, "--engine", "vllm-0.9", "--kv-offloading-size", "8"]);
    assert!(!fine);
    assert_eq!(
        error,
        "error: command line: kv_offloading_gb: found 8, expected a setting that vLLM 0.9 has\n"
    );
}

#[test]
fn every_setting_has_a_flag_with_a_word_of_help() {
    let (help, _, _) = migfit(&["fit", "--help"]);
    let settings = serde_json::to_value(migfit::engine::Serving::default()).unwrap();
    for name in settings.as_object().unwrap().keys() {
        let flag = match name.as_str() {
            "expert_parallel" => "enable-expert-parallel".to_owned(),
            "kv_offloading_gb" => "kv-offloading-size".to_owned(),
            name => name.replace('_', "-"),
        };
        assert!(help.contains(&format!("--{flag}")), "--{flag}");
    }
}

/// A flag that is copied from an engine's command line means what it means there.
#[test]
fn lengths_are_written_as_for_the_engine() {
    let length = |text: &str| {
        let (out, error, fine) =
            migfit(&["fit", "Qwen/Qwen3-0.6B", "--gpu", "a30", "--max-model-len", text, "--json"]);
        if !fine {
            return error.lines().next().unwrap_or_default().to_owned();
        }
        let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
        answer["serving"]["max_model_len"].to_string()
    };
    assert_eq!(length("32K"), "32768");
    assert_eq!(length("32k"), "32000");
    assert_eq!(length("8192"), "8192");
    assert_eq!(
        length("1.5K"),
        "error: invalid value '1.5K' for '--max-model-len <TOKENS>': expected a whole number such as 32768, 32k (32,000) \
         or 32K (32,768)"
    );
}
