//! What stands behind the answer of the built page: files for a cluster, formulas, chart, card, settings.

use anyhow::{Result, ensure};
use migfit_tests::browser::Browser;
use migfit_tests::page::{choose, opened, paste, unfold};
use serde_json::{Value, json};

fn granite() -> Result<(migfit_tests::browser::Site, Browser)> {
    let (site, browser) = opened()?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    browser.wait_for_text(".answer__sentence", "granite-7b-base at bfloat16")?;
    Ok((site, browser))
}

#[test]
fn everything_for_a_cluster_is_written_to_be_copied_and_saved() -> Result<()> {
    let (_site, browser) = opened()?;
    paste(&browser, "vllm serve Qwen/Qwen2.5-7B-Instruct --max-model-len 4096")?;
    browser.wait_for_text(".answer__sentence", "Qwen2.5-7B-Instruct at bfloat16")?;
    unfold(&browser, "YAML and commands for A100-40GB 3g.20gb")?;
    let text = browser.wait_for_text(".exports__written", "kind: Deployment")?;
    assert!(
        text.contains("--model=Qwen/Qwen2.5-7B-Instruct") && text.contains("nvidia.com/mig-3g.20gb"),
        "{text}"
    );
    browser.by_role("textbox", "Copies of the model")?.type_text("3")?;
    browser.wait_for_text(".exports__written", "replicas: 3")?;
    choose(&browser, "How the cluster is asked for the device", "dra-profile")?;
    browser.wait_for_text(".exports__written", "kind: ResourceClaimTemplate")?;
    let all = "return [...document.querySelectorAll('#export-kind option')].map((one) => one.value)";
    let kinds: Vec<String> = serde_json::from_value(browser.run(all)?)?;
    assert_eq!(kinds.len(), migfit::exports::KINDS.len());
    choose(&browser, "What to write", "nvidia-smi")?;
    let commands = browser.wait_for_text(".exports__written", "nvidia-smi.sh")?;
    assert!(commands.contains("mig -i 7"), "{commands}");
    choose(&browser, "What to write", "resourcequota")?;
    let said = browser.wait_for_text(".exports .problem", "This cannot be written")?;
    assert!(said.contains("team"), "{said}");
    browser.by_role("textbox", "Teams, one a line")?.paste("team-alpha: 3g.20gb=2")?;
    browser.wait_for_text(".exports__written", "kind: ResourceQuota")?;
    browser.by_role("button", "Download resourcequota.yaml")?;
    browser.by_role("button", "Copy resourcequota.yaml")?;
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn every_number_opens_to_its_formula_and_source() -> Result<()> {
    let (_site, browser) = granite()?;
    unfold(&browser, "longest context")?;
    let text = browser.wait_for_text(".facts", "own limit")?;
    assert!(text.contains("the model's own limit, max_position_embeddings"), "{text}");
    unfold(&browser, "free")?;
    browser.wait_for_text(".facts", "usable − needed: 17.9 GiB − 15.3 GiB")?;
    browser.find(".working")?;
    unfold(&browser, "Every figure with its formula and source")?;
    let table = browser.wait_for_text(".working", "left for the cache")?;
    for part in ["0.92 of 19.5 GiB", "the model's config.json, module by module", "vLLM", "(published)"] {
        assert!(table.contains(part), "{part} is missing in {table}");
    }
    let layers = browser.wait_for_text(".page__results", "Layers and what they keep")?;
    assert!(layers.contains("full attention") && layers.contains("524,288 B"), "{layers}");
    Ok(())
}

#[test]
fn lora_slots_and_drafts_are_asked_for_and_counted() -> Result<()> {
    let (_site, browser) = granite()?;
    unfold(&browser, "More settings")?;
    browser.by_role("textbox", "LoRA adapters at once")?.type_text("4")?;
    browser.wait_for_text(".memory__terms", "LoRA slots")?;
    choose(&browser, "Drafts of tokens", "eagle3")?;
    browser.wait_for_text(".memory__terms", "draft")?;
    let tokens = browser.by_role("textbox", "Tokens in a draft")?;
    assert_eq!(tokens.attribute("placeholder")?.as_deref(), Some("3"));
    choose(&browser, "Drafts of tokens", "mtp")?;
    let said = browser.wait_for_text(".setting__problem", "Found")?;
    assert!(said.contains("prediction layers"), "{said}");
    std::thread::sleep(std::time::Duration::from_millis(700));
    let link = browser.address()?;
    assert!(link.contains("loras=4") && link.contains("draft=mtp"), "{link}");
    paste(
        &browser,
        "vllm serve meta-llama/Llama-3.1-8B-Instruct --enable-lora --max-loras 2 --max-model-len 4096",
    )?;
    browser.wait_for_text(".answer__sentence", "Llama-3.1-8B-Instruct")?;
    assert_eq!(browser.by_role("textbox", "LoRA adapters at once")?.value()?, "2");
    paste(
        &browser,
        "vllm serve Qwen/Qwen2.5-VL-7B-Instruct --max-model-len 4096 --limit-mm-per-prompt '{\"image\": 0, \"video\": 0}'",
    )?;
    browser.wait_for_text(".answer__sentence", "Qwen2.5-VL-7B-Instruct")?;
    assert_eq!(browser.by_role("textbox", "Images in a prompt")?.value()?, "0");
    assert_eq!(browser.by_role("textbox", "Videos in a prompt")?.value()?, "0");
    Ok(())
}

/// Files that the page hands over are caught instead of saved.
const CATCH: &str = "window.saved = []; const own = URL.createObjectURL; \
    URL.createObjectURL = (blob) => { window.saved.push([blob.type, blob.size]); return own.call(URL, blob); }";

#[test]
fn the_chart_is_saved_as_drawing_and_as_picture() -> Result<()> {
    let (_site, browser) = granite()?;
    browser.find(".chart__files")?;
    browser.run(CATCH)?;
    browser.by_role("button", "Save SVG")?.click()?;
    browser.by_role("button", "Save PNG")?.click()?;
    let mut saved = Value::Null;
    for _ in 0..100 {
        saved = browser.run("return window.saved")?;
        if saved.as_array().is_some_and(|list| list.len() == 2) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!((&saved[0][0], &saved[1][0]), (&json!("image/svg+xml"), &json!("image/png")), "{saved}");
    assert!(saved[1][1].as_u64() > Some(5000), "{saved}");
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn instances_are_placed_moved_and_taken_off_by_pointer_and_by_keyboard() -> Result<()> {
    let (_site, browser) = granite()?;
    browser.wait_for_text(".card__sum", "2 instances hold the model")?;
    browser.by_role("button", "Empty the card")?.click()?;
    browser.wait_for_text(".card__sum", "0 instances hold the model; 8 of 8 memory slices free")?;
    browser.run("document.querySelector('.card').scrollIntoView({ block: 'center' })")?;
    let places = "const at = (one) => { const box = one.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2, box.width]; }; \
        return [at(document.querySelector('#card-slices')), ...[...document.querySelectorAll('.card__profile')].map(at)]";
    let name = |wanted: &str| -> Result<usize> {
        let names = browser.all(".card__profile")?;
        for (place, one) in names.iter().enumerate() {
            if one.text()?.trim() == wanted {
                return Ok(place);
            }
        }
        anyhow::bail!("no profile {wanted}")
    };
    // From the middle of its name to the middle of slice 5: it covers slices 4 to 7.
    let place = name("3g.20gb")?;
    let seen = browser.run(places)?;
    let number = |row: usize, column: usize| seen[row][column].as_f64().unwrap_or_default();
    let slice = number(0, 2) / 8.0;
    let right = number(0, 0) + 1.5 * slice - number(place + 1, 0);
    let down = number(0, 1) - number(place + 1, 1);
    browser.all(".card__profile")?[place].drag_by(right as i64, down as i64)?;
    browser.wait_for_text(".card__sum", "1 instance holds the model; 4 of 8 memory slices free")?;
    // Let go over itself it is refused, with the reason.
    browser.all(".card__profile")?[place].drag_by(right as i64, down as i64)?;
    let said = browser.wait_for_text(".card .problem", "This cannot be placed")?;
    assert!(said.contains("expected start 0"), "{said}");
    // Moved to the left half, then taken off by moving it away.
    let instance = browser
        .by_role("button", "3g.20gb holds it , remove it at slice 4")
        .or_else(|_| browser.find(".slice__instance"))?;
    instance.drag_by(-(4.0 * slice) as i64, 0)?;
    browser
        .wait_for_text(".slice__instance", "remove it at slice 0")
        .or_else(|_| browser.find(".slice__instance").and_then(|one| one.text()))?;
    let first = "return document.querySelector('#card-slices > div').innerText.includes('3g.20gb')";
    ensure!(browser.run(first)? == json!(true), "it did not move");
    browser.find(".slice__instance")?.drag_by(0, 300)?;
    browser.wait_for_text(".card__sum", "8 of 8 memory slices free")?;
    // The same by keyboard.
    browser.by_role("button", "Place 3g.20gb at slice 4")?.type_text("\u{e007}")?;
    browser.wait_for_text(".card__sum", "1 instance holds the model")?;
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}
