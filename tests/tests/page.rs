//! The built page in a real browser, through roles and labels.

use anyhow::Result;
use migfit_tests::page::{CONFIG, granite, opened, paste};
use serde_json::{Value, json};

#[test]
fn a_pasted_config_is_answered_and_nothing_is_asked_of_anybody() -> Result<()> {
    let (site, browser) = opened()?;
    paste(&browser, &granite())?;
    let answer = browser.wait_for_text(".answer__sentence", "smallest")?;
    assert_eq!(
        answer,
        "LlamaForCausalLM at bfloat16 needs 15.3 GiB for 1 sequence of 4,096 tokens: the smallest that holds it is \
         A100-40GB 3g.20gb (19.5 GiB, 17.9 GiB of it usable)."
    );
    // Rows are drawn behind the answer, some at a time.
    let mut row = browser.all(".devices__row")?;
    for _ in 0..100 {
        if row.len() == 32 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        row = browser.all(".devices__row")?;
    }
    assert_eq!(row.len(), 32);
    let smallest = row[1].text()?;
    assert!(smallest.contains("A100-40GB 1g.5gb") && smallest.contains("no"), "{smallest}");
    assert!(smallest.contains("the weights alone take 12.6 GiB, 4.4 GiB are usable"), "{smallest}");
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    let asked = site.asked();
    assert!(asked.iter().all(|path| path.starts_with("/some/where/")), "{asked:?}");
    let elsewhere = "return performance.getEntriesByType('resource').filter(r => !r.name.startsWith(location.origin)).length";
    assert_eq!(browser.run(elsewhere)?, json!(0));
    Ok(())
}

#[test]
fn settings_change_the_answer_and_say_what_they_cannot_be() -> Result<()> {
    let (_site, browser) = opened()?;
    paste(&browser, &granite())?;
    browser.wait_for_text(".answer__sentence", "A100-40GB 3g.20gb")?;
    let sequences = browser.by_role("textbox", "Sequences at once")?;
    sequences.type_text("8")?;
    browser.wait_for_text(".answer__sentence", "for 8 sequences of 4,096 tokens")?;
    sequences.type_text("x")?;
    let said = browser.wait_for_text(".setting__problem", "Found")?;
    assert_eq!(said, "Found \"8x\", expected a whole number from 1 to 4294967296");
    assert_eq!(sequences.attribute("aria-invalid")?.as_deref(), Some("true"));
    assert_eq!(sequences.value()?, "8x");
    Ok(())
}

#[test]
fn the_table_is_sorted_and_filtered() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    browser.wait_for_text(".answer__sentence", "granite-7b-base at bfloat16")?;
    browser.by_role("button", "Spare")?.click()?;
    browser.by_role("button", "Spare")?.click()?;
    browser.wait_for_text(".devices__row", "H200-141GB")?;
    assert_eq!(browser.find("th[aria-sort]")?.attribute("aria-sort")?.as_deref(), Some("descending"));
    browser.by_role("searchbox", "Filter devices")?.type_text("h100-80gb 1g")?;
    browser.wait_for_text(".devices__caption", "3 of 32 devices")?;
    Ok(())
}

#[test]
fn the_link_is_the_saved_state_and_back_is_undo() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    let answer = browser.wait_for_text(".answer__sentence", "granite-7b-base at bfloat16")?;
    browser.find(".devices__row")?;
    std::thread::sleep(std::time::Duration::from_millis(700));
    let link = browser.address()?;
    assert!(link.contains("#v=1&name=granite-7b-base&model="), "{link}");
    browser.run("history.back()")?;
    browser.wait_for_text(".answer__sentence", "Which slice holds your model?")?;
    browser.open("about:blank")?;
    browser.open(&link)?;
    assert_eq!(browser.wait_for_text(".answer__sentence", "granite")?, answer);
    Ok(())
}

#[test]
fn bad_input_gets_one_clear_message() -> Result<()> {
    let (site, browser) = opened()?;
    for (text, message) in [
        (
            "{",
            "config.json: found text that is not JSON (EOF while parsing an object at line 1 column 1), expected a JSON object",
        ),
        ("[]", "config.json: found a list, expected a JSON object"),
    ] {
        paste(&browser, text)?;
        let said = browser.wait_for_text(".problem__text", message)?;
        assert_eq!(said, message);
    }
    browser.open("about:blank")?;
    browser.open(&format!("{}#v=1&model=%3Cscript%3E", site.url()))?;
    let said = browser.wait_for_text(".problem", "link")?;
    assert!(
        said.starts_with("This link cannot be used\nlink: model: found text that is not base64"),
        "{said}"
    );
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn markup_in_every_text_is_shown_and_not_run() -> Result<()> {
    let (site, browser) = opened()?;
    let markup = "<img src=x onerror=\"window.ran=1\"><script>window.ran=1</script>";
    let mut config: Value = serde_json::from_str(&granite())?;
    config["architectures"] = json!([markup]);
    paste(&browser, &config.to_string())?;
    let answer = browser.wait_for_text(".answer__sentence", "smallest")?;
    assert!(answer.starts_with(markup), "{answer}");
    config["model_type"] = json!(markup);
    config["hidden_size"] = json!(markup);
    paste(&browser, &config.to_string())?;
    browser.wait_for_text(".problem__text", "found")?;
    let url = format!(
        "{}#v=1&name=%3Cimg+src%3Dx+onerror%3Dran%3D1%3E&filter=%3Cscript%3E&context=%3Cb%3E",
        site.url()
    );
    browser.open("about:blank")?;
    browser.open(&url)?;
    browser.by_role("textbox", CONFIG)?;
    let harmless =
        "return window.ran === undefined && document.querySelectorAll('#app img, #app script').length === 0";
    assert_eq!(browser.run(harmless)?, json!(true));
    Ok(())
}

#[test]
fn nothing_is_cut_off_on_a_narrow_or_a_wide_screen() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    browser.wait_for_text(".answer__sentence", "granite-7b-base at bfloat16")?;
    let places = "const at = (css) => { const box = document.querySelector(css).getBoundingClientRect(); return [box.left, box.top]; };\
         return [document.documentElement.scrollWidth <= innerWidth, innerWidth, ...at('.model'), ...at('.answer')]";
    let number = |value: &Value, place: usize| value[place].as_f64().unwrap_or_default();
    for (width, columns) in [(360, 1), (500, 1), (768, 1), (1024, 2), (1440, 2)] {
        browser.resize(width, 900)?;
        let seen = browser.run(places)?;
        assert_eq!(seen[0], json!(true), "{width} px scrolls sideways: {seen}");
        let (model, answer) = ((number(&seen, 2), number(&seen, 3)), (number(&seen, 4), number(&seen, 5)));
        if columns == 1 {
            assert!(model.1 < answer.1 && model.0 == answer.0, "{width}: {seen}");
        } else {
            assert!(model.0 < answer.0 && (model.1 - answer.1).abs() < 1.0, "{width}: {seen}");
        }
    }
    Ok(())
}
