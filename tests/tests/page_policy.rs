//! Manifests reviewed in the built page.

use anyhow::Result;
use migfit_tests::page::{choose, opened};
use migfit_tests::wapc::Policy;
use serde_json::{Value, json};

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

/// What the built module answers to the manifest of the page, called as a policy server calls it.
fn of_the_module(manifest: &str, settings: Value) -> Result<Value> {
    let objects =
        migfit::yaml::documents("manifest", manifest).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let request = json!({"operation": "CREATE", "namespace": "models",
        "kind": {"group": "apps", "version": "v1", "kind": "Deployment"}, "object": objects[0]});
    let payload = json!({"request": request, "settings": settings}).to_string();
    let policy = Policy::load().map_err(anyhow::Error::msg)?;
    let answer = policy.call("validate", payload.as_bytes()).map_err(|trap| anyhow::anyhow!("{trap:?}"))?;
    Ok(serde_json::from_slice(&answer.result.map_err(anyhow::Error::msg)?)?)
}

#[test]
fn the_admission_policy_answers_word_for_word_and_shows_what_it_changes() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("link", "Policy")?.click()?;
    browser.by_role("button", "Try a slice that is too small")?.click()?;
    browser.wait_for_text(".admitted__status", "refused")?;
    let manifest = browser.by_role("textbox", MANIFEST)?.value()?;
    let answer = of_the_module(&manifest, json!({}))?;
    let message = browser.run("return document.querySelector('.admitted__message').textContent")?;
    assert_eq!((&answer["accepted"], &answer["message"]), (&json!(false), &message));
    choose(&browser, "Mode", "warn")?;
    browser.wait_for_text(".admitted__status", "accepted")?;
    let warned = browser.find(".admitted__warnings")?.text()?;
    let answer = of_the_module(&manifest, json!({"mode": "warn"}))?;
    assert_eq!(
        Some(warned.as_str()),
        answer["warnings"][0].as_str().map(|text| format!("warning: {text}")).as_deref()
    );
    choose(&browser, "Mode", "")?;
    browser.by_role("button", "Try settings that correct it")?.click()?;
    browser.wait_for_text(".diff", "nvidia.com/mig-3g.40gb")?;
    let changed = "const of = (css) => [...document.querySelectorAll(css)].map((one) => one.textContent.trim()); return [of('.diff__before'), of('.diff__after')]";
    let changed = browser.run(changed)?;
    assert_eq!(changed[0][0], json!("-             nvidia.com/mig-1g.10gb: 1"));
    assert!(changed[1].to_string().contains("+             nvidia.com/mig-3g.40gb: 1"), "{changed}");
    assert!(changed[1].to_string().contains("pool: mig"), "{changed}");
    let settings = browser.by_role("textbox", "Settings of the policy (optional)")?;
    settings.clear()?;
    settings.paste("mode: sometimes")?;
    let said = browser.wait_for_text(".policy__answer .problem", "cannot be asked with these settings")?;
    assert!(said.contains("mode: found \"sometimes\""), "{said}");
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn objects_of_the_manifest_answer_look_ups() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("link", "Policy")?.click()?;
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: own}\nspec: {containers: [{name: vllm, image: vllm/vllm-openai:v0.33.0, \
               args: [--model, org/own], resources: {limits: {nvidia.com/mig-1g.10gb: 1}}}]}\n";
    let config = migfit_tests::page::granite();
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "known", "namespace": "team"},
        "data": {"org__own": config}});
    browser.by_role("textbox", MANIFEST)?.paste(&format!("{pod}---\n{map}\n"))?;
    browser.by_role("textbox", "Namespace")?.type_text("team")?;
    let settings = "gpus: [H100-80GB]\nlookups: {models: {configMap: known}}";
    browser.by_role("textbox", "Settings of the policy (optional)")?.paste(settings)?;
    let said = browser.wait_for_text(".admitted__message", "org/own needs")?;
    assert!(said.contains("ConfigMap team/known") || said.contains("known"), "{said}");
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
