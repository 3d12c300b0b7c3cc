//! Models into the built page: searched, pasted, dropped, fetched, compared, and without a network.

use std::collections::BTreeMap;

use anyhow::Result;
use migfit_tests::browser::{Browser, Site, page_folder};
use migfit_tests::page::{CONFIG, SEARCH, granite, opened, paste, with_hub};
use serde_json::json;

#[test]
fn a_model_of_the_catalog_is_found_as_one_types() -> Result<()> {
    let (_site, browser) = opened()?;
    let asked = "return performance.getEntriesByType('resource').filter(r => /migfit_(reader|worker)/.test(r.name)).length";
    assert_eq!(browser.run(asked)?, json!(0), "reader and worker wait until they are needed");
    let search = browser.by_role("combobox", SEARCH)?;
    search.type_text("8b llama 3.1 instr")?;
    browser.wait_for_text("[role=option]", "meta-llama/Llama-3.1-8B-Instruct")?;
    assert_eq!(search.attribute("aria-expanded")?.as_deref(), Some("true"));
    search.type_text("\u{e007}")?;
    let answer = browser.wait_for_text(".answer__sentence", "needs")?;
    assert!(answer.starts_with("Llama-3.1-8B-Instruct at bfloat16 needs"), "{answer}");
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn the_tab_key_goes_on_from_the_search_whose_list_is_open() -> Result<()> {
    let (_site, browser) = opened()?;
    let search = browser.by_role("combobox", SEARCH)?;
    search.type_text("qwen")?;
    browser.wait_for_text("[role=option]", "Qwen")?;
    search.type_text("\u{e004}")?;
    assert_eq!(browser.run("return document.activeElement.textContent")?, json!("Gated or private"));
    browser.find("summary:focus")?.type_text("\u{e004}")?;
    assert_eq!(browser.run("return document.activeElement.id")?, json!("config"));
    Ok(())
}

#[test]
fn a_command_line_fills_the_form() -> Result<()> {
    let (_site, browser) = opened()?;
    paste(
        &browser,
        "vllm serve meta-llama/Llama-3.1-8B-Instruct --max-model-len 8K --max-num-seqs 64 -tp 2",
    )?;
    browser.wait_for_text(".intake", "Settings taken from the command line.")?;
    let answer = browser.wait_for_text(".answer__sentence", "needs")?;
    assert!(answer.contains("on each of 2 devices for 1 sequence of 8,192 tokens"), "{answer}");
    assert_eq!(browser.by_role("textbox", "Context length")?.value()?, "8192");
    paste(&browser, "what is this")?;
    let said = browser.wait_for_text(".intake", "cannot be used")?;
    assert!(
        said.contains("expected a config.json, a vLLM command line, a manifest or an engine's start-up log"),
        "{said}"
    );
    Ok(())
}

/// A checkpoint whose 22,000 experts are packed one by one.
fn side_file() -> String {
    let mut layers = serde_json::Map::new();
    for layer in 0..32 {
        for expert in 0..230 {
            for part in ["w1", "w2", "w3"] {
                let name = format!("model.layers.{layer}.block_sparse_moe.experts.{expert}.{part}");
                layers.insert(name, json!({"quant_algo": "NVFP4", "group_size": 16}));
            }
        }
    }
    assert!(layers.len() > 22_000);
    json!({"quantization": {"quant_algo": "MIXED_PRECISION", "quantized_layers": layers}}).to_string()
}

#[test]
fn a_large_side_file_and_a_large_manifest_are_read_beside_the_page() -> Result<()> {
    let (_site, browser) = opened()?;
    let config = json!({"architectures": ["MixtralForCausalLM"], "model_type": "mixtral", "hidden_size": 1024,
        "intermediate_size": 512, "num_hidden_layers": 32, "num_attention_heads": 16, "num_key_value_heads": 4,
        "num_local_experts": 230, "num_experts_per_tok": 2, "vocab_size": 32000, "max_position_embeddings": 4096,
        "torch_dtype": "bfloat16", "tie_word_embeddings": false});
    paste(&browser, &config.to_string())?;
    browser.wait_for_text(".answer__sentence", "at bfloat16 needs")?;
    browser.find(".page")?.drop_file("hf_quant_config.json", &side_file())?;
    browser.wait_for_text(".answer__sentence", "at modelopt MIXED_PRECISION needs")?;
    browser.wait_for_text(".intake", "decide nothing about this model and are left out")?;
    let manifest = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{name: b, image: vllm/vllm-openai, \
         args: [--model, Qwen/Qwen2.5-7B-Instruct, --max-model-len=8192]}}]}}\n---\n{}",
        "# nothing is said here\n".repeat(230_000)
    );
    assert!(manifest.len() > 5_000_000);
    browser.find(".page")?.drop_file("big.yaml", &manifest)?;
    browser.wait_for_text(".intake", "Settings taken from Pod a, container b.")?;
    browser.wait_for_text(".answer__sentence", "Qwen2.5-7B-Instruct at bfloat16 needs")?;
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_model_is_fetched_by_its_id_and_held_against_its_files() -> Result<()> {
    let about =
        r#"{"siblings": [{"rfilename": "config.json"}], "safetensors": {"parameters": {"F32": 6738415616}}}"#;
    let (_site, browser) = with_hub(&[
        ("api/models/org/granite-own", 200, about),
        ("org/granite-own/resolve/main/config.json", 200, &granite()),
    ])?;
    let search = browser.by_role("combobox", SEARCH)?;
    search.type_text("org/granite-own")?;
    browser.wait_for_text("[role=option]", "Fetch org/granite-own")?;
    search.type_text("\u{e007}")?;
    browser.wait_for_text(".answer__sentence", "granite-own at bfloat16 needs 15.3 GiB")?;
    browser
        .wait_for_text(".intake", "its files hold 6,738,415,616 parameters, exactly those counted here")?;
    assert!(!browser.address()?.contains("token"));
    Ok(())
}

