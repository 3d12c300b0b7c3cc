//! The built page, open in a browser of its own.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::Value;

use crate::browser::{Browser, Site, page_folder};

/// The field of the config.
pub const CONFIG: &str = "config.json of the model";
/// The field that searches models.
pub const SEARCH: &str = "Find a model by name or Hub id";

/// The config of a scenario.
#[must_use]
pub fn granite() -> String {
    let scenario = include_str!("../scenarios/granite-7b.json");
    let scenario: Value = serde_json::from_str(scenario).unwrap_or_default();
    scenario["config"].to_string()
}

/// The page, open.
///
/// # Errors
/// Where there is no page or no browser.
pub fn opened() -> Result<(Site, Browser)> {
    let site = Site::serve(page_folder()?)?;
    let browser = Browser::start()?;
    browser.open(site.url())?;
    Ok((site, browser))
}

/// Opens the part that folds under `summary`.
///
/// # Errors
/// Where there is none.
pub fn unfold(browser: &Browser, summary: &str) -> Result<()> {
    let script = "const all = [...document.querySelectorAll('summary')]; \
                  const own = all.find((one) => one.textContent.startsWith(WORD)); \
                  if (!own) return false; own.parentElement.open || own.click(); return true";
    let script = script.replace("WORD", &Value::from(summary).to_string());
    let opened = browser.run(&script)?;
    anyhow::ensure!(opened == true, "nothing folds under {summary:?}");
    Ok(())
}

/// Chooses `value` from the list labelled `label`.
///
/// # Errors
/// Where there is no such list.
pub fn choose(browser: &Browser, label: &str, value: &str) -> Result<()> {
    let script = "const own = [...document.querySelectorAll('select')].find((one) => one.labels[0]?.textContent === LABEL); \
                  if (!own) return false; own.value = VALUE; \
                  own.dispatchEvent(new Event('change', { bubbles: true })); return own.value === VALUE";
    let word = |text: &str| Value::from(text).to_string();
    let chosen = browser.run(&script.replace("LABEL", &word(label)).replace("VALUE", &word(value)))?;
    anyhow::ensure!(chosen == true, "no {value:?} under {label:?}");
    Ok(())
}

/// Puts `text` into the field of the config.
///
/// # Errors
/// Where the field is not there.
pub fn paste(browser: &Browser, text: &str) -> Result<()> {
    let config = browser.by_role("textbox", CONFIG)?;
    config.clear()?;
    config.paste(text)
}

/// The page with a Hub of its own below it: paths, each with a status and a text.
///
/// # Errors
/// Where there is no page or no browser.
pub fn with_hub(files: &[(&str, u16, &str)]) -> Result<(Site, Browser)> {
    let folder = page_folder()?;
    let index = std::fs::read_to_string(folder.join("index.html"))?;
    let own = index.replace("content=\"https://huggingface.co\"", "content=\"./hub\"");
    let mut instead = BTreeMap::from([("index.html".to_owned(), (200, own))]);
    for (path, status, text) in files {
        instead.insert(format!("hub/{path}"), (*status, (*text).to_owned()));
    }
    let site = Site::serve_with(folder, instead)?;
    let browser = Browser::start()?;
    browser.open(site.url())?;
    Ok((site, browser))
}
