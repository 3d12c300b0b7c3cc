//! The door as a JavaScript engine sees it: `wasm-pack test --node js`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use js_sys::{BigInt, JSON, Reflect};
use migfit_js::{advise, estimate, fit, gpus, inspect, layouts, models};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

const LLAMA: &str = "meta-llama/Llama-3.1-8B-Instruct";

/// The value at `path`, `a.0.b`.
fn at(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, step| {
        Reflect::get(&value, &JsValue::from(step)).unwrap_or(JsValue::UNDEFINED)
    })
}

/// The `bigint` at `path`; a `number` there fails the test.
fn whole(value: &JsValue, path: &str) -> u64 {
    let found = at(value, path).dyn_into::<BigInt>().unwrap_or_else(|other| panic!("{path}: {other:?}"));
    u64::try_from(found).unwrap()
}

fn text(value: &JsValue, path: &str) -> String {
    at(value, path).as_string().unwrap_or_else(|| panic!("no text at {path}"))
}

fn object(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

#[wasm_bindgen_test]
fn a_model_is_a_text_an_object_or_an_id() {
    let config = r#"{"model_type":"llama","architectures":["LlamaForCausalLM"],"hidden_size":4096,
        "intermediate_size":14336,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,
        "vocab_size":128256,"max_position_embeddings":131072,"torch_dtype":"bfloat16"}"#;
    for model in [JsValue::from(LLAMA), JsValue::from(config), object(config)] {
        let found = inspect(model, JsValue::UNDEFINED).unwrap();
        assert_eq!(whole(&found, "parameters.total"), 8_030_261_248);
        assert_eq!(whole(&found, "kv_cache.bytes_per_token"), 131_072);
        assert_eq!(text(&found, "served_dtype"), "bfloat16");
    }
}

#[wasm_bindgen_test]
fn no_byte_is_lost_beyond_two_to_the_53() {
    let config = r#"{"model_type":"llama","architectures":["LlamaForCausalLM"],"hidden_size":16777215,
        "intermediate_size":16777213,"num_hidden_layers":65,"num_attention_heads":1,"num_key_value_heads":1,
        "head_dim":1,"vocab_size":3,"max_position_embeddings":4096,"tie_word_embeddings":true,
        "torch_dtype":"bfloat16"}"#;
    let found = inspect(config.into(), JsValue::UNDEFINED).unwrap();
    let (hidden, inner) = (16_777_215_u64, 16_777_213_u64);
    let layer = 4 * hidden + 3 * hidden * inner + 2 * hidden;
    let total = 3 * hidden + 65 * layer + hidden;
    assert!(total > 1 << 53 && total as f64 as u64 != total, "a number would hold it");
    assert_eq!(whole(&found, "parameters.total"), total);
    assert_eq!(whole(&found, "weights.bytes"), 2 * total);
}

