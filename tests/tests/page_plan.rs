//! Fleets planned in the built page.

use anyhow::Result;
use migfit_tests::page::{granite, opened, paste, unfold};
use serde_json::json;

const FLEET: &str = "Fleet, YAML or JSON";

#[test]
fn a_fleet_is_planned_and_drawn() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("link", "Plan")?.click()?;
    browser.wait_for_text(".plan__status", "Describe the fleet")?;
    browser.by_role("button", "Try two machines and four workloads")?.click()?;
    browser.by_role("button", "Plan")?.click()?;
    let used = browser.wait_for_text(".planned__used", "GPUs in use")?;
    assert_eq!(used, "2 of 4 GPUs in use: no plan is better, all were tried.");
    assert!(browser.find(".planned__missing")?.text()?.starts_with("1 of large found no place\n"));
    let got = browser.find(".planned__got")?.text()?;
    assert!(got.contains("chat") && got.contains("nvidia.com/mig-"), "{got}");
    assert_eq!(browser.all(".planned__cell--seat")?.len(), 9);
    let gpu = browser.find(".planned__gpu")?;
    assert_eq!((gpu.role()?.as_str(), gpu.name()?.as_str()), ("figure", "h100-0:0, H100-80GB"));
    if let Ok(folder) = std::env::var("MIGFIT_PICTURES") {
        for (name, theme, width) in [("light", "light", 1440), ("dark", "dark", 360)] {
            browser.resize(width, 1800)?;
            browser.run(&format!("document.documentElement.dataset.theme = '{theme}'"))?;
            browser.screenshot(&std::path::Path::new(&folder).join(format!("plan-{name}.png")))?;
        }
    }
    browser.resize(360, 900)?;
    let wide = "return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(browser.run(wide)?, json!(true));
    let fleet = browser.by_role("textbox", FLEET)?;
    fleet.type_text("\n")?;
    browser.wait_for_text(".plan__status", "The fleet was changed since")?;
    fleet.clear()?;
    fleet.paste("hello")?;
    browser.by_role("button", "Plan")?.click()?;
    let said = browser.wait_for_text(".problem__text", "fleet")?;
    assert!(
        said.ends_with("expected an object with the lists nodes and workloads") || said.contains("`nodes`"),
        "{said}"
    );
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn own_models_are_planned_with_what_if_and_the_steps() -> Result<()> {
    let (_site, browser) = opened()?;
    paste(&browser, &granite())?;
    browser.wait_for_text(".answer__sentence", "LlamaForCausalLM")?;
    browser.by_role("link", "Plan")?.click()?;
    let fleet = "nodes: [{name: a, gpu: H100-80GB, gpus: 2}]\nworkloads: [{name: own, model: org/own, replicas: 2}]\n";
    browser.by_role("textbox", FLEET)?.paste(fleet)?;
    browser.by_role("button", "Plan")?.click()?;
    let said = browser.wait_for_text(".plan__answer .problem", "org/own")?;
    assert!(said.contains("known models"), "{said}");
    unfold(&browser, "Known models")?;
    browser
        .by_role("textbox", "Known models (optional)")?
        .paste(&format!("{{\"org/own\": {}}}", granite()))?;
    unfold(&browser, "What if")?;
    browser.by_role("textbox", "every GPU were")?.type_text("A100-40GB")?;
    browser.by_role("button", "Plan")?.click()?;
    let plan = browser.wait_for_text(".plan__answer", "With GPU A100-40GB")?;
    assert!(plan.contains("As it is") && plan.contains("nvidia.com/mig-2g.20gb"), "{plan}");
    assert!(plan.contains("nvidia.com/mig-3g.20gb"), "{plan}");
    unfold(&browser, "How to get there")?;
    let steps = browser.wait_for_text(".plan__answer .code", "from today to the plan")?;
    assert!(steps.contains("1. a:0\n") && steps.contains("nvidia-smi mig -i 0 -cgi 14:0,14:2 -C"), "{steps}");
    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn planning_can_be_cancelled() -> Result<()> {
    let (_site, browser) = opened()?;
    browser.by_role("link", "Plan")?.click()?;
    // Small enough to be searched to the end, and large enough that this takes long.
    let fleet = "nodes: [{name: a, count: 100, gpu: H100-80GB, gpus: 8}]\nworkloads: [\
                 {name: a, memory: 9Gi, replicas: 17, spread: {perNode: 1}}, \
                 {name: b, memory: 20Gi, replicas: 19, spread: {perNode: 2}}, {name: c, memory: 12Gi, replicas: 23}]\n";
    browser.by_role("textbox", FLEET)?.paste(fleet)?;
    browser.by_role("button", "Plan")?.click()?;
    browser.by_role("button", "Cancel")?.click()?;
    browser.wait_for_text(".plan__status", "Stopped.")?;
    Ok(())
}
