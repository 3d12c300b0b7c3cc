//! The built page held against axe-core, in every main state, in both themes, wide and narrow.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use migfit_tests::browser::{Browser, Site, page_folder};
use migfit_tests::page::{opened, paste, unfold};

/// What `axe.run` finds, a line each; best practices included.
const RUN: &str = "return axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations.flatMap((rule) => \
    rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`.slice(0, 300))))";

fn script() -> Result<String> {
    let file = std::env::var_os("MIGFIT_AXE").context("MIGFIT_AXE is not set: run cargo xtask test")?;
    Ok(std::fs::read_to_string(file)?)
}

/// Nothing is found in what the page shows now, in both themes, wide and narrow.
fn clean(browser: &Browser, script: &str, state: &str) -> Result<()> {
    for (theme, width) in [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)] {
        browser.resize(width, 900)?;
        browser.run(&format!("document.documentElement.dataset.theme = '{theme}'; {script}"))?;
        // Colours take a moment to change where motion is welcome.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let found = browser.run(RUN)?;
        let list = found.as_array().cloned().unwrap_or_else(|| vec![found.clone()]);
        ensure!(list.is_empty(), "{state}, {theme}, {width} px: {list:#?}");
        let wide = "return document.documentElement.scrollWidth <= innerWidth";
        ensure!(browser.run(wide)? == true, "{state} scrolls sideways at {width} px");
    }
    Ok(())
}

#[test]
fn the_page_that_sizes_a_model_has_no_barriers() -> Result<()> {
    let (_site, browser) = opened()?;
    let script = script()?;
    browser.wait_for_text(".answer__sentence", "Which slice")?;
    clean(&browser, &script, "nothing given")?;
    paste(&browser, "[]")?;
    browser.wait_for_text(".problem__text", "found a list")?;
    clean(&browser, &script, "a bad config")?;
    browser.by_role("button", "Clear")?.click()?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    browser.wait_for_text(".answer__sentence", "granite-7b-base at bfloat16")?;
    browser.wait_for_text(".devices__caption", "32 of 32")?;
    browser.wait_for_text(".card", "Commands that cut")?;
    clean(&browser, &script, "an answer")?;
    unfold(&browser, "YAML and commands")?;
    browser.wait_for_text(".exports__written", "kind: Deployment")?;
    browser.run("document.querySelectorAll('details').forEach((one) => one.open = true)")?;
    clean(&browser, &script, "an answer with everything open")?;
    browser.by_role("textbox", "Context length")?.type_text("x")?;
    browser.wait_for_text(".setting__problem", "Found")?;
    clean(&browser, &script, "a bad setting")
}

#[test]
fn a_page_that_cannot_read_models_has_no_barriers() -> Result<()> {
    let missing = BTreeMap::from([("migfit_reader_bg.wasm".to_owned(), (404, String::new()))]);
    let site = Site::serve_with(page_folder()?, missing)?;
    let browser = Browser::start()?;
    browser.open(site.url())?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    browser.wait_for_text(".answer", "background worker")?;
    clean(&browser, &script()?, "no reader")
}

#[test]
fn the_other_pages_have_no_barriers() -> Result<()> {
    let (_site, browser) = opened()?;
    let script = script()?;
    browser.by_role("link", "Plan")?.click()?;
    clean(&browser, &script, "no fleet")?;
    browser.by_role("button", "Try two machines and four workloads")?.click()?;
    browser.by_role("button", "Plan")?.click()?;
    browser.wait_for_text(".planned__used", "GPUs in use")?;
    browser.run("document.querySelectorAll('details').forEach((one) => one.open = true)")?;
    clean(&browser, &script, "a plan")?;
    browser.by_role("link", "Policy")?.click()?;
    clean(&browser, &script, "no manifest")?;
    browser.by_role("button", "Try a slice that is too small")?.click()?;
    browser.by_role("button", "Try settings that correct it")?.click()?;
    browser.wait_for_text(".diff", "nvidia.com/mig-3g.40gb")?;
    browser.run("document.querySelectorAll('details').forEach((one) => one.open = true)")?;
    clean(&browser, &script, "a corrected manifest")?;
    browser.by_role("link", "Docs")?.click()?;
    clean(&browser, &script, "docs")?;
    browser.by_role("link", "Compare")?.click()?;
    clean(&browser, &script, "nothing to compare")?;
    browser.by_role("link", "Size")?.click()?;
    browser.resize(1280, 900)?;
    browser.by_role("button", "Try granite-7b-base")?.click()?;
    browser.by_role("button", "Keep for comparison")?.click()?;
    browser.by_role("link", "Compare")?.click()?;
    browser.wait_for_text(".compare thead", "granite-7b-base")?;
    clean(&browser, &script, "one model to compare")
}