#[wasm_bindgen_test]
fn the_answer_is_that_of_the_library() {
    let serving = object(r#"{"max_model_len": 32768, "sequences": 8, "engine": "vllm-0.33"}"#);
    let options = object(r#"{"gpus": ["A100-80GB"]}"#);
    let answer = fit(LLAMA.into(), serving.clone(), options).unwrap();
    assert_eq!(text(&answer, "offers.0.device"), "A100-80GB");
    assert_eq!(text(&answer, "offers.0.verdict"), "fits");
    assert_eq!(at(&answer, "smallest").as_f64(), Some(7.0));
    let model = migfit::catalog::find(LLAMA).unwrap().model().unwrap();
    let asked = migfit::engine::Serving { max_model_len: Some(32_768), sequences: 8, ..Default::default() };
    let devices = migfit::gpu::devices();
    let report = migfit::matching::fit(&model, &asked, devices).unwrap();
    for offer in &report.offers {
        let found = estimate(LLAMA.into(), &offer.device, serving.clone()).unwrap();
        assert_eq!(whole(&found, "estimate.total"), offer.estimate.total.get(), "{}", offer.device);
        assert_eq!(whole(&found, "usable"), offer.usable.get(), "{}", offer.device);
        assert_eq!(text(&found, "verdict"), offer.verdict.word(), "{}", offer.device);
    }
}

#[wasm_bindgen_test]
fn a_context_is_assumed_as_in_the_terminal() {
    let answer = fit(LLAMA.into(), JsValue::UNDEFINED, object(r#"{"gpus": ["a30"]}"#)).unwrap();
    assert_eq!(whole(&answer, "max_model_len"), 4096);
    assert_eq!(whole(&answer, "serving.max_model_len"), 4096);
}

#[wasm_bindgen_test]
fn advice_says_what_would_fit() {
    let found = advise(LLAMA.into(), "A100-80GB 1g.10gb", JsValue::UNDEFINED).unwrap();
    assert!(at(&found, "0.changes.0").is_string(), "{found:?}");
    assert!(whole(&found, "0.spare") > 0);
}

#[wasm_bindgen_test]
fn cards_and_layouts() {
    let cards = gpus().unwrap();
    assert!(js_sys::Array::from(&cards).length() > 30);
    let full = layouts("A30", JsValue::UNDEFINED).unwrap();
    assert_eq!(js_sys::Array::from(&full).length(), 5);
    let beside = layouts("A100-40GB", object(r#"{"used": "4g.20gb@0", "index": 2}"#)).unwrap();
    assert_eq!(text(&beside, "0.command"), "nvidia-smi mig -i 2 -cgi 5:0 -C");
    assert_eq!(text(&beside, "0.gpu"), "a100-40gb");
}

#[wasm_bindgen_test]
fn known_models_are_listed() {
    let known = js_sys::Array::from(&models().unwrap());
    let id = |entry: &JsValue| text(entry, "id");
    let llama = known.iter().find(|entry| id(entry) == LLAMA).unwrap();
    assert_eq!(whole(&llama, "parameters"), 8_030_261_248);
    assert!(known.length() >= 150);
}

#[wasm_bindgen_test]
fn errors_are_errors_with_every_problem() {
    let thrown =
        fit(LLAMA.into(), JsValue::UNDEFINED, object(r#"{"gpus": ["a30", "b9000", "a31"]}"#)).unwrap_err();
    assert!(thrown.is_instance_of::<js_sys::Error>());
    assert_eq!(text(&thrown, "name"), "MigfitError");
    assert_eq!(text(&thrown, "code"), "unknown-gpu");
    assert_eq!(js_sys::Array::from(&at(&thrown, "problems")).length(), 2);
    let bad = [
        (inspect("{".into(), JsValue::UNDEFINED), "not-json"),
        (inspect(JsValue::from(7), JsValue::UNDEFINED), "bad-argument"),
        (inspect(JsValue::UNDEFINED, JsValue::UNDEFINED), "bad-argument"),
        (inspect("nobody/nothing".into(), JsValue::UNDEFINED), "unknown-model"),
        (estimate(LLAMA.into(), "H100-80GB 5g.5gb", JsValue::UNDEFINED), "unknown-profile"),
        (fit(LLAMA.into(), object(r#"{"context": 5}"#), JsValue::UNDEFINED), "bad-argument"),
        (fit(LLAMA.into(), object(r#"{"sequences": -5}"#), JsValue::UNDEFINED), "bad-argument"),
        (fit(LLAMA.into(), object(r#"{"sequences": 0}"#), JsValue::UNDEFINED), "bad-setting"),
        (layouts("L40S", JsValue::UNDEFINED), "no-mig"),
    ];
    for (answer, code) in bad {
        let thrown = answer.unwrap_err();
        assert_eq!(text(&thrown, "code"), code, "{}", text(&thrown, "message"));
        assert!(!text(&thrown, "message").is_empty());
    }
}
