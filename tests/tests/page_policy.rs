//! Manifests reviewed in the built page.

use anyhow::Result;
use migfit_tests::page::opened;
use serde_json::json;

const MANIFEST: &str = "Manifest, YAML or JSON";
/// As `migfit check` says it.
const FIRST: &str = "Deployment models/llama\nno\nerror does-not-fit\ncontainer vllm: meta-llama/Llama-3.1-8B-Instruct needs \
    32.1 GiB, nvidia.com/mig-1g.10gb has 8.9 GiB usable: 23.3 GiB short\n";

#[test]
fn a_manifest_is_reviewed_as_one_types_and_mended() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("link", "Policy")?.click()?;
    browser.wait_for_text(".policy__status", "Paste a manifest")?;
    browser.by_role("button", "Try a slice that is too small")?.click()?;
    let said = browser.wait_for_text(".reviewed", "does-not-fit")?;
    assert!(said.starts_with(FIRST), "{said}");
    let at = "at: spec.template.spec.containers[0].resources.limits[\"nvidia.com/mig-1g.10gb\"]";
    assert!(said.contains(at) && said.contains("need: ") && said.contains("fix: "), "{said}");
    let object = browser.find(".reviewed")?;
    assert_eq!((object.role()?.as_str(), object.name()?.as_str()), ("article", "Deployment models/llama"));
    if let Ok(folder) = std::env::var("MIGFIT_PICTURES") {
        pictures(&browser, &folder)?;
    }
    browser.resize(360, 900)?;
    let wide = "return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(browser.run(wide)?, json!(true));
    // It is still there for a reader who comes back from another page.
    browser.by_role("link", "Docs")?.click()?;
    browser.by_role("link", "Policy")?.click()?;
    let manifest = browser.by_role("textbox", MANIFEST)?;
    let mended = manifest.value()?.replace("mig-1g.10gb", "mig-3g.40gb");
    manifest.clear()?;
    manifest.paste(&mended)?;
    browser.wait_for_text(".reviewed__title", "fits")?;
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn what_cannot_be_reviewed_is_said() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("link", "Policy")?.click()?;
    let manifest = browser.by_role("textbox", MANIFEST)?;
    manifest.paste("hello")?;
    let said = browser.wait_for_text(".problem__text", "manifest")?;
    assert_eq!(said, "manifest: found a text, expected objects of Kubernetes");
    manifest.clear()?;
    manifest.paste("kind: Service\nmetadata: {name: \"<img src=x onerror=ran=1>\"}\n")?;
    browser.wait_for_text(".policy__answer", "Not reviewed: 1 × Service.")?;
    browser.by_role("textbox", "GPUs of the cluster (optional)")?.type_text("H900")?;
    browser.wait_for_text(".problem__text", "H900")?;
    Ok(())
}

/// Pictures for whoever looks at them.
fn pictures(browser: &migfit_tests::browser::Browser, folder: &str) -> Result<()> {
    for (name, theme, width) in [("light", "light", 1440), ("dark", "dark", 360)] {
        browser.resize(width, 1200)?;
        browser.run(&format!("document.documentElement.dataset.theme = '{theme}'"))?;
        browser.screenshot(&std::path::Path::new(folder).join(format!("policy-{name}.png")))?;
    }
    Ok(())
}