#[test]
fn what_cannot_be_fetched_is_said() -> Result<()> {
    let (site, browser) = with_hub(&[
        ("api/models/org/closed", 403, "{}"),
        ("api/models/org/none", 401, "{}"),
        ("api/models/org/gguf", 200, r#"{"siblings": [{"rfilename": "model.gguf"}]}"#),
    ])?;
    for (id, said) in [
        ("org/closed", "a gated model, expected access, which its authors grant"),
        ("org/none", "no such public model, expected the id of a public model"),
        ("org/gguf", "no config.json, expected a model in the format of transformers"),
    ] {
        browser.open("about:blank")?;
        browser.open(site.url())?;
        let search = browser.by_role("combobox", SEARCH)?;
        search.type_text(id)?;
        browser.wait_for_text("[role=option]", &format!("Fetch {id}"))?;
        search.type_text("\u{e007}")?;
        browser.wait_for_text(".intake", said)?;
    }
    Ok(())
}

#[test]
fn models_stand_side_by_side_and_travel_with_the_link() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    browser.wait_for_text(".answer__sentence", "granite-7b-base at bfloat16")?;
    browser.by_role("button", "Keep for comparison")?.click()?;
    paste(&browser, "vllm serve Qwen/Qwen2.5-7B-Instruct --max-model-len 4096")?;
    browser.wait_for_text(".answer__sentence", "Qwen2.5-7B-Instruct")?;
    browser.by_role("button", "Keep for comparison")?.click()?;
    browser.by_role("link", "Compare")?.click()?;
    let heads = browser.wait_for_text(".compare thead", "Qwen2.5-7B-Instruct")?;
    assert!(heads.contains("granite-7b-base"), "{heads}");
    std::thread::sleep(std::time::Duration::from_millis(700));
    let link = browser.address()?;
    browser.open("about:blank")?;
    browser.open(&link)?;
    assert_eq!(browser.wait_for_text(".compare thead", "Qwen2.5-7B-Instruct")?, heads);
    Ok(())
}

#[test]
fn a_reader_that_cannot_start_is_said_and_the_page_stays() -> Result<()> {
    let missing = BTreeMap::from([("migfit_reader_bg.wasm".to_owned(), (404, String::new()))]);
    let site = Site::serve_with(page_folder()?, missing)?;
    let browser = Browser::start()?;
    browser.open(site.url())?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    let said = browser.wait_for_text(".answer", "background worker")?;
    assert!(said.contains("reload the page"), "{said}");
    assert_eq!(browser.by_role("textbox", CONFIG)?.attribute("aria-invalid")?.as_deref(), Some("true"));
    Ok(())
}

#[test]
fn the_page_works_without_a_network_once_it_was_there() -> Result<()> {
    let (site, browser) = opened()?;
    browser.by_role("textbox", CONFIG)?;
    let stored = "return navigator.serviceWorker.ready.then(() => true)";
    assert_eq!(browser.run(stored)?, json!(true));
    let url = site.url().to_owned();
    drop(site);
    browser.open("about:blank")?;
    browser.open(&url)?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    browser.wait_for_text(".answer__sentence", "granite-7b-base at bfloat16")?;
    paste(&browser, "vllm serve Qwen/Qwen2.5-7B-Instruct --max-model-len 4096")?;
    browser.wait_for_text(".answer__sentence", "Qwen2.5-7B-Instruct")?;
    Ok(())
}
